import { execFileSync } from 'node:child_process';
import { type Account, accountOf, mergedAccounts } from './account.ts';
import { type Report, type RunOptions, runSeed } from './simulate.ts';

/** What a number of seeds came to; plain data, so that processes can share the work. */
export interface Summary {
  readonly seeds: number;
  readonly failures: readonly Failure[];
  /** What was met, in how many seeds. */
  readonly counts: Readonly<Record<string, number>>;
  readonly calls: number;
  readonly virtualMs: number;
  readonly most: { readonly calls: number; readonly changes: number; readonly sweepsToRest: number };
  /** For how long interfaces were on nobody, by cause. */
  readonly outages: Account;
}

export interface Failure {
  readonly seed: number;
  /** What it had beyond the plain draw. */
  readonly extras: readonly string[];
  readonly violations: readonly string[];
}

const NOTHING: Summary = {
  seeds: 0,
  failures: [],
  counts: {},
  calls: 0,
  virtualMs: 0,
  most: { calls: 0, changes: 0, sweepsToRest: 0 },
  outages: {},
};

/** Runs seeds one after the other; `each` sees every report, and ends the batch by returning false. */
export async function runBatch(
  seeds: readonly number[],
  each: (report: Report) => boolean,
  options: RunOptions = {},
): Promise<Summary> {
  let summary = NOTHING;
  for (const seed of seeds) {
    const report = await runSeed(seed, options);
    summary = merged([summary, summaryOf(report)]);
    if (!each(report)) break;
  }
  return summary;
}

export function merged(parts: readonly Summary[]): Summary {
  const sum = (pick: (part: Summary) => number): number => parts.reduce((total, part) => total + pick(part), 0);
  const most = (pick: (part: Summary) => number): number => Math.max(0, ...parts.map(pick));
  const counts: Record<string, number> = {};
  for (const [name, count] of parts.flatMap((part) => Object.entries(part.counts))) {
    counts[name] = (counts[name] ?? 0) + count;
  }
  return {
    seeds: sum((part) => part.seeds),
    failures: parts.flatMap((part) => part.failures),
    counts,
    calls: sum((part) => part.calls),
    virtualMs: sum((part) => part.virtualMs),
    most: {
      calls: most((part) => part.most.calls),
      changes: most((part) => part.most.changes),
      sweepsToRest: most((part) => part.most.sweepsToRest),
    },
    outages: mergedAccounts(parts.map(({ outages }) => outages)),
  };
}

function summaryOf(report: Report): Summary {
  const { seed, violations, met, calls, virtualMs, most, sweepsToRest, outages, scenario } = report;
  return {
    seeds: 1,
    failures: violations.length > 0 ? [{ seed, extras: scenario.extras, violations }] : [],
    counts: Object.fromEntries([...met].map((name) => [name, 1])),
    calls,
    virtualMs,
    most: { ...most, sweepsToRest },
    outages: accountOf(seed, outages),
  };
}

/** Everything somebody needs who has to understand a failing seed: what happened, what is wrong, how to see it again. */
export function describeFailure(report: Report, how: { readonly reads?: boolean } = {}): string {
  const { seed, violations, scenario } = report;
  const extras = scenario.extras.length > 0 ? ` with ${scenario.extras.join(', ')}` : '';
  const rerun = `Replay: npm run simulate -- --seeds 1 --from ${seed} (add --reads to see every read)`;
  return `${report.history(how)}\nseed ${seed}${extras} at ${commit()}:\n  ${violations.join('\n  ')}\n${rerun}`;
}

/** The commit that a failing seed belongs to: another one may well draw or play it differently. */
export function commit(): string {
  return execFileSync('git', ['describe', '--always', '--dirty'], { encoding: 'utf8' }).trim();
}
