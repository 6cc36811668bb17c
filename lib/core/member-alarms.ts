import { type AlarmView, failedInstance } from './alarms.ts';
import type { Listing, MemberView } from './model.ts';

/** The alarm that each member has, without anybody making it by hand. */

/** A metric alarm as it stands, whatever its state. */
export interface StandingAlarm extends AlarmView {
  readonly state: AlarmState;
  /** When it went to that state. */
  readonly since?: number;
  readonly arn?: string;
}

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** What PutMetricAlarm is given for a member. */
export interface MemberAlarm {
  readonly name: string;
  readonly instanceId: string;
}

/** What is to be done about the alarms of the members. */
export interface AlarmPlan {
  readonly create: readonly MemberAlarm[];
  /** Alarms that are ours by their name, and whose instances are no members as far as was read. */
  readonly remove: readonly StandingAlarm[];
}

/** Names under the prefix that are ours begin so; docs/decisions/017-alarm-for-each-member.md. */
const OURS = 'member/';

/** `eni-failover/member/i-…`: by instance, which may be a member of several groups. */
export const memberAlarmName = (instanceId: string, alarmPrefix: string): string =>
  `${alarmPrefix}${OURS}${instanceId}`;

/** The instance that an alarm of this name is for; undefined for one that we have not made. */
export function instanceOfName(name: string, alarmPrefix: string): string | undefined {
  const prefix = `${alarmPrefix}${OURS}`;
  const rest = name.startsWith(prefix) ? name.slice(prefix.length) : '';
  return /^i-[0-9a-f]{8,17}$/.test(rest) ? rest : undefined;
}

/** The metrics that show a failing guest; those of the host or of volumes alone leave it out. */
const OF_THE_GUEST = ['StatusCheckFailed', 'StatusCheckFailed_Instance'];

/** Whether an alarm, whoever made it, does for this instance what ours would. */
export function watches(alarm: AlarmView, instanceId: string): boolean {
  const [metric] = alarm.metrics;
  const isOfGuest = metric?.namespace === 'AWS/EC2' && OF_THE_GUEST.includes(metric.name ?? '');
  return isOfGuest && failedInstance(alarm) === instanceId;
}

const ENDS: readonly MemberView['state'][] = ['shutting-down', 'terminated'];

/** Those that are there to stay: one that ends has nothing to be watched. */
export const lasting = (members: readonly MemberView[]): readonly MemberView[] =>
  members.filter(({ state }) => !ENDS.includes(state));

/**
 * What is missing, and what is left over. A member that has an alarm of somebody's own on its status checks needs none;
 * one whose alarm has our name already has it, whoever made that.
 * @param wanted false where the deployment makes none: then all that are ours are left over.
 */
export function alarmPlan(
  { views, unreadable }: Listing<MemberView>,
  alarms: readonly StandingAlarm[],
  alarmPrefix: string,
  wanted: boolean,
): AlarmPlan {
  const members = lasting(views).map(({ id }) => id);
  // Nothing is known of an instance that cannot be read, and so not that it has gone.
  const known = new Set([...members, ...unreadable.map(({ id }) => id)]);
  const names = new Set(alarms.map(({ name }) => name));
  const isWatched = watchedAmong(alarms);
  const create = members
    .map((instanceId) => ({ instanceId, name: memberAlarmName(instanceId, alarmPrefix) }))
    .filter(({ instanceId, name }) => !names.has(name) && !isWatched.has(instanceId));
  const remove = alarms.filter(({ name }) => {
    const instanceId = instanceOfName(name, alarmPrefix);
    return instanceId !== undefined && !(wanted && known.has(instanceId));
  });
  return { create: wanted ? create : [], remove };
}

function watchedAmong(alarms: readonly StandingAlarm[]): ReadonlySet<string> {
  const ids = alarms.flatMap((alarm) => {
    const instanceId = failedInstance(alarm);
    return instanceId !== undefined && watches(alarm, instanceId) ? instanceId : [];
  });
  return new Set(ids);
}

/** The alarm as it is right after it was made. */
export function asMade({ name, instanceId }: MemberAlarm, now: number): StandingAlarm {
  const metric = { namespace: 'AWS/EC2', name: 'StatusCheckFailed', instanceId, statistic: 'Maximum' };
  return { name, metrics: [{ ...metric, periodSeconds: 60 }], state: 'INSUFFICIENT_DATA', since: now };
}
