import type { Situation } from './analyze.ts';
import type { Intent, Ledger } from './ledger.ts';
import type { InterfaceView, MemberView } from './model.ts';
import type { Plan } from './plan.ts';
import type { Device } from './tags.ts';

/** A ledger for a group that has none yet. */
function blank(situation: Situation, now: number): Ledger {
  const holder = situation.holderId === undefined ? {} : { holder: situation.holderId };
  return { phase: 'steady', ...holder, devices: {}, reason: '-', changedAt: now, epoch: 0, moves: [], forced: [] };
}

const current = (situation: Situation, now: number): Ledger => situation.ledger ?? blank(situation, now);

/** `moving`: written before the first step, so that whoever finds the group half done knows what was meant. */
export function begun(
  situation: Situation,
  interfaces: readonly InterfaceView[],
  intent: Intent,
  reason: string,
  now: number,
): Ledger {
  const ledger = current(situation, now);
  return {
    ...ledger,
    phase: 'moving',
    operation: intent,
    devices: { ...ledger.devices, ...attachedDevices(interfaces) },
    reason,
    changedAt: now,
    // Counted when it begins: a run that dies half-way must not get its move for free.
    moves: intent.automatic ? [...withinWindow(situation, now), now] : withinWindow(situation, now),
  };
}

/** `steady` on the new holder: every interface was seen attached to it. */
export function completed(situation: Situation, plan: Plan, intent: Intent, reason: string, now: number): Ledger {
  const ledger = current(situation, now);
  return {
    ...ledger,
    phase: 'steady',
    holder: plan.to,
    operation: { ...intent, to: plan.to },
    reason,
    changedAt: now,
    epoch: ledger.epoch + 1,
    movedAt: now,
  };
}

/** `steady` where it was: the move was undone, or never got as far as a detach. */
export function rolledBack(situation: Situation, intent: Intent, reason: string, now: number): Ledger {
  const { holder: _, ...ledger } = current(situation, now);
  const holder = intent.from === undefined ? {} : { holder: intent.from };
  return { ...ledger, ...holder, phase: 'steady', operation: intent, reason, changedAt: now };
}

/** `failed`: interfaces are left where nobody wants them; the next run goes on from here. */
export function failedLedger(situation: Situation, intent: Intent, reason: string, now: number): Ledger {
  return { ...current(situation, now), phase: 'failed', operation: intent, reason, changedAt: now };
}

/** Still `moving`: the run stopped in good order and says why, whoever comes next goes on. */
export function interruptedLedger(situation: Situation, intent: Intent, reason: string, now: number): Ledger {
  return { ...current(situation, now), phase: 'moving', operation: intent, reason, changedAt: now };
}

/** Remembers old holders that were detached by force: until launched anew, they rank last. */
export function withForced(ledger: Ledger, holders: readonly MemberView[]): Ledger {
  const ids = new Set(holders.map((member) => member.id));
  const kept = ledger.forced.filter((entry) => !ids.has(entry.instanceId));
  const added = holders.map((member) => ({ instanceId: member.id, launchedAt: member.launchedAt }));
  return { ...ledger, forced: [...kept, ...added] };
}

function attachedDevices(interfaces: readonly InterfaceView[]): Record<string, Device> {
  return Object.fromEntries(
    interfaces.flatMap(({ id, attachment }) => {
      if (!attachment) return [];
      const { deviceIndex, networkCardIndex } = attachment;
      return [[id, { deviceIndex, networkCardIndex }]];
    }),
  );
}

function withinWindow({ settings, ledger }: Situation, now: number): readonly number[] {
  return (ledger?.moves ?? []).filter((at) => now - at < settings.cooldownSeconds * 1000);
}
