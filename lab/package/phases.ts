import type { CallRecord } from '../world/hooks.ts';

/** When things happened, in milliseconds since the epoch. */
export interface Moments {
  readonly faultMs: number;
  publishedMs: number;
  invokedMs: number;
  readyMs: number;
  returnedMs: number;
  attachedMs?: number;
}

/** Where a part of the time went. Phases follow one another without a gap. */
export interface Phase {
  readonly name: 'detection' | 'delivery' | 'cold start' | 'observe' | 'intent' | 'detach' | 'attach' | 'record';
  readonly ms: number;
}

/** Splits an incident into its phases, by the calls the function made. One that did not happen is left out. */
export function phasesOf(moments: Moments, calls: readonly CallRecord[]): Phase[] {
  const sent = (matches: (action: string) => boolean): number | undefined =>
    calls.find(({ action }) => matches(action))?.sentMs;
  const ends: readonly (readonly [Phase['name'], number | undefined])[] = [
    ['detection', moments.publishedMs],
    ['delivery', moments.invokedMs],
    ['cold start', moments.readyMs],
    ['observe', sent((action) => !action.startsWith('Describe')) ?? moments.returnedMs],
    ['intent', sent((action) => action === 'DetachNetworkInterface')],
    ['detach', sent((action) => action === 'AttachNetworkInterface')],
    ['attach', moments.attachedMs],
    ['record', moments.returnedMs],
  ];
  let fromMs = moments.faultMs;
  return ends.flatMap(([name, endMs]) => {
    if (endMs === undefined) return [];
    const ms = Math.round(endMs - fromMs);
    fromMs = endMs;
    return { name, ms };
  });
}
