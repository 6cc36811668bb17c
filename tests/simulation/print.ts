import type { Summary } from './batch.ts';

/** What each line is about, by the first word of its name. */
const CHAPTERS: Readonly<Record<string, string>> = {
  fault: 'Faults of calls',
  trouble: 'Faults of delivery',
  overlap: 'Invocations at the same time',
  invocation: 'How invocations ended, when they did not return',
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
