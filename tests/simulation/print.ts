import type { Account } from './account.ts';
import type { Summary } from './batch.ts';
import { MOST_MS } from './outages.ts';

/** What each line is about, by the first word of its name. */
const CHAPTERS: Readonly<Record<string, string>> = {
  fault: 'Faults of calls',
  trouble: 'Faults of delivery',
  overlap: 'Invocations at the same time',
  invocation: 'How invocations ended, when they did not return',
  extra: 'What was drawn beyond the plain history',
  incident: 'What happened to instances, interfaces and tags',
  analysis: 'Analyses',
  'no-action': 'Reasons to do nothing',
  block: 'Reasons not to do what should be done',
  act: 'What was done',
  rejection: 'Why members were not chosen',
  step: 'Steps',
  'step-result': 'Results of steps',
  result: 'Results of operations',
};

/** Prints the share of seeds that met each fault and each code. */
export function printShares({ counts, seeds }: Summary): void {
  for (const [chapter, title] of Object.entries(CHAPTERS)) {
    const names = Object.keys(counts).filter((name) => name.split(' ')[0] === chapter);
    if (names.length === 0) continue;
    console.log(`\n${title}`);
    for (const name of names.sort()) {
      const share = (100 * (counts[name] ?? 0)) / seeds;
      console.log(`${share.toFixed(1).padStart(7)} %  ${name.slice(chapter.length + 1)}`);
    }
  }
  console.log('');
}

const seconds = (ms: number): string => (ms / 1_000).toFixed(1);

/** Prints how long interfaces were on nobody while some member could have had them, by cause. */
export function printOutages(account: Account): void {
  const row = (cells: readonly string[]): void => {
    const [cause = '', ...rest] = cells;
    console.log(cause.padEnd(24) + rest.map((cell) => cell.padStart(10)).join(''));
  };
  row(['On nobody, in seconds', 'times', 'fit: mean', 'half', '95 %', 'most', 'bound', 'at all', 'seed']);
  for (const [cause, { looseMs, fits, seed }] of Object.entries(account).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const sorted = [...fits].sort((a, b) => a - b);
    const share = (part: number): number => sorted[Math.floor(part * (sorted.length - 1))] ?? 0;
    const mean = fits.reduce((sum, ms) => sum + ms, 0) / Math.max(1, fits.length);
    const numbers = [mean, share(0.5), share(0.95), share(1), MOST_MS[cause] ?? Number.NaN, looseMs].map(seconds);
    row([cause, `${fits.length}`, ...numbers, `${seed}`]);
  }
}
