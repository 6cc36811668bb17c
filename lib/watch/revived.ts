import type { Judgement } from '../probe/verdict.ts';
import { verdictEvent } from '../probe/verdict-event.ts';
import type { WatchPorts } from './ports.ts';
import { detailOf, type Tracked } from './tracked.ts';

/** Witnesses are asked every five seconds. */
const HEARD_MS = 10_000;

/**
 * Of a holder that serves there is nothing to tell, but that an old one at which nobody answered gives a sign of life
 * again: its mark in the ledger is to go. What is not delivered is sent by the next run, for the mark is there still.
 * @param at when the judgements were made. Never rejects.
 */
export async function tellOfRevived(
  all: readonly Tracked[],
  judgements: ReadonlyMap<string, Judgement | undefined>,
  at: number,
  { failover, invoker }: Pick<WatchPorts, 'failover' | 'invoker'>,
): Promise<void> {
  for (const tracked of all) {
    const judgement = judgements.get(tracked.watched.id);
    const isTold = tracked.told !== undefined && tracked.told.verdict !== 'serving';
    // Else it is told for another reason, with the same words.
    if (judgement?.verdict !== 'serving' || isTold || !isRevived(tracked, at)) continue;
    tracked.marked = [];
    await invoker.send(failover, verdictEvent(detailOf(tracked, judgement, at, 'unasked'))).catch(() => undefined);
  }
}

function isRevived({ marked, evidence }: Tracked, now: number): boolean {
  return marked.some((id) => {
    const heardAt = evidence?.witnesses[id]?.lastAnswerAt ?? null;
    return heardAt !== null && now - heardAt <= HEARD_MS;
  });
}
