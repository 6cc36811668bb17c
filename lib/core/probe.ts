import type { VerdictDetail } from '../probe/verdict-event.ts';
import { isHistory, letsMove } from '../probe/verdict.ts';
import type { InterfaceView, Observation, Signal, VerdictTrigger } from './model.ts';
import type { ProbeSettings } from './probe-settings.ts';
import { CLOCKS_DIFFER_MS } from './readers.ts';

/**
 * What the probe says, as one signal among the others. It is a hint to look: whatever it is about has to be there
 * still, and to be looked at once more, before it speaks against anybody.
 */

/**
 * What one more look at all addresses came to. `answers`: what was said to be down has answered. `unknown`: no probe
 * has answered, or what it saw is neither.
 */
export type Confirmation = 'agrees' | 'answers' | 'unknown';

/** What the looks of several probes amount to: an answer vetoes, silence of the probes themselves says nothing. */
export function confirmation(looks: readonly Confirmation[]): Confirmation {
  if (looks.includes('answers')) return 'answers';
  return looks.includes('agrees') ? 'agrees' : 'unknown';
}

/** Whether a verdict is of now, as far as clocks can tell. */
export const isTimely = ({ at }: VerdictDetail, now: number): boolean =>
  !isHistory(at, now) && at - now <= CLOCKS_DIFFER_MS;

/** Why a verdict says nothing of what there is now: the end of a sentence. Undefined where it does. */
export function overtaken(
  { verdict }: Pick<VerdictTrigger, 'verdict'>,
  { interfaces, now }: Pick<Observation, 'interfaces' | 'now'>,
): string | undefined {
  const { interfaceId, attachmentId, instanceId, at } = verdict;
  if (!isTimely(verdict, now)) return `it is of ${new Date(at).toISOString()}, which is history`;
  const view = interfaces.find(({ id }) => id === interfaceId);
  if (!view) return `${interfaceId} is no interface of the group`;
  const { attachment } = view;
  if (!attachment) return `${interfaceId} is attached to nothing now`;
  if (attachment.id !== attachmentId || attachment.instanceId !== instanceId)
    return `it is about another attachment of ${interfaceId} than the one there is now`;
  return attachment.status === 'attached' ? undefined : `${interfaceId} is ${attachment.status}`;
}

const MOVES: readonly string[] = ['unreachable', 'not-serving'];

/** Whether it calls the holder down, whatever may follow. */
export const speaksAgainst = ({ verdict }: Pick<VerdictDetail, 'verdict'>): boolean => MOVES.includes(verdict);

/**
 * Whether a move may follow from it, by its own word and the group's setting. One that never answered since it was
 * attached is never a failure.
 */
export function mayMove(verdict: VerdictDetail, { acts }: Pick<ProbeSettings, 'acts'>): boolean {
  if (!speaksAgainst(verdict) || !verdict.acts || verdict.lastAnswerAt === null) return false;
  return letsMove(acts, verdict.verdict);
}

/**
 * The signals of a verdict that was looked at once more. It keeps speaking of an instance that the interface is being
 * taken off; only a newer attachment to that same instance has outlived it.
 */
export function probeSignals(
  verdict: VerdictDetail,
  interfaces: readonly InterfaceView[],
  found: Confirmation,
): readonly Signal[] {
  const { interfaceId, attachmentId, instanceId, standbys } = verdict;
  const attachment = interfaces.find(({ id }) => id === interfaceId)?.attachment;
  if (attachment?.instanceId === instanceId && attachment.id !== attachmentId) return [];
  const told = (of: string, word: string, because: string): Signal => {
    return { instanceId: of, source: 'probe', verdict: word, because };
  };
  if (found === 'answers')
    return [told(instanceId, 'answers', `answers on ${interfaceId}, which the probe had called ${verdict.verdict}`)];
  if (found === 'unknown')
    return [told(instanceId, 'unknown', `is called ${verdict.verdict} by the probe, which could not be confirmed`)];
  const others = standbys.filter((each) => each.instanceId !== instanceId);
  return [
    against(verdict),
    ...others.flatMap((each) =>
      each.answers === false ? [told(each.instanceId, 'silent', 'used to answer the probe, and does not now')] : [],
    ),
    ...others.flatMap((each) =>
      each.passes === false ? [told(each.instanceId, 'fails', 'fails the same probe')] : [],
    ),
  ];
}

function against({ verdict, interfaceId, instanceId, lastAnswerAt, found, own, witness }: VerdictDetail): Signal {
  const since = lastAnswerAt === null ? {} : { since: lastAnswerAt };
  const ago = lastAnswerAt === null ? '' : ` since ${new Date(lastAnswerAt).toISOString()}`;
  const base = { instanceId, source: 'probe', ...since } as const;
  const also = found === 'silent' && own !== undefined && own !== 'answered' ? `, and ${own} on its own address` : '';
  if (verdict === 'not-serving')
    return { ...base, verdict, because: `does not serve the probe on ${interfaceId}${ago}: ${found}${also}` };
  const seen = witness === undefined ? '' : `, while ${witness.id} does`;
  const because = `answers the probe neither on ${interfaceId} nor on its own address${ago}${seen}`;
  return { ...base, verdict: 'unreachable', because, unanswering: true };
}
