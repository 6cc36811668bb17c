import type { Device } from './tags.ts';

/**
 * The ledger: what the product remembers, as at most eight tags a person can read in the EC2 console. It is memory,
 * never a lock. Every interface of a group carries the same one, written by one CreateTags call; the newest valid one
 * counts. Each value keeps to 256 portable characters (EC2 User Guide, "Tag restrictions"); what is too long is cut.
 */
export interface Ledger {
  readonly phase: Phase;
  /** Who held the anchor when this was written. */
  readonly holder?: string;
  /** The intent while `moving`; afterwards the last operation. */
  readonly operation?: Intent;
  /** Where each resource was when the operation began, so that a detached one finds its place again. */
  readonly resources: readonly RecordedResource[];
  /** Interfaces that belong to the group and have no place, or are not there now: entries of the tag as they are. */
  readonly others?: readonly string[];
  readonly reason: string;
  readonly changedAt: number;
  /** Number of completed moves. */
  readonly epoch: number;
  /** When the last move, of whatever kind, was completed. */
  readonly movedAt?: number;
  /** When automation began to move this group lately, oldest first: the cooldown counts these. */
  readonly moves: readonly number[];
  readonly pausedUntil?: number;
  /** Why, in the words of whoever paused it. */
  readonly pauseReason?: string;
  /** When a person acknowledged what had happened: moves, refusals and the condition from before do not count. */
  readonly acknowledgedAt?: number;
  /** What stood in the way when automation last looked, and since when: told once, remembered until it changes. */
  readonly condition?: Condition;
  /** The members as last seen, so that a new one can be announced. */
  readonly members: readonly string[];
  /** Old holders that were detached by force; until they are launched anew they may refuse that index. */
  readonly forced: readonly ForcedDetach[];
  /** Members on which an attach hung; until they are launched anew they rank last. */
  readonly stuck: readonly StuckAttach[];
  /** Old holders that were left because nobody there answered the probe; until they do, or are launched anew, they rank last. */
  readonly silent?: readonly SilentHolder[];
  /** Members that refused an attach, or were denied it, for a reason that does not pass by itself. */
  readonly refused: readonly RefusedAttach[];
  /** Members that EC2 is about to take back, as it announced. */
  readonly notices: readonly Notice[];
  /** The holder for which EC2 has planned something, once that was told. */
  readonly due?: string;
  /** What automation tried lately, in vain: to attach what nobody holds, or to take it off a holder. */
  readonly loose?: LooseTries;
  /** The preferred member, and from when on sweeps have seen it fit for the group, which is elsewhere and asks to go back. */
  readonly fit?: Notice;
  /** When the group had to leave the preferred member soon after it had gone back there by itself: it does not go again. */
  readonly disarmedAt?: number;
  /** Interfaces with the group's tag that do not belong to it, or not yet. */
  readonly strays?: readonly StrayNote[];
  /** What was told of interfaces and the probe. */
  readonly probe?: readonly ProbeNote[];
  /** What stood in the way of the next failover when a sweep looked last, once that was told. */
  readonly unready?: Unready;
}

/** Why a group could not fail over if it had to. */
export interface Unready {
  /** Codes of what was found, each once, in the order of the alphabet. */
  readonly codes: readonly string[];
  readonly since: number;
}

/** What was told of one interface, and is not told again until it changes. */
export interface ProbeNote {
  /** The last 8 digits of its id. */
  readonly short: string;
  /** When; what is older than the attachment is about an earlier one. */
  readonly at: number;
  /** The probe's verdict, or what is wrong with the interface's tag or place. */
  readonly code: string;
  /** The verdict's reason. */
  readonly reason?: string;
}

/** An interface that a sweep has seen with the group's tag, and what keeps it from belonging to the group. */
export interface StrayNote {
  /** The last 8 digits of its id. */
  readonly short: string;
  /** Since when it is seen like this. */
  readonly at: number;
  readonly code: string;
}

/** `steady`: nothing under way. `moving`: an intent is recorded. `failed`: the last one left work to do. */
export type Phase = 'steady' | 'moving' | 'failed';

export type OperationAction = 'failover' | 'switchover' | 'attach';

/** A resource that moves with its group; more kinds may come. */
export interface ResourceRef {
  readonly kind: 'interface';
  readonly id: string;
}

/** A resource and the device it was at. */
export type RecordedResource = ResourceRef & Device;

