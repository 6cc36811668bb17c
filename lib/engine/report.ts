import type { Rejection } from '../core/elect.ts';
import { judgeHolder, judgeStandby } from '../core/health.ts';
import type { LedgerReading } from '../core/ledger.ts';
import type { MemberView, Trigger } from '../core/model.ts';
import { readiness } from '../core/readiness.ts';
import { priorityOf } from '../core/tags.ts';
import type { ActSight, Sight } from './operation.ts';
import type { GroupResult, GroupStatus, Step } from './result.ts';
import type { Run } from './run.ts';

/** What is said of a group in which nothing was (or had to be) moved. */
export function groupReport(run: Run, sight: Sight, trigger?: Trigger): GroupResult {
  const { analysis, decision, code, reason, rejected, situation } = sight.decision;
  const wantsStatus = trigger?.kind === 'request' && trigger.action === 'status';
  return {
    group: sight.observation.group,
    analysis,
    decision,
    code,
    reason,
    rejected,
    ...(situation.warnings.length > 0 && { warnings: situation.warnings }),
    ...(wantsStatus && { status: groupStatus(run, sight) }),
  };
}

/** The same as a move would report, with the steps it would run; nothing is changed. */
export function plannedReport(run: Run, sight: ActSight): GroupResult {
  const { plan, reason } = sight.decision;
  const step = (kind: Step['kind'], interfaceId: string, instanceId?: string): Step => {
    return { kind, interfaceId, result: 'planned', durationMs: 0, ...(instanceId !== undefined && { instanceId }) };
  };
  const anchor = plan.interfaces[0]?.interfaceId ?? '';
  const forced = sight.decision.situation.settings.forceAfterSeconds === 0;
  const steps = [
    ...(plan.kind === 'new' ? [step('record-intent', anchor)] : []),
    ...plan.interfaces.flatMap(({ interfaceId, leave }) =>
      leave ? step(forced ? 'force-detach' : 'detach', interfaceId, leave.instanceId) : [],
    ),
    ...plan.interfaces.flatMap(({ interfaceId, enter }) => (enter ? step('attach', interfaceId, plan.to) : [])),
    step('record-result', anchor),
  ];
  const { action, from, to } = plan;
  const interfaces = plan.interfaces.map((move) => move.interfaceId);
  const origin = from === undefined ? {} : { from };
  const operation = {
    id: 'planned',
    action,
    ...origin,
    to,
    interfaces,
    steps,
    result: 'planned',
    reason,
    durationMs: 0,
  } as const;
  return { ...groupReport(run, sight), operation };
}

function groupStatus(run: Run, sight: Sight): GroupStatus {
  const { observation, decision } = sight;
  const { situation } = decision;
  const { rejected } = readiness(observation, run.settings);
  return {
    holder: situation.holderId ?? null,
    interfaces: observation.interfaces.map(({ id, zone, attachment }) => ({
      id,
      zone,
      holder: attachment?.instanceId ?? null,
      attachment: attachment?.status ?? 'detached',
      deviceIndex: attachment?.deviceIndex ?? null,
      deleteOnTermination: attachment?.deleteOnTermination ?? false,
    })),
    members: observation.members.map((member) => memberStatus(member, sight, rejected)),
    ledger: ledgerStatus(situation.ledgerReading),
  };
}

function memberStatus(
  member: MemberView,
  { observation, decision }: Sight,
  rejected: readonly Rejection[],
): GroupStatus['members'][number] {
  const { holderId, settings } = decision.situation;
  const judged = member.id === holderId ? judgeHolder : judgeStandby;
  const health = judged(member, observation, settings.alarmPrefix);
  const rejection = rejected.find(({ instanceId }) => instanceId === member.id);
  return {
    id: member.id,
    role: member.id === holderId ? 'holder' : 'standby',
    state: member.state,
    health: health.verdict,
    healthReason: health.because,
    priority: priorityOf(member, settings.tagPrefix),
    eligible: rejection === undefined,
    code: rejection?.code ?? null,
    reason: rejection?.reason ?? null,
  };
}

/** The ledger as a person would write it down: times as text, nothing left out. */
function ledgerStatus(reading: LedgerReading): Readonly<Record<string, unknown>> {
  if (reading.status !== 'valid') return { ...reading };
  const { changedAt, movedAt, pausedUntil, moves, ...rest } = reading.ledger;
  const iso = (ms: number | undefined): string | null => (ms === undefined ? null : new Date(ms).toISOString());
  const times = {
    changedAt: iso(changedAt),
    movedAt: iso(movedAt),
    pausedUntil: iso(pausedUntil),
    moves: moves.map(iso),
  };
  return { status: 'valid', ...rest, ...times };
}
