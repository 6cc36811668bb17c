import type { Facts } from './facts.ts';
import { withSilent } from './silent.ts';
import {
  type ForcedDetach,
  type Intent,
  type Ledger,
  type Notice,
  ofThisLaunch,
  type Phase,
  type RecordedResource,
  type RefusedAttach,
  renewed,
} from './ledger.ts';
import { shortId, shortOf } from './ledger-entries.ts';
import { MAX_MEMBERS } from './ledger-fields.ts';
import type { InterfaceView, MemberView, Signal } from './model.ts';
import type { Plan } from './plan.ts';
import { type Device, isAmong, isPrimary } from './tags.ts';

/** The ledger as observed, or a new one for a group that has none (or none that can be read). */
export function currentLedger({ ledger, past, holderId, pausedUntil, notices, observation }: Facts): Ledger {
  const { moves, forced, stuck, refused, loose } = past;
  // What is still on its way to a member has not been held by it.
  const isHeld = observation.interfaces.some(
    ({ attachment: on }) => on?.instanceId === holderId && on?.status !== 'attaching',
  );
  const holder = isHeld ? holderId : (past.holder ?? holderId);
  const known = { moves, forced, stuck, refused, ...(loose && { loose }) };
  if (ledger) return { ...ledger, ...known };
  return {
    phase: 'steady',
    ...(holder !== undefined && { holder }),
    resources: [],
    reason: '-',
    epoch: 0,
    ...known,
    notices,
    ...(pausedUntil !== undefined && { pausedUntil }),
    members: memberIds(observation.members),
    changedAt: observation.now,
  };
}

/** The members worth remembering, in a stable order. */
export function memberIds(members: readonly MemberView[]): readonly string[] {
  const present = members.filter(({ state }) => state !== 'terminated' && state !== 'shutting-down');
  return present
    .map((member) => member.id)
    .sort()
    .slice(0, MAX_MEMBERS);
}

/** What every transition says of itself. */
export interface Change {
  readonly intent: Intent;
  /** One sentence; it is what a person reads in the console. */
  readonly reason: string;
  readonly now: number;
}

/** `moving`: written before the first step, so that whoever finds the group half done knows what was meant. */
export function begun(ledger: Ledger, { observation, settings, signals }: Facts, change: Change): Ledger {
  const recent = ledger.moves.filter((at) => change.now - at < settings.cooldownSeconds * 1000);
  const next = {
    ...changed(ledger, 'moving', change),
    resources: remembered(ledger.resources, attachedResources(observation.interfaces)),
    // Counted when it begins: a run that dies half-way must not get its move for free.
    moves: isCounted(change.intent) ? [...recent, begunAt(change)] : recent,
    ...(isBackAndForth(ledger, change, settings.cooldownSeconds * 1000) && { disarmedAt: change.now }),
    notices: noticesOf(signals),
    ...withSilent(ledger.silent ?? [], { members: observation.members, signals, now: change.now }),
  };
  return listing(next, observation.interfaces);
}

/** Names every interface of the group: with its place, or, where none is known, alone. */
export function listing(ledger: Ledger, interfaces: readonly InterfaceView[]): Ledger {
  const { resources, others = [] } = ledger;
  const named = new Set([...resources.map(({ id }) => shortId(id)), ...others.map(shortOf)]);
  const bare = interfaces.filter(({ id, attachment }) => {
    return !named.has(shortId(id)) && !(attachment && isPrimary(attachment));
  });
  return bare.length === 0 ? ledger : { ...ledger, others: [...others, ...bare.map(({ id }) => shortId(id))] };
}

/** The cooldown counts what automation takes off a member; attaching what nobody holds takes nothing off anybody. */
const isCounted = ({ automatic, action }: Intent): boolean => automatic && action !== 'attach';

/** Automation takes the group off the member to which it had brought it back a moment ago. */
function isBackAndForth({ operation, phase, movedAt }: Ledger, { intent, now }: Change, cooldownMs: number): boolean {
  const wentBack = phase === 'steady' && operation?.automatic === true && operation.action === 'switchover';
  const isLeft = intent.automatic && intent.action === 'failover' && intent.from === operation?.to;
  return wentBack && isLeft && movedAt !== undefined && now - movedAt < cooldownMs;
}

const begunAt = ({ intent, now }: Change): number => intent.begunAt ?? now;

/** The same without the move that this operation was counted as. */
export function uncounted(ledger: Ledger, { begunAt: at }: Intent): Ledger {
  return { ...ledger, moves: ledger.moves.filter((moved) => moved !== at) };
}

/** The notices that still count, the one that made the group move among them: the newest last, for there is an end. */
function noticesOf(signals: readonly Signal[]): readonly Notice[] {
  const told = signals.flatMap(({ source, instanceId, since: at }) => {
    return source === 'notice' && at !== undefined ? [{ instanceId, at }] : [];
  });
  const newestFirst = told.sort((a, b) => b.at - a.at);
  const each = newestFirst.filter((notice, n) => {
    return newestFirst.findIndex(({ instanceId }) => instanceId === notice.instanceId) === n;
  });
  return each.reverse();
}

