import { STALENESS_MS } from './afterwards.ts';
import { type AlarmView, failedInstance, isOurAlarm } from './alarms.ts';
import type { EventTrigger, MemberView, Signal, Trigger } from './model.ts';
import { alarmSignals } from './readers.ts';
import { isLookedAtOnly } from './requests.ts';
import { healthOfHolder, isLost, isOnlyImpaired } from './signals.ts';

/** Who is looked at, and what is known of them besides their alarms. */
export interface Heard {
  readonly members: readonly MemberView[];
  /** The instances that hold an interface. */
  readonly holders: ReadonlySet<string>;
  /** Members of groups that nobody serves: one whose alarm is muted is better than nobody. */
  readonly resorts: ReadonlySet<string>;
  readonly signals: readonly Signal[];
  /** When they were looked at, in milliseconds since the epoch. */
  readonly now: number;
}

/**
 * The alarms of which it matters whether a mute rule silences them: they alone would move a group, or keep one on nobody. DescribeAlarms does
 * not show mutes, so each costs a question; an event that is new has said it of its own alarm. One that Lambda tries
 * again minutes later, or that waited in a queue, says what was so when it happened: somebody may have muted it since.
 */
export function alarmsInQuestion(
  trigger: Trigger,
  { members, holders, resorts, signals, now }: Heard,
  alarms: readonly AlarmView[],
  alarmPrefix: string,
): readonly AlarmView[] {
  const isMove = trigger.kind === 'request' && !isLookedAtOnly(trigger);
  const concerned = isMove ? resorts : new Set([...holders, ...resorts]);
  const own = 'alarm' in trigger && isNew(trigger, now) ? trigger.alarm : undefined;
  const open = alarms.filter(
    (alarm) => isOurAlarm(alarm, alarmPrefix) && alarm.muted === undefined && alarm.name !== own,
  );
  const settled = alarms.filter((alarm) => !open.includes(alarm));
  const known = [...signals, ...alarmSignals(members, { readable: true, inAlarm: settled }, alarmPrefix)];
  return open.filter((alarm) => {
    const instanceId = failedInstance(alarm);
    return instanceId !== undefined && concerned.has(instanceId) && !isLeftAnyway(trigger, instanceId, known);
  });
}

/** As old as a read may be; an event that does not say when it happened has happened now. */
function isNew({ happenedAt }: EventTrigger, now: number): boolean {
  return happenedAt === undefined || now - happenedAt <= STALENESS_MS;
}

/** Whether a holder is left for another reason; checks that are only impaired have to last. */
function isLeftAnyway(trigger: Trigger, instanceId: string, signals: readonly Signal[]): boolean {
  const hasToLast = trigger.kind !== 'request' && isOnlyImpaired(instanceId, signals);
  return isLost(healthOfHolder(instanceId, signals)) && !hasToLast;
}
