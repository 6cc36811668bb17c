import type { Situation } from './analyze.ts';
import type { DecisionCode } from './codes.ts';
import type { PersonRequest, Trigger } from './model.ts';

export type GuardCode = Extract<
  DecisionCode,
  'mode-manual' | 'paused' | 'cooldown' | 'impaired-recently' | 'repeated-request' | 'already-moved' | 'already-there'
>;

export interface GuardVerdict {
  readonly decision: 'no-action' | 'blocked';
  readonly code: GuardCode;
  readonly reason: string;
}

/** Clients resend slow invocations; within this window a second nameless `failover` is taken for such an echo. */
const REPEAT_WINDOW_MS = 5 * 60_000;

/** What keeps a wanted move of a holder from starting, if anything does. People are asked other questions than automation. */
export function guard(trigger: Trigger, situation: Situation, now: number): GuardVerdict | undefined {
  if (trigger.kind === 'request') return guardRequest(trigger, situation, now);
  return guardAutomation(situation, now) ?? (trigger.kind === 'sweep' ? guardSweep(situation, now) : undefined);
}

function guardRequest(request: PersonRequest, situation: Situation, now: number): GuardVerdict | undefined {
  const { holderId, ledger } = situation;
  if (request.from !== undefined && request.from !== holderId) {
    const reason = `The holder is ${holderId ?? 'nobody'}, no longer ${request.from}; nothing is moved.`;
    return { decision: 'no-action', code: 'already-moved', reason };
  }
  if (request.to !== undefined && request.to === holderId) {
    return { decision: 'no-action', code: 'already-there', reason: `${request.to} holds the group already.` };
  }
  const named = request.from !== undefined || request.to !== undefined;
  const age = now - (ledger?.movedAt ?? Number.NEGATIVE_INFINITY);
  if (named || age >= REPEAT_WINDOW_MS) return undefined;
  const reason = `The group moved ${Math.round(age / 1000)} seconds ago; to move it again now, name 'from' or 'to'.`;
  return { decision: 'blocked', code: 'repeated-request', reason };
}

/** Pause, mode and cooldown stop new automatic moves only: people and half-done moves are never held up. */
function guardAutomation(situation: Situation, now: number): GuardVerdict | undefined {
  const { settings, pausedUntil, analysis } = situation;
  if (settings.mode === 'manual') {
    return { decision: 'blocked', code: 'mode-manual', reason: `The group is in manual mode: ${situation.summary}` };
  }
  if (pausedUntil !== undefined && pausedUntil > now) {
    const reason = `Automation is paused until ${new Date(pausedUntil).toISOString()}: ${situation.summary}`;
    return { decision: 'blocked', code: 'paused', reason };
  }
  const servesNobody =
    analysis === 'holder-stopped' || analysis === 'holder-gone' || analysis === 'interface-unattached';
  return servesNobody ? undefined : guardCooldown(situation, now);
}

function guardCooldown({ settings, ledger, summary }: Situation, now: number): GuardVerdict | undefined {
  const windowMs = settings.cooldownSeconds * 1000;
  const recent = (ledger?.moves ?? []).filter((at) => now - at < windowMs);
  // The bound frees up when enough of the oldest moves have left the window.
  const lastToLeave = recent[recent.length - settings.maxMoves];
  if (lastToLeave === undefined) return undefined;
  const until = new Date(lastToLeave + windowMs).toISOString();
  const times = recent.length === 1 ? 'once' : `${recent.length} times`;
  const reason = `${summary} Automation has moved the group ${times} lately and moves it again from ${until} on.`;
  return { decision: 'blocked', code: 'cooldown', reason };
}

/** Impaired checks alone, with no alarm and no event, have to last: a reboot fails them for a while, too. */
function guardSweep(
  { settings, holderHealth, impairedSince, summary }: Situation,
  now: number,
): GuardVerdict | undefined {
  if (holderHealth?.code !== 'impaired') return undefined;
  const dueAt = (impairedSince ?? now) + settings.impairedAfterSeconds * 1000;
  if (now >= dueAt) return undefined;
  const reason = `${summary} The sweep moves the group when that still holds at ${new Date(dueAt).toISOString()}.`;
  return { decision: 'blocked', code: 'impaired-recently', reason };
}