/** `steady` on the new holder: every interface was seen attached to it. */
export function completed(ledger: Ledger, to: string, change: Change): Ledger {
  const {
    condition: _,
    loose: __,
    ...rest
  } = changed(ledger, 'steady', { ...change, intent: { ...change.intent, to } });
  const refused = ledger.refused.filter(({ instanceId }) => instanceId !== to);
  return { ...rest, refused, holder: to, epoch: ledger.epoch + 1, movedAt: change.now };
}

/** The same, once it is known where those went that had no place before: from now on they have been held. */
export function withPlaces(ledger: Ledger, { resources }: Pick<Plan, 'resources'>): Ledger {
  const entered = resources.flatMap(({ id, enter }) => {
    if (!enter || ledger.resources.some((place) => place.id === id)) return [];
    const { deviceIndex, networkCardIndex } = enter;
    return [{ kind: 'interface', id, deviceIndex, networkCardIndex }] as const;
  });
  return entered.length === 0 ? ledger : { ...ledger, resources: [...ledger.resources, ...entered] };
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

/** Members that were refused or denied an interface are remembered for as long as anybody may ask. */
const REFUSALS_LAST_MS = 20 * 60_000;

/** Remembers members that did not take an interface: nothing is taken off a holder for them for a while. */
export function withRefused(
  ledger: Ledger,
  refused: readonly Omit<RefusedAttach, 'at'>[],
  now: number,
  cooldownMs: number,
): Ledger {
  const lastsMs = Math.max(cooldownMs, REFUSALS_LAST_MS);
  // What was left by force may have no way back: for as long as that is so, who refused counts.
  const known = ledger.refused.filter(({ at }) => now - at < lastsMs || ledger.forced.length > 0);
  const newer = refused.map((each) => ({ ...each, at: now }));
  return { ...ledger, refused: renewed(known, newer) };
}

/** One more try to attach what nobody holds, or to take something off its holder, has come to nothing. */
export function triedInVain(ledger: Ledger, now: number, throttled = false): Ledger {
  const count = (ledger.loose?.count ?? 0) + 1;
  return { ...ledger, loose: { count, lastAt: now, ...(throttled && { throttled }) } };
}

/** An instance that was left by force, and the devices that the interfaces had there. */
export interface LeftByForce {
  readonly member: MemberView;
  readonly devices: readonly Device[];
}

/** Remembers old holders that were detached by force: until launched anew, they may refuse those devices. */
export function withForced(ledger: Ledger, left: readonly LeftByForce[], now: number): Ledger {
  const entries = left.map(({ member, devices }): ForcedDetach => {
    const before = ofThisLaunch(member, ledger.forced);
    const { id, launchedAt } = member;
    return { instanceId: id, launchedAt, at: now, devices: union(before?.devices ?? [], devices) };
  });
  return { ...ledger, forced: renewed(ledger.forced, entries) };
}

/** The same, once a member has taken interfaces at these devices: it does not refuse them any more. */
export function withTaken(ledger: Ledger, instanceId: string, devices: readonly Device[]): Ledger {
  const forced = ledger.forced.flatMap((entry) => {
    if (entry.instanceId !== instanceId || !entry.devices) return [entry];
    const left = entry.devices.filter((device) => !isAmong(device, devices));
    return left.length === 0 ? [] : [{ ...entry, devices: left }];
  });
  return { ...ledger, forced };
}

const union = (before: readonly Device[], more: readonly Device[]): readonly Device[] => [
  ...before,
  ...more.filter((device) => !isAmong(device, before)),
];

/** Remembers members on which an attach hung or came undone: until launched anew, they rank last. */
export function withStuck(ledger: Ledger, members: readonly MemberView[]): Ledger {
  const launches = members.map(({ id, launchedAt }) => ({ instanceId: id, launchedAt }));
  return { ...ledger, stuck: renewed(ledger.stuck, launches) };
}

/** The device each attached interface is at now; a primary one has no place to find again. */
export function attachedResources(interfaces: readonly InterfaceView[]): readonly RecordedResource[] {
  return interfaces.flatMap(({ id, attachment }) => {
    if (!attachment || isPrimary(attachment)) return [];
    const { deviceIndex, networkCardIndex } = attachment;
    return [{ kind: 'interface', id, deviceIndex, networkCardIndex }] as const;
  });
}

/** What is attached now counts for more than what was noted before. */
function remembered(
  before: readonly RecordedResource[],
  now: readonly RecordedResource[],
): readonly RecordedResource[] {
  const replaced = before.map((noted) => now.find(({ id }) => id === noted.id) ?? noted);
  return [...replaced, ...now.filter(({ id }) => !before.some((noted) => noted.id === id))];
}
