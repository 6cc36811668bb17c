import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { Coverage } from './coverage.ts';
import { runSeed } from './simulate.ts';

/** From so many seeds on, every code must have been reached. */
const ENOUGH_FOR_COVERAGE = 500;

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    seeds: { type: 'string', default: '500' },
    from: { type: 'string', default: '1' },
    verbose: { type: 'boolean', default: false },
    'keep-going': { type: 'boolean', default: false },
    reads: { type: 'boolean', default: false },
  },
});

async function main(): Promise<number> {
  const [count, from] = [Number(values.seeds), Number(values.from)];
  const coverage = new Coverage();
  const startedMs = performance.now();
  const most = { calls: 0, changes: 0, sweepsToRest: 0 };
  const failed: number[] = [];
  let calls = 0;
  let virtualMs = 0;
  const seeds = values.only?.split(',').map(Number) ?? Array.from({ length: count }, (_, nth) => from + nth);
  for (const seed of seeds) {
    const report = await runSeed(seed);
    coverage.add(report.met);
    calls += report.calls;
    virtualMs += report.virtualMs;
    most.calls = Math.max(most.calls, report.most.calls);
    most.changes = Math.max(most.changes, report.most.changes);
    most.sweepsToRest = Math.max(most.sweepsToRest, report.sweepsToRest);
    if (values.verbose) console.log(report.history(values));
    if (report.violations.length === 0) continue;
    failed.push(seed);
    if (!values['keep-going']) console.log(report.history(values));
    console.log(`seed ${seed} at ${commit()}: ${report.violations.join('\n  ')}`);
    if (!values['keep-going']) {
      console.log(`Replay: npm run simulate -- --seeds 1 --from ${seed}`);
      return 1;
    }
  }
  const seconds = (performance.now() - startedMs) / 1_000;
  console.log(`${count} seeds, ${failed.length} failed, ${calls} calls, ${(count / seconds).toFixed(1)} seeds/s`);
  console.log(`${(virtualMs / 60_000 / count).toFixed(1)} virtual minutes each; at most ${JSON.stringify(most)}`);
  if (values.verbose || count >= ENOUGH_FOR_COVERAGE) printShares(coverage, count);
  const missing = count >= ENOUGH_FOR_COVERAGE ? coverage.missing() : [];
  if (missing.length > 0) console.log(`Not reached: ${missing.join(', ')}`);
  return failed.length > 0 || missing.length > 0 ? 1 : 0;
}

function printShares(coverage: Coverage, count: number): void {
  const sorted = Object.entries(coverage.counts).sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [name, seeds] of sorted) console.log(`${((100 * seeds) / count).toFixed(1).padStart(5)} % ${name}`);
}

function commit(): string {
  return execFileSync('git', ['describe', '--always', '--dirty'], { encoding: 'utf8' }).trim();
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(2);
  },
);
