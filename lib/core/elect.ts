import type { RejectionCode } from './codes.ts';
import type { Facts } from './facts.ts';
import { mayDo } from './last-resort.ts';
import { ofThisLaunch } from './ledger.ts';
import { type Refusal, refusalCode } from './memory.ts';
import type { InterfaceView, MemberView } from './model.ts';
import { leavesUnfailed } from './parts.ts';
import { placeOn } from './place-on.ts';
import type { PlacedInterface } from './placement.ts';
import { failsAlike, isSilent } from './probe-standby.ts';
import { refusedBefore } from './refusals.ts';
import { doubts, healthOfStandby } from './signals.ts';
import { deviceTag, isExcluded, priorityOf } from './tags.ts';
import { stuckOn } from './transit.ts';

export interface Rejection {
  readonly instanceId: string;
  readonly code: RejectionCode;
  readonly reason: string;
}

/** A member that may take the interfaces, and where on it each of them goes. */
export interface Candidate {
  readonly member: MemberView;
  readonly placed: readonly PlacedInterface[];
  /** How many interfaces change their device index with the move. */
  readonly displaced: number;
  /** Only because nobody serves, or the holder has failed: it would be rejected otherwise. */
  readonly lastResort: boolean;
  /** EC2 may refuse it: the device that is needed was left by force. */
  readonly withheld: boolean;
  /** It has no place for what nobody ever held. */
  readonly partial: boolean;
}

export interface Election {
  /** Best first. */
  readonly eligible: readonly Candidate[];
  readonly rejected: readonly Rejection[];
}

/** Whom an election is about, and on what terms. */
export interface Terms {
  /** A member that must not be chosen although it is one: where the interfaces are now. */
  readonly holder?: { readonly id: string; readonly failed: boolean };
  /** Only this member may be chosen. */
  readonly only?: {
    readonly instanceId: string;
    readonly because: 'not-requested' | 'intent-pending' | 'holder-serves';
  };
  /** A person asks: what earlier tries came to counts for less, and for nothing where the person names the member. */
  readonly asked?: 'for-a-move' | 'for-this-member';
  /** A person vouches for this member's health. */
  readonly ignoreHealthOf?: string;
  /** It gets back what was its own: whatever its health, and even stopped, if only it can take it. */
  readonly asOldHolder?: boolean;
  /** Nobody else is left: even a member on which an attach hangs is better than nobody, once that is ended. */
  readonly evenStuck?: boolean;
  /** A part of the group is better than nothing: what a member refused in this run is left out. */
  readonly inParts?: boolean;
}

/** Judges every member: the eligible ones ranked, each other one with the first reason that rules it out. */
export function elect(facts: Facts, terms: Terms): Election {
  const rejected: Rejection[] = [];
  const eligible: Candidate[] = [];
  for (const member of facts.observation.members) {
    const verdict = examine(member, facts, terms);
    if ('code' in verdict) rejected.push({ instanceId: member.id, ...verdict });
    else eligible.push({ member, ...verdict });
  }
  return { eligible: rank(eligible, facts), rejected };
}

type Reason = { readonly code: RejectionCode; readonly reason: string };
type Examined = Reason | Omit<Candidate, 'member'>;

/** The order is the order an operator would ask in: meant at all, reachable at all, alive, able. */
function examine(member: MemberView, facts: Facts, terms: Terms): Examined {
  const { interfaces } = facts.observation;
  const doubt = notServing(member, facts, terms) ?? failsAlike(member, facts, terms);
  const lastResort = doubt !== undefined && mayDo(doubt.code, facts);
  const ruledOut =
    notMeant(member, facts, terms) ??
    unreachable(member, interfaces) ??
    (lastResort ? undefined : doubt) ??
    immovable(interfaces) ??
    spokenFor(member);
  if (ruledOut) return ruledOut;
  const placement = placeOn(member, facts);
  if ('fault' in placement) return placement.fault;
  const why = facts.withheld.get(member.id);
  const withheld = why !== undefined;
  if (withheld && !terms.asOldHolder && leavesUnfailed(member.id, facts))
    return { code: 'device-index-withheld', reason: why };
  return refusedBefore(member, facts, terms) ?? { ...placement, lastResort: lastResort || withheld, withheld };
}

function notMeant(member: MemberView, facts: Facts, terms: Terms): Reason | undefined {
  const { settings, memory, observation, overdue } = facts;
  const { holder, only } = terms;
  if (member.id === holder?.id) {
    return holder.failed
      ? { code: 'failed-holder', reason: 'it is the holder that failed' }
      : { code: 'current-holder', reason: 'it is the holder now' };
  }
  if (only && member.id !== only.instanceId) {
    const reason = ONLY[only.because](only.instanceId);
    return { code: only.because, reason };
  }
  const refusal = memory.refused[member.id];
  const declined = refusal && !isOnlyIndex(refusal, facts);
  if (declined && !terms.inParts && !isThere(refusal.interfaceId, member, observation.interfaces)) {
    return { code: refusalCode(refusal), reason: refusal.reason };
  }
  // Whoever serves the rest is the only one to take what hangs on its way to it: anew. So is whoever is left at all.
  const anew = terms.evenStuck || only?.because === 'holder-serves';
  const stuck = stuckOn(member, anew ? [] : observation.interfaces, overdue, memory);
  if (stuck !== undefined) return { code: 'attach-stuck', reason: stuck };
  if (isExcluded(member, settings.tagPrefix) && !terms.asOldHolder) {
    return { code: 'excluded', reason: `its tag ${settings.tagPrefix}exclude keeps it out` };
  }
  return undefined;
}

