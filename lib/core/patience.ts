import type { Facts } from './facts.ts';
import type { Signal } from './model.ts';
import { healthOfHolder, isLost } from './signals.ts';

/**
 * How long a plain detach from an instance is waited for before it is forced, in milliseconds; without end where a
 * person has planned the move and the instance has not failed since it began. Nobody waits for a failback that automation
 * planned: what hangs in one has the patience that what is stuck has. Where the guest is known
 * not to let go, waiting is outage and nothing else. A healthy or stopped one lets go by itself, and force is a last
 * resort (DetachNetworkInterface, EC2 API Reference).
 */
export function forceAfterMs(
  { settings, signals }: Pick<Facts, 'settings' | 'signals'>,
  instanceId: string,
  { plain, automatic }: { readonly plain?: true; readonly automatic?: boolean } = {},
): number {
  const { forceAfterSeconds, forceFailedAfterSeconds, stuckAfterSeconds } = settings;
  if (plain && !isLost(healthOfHolder(instanceId, signals)))
    return automatic ? Math.max(stuckAfterSeconds, forceAfterSeconds) * 1000 : Number.POSITIVE_INFINITY;
  const patient = !isLikelyToHang(signals, instanceId);
  return (patient ? forceAfterSeconds : Math.min(forceAfterSeconds, forceFailedAfterSeconds)) * 1000;
}

/** Whether nobody is known to be there who would let an interface go: what leaves such an instance leaves by force. */
export function isLikelyToHang(signals: readonly Signal[], instanceId: string): boolean {
  const own = signals.filter((signal) => signal.instanceId === instanceId);
  return answersNoMore(own) && !letsGo(own);
}

/**
 * What says that nobody is there to answer a detach: the instance is gone, or its system or instance check fails, by
 * EC2's word or by that of an alarm on it. The readers mark each such signal `unanswering`; whatever else comes to know
 * it (silence of the guest on its own address, before a witness) marks its signal likewise and needs no word here.
 */
const answersNoMore = (own: readonly Signal[]): boolean => own.some(({ unanswering }) => unanswering === true);

/**
 * What says that the guest is there all the same, whatever else is said of it. One that stops in good order lets go,
 * even if it hung before and its alarm is still in ALARM; and one that answers the probe, well or not, is there.
 */
const letsGo = (own: readonly Signal[]): boolean =>
  own.some(({ source, verdict }) => THERE.includes(`${source}/${verdict}`));

const THERE: readonly string[] = ['state/stopped', 'probe/answers', 'probe/not-serving'];
