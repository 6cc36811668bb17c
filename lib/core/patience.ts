import type { Facts } from './facts.ts';

/**
 * How long a plain detach from an instance is waited for before it is forced, in milliseconds. A guest that fails
 * EC2's own checks may never answer one, and an instance that is gone has nobody left to answer: waiting is then
 * outage and nothing else. A healthy or stopped one lets go by itself, and force is a last resort
 * (DetachNetworkInterface, EC2 API Reference).
 */
export function forceAfterMs({ settings, signals }: Pick<Facts, 'settings' | 'signals'>, instanceId: string): number {
  const { forceAfterSeconds, forceFailedAfterSeconds } = settings;
  const own = signals.filter((signal) => signal.instanceId === instanceId);
  // A guest that stops in good order lets go, even if it hung before and its alarm is still in ALARM.
  const stops = own.some(({ source, verdict }) => source === 'state' && verdict === 'stopped');
  const dead = !stops && own.some(({ unanswering }) => unanswering === true);
  return (dead ? Math.min(forceAfterSeconds, forceFailedAfterSeconds) : forceAfterSeconds) * 1000;
}
