import { type AlarmSignal, alarmSignal } from './alarms.ts';
import type { CheckStatus, InstanceState, MemberView, Observation, StatusChecks } from './model.ts';

/** Failed is confirmed, healthy is confirmed; everything else is unknown, and unknown is never failed. */
export type Verdict = 'healthy' | 'failed' | 'unknown';

export type HealthCode =
  | 'healthy'
  | 'stopped'
  | 'gone'
  | 'pending'
  | 'own-alarm'
  | 'impaired'
  | 'initializing'
  | 'health-unknown'
  | 'alarms-unreadable';

export interface Health {
  readonly verdict: Verdict;
  readonly code: HealthCode;
  /** Completes the sentence "The instance …". */
  readonly because: string;
}

/** The status checks of an instance, from worst to best: the worst one speaks for it. */
const WORST_FIRST: readonly CheckStatus[] = ['impaired', 'unreadable', 'initializing', 'insufficient-data'];
const CHECK_NAMES = ['system', 'instance', 'attachedEbs', 'application'] as const;

/** The status that speaks for the instance; `suppressed` and `not-applicable` are not failures, so they are ok. */
export function worstCheck(checks: StatusChecks | undefined): CheckStatus {
  if (!checks) return 'unreadable';
  return WORST_FIRST.find((status) => CHECK_NAMES.some((name) => checks[name] === status)) ?? 'ok';
}

/**
 * The analysis table: instance state × our alarms × status checks → verdict.
 * An alarm of ours that is still in ALARM outweighs checks that say ok: it may watch what EC2 cannot see.
 */
export function judge(state: InstanceState | undefined, alarm: AlarmSignal, checks: StatusChecks | undefined): Health {
  if (state !== 'running') return judgeState(state);
  if (alarm.kind === 'alarm') return failed('own-alarm', `has the alarm '${alarm.alarmName}' in ALARM`);
  const worst = worstCheck(checks);
  if (worst === 'impaired') return failed('impaired', `fails its ${impairedNames(checks)} status check`);
  if (worst === 'initializing') return unknown('initializing', 'is still initializing its status checks');
  if (worst === 'insufficient-data') return unknown('health-unknown', 'has too little data for its status checks');
  if (worst === 'unreadable') return unknown('health-unknown', 'has status checks that could not be read');
  if (alarm.kind === 'unreadable')
    return unknown('alarms-unreadable', `has alarms that could not be read: ${alarm.cause}`);
  return { verdict: 'healthy', code: 'healthy', because: 'passes its status checks and has no alarm' };
}

/** {@link judge} for a standby: any alarm of ours, muted or not, speaks against it. */
export function judgeStandby(member: MemberView, observation: Observation, alarmPrefix: string): Health {
  const alarm = alarmSignal(member.id, observation.alarms, alarmPrefix);
  return judge(member.state, alarm, observation.checks[member.id]);
}

/** {@link judge} for the holder, whom a muted alarm does not move; `undefined` is an instance that no longer exists. */
export function judgeHolder(member: MemberView | undefined, observation: Observation, alarmPrefix: string): Health {
  if (!member) return judgeState(undefined);
  const alarm = alarmSignal(member.id, observation.alarms, alarmPrefix, false);
  return judge(member.state, alarm, observation.checks[member.id]);
}

function judgeState(state: Exclude<InstanceState, 'running'> | undefined): Health {
  switch (state) {
    case 'pending':
      return unknown('pending', 'is starting');
    case 'stopping':
    case 'stopped':
      return failed('stopped', `is ${state}`);
    case 'shutting-down':
    case 'terminated':
      return failed('gone', `is ${state}`);
    case undefined:
      return failed('gone', 'no longer exists');
  }
}

function impairedNames(checks: StatusChecks | undefined): string {
  return CHECK_NAMES.filter((name) => checks?.[name] === 'impaired')
    .map((name) => (name === 'attachedEbs' ? 'attached EBS' : name))
    .join(' and ');
}

const failed = (code: HealthCode, because: string): Health => ({ verdict: 'failed', code, because });
const unknown = (code: HealthCode, because: string): Health => ({ verdict: 'unknown', code, because });
