import type { Judgement } from '../probe/verdict.ts';
import type { VerdictDetail } from '../probe/verdict-event.ts';
import { isOfTheProbes, needsAnother, type Tracked } from './tracked.ts';

/** What the lead has made of an interface. */
export interface Judged {
  readonly tracked: Tracked;
  readonly judgement: Judgement;
  /** When the lead reached it. */
  readonly at: number;
}

/** What is told besides. */
export type More = Pick<VerdictDetail, 'neededMb' | 'isOnlyNoted'>;

/** What is wrong with the probes themselves. */
export interface OfTheProbes extends Judgement {
  readonly verdict: 'probe-slow' | 'probe-over-capacity';
  readonly neededMb?: number;
}

/** Whether the other probe has to see the same. */
export const isSerious = ({ judgement }: Judged): boolean => needsAnother(judgement);

/** Whether what was told of the probes themselves is over. */
export const isOver = ({ tracked, judgement }: Judged): boolean =>
  isOfTheProbes(tracked) && judgement.verdict === 'serving';

/** The first interface of each group. */
export const firstsOf = (all: readonly Tracked[]): readonly Tracked[] =>
  all.filter((each, i) => all.findIndex(({ group }) => group === each.group) === i);
