import type { FailedCode, IgnoredCode } from '../core/codes.ts';
import { decide, type Decision } from '../core/decide.ts';
import type { Facts } from '../core/facts.ts';
import type { ForcedDetach, Intent, LedgerReading, ResourceRef } from '../core/ledger.ts';
import type { InterfaceView, MemberView } from '../core/model.ts';
import { isSure } from '../core/readiness.ts';
import { remedyFor } from '../core/remedies.ts';
import { DEFAULT_SETTINGS, OVERRIDES, type Settings } from '../core/settings.ts';
import { healthOfHolder, healthOfStandby } from '../core/signals.ts';
import { priorityOf } from '../core/tags.ts';
import type { ActingDecision } from './operation.ts';
import type {
  GroupResult,
  GroupStatus,
  IntentText,
  LedgerStatus,
  LeftText,
  MemberStatus,
  ResourceStatus,
  Step,
} from './result.ts';

/** What is said of a group in which nothing was (or had to be) moved. */
export function groupReport({ analysis, kind, code, reason, rejected, facts }: Decision): GroupResult {
  const { warnings, observation } = facts;
  return {
    group: observation.group,
    analysis,
    decision: kind,
    code,
    reason,
    rejected,
    ...(warnings.length > 0 && { warnings }),
  };
}

/** What is said where no group was looked at, or one could not be. */
export function notObserved(group: string | null, code: IgnoredCode | FailedCode, reason: string): GroupResult {
  const decision = group === null ? 'no-action' : 'blocked';
  const news = group === null ? {} : { news: [reason] };
  return { group, analysis: 'not-observed', decision, code, reason, rejected: [], ...news };
}

/**
 * The same as a move would report, with the steps it would run; nothing is changed.
 * @param unasked EC2 has not been asked whether it would allow the attaches.
 */
export function plannedReport(decision: ActingDecision, unasked = false): GroupResult {
  const { plan, reason, facts } = decision;
  const step = (kind: Step['kind'], { id }: ResourceRef, instanceId?: string): Step => {
    const resource = { kind: 'interface', id } as const;
    return { kind, resource, result: 'planned', durationMs: 0, ...(instanceId !== undefined && { instanceId }) };
  };
  const anchor: ResourceRef = plan.resources[0] ?? { kind: 'interface', id: '' };
  const forced = facts.settings.forceAfterSeconds === 0;
  const steps = [
    ...(plan.kind === 'new' ? [step('record-intent', anchor)] : []),
    ...plan.resources.flatMap((move) =>
      move.leave ? step(forced ? 'force-detach' : 'detach', move, move.leave.instanceId) : [],
    ),
    ...plan.resources.flatMap((move) => (move.enter ? step('attach', move, plan.to) : [])),
    step('record-result', anchor),
  ];
  const { action, from, to } = plan;
  const resources = plan.resources.map(({ kind, id }) => ({ kind, id }));
  const origin = from === undefined ? {} : { from };
  const planned = { id: 'planned', action, ...origin, to, resources, steps, result: 'planned', reason, durationMs: 0 };
  const report = groupReport(decision);
  const warnings = [...(report.warnings ?? []), ...(unasked ? [UNASKED] : [])];
  const operation = planned as NonNullable<GroupResult['operation']>;
  return { ...report, ...(warnings.length > 0 && { warnings }), operation };
}

const UNASKED =
  'Whether IAM allows the attaches was not asked: this function may only look. The failover function asks.';

/**
 * The group as it is now, and whether a failover would succeed: the very decision that would then be made.
 * @param deployment the settings of the deployment, which tags of the group may override.
 */
export function groupStatus({ facts }: Decision, deployment: Settings): GroupStatus {
  const { observation, memory, holderId, ledgerReading } = facts;
  const ifFailed = decide({ kind: 'if-holder-failed' }, observation, memory, deployment);
  const { code } = ifFailed;
  const { successor } = ifFailed.succession;
  const doubt = successor?.withheld ? warningOn(successor.member.id, facts) : undefined;
  const reason = [withObstacles(ifFailed), doubt, remedyFor(code, facts)]
    .filter((sentence) => sentence !== undefined)
    .join(' ');
  return {
    holder: holderId ?? null,
    readiness: { ready: isReady(ifFailed), code, reason },
    next: nextStep(facts, deployment, ifFailed),
    resources: observation.interfaces.map(resourceStatus),
    members: observation.members.map((member) => memberStatus(member, facts, ifFailed)),
    settings: settingsStatus(facts, deployment),
    ledger: ledgerStatus(ledgerReading),
  };
}

/** What the sweep would do of it, asked the way the sweep asks. */
function nextStep({ observation, memory }: Facts, deployment: Settings, ifFailed: Decision): string {
  const { kind, reason } = decide({ kind: 'sweep' }, observation, memory, deployment);
  if (kind === 'act') return `The next sweep acts: ${reason}`;
  if (kind === 'blocked') return `Nothing is moved: ${reason}`;
  const to = ifFailed.succession.successor?.member;
  if (!isReady(ifFailed) || !to) return 'Nothing is moved; and if the holder failed, nobody could take over.';
  return `Nothing is moved; if the holder failed now, ${nameOf(to) ?? to.id} would take over.`;
}

const nameOf = ({ tags }: { readonly tags: Readonly<Record<string, string>> }): string | null => tags['Name'] || null;