/** Why it is only one member that may be chosen. */
const ONLY = {
  'not-requested': (id: string) => `the request names ${id}`,
  'intent-pending': (id: string) => `another run is moving the group to ${id}`,
  'holder-serves': (id: string) => `${id} is well and holds part of the group, which is not taken off it`,
};

/** EC2 did not give it the index that was asked for: where no tag insists on that one, another will do. */
function isOnlyIndex({ interfaceId, devices = [] }: Refusal, { observation, settings }: Facts): boolean {
  const view = observation.interfaces.find(({ id }) => id === interfaceId);
  return devices.length > 0 && view !== undefined && deviceTag(view, settings.tagPrefix) === undefined;
}

/** A refusal that another run's, or our own unnoticed, success has overtaken. */
function isThere(interfaceId: string, member: MemberView, interfaces: readonly InterfaceView[]): boolean {
  return interfaces.some(({ id, attachment: on }) => {
    return id === interfaceId && on?.instanceId === member.id && on.status !== 'detaching';
  });
}

function unreachable(member: MemberView, interfaces: readonly InterfaceView[]): Reason | undefined {
  const foreign = interfaces.find((view) => view.ownerId !== member.ownerId);
  if (foreign)
    return {
      code: 'other-account',
      reason: `${foreign.id} belongs to account ${foreign.ownerId}, it to ${member.ownerId}`,
    };
  const elsewhere = interfaces.find((view) => view.zone !== member.zone);
  if (elsewhere)
    return { code: 'other-zone', reason: `it is in ${member.zone} and ${elsewhere.id} is in ${elsewhere.zone}` };
  const apart = interfaces.find((view) => view.outpost !== member.outpost);
  if (apart)
    return { code: 'other-outpost', reason: `it is ${hardwareOf(member)} and ${apart.id} is ${hardwareOf(apart)}` };
  return undefined;
}

const hardwareOf = ({ outpost }: Pick<MemberView, 'outpost'>): string =>
  outpost === undefined ? 'on no Outpost' : `on the Outpost ${outpost}`;

function notServing({ id, state }: MemberView, { signals }: Facts, terms: Terms): Reason | undefined {
  // An old holder may be stopped: an interface on a stopped instance is safe, one on nothing is not.
  if (terms.asOldHolder && (state === 'running' || state === 'stopped')) return undefined;
  if (state !== 'running') return { code: 'not-running', reason: `it is ${state}` };
  const { health, rejects } = healthOfStandby(id, signals);
  if (rejects === undefined || terms.ignoreHealthOf === id) return undefined;
  return { code: rejects, reason: `it ${health.because}` };
}

/** Rules out every candidate alike: the interface itself cannot be moved. */
function immovable(interfaces: readonly InterfaceView[]): Reason | undefined {
  for (const view of interfaces) {
    if (view.managedBy !== undefined)
      return { code: 'interface-managed', reason: `${view.id} is managed by ${view.managedBy}` };
    if (view.type.startsWith('efa'))
      return { code: 'interface-efa', reason: `${view.id} is an EFA, which cannot be attached to a running instance` };
    if (view.type !== 'interface') {
      const kind = view.type.replaceAll('_', ' ');
      return {
        code: 'interface-special',
        reason: `${view.id} is of the kind '${kind}', which only its service attaches`,
      };
    }
  }
  return undefined;
}

/** EC2 lets nobody but that service attach anything, the account's root user included. */
function spokenFor({ managedBy }: MemberView): Reason | undefined {
  return managedBy === undefined ? undefined : { code: 'instance-managed', reason: `it is managed by ${managedBy}` };
}

function rank(eligible: readonly Candidate[], facts: Facts): readonly Candidate[] {
  const keyed = eligible.map((candidate) => ({ candidate, key: rankKey(candidate, facts) }));
  keyed.sort((a, b) => compareKeys(a.key, b.key) || (a.candidate.member.id < b.candidate.member.id ? -1 : 1));
  return keyed.map(({ candidate }) => candidate);
}

/** Lower is better, earlier numbers weigh more. */
function rankKey({ member, displaced, lastResort, withheld, partial }: Candidate, facts: Facts): readonly number[] {
  const { settings, past, signals, memory } = facts;
  // EC2 may refuse the index, or let an attach hang again, until the instance was restarted: even the highest priority goes last.
  const needsRestart = ofThisLaunch(member, [...past.forced, ...past.stuck]) !== undefined;
  const planned = doubts(member.id, signals, 'schedule') > 0;
  return [
    withheld ? 1 : 0,
    lastResort ? 1 : 0,
    partial ? 1 : 0,
    needsRestart ? 1 : 0,
    isSilent(member, facts) ? 1 : 0,
    // Whoever has taken the group off it a moment ago may know of what this run does not.
    memory.left?.includes(member.id) ? 1 : 0,
    -priorityOf(member, settings.tagPrefix),
    // Guests are configured by device index.
    displaced,
    // Whose checks all say ok is surer than one with a suppressed check.
    doubts(member.id, signals, 'status'),
    planned ? 1 : 0,
  ];
}

function compareKeys(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, i) => value !== b[i]);
  return at === -1 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}