/** Written before the first step of a move; finished or rolled back by whoever comes next. */
export interface Intent {
  readonly id: string;
  readonly action: OperationAction;
  readonly from?: string;
  readonly to: string;
  /** The run that recorded it; Lambda's retry of an event keeps the run id. */
  readonly runId: string;
  /** When it was recorded: a detach that is under way since then is forced by this clock, whichever run looks. */
  readonly begunAt?: number;
  /** Until then other runs may only complete this same move. */
  readonly deadlineAt: number;
  readonly automatic: boolean;
  readonly ignoreHealth: boolean;
  /** The target is a person's choice, not that of an election. */
  readonly named?: true;
  /** The probe's verdict led to it. */
  readonly probed?: true;
  /** What leaves a member that has not failed leaves by a plain detach only, however long that takes. */
  readonly plain?: true;
  /** It is one way of a drill, and this is the member that the drill began with, to which the group comes back. */
  readonly drill?: string;
}

export interface Condition {
  /** `<analysis>/<code>`. */
  readonly what: string;
  readonly since: number;
  /** The last 8 digits of the interface that it is about, where the probe has found it out. */
  readonly about?: string;
}

/** What is remembered of one launch of a member: nothing is, once it is stopped and started. */
export interface OfLaunch {
  readonly instanceId: string;
  readonly launchedAt: number;
}

/** An old holder, as it was left. */
export interface LeftHolder extends OfLaunch {
  /** When; what a person has acknowledged since (a reboot leaves no other trace) does not count. */
  readonly at?: number;
}

export type SilentHolder = LeftHolder;

export type StuckAttach = OfLaunch;

export interface ForcedDetach extends LeftHolder {
  /** The devices that the interfaces had there. */
  readonly devices?: readonly Device[];
}

export interface RefusedAttach {
  readonly instanceId: string;
  readonly at: number;
  /** A short word for the reason: lower-case letters and hyphens. */
  readonly code: string;
}

/** Automatic tries to attach what nobody holds. */
export interface LooseTries {
  readonly count: number;
  readonly lastAt: number;
  /** AWS throttled the last one for as long as the run could wait. */
  readonly throttled?: true;
}

/** Something that is noted of an instance: EC2's notice that it takes it back, say. */
export interface Notice {
  readonly instanceId: string;
  /** When it was given, or seen. */
  readonly at: number;
}

/** What people have said, which counts whatever becomes of the rest. */
export type OfPeople = Pick<Ledger, 'pausedUntil' | 'pauseReason' | 'acknowledgedAt'>;

export type LedgerReading =
  /** `ignored`: keys under our prefix that mean nothing to this version. */
  | ({ readonly status: 'absent'; readonly ignored: readonly string[] } & OfPeople)
  | {
      readonly status: 'valid';
      readonly ledger: Ledger;
      /** Interfaces of the group that do not carry it, or an older one: they were not there when it was written. */
      readonly missingOn: readonly string[];
      /** A tag names a condition that was moved away from, or acknowledged, since. */
      readonly outdated: boolean;
    }
  | ({ readonly status: 'damaged'; readonly faults: readonly string[] } & OfPeople);

/** Of each member only what is newest: what was known of the others, and then this. */
export function renewed<Entry extends { readonly instanceId: string }>(
  known: readonly Entry[],
  newer: readonly Entry[],
): readonly Entry[] {
  return [...known.filter(({ instanceId }) => !newer.some((entry) => entry.instanceId === instanceId)), ...newer];
}

/** What is remembered of a member's present launch. */
export function ofThisLaunch<Entry extends OfLaunch>(
  { id, launchedAt }: { readonly id: string; readonly launchedAt: number },
  entries: readonly Entry[],
): Entry | undefined {
  return entries.find((entry) => entry.instanceId === id && entry.launchedAt === launchedAt);
}

/** The instances that the ledger names as holders: the last one, and those of a move that is not finished. */
export function recordedHolders({ holder, phase, operation }: Ledger): readonly string[] {
  const open = phase === 'steady' ? [] : [operation?.from, operation?.to];
  return [holder, ...open].filter((id) => id !== undefined);
}

/** Since when the ledger knows that this code stands in the way, whatever was observed with it. */
export function notedAs(condition: Condition | undefined, code: string): number | undefined {
  return condition?.what.endsWith(`/${code}`) ? condition.since : undefined;
}

/** Since when this condition of the group is noted, whatever stood in the way of acting on it. */
export function notedSince(condition: Condition | undefined, analysis: string): number | undefined {
  return condition?.what.startsWith(`${analysis}/`) ? condition.since : undefined;
}
