import { parseArgs } from 'node:util';
import { describeFailure, runBatch, type Summary } from './batch.ts';
import { ENOUGH_FOR_COVERAGE, notReached } from './coverage.ts';
import { inProcesses } from './jobs.ts';
import { huntAll } from './planted/hunt.ts';
import { printShares } from './print.ts';
import { runSeed } from './simulate.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '500' },
    from: { type: 'string', default: '1' },
    /** These seeds and no others. */
    only: { type: 'string' },
    /** Processes that share the work. */
    jobs: { type: 'string', default: '1' },
    /** Show reads in histories, too. */
    reads: { type: 'boolean', default: false },
    /** Print the history of a seed that does not fail. */
    verbose: { type: 'boolean', default: false },
    'keep-going': { type: 'boolean', default: false },
    /** One line for each seed: its digest. */
    digests: { type: 'boolean', default: false },
    /** Prove the prover: find a seed for each planted bug; with `record`, note them for the tests. */
    planted: { type: 'boolean', default: false },
    record: { type: 'boolean', default: false },
    /** For the processes of `jobs`. */
    json: { type: 'boolean', default: false },
  },
});

const SEEDS_IN_A_PART = 25;
const SEEDS_BETWEEN_LINES = 1_000;

async function main(): Promise<boolean> {
  if (values.planted) return huntAll(values.record);
  const seeds = values.only?.split(',').map(Number) ?? range(Number(values.from), Number(values.seeds));
  if (values.digests) return printDigests(seeds);
  const jobs = Number(values.jobs);
  const startedMs = performance.now();
  if (values.json) return printParts(seeds);
  const summary = jobs > 1 ? await inProcesses(jobs, seeds, progress(seeds.length)) : await play(seeds);
  return conclude(summary, (performance.now() - startedMs) / 1_000);
}

/** One line of JSON for every few seeds. */
async function printParts(seeds: readonly number[]): Promise<boolean> {
  for (let at = 0; at < seeds.length; at += SEEDS_IN_A_PART) {
    console.log(JSON.stringify(await play(seeds.slice(at, at + SEEDS_IN_A_PART))));
  }
  return true;
}

/** A line now and then for those who wait; what went wrong is told at once. */
function progress(total: number): (part: Summary) => void {
  let done = 0;
  return ({ seeds, failures }) => {
    const before = done;
    done += seeds;
    for (const { seed, violations } of failures) console.error(`seed ${seed}: ${violations[0]}`);
    const due = Math.floor(before / SEEDS_BETWEEN_LINES) < Math.floor(done / SEEDS_BETWEEN_LINES);
    if (due && done < total) console.error(`${done} of ${total} seeds`);
  };
}

function range(from: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, nth) => from + nth);
}

function play(seeds: readonly number[]): Promise<Summary> {
  return runBatch(seeds, (report) => {
    const failed = report.violations.length > 0;
    if (failed && !values['keep-going']) console.error(describeFailure(report, values));
    else if (values.verbose) console.log(report.history(values));
    return !failed || values['keep-going'];
  });
}

async function printDigests(seeds: readonly number[]): Promise<boolean> {
  for (const seed of seeds) console.log(`${seed} ${(await runSeed(seed)).digest()}`);
  return true;
}

/** @returns whether all is well. */
function conclude(summary: Summary, seconds: number): boolean {
  const { seeds, failures, calls, virtualMs, most } = summary;
  for (const { seed, violations } of failures) console.log(`seed ${seed}: ${violations.join('\n  ')}`);
  if (seeds >= ENOUGH_FOR_COVERAGE) printShares(summary);
  console.log(`${seeds} seeds, ${failures.length} with violations, ${(seeds / seconds).toFixed(1)} seeds a second`);
  console.log(`each ${(virtualMs / 60_000 / seeds).toFixed(1)} virtual minutes and ${Math.round(calls / seeds)} calls`);
  console.log(`in one run at most ${most.calls} calls, ${most.changes} of them changes`);
  console.log(`at rest after at most ${most.sweepsToRest} sweeps`);
  const missing = seeds >= ENOUGH_FOR_COVERAGE ? notReached(summary.counts) : [];
  if (missing.length > 0) console.log(`Not reached by any seed: ${missing.join(', ')}`);
  return failures.length === 0 && missing.length === 0;
}

async function finish(): Promise<void> {
  // The SDK's notice about Node versions would be printed by every process.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  process.exitCode = (await main()) ? 0 : 1;
}

void finish();
