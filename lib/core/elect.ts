import type { RejectionCode } from './codes.ts';
import { type Health, judgeStandby } from './health.ts';
import type { Ledger } from './ledger.ts';
import type { InterfaceView, MemberView, Observation, StatusChecks } from './model.ts';
import { type PlacedInterface, place } from './placement.ts';
import type { Settings } from './settings.ts';
import { isExcluded, priorityOf } from './tags.ts';

export interface Rejection {
  readonly instanceId: string;
  readonly code: RejectionCode;
  readonly reason: string;
}

/** A member that may take the interfaces, and where on it each of them goes. */
export interface Candidate {
  readonly member: MemberView;
  readonly placed: readonly PlacedInterface[];
}

export interface Election {
  /** Best first. */
  readonly eligible: readonly Candidate[];
  readonly rejected: readonly Rejection[];
}

export interface ElectionRules {
  readonly settings: Settings;
  readonly ledger?: Ledger;
  /** A member that must not be chosen although it is one: where the interfaces are now. */
  readonly holder?: { readonly id: string; readonly failed: boolean };
  /** A member under notice of a Spot interruption: gone within two minutes, however healthy it looks. */
  readonly leaving?: string;
  /** Only this member may be chosen. */
  readonly only?: { readonly instanceId: string; readonly because: 'not-requested' | 'intent-pending' };
  /** A person vouches for this member's health. */
  readonly ignoreHealthOf?: string;
  /** Putting the interfaces back where they were: whatever its health, if only it can take them. */
  readonly asRefuge?: boolean;
}

/** Judges every member: the eligible ones ranked, each other one with the first reason that rules it out. */
export function elect(observation: Observation, rules: ElectionRules): Election {
  const rejected: Rejection[] = [];
  const eligible: Candidate[] = [];
  for (const member of observation.members) {
    const verdict = examine(member, observation, rules);
    if ('code' in verdict) rejected.push({ instanceId: member.id, ...verdict });
    else eligible.push({ member, placed: verdict.placed });
  }
  return { eligible: rank(eligible, observation, rules), rejected };
}

type Reason = { readonly code: RejectionCode; readonly reason: string };
type Examined = Reason | { readonly placed: readonly PlacedInterface[] };

/** The order is the order an operator would ask in: meant at all, reachable at all, alive, able. */
function examine(member: MemberView, observation: Observation, rules: ElectionRules): Examined {
  const ruledOut =
    notMeant(member, observation, rules) ??
    unreachable(member, observation.interfaces) ??
    notServing(member, observation, rules) ??
    immovable(observation.interfaces);
  if (ruledOut) return ruledOut;
  const placement = place(observation.interfaces, member, observation.limits[member.type], {
    tagPrefix: rules.settings.tagPrefix,
    remembered: rules.ledger?.devices ?? {},
  });
  return 'fault' in placement ? placement.fault : placement;
}

function notMeant(member: MemberView, observation: Observation, rules: ElectionRules): Reason | undefined {
  const { holder, only, settings } = rules;
  if (member.id === holder?.id) {
    return holder.failed
      ? { code: 'failed-holder', reason: 'it is the holder that failed' }
      : { code: 'current-holder', reason: 'it is the holder now' };
  }
  if (only && member.id !== only.instanceId) {
    const reason =
      only.because === 'not-requested'
        ? `the request names ${only.instanceId}`
        : `another run is moving the group to ${only.instanceId}`;
    return { code: only.because, reason };
  }
  if (member.id === rules.leaving) return { code: 'spot-interruption', reason: 'EC2 takes it back within two minutes' };
  const refusal = observation.experience?.refused[member.id];
  if (refusal && !isThere(refusal.interfaceId, member, observation.interfaces)) {
    return { code: 'refused-by-ec2', reason: refusal.reason };
  }
  if (isExcluded(member, settings.tagPrefix) && !rules.asRefuge) {
    return { code: 'excluded', reason: `its tag ${settings.tagPrefix}exclude keeps it out` };
  }
  return undefined;
}

/** A refusal that another run's, or our own unnoticed, success has overtaken. */
function isThere(interfaceId: string, member: MemberView, interfaces: readonly InterfaceView[]): boolean {
  return interfaces.some(({ id, attachment }) => id === interfaceId && attachment?.instanceId === member.id);
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
  return undefined;
}

function notServing(member: MemberView, observation: Observation, rules: ElectionRules): Reason | undefined {
  // A refuge may be stopped: an interface on a stopped instance is safe, one on nothing is not.
  if (rules.asRefuge && (member.state === 'running' || member.state === 'stopped')) return undefined;
  if (member.state !== 'running') return { code: 'not-running', reason: `it is ${member.state}` };
  const health = judgeStandby(member, observation, rules.settings.alarmPrefix);
  if (health.verdict === 'healthy' || rules.ignoreHealthOf === member.id) return undefined;
  return unhealthy(health);
}

function unhealthy(health: Health): Reason | undefined {
  switch (health.code) {
    case 'own-alarm':
    case 'impaired':
    case 'initializing':
    case 'health-unknown':
      return { code: health.code, reason: `it ${health.because}` };
    // CloudWatch being away must not strand an interface while EC2 itself vouches for the standby.
    case 'alarms-unreadable':
    case 'healthy':
      return undefined;
    case 'stopped':
    case 'gone':
    case 'pending':
      return { code: 'not-running', reason: `it ${health.because}` };
  }
}

/** Rules out every candidate alike: the interface itself cannot be moved. */
function immovable(interfaces: readonly InterfaceView[]): Reason | undefined {
  for (const view of interfaces) {
    if (view.managedBy !== undefined)
      return { code: 'interface-managed', reason: `${view.id} is managed by ${view.managedBy}` };
    if (view.type.startsWith('efa'))
      return { code: 'interface-efa', reason: `${view.id} is an EFA, which cannot be attached to a running instance` };
  }
  return undefined;
}

function rank(eligible: readonly Candidate[], observation: Observation, rules: ElectionRules): readonly Candidate[] {
  const keyed = eligible.map((candidate) => ({ candidate, key: rankKey(candidate.member, observation, rules) }));
  keyed.sort((a, b) => compareKeys(a.key, b.key) || (a.candidate.member.id < b.candidate.member.id ? -1 : 1));
  return keyed.map(({ candidate }) => candidate);
}

/** Lower is better, earlier numbers weigh more. */
function rankKey(member: MemberView, observation: Observation, rules: ElectionRules): readonly number[] {
  const { settings, ledger } = rules;
  const checks = observation.checks[member.id];
  // EC2 may refuse the index until the instance was restarted, so even the highest priority goes last.
  const needsRestart = ledger?.forced.some((f) => f.instanceId === member.id && f.launchedAt === member.launchedAt);
  const events = checks?.scheduledEvents.length ?? 0;
  return [needsRestart ? 1 : 0, -priorityOf(member, settings.tagPrefix), doubts(checks), events > 0 ? 1 : 0];
}

/** Eligible members have no bad check; one whose checks all say ok is still surer than one with a suppressed check. */
function doubts(checks: StatusChecks | undefined): number {
  if (!checks) return 4;
  const told = [checks.system, checks.instance, checks.attachedEbs, checks.application];
  return told.filter((status) => status !== 'ok' && status !== 'not-applicable').length;
}

function compareKeys(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, i) => value !== b[i]);
  return at === -1 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}
