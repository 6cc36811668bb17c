import { type Evidence, freshFloating, FRESH_WITNESS } from '../probe/evidence.ts';
import type { Told } from '../probe/protocol.ts';
import type { WatchedInterface } from './input.ts';

/**
 * What was told of an attachment proves that it had been heard: of one that never was, only that is told. So a process
 * that has not seen it answer, as it was down before that process began, knows as much as the one that told it.
 * @param seen what this process has seen of it.
 */
export function withProof(seen: Evidence | undefined, { told, toldAt }: WatchedInterface): Evidence | undefined {
  if (!told || toldAt === undefined || !provesAnswer(told)) return seen;
  const { floating, own, witnesses } = seen ?? { floating: freshFloating(toldAt), own: null, witnesses: {} };
  return {
    // When it answered is not known, but for that it was before then.
    floating: { ...floating, lastAnswerAt: floating.lastAnswerAt ?? toldAt },
    own: provesOwn(told) ? { ...(own ?? FRESH_WITNESS), lastAnswerAt: own?.lastAnswerAt ?? toldAt } : own,
    witnesses,
  };
}

const provesAnswer = ({ verdict }: Told): boolean =>
  verdict === 'unreachable' || verdict === 'not-serving' || verdict === 'probe-blind';

/** The silence of the holder's own address says something only where that was heard, too. */
const provesOwn = ({ verdict, reason }: Told): boolean =>
  verdict === 'unreachable' || (verdict === 'probe-blind' && reason !== 'own-never-answered');