function resourceStatus(view: InterfaceView): ResourceStatus {
  const { id, zone, attachment, address, moreAddresses = [], publicAddresses = [] } = view;
  return {
    kind: 'interface',
    id,
    name: nameOf(view),
    zone,
    privateAddresses: address === undefined ? moreAddresses : [address, ...moreAddresses],
    publicAddresses,
    holder: attachment?.instanceId ?? null,
    attachment: attachment?.status ?? 'detached',
    deviceIndex: attachment?.deviceIndex ?? null,
    deleteOnTermination: attachment?.deleteOnTermination ?? false,
  };
}

/** Each setting that a tag may override, with what it is in the end. */
function settingsStatus({ settings, observation }: Facts, deployment: Settings): GroupStatus['settings'] {
  return OVERRIDES.map(({ setting, tag }) => {
    const key = `${deployment.tagPrefix}${tag}`;
    const isTagged = observation.interfaces.some(({ tags }) => tags[key] === String(settings[setting]));
    const isDefault = deployment[setting] === DEFAULT_SETTINGS[setting];
    const from = isTagged ? `tag ${key}` : isDefault ? 'default' : 'deployment';
    return { name: setting, value: settings[setting], from };
  });
}

const warningOn = (instanceId: string, { withheld }: Facts): string =>
  `${instanceId} may refuse the group: ${withheld.get(instanceId)}.`;

const isReady = ({ kind, succession }: Decision): boolean => kind === 'act' && isSure(succession);

/** As many standbys as one sentence can speak of; all of them are among the members. */
const MAX_OBSTACLES = 3;

/** Where nobody can take over, what stands in the standbys' way: that is what a person can change. */
function withObstacles({ code, reason, succession, facts }: Decision): string {
  const standbys = succession.rejected.filter(({ instanceId }) => instanceId !== facts.holderId);
  if (code !== 'no-candidate' || standbys.length === 0) return reason;
  const named = standbys.slice(0, MAX_OBSTACLES).map((each) => `${each.instanceId}: ${each.reason}`);
  return `${reason} ${named.join('; ')}.`;
}

function memberStatus(member: MemberView, { holderId, settings, signals }: Facts, ifFailed: Decision): MemberStatus {
  const { id, state } = member;
  const isHolder = id === holderId;
  const health = isHolder ? healthOfHolder(id, signals) : healthOfStandby(id, signals).health;
  const why = whyNot(id, ifFailed);
  return {
    id,
    name: nameOf(member),
    address: member.address ?? null,
    role: isHolder ? 'holder' : 'standby',
    state,
    health: health.verdict,
    healthReason: health.because,
    priority: priorityOf(member, settings.tagPrefix),
    eligible: why === undefined,
    code: why?.code ?? null,
    reason: why?.reason ?? null,
  };
}

/** What stands in a member's way: something of its own, or something that holds for the whole group. */
function whyNot(instanceId: string, ifFailed: Decision): Pick<MemberStatus, 'code' | 'reason'> | undefined {
  const own = ifFailed.succession.rejected.find((rejection) => rejection.instanceId === instanceId);
  const { situation, withheld } = ifFailed.facts;
  const reason = withheld.get(instanceId);
  if (!own && reason !== undefined) return { code: 'device-index-withheld', reason };
  const forAll = situation.kind === 'unmovable' || situation.kind === 'split' ? ifFailed : undefined;
  return own ?? forAll;
}

const iso = (ms: number): string => new Date(ms).toISOString();
const isoOrNull = (ms: number | undefined): string | null => (ms === undefined ? null : iso(ms));

function leftText({ at, ...entry }: ForcedDetach): LeftText<ForcedDetach> {
  return { ...entry, launchedAt: iso(entry.launchedAt), ...(at !== undefined && { at: iso(at) }) };
}

function ledgerStatus(reading: LedgerReading): LedgerStatus {
  if (reading.status === 'absent') return { status: 'absent' };
  if (reading.status === 'damaged') {
    const { status, faults, pausedUntil } = reading;
    return { status, faults, pausedUntil: isoOrNull(pausedUntil) };
  }
  const {
    holder = null,
    operation,
    condition,
    loose,
    strays = [],
    silent = [],
    probe = [],
    unready,
    fit,
    disarmedAt,
    ...ledger
  } = reading.ledger;
  return {
    status: 'valid',
    ...ledger,
    holder,
    operation: operation ? operationText(operation) : null,
    condition: condition ? { ...condition, since: iso(condition.since) } : null,
    changedAt: iso(ledger.changedAt),
    movedAt: isoOrNull(ledger.movedAt),
    moves: ledger.moves.map(iso),
    pausedUntil: isoOrNull(ledger.pausedUntil),
    acknowledgedAt: isoOrNull(ledger.acknowledgedAt),
    forced: ledger.forced.map(leftText),
    stuck: ledger.stuck.map((stuck) => ({ ...stuck, launchedAt: iso(stuck.launchedAt) })),
    refused: ledger.refused.map((refused) => ({ ...refused, at: iso(refused.at) })),
    loose: loose ? { ...loose, lastAt: iso(loose.lastAt) } : null,
    ...(fit && { fit: { ...fit, at: iso(fit.at) } }),
    ...(disarmedAt !== undefined && { disarmedAt: iso(disarmedAt) }),
    notices: ledger.notices.map((notice) => ({ ...notice, at: iso(notice.at) })),
    strays: strays.map((stray) => ({ ...stray, at: iso(stray.at) })),
    silent: silent.map(leftText),
    unready: unready ? { ...unready, since: iso(unready.since) } : null,
    probe: probe.map((note) => ({ ...note, at: iso(note.at) })),
  };
}

function operationText({ begunAt, deadlineAt, ...operation }: Intent): IntentText {
  return { ...operation, ...(begunAt !== undefined && { begunAt: iso(begunAt) }), deadlineAt: iso(deadlineAt) };
}
