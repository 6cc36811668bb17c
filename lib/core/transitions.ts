import type { Situation } from './analyze.ts';
import type { Intent, Ledger, Phase } from './ledger.ts';
import type { InterfaceView, MemberView } from './model.ts';
import { type Device, isPrimary } from './tags.ts';

/** The ledger as observed, or a new one for a group that has none (or none that can be read). */
export function currentLedger({ ledger, holderId, pausedUntil }: Situation, now: number): Ledger {
  if (ledger) return ledger;
  const holder = holderId === undefined ? {} : { holder: holderId };
  const nothing = { devices: {}, reason: '-', epoch: 0, moves: [], forced: [], members: [] };
  const pause = pausedUntil === undefined ? {} : { pausedUntil };
  return { phase: 'steady', ...holder, ...nothing, ...pause, changedAt: now };
}

/** What every transition says of itself. */
export interface Change {
  readonly intent: Intent;
  /** One sentence; it is what a person reads in the console. */
  readonly reason: string;
  readonly now: number;
}

/** `moving`: written before the first step, so that whoever finds the group half done knows what was meant. */
export function begun(
  ledger: Ledger,
  interfaces: readonly InterfaceView[],
  change: Change,
  cooldownSeconds: number,
): Ledger {
  const recent = ledger.moves.filter((at) => change.now - at < cooldownSeconds * 1000);
  return {
    ...changed(ledger, 'moving', change),
    devices: { ...ledger.devices, ...attachedDevices(interfaces) },
    // Counted when it begins: a run that dies half-way must not get its move for free.
    moves: change.intent.automatic ? [...recent, change.now] : recent,
  };
}

/** `steady` on the new holder: every interface was seen attached to it. */
export function completed(ledger: Ledger, to: string, change: Change): Ledger {
  const { condition: _, ...rest } = changed(ledger, 'steady', { ...change, intent: { ...change.intent, to } });
  return { ...rest, holder: to, epoch: ledger.epoch + 1, movedAt: change.now };
}

/** `steady` where it was: the move was undone, or never got as far as a detach. */
export function rolledBack(ledger: Ledger, change: Change): Ledger {
  const { from } = change.intent;
  return { ...changed(ledger, 'steady', change), ...(from !== undefined && { holder: from }) };
}

/**
 * `failed`: interfaces are left where nobody wants them, and the next run goes on from here. `moving`: the run
 * stopped in good order, and whoever comes next goes on.
 */
export function unfinished(ledger: Ledger, phase: 'failed' | 'moving', change: Change): Ledger {
  return changed(ledger, phase, change);
}

function changed(ledger: Ledger, phase: Phase, { intent, reason, now }: Change): Ledger {
  return { ...ledger, phase, operation: intent, reason, changedAt: now };
}

/** Remembers old holders that were detached by force: until launched anew, they rank last. */
export function withForced(ledger: Ledger, holders: readonly MemberView[]): Ledger {
  const ids = new Set(holders.map((member) => member.id));
  const kept = ledger.forced.filter((entry) => !ids.has(entry.instanceId));
  const added = holders.map((member) => ({ instanceId: member.id, launchedAt: member.launchedAt }));
  return { ...ledger, forced: [...kept, ...added] };
}

/** The device each attached interface is at now; a primary one has no place to find again. */
export function attachedDevices(interfaces: readonly InterfaceView[]): Record<string, Device> {
  return Object.fromEntries(
    interfaces.flatMap(({ id, attachment }) => {
      if (!attachment || isPrimary(attachment)) return [];
      const { deviceIndex, networkCardIndex } = attachment;
      return [[id, { deviceIndex, networkCardIndex }]];
    }),
  );
}
