import { type AlarmReading, type AlarmView, failedInstance, isOurAlarm, watchesGuestOrHost } from './alarms.ts';
import type { Notice } from './ledger.ts';
import type { InstanceState, MemberView, Signal, Trigger } from './model.ts';

/** One reader for each source of signals: what was read becomes what it says of each member. */

/** What a state says of an instance; a running one is judged by everything else. */
const STATES: Readonly<Partial<Record<InstanceState, string>>> = {
  pending: 'pending',
  stopping: 'stopped',
  stopped: 'stopped',
  'shutting-down': 'gone',
  terminated: 'gone',
};

/** What the instances' states say by themselves. */
export function stateSignals(members: readonly MemberView[]): readonly Signal[] {
  return members.flatMap(({ id, state }) => {
    const verdict = STATES[state];
    const because = state === 'pending' ? 'is starting' : `is ${state}`;
    const gone = verdict === 'gone' ? { unanswering: true } : {};
    return verdict === undefined ? [] : [{ instanceId: id, source: 'state', verdict, because, ...gone } as const];
  });
}

/** DescribeInstanceStatus `Status`; `unreadable` is ours: the check could not be read at action time. */
export type CheckStatus =
  | 'ok'
  | 'impaired'
  | 'initializing'
  | 'insufficient-data'
  | 'not-applicable'
  | 'suppressed'
  | 'unreadable';

/** The status checks of one instance, as EC2 reported them. */
export interface StatusChecks {
  readonly system: CheckStatus;
  readonly instance: CheckStatus;
  readonly attachedEbs: CheckStatus;
  readonly application: CheckStatus;
  /** The earliest `ImpairedSince` of an impaired check. */
  readonly impairedSince?: number;
  /** `Events[].Code` not yet completed, e.g. `instance-retirement`. */
  readonly scheduledEvents: readonly string[];
}

const CHECKS = { system: 'system', instance: 'instance', attachedEbs: 'attached EBS', application: 'application' };
const UNREADABLE = 'has status checks that could not be read';
const BAD: Readonly<Record<string, string>> = {
  unreadable: UNREADABLE,
  initializing: 'is still initializing its status checks',
  'insufficient-data': 'has too little data for its status checks',
};

/**
 * What the status checks say of the running members, and what EC2 has planned for them. One that was not reported has
 * unreadable checks; `suppressed` and `not-applicable` are not failures.
 */
export function statusSignals(
  members: readonly MemberView[],
  checks: Readonly<Record<string, StatusChecks>>,
): readonly Signal[] {
  const running = members.filter(({ state }) => state === 'running');
  return running.flatMap(({ id }) => {
    const read = checks[id];
    return read
      ? signalsOfChecks(id, read)
      : [{ instanceId: id, source: 'status', verdict: 'unreadable', because: UNREADABLE } as const];
  });
}

function signalsOfChecks(instanceId: string, checks: StatusChecks): readonly Signal[] {
  const names = Object.keys(CHECKS) as (keyof typeof CHECKS)[];
  const named = (status: CheckStatus): readonly string[] => names.filter((name) => checks[name] === status);
  const told = (verdict: string, because: string): Signal => ({ instanceId, source: 'status', verdict, because });
  const impaired = names.filter((name) => checks[name] === 'impaired').map((name) => CHECKS[name]);
  const bad = Object.entries(BAD).filter(([status]) => named(status as CheckStatus).length > 0);
  const since = checks.impairedSince === undefined ? {} : { since: checks.impairedSince };
  const hung = checks.system === 'impaired' || checks.instance === 'impaired' ? { unanswering: true } : {};
  const against = [
    ...(impaired.length > 0
      ? [{ ...told('impaired', `fails its ${impaired.join(' and ')} status check`), ...since, ...hung }]
      : []),
    ...bad.map(([status, because]) => told(status, because)),
  ];
  return [
    ...(against.length > 0 ? against : [told('ok', 'passes its status checks and no alarm counts against it')]),
    ...named('suppressed').map(() => told('suppressed', 'has a status check that somebody suppressed')),
    ...checks.scheduledEvents.map((event) => {
      return { instanceId, source: 'schedule', verdict: 'due', because: `has ${event} scheduled` } as const;
    }),
  ];
}

/** What our alarms that are in ALARM say of the members; all of them are in doubt when alarms could not be read. */
export function alarmSignals(
  members: readonly MemberView[],
  alarms: AlarmReading,
  alarmPrefix: string,
): readonly Signal[] {
  if (!alarms.readable) {
    const because = `has alarms that could not be read: ${alarms.cause}`;
    return members.map(({ id }) => ({ instanceId: id, source: 'alarm', verdict: 'unreadable', because }));
  }
  return alarms.inAlarm.flatMap((alarm) => {
    const instanceId = isOurAlarm(alarm, alarmPrefix) ? failedInstance(alarm) : undefined;
    const watched = members.find(({ id }) => id === instanceId);
    return watched ? [{ instanceId: watched.id, source: 'alarm', ...saidBy(alarm) } as const] : [];
  });
}

function saidBy(alarm: AlarmView): Pick<Signal, 'verdict' | 'because' | 'unanswering'> {
  const { name, muted } = alarm;
  const because = `has the alarm '${name}' in ALARM`;
  if (muted === 'unknown') {
    return { verdict: 'unconfirmed', because: `${because}, and whether it is muted could not be read` };
  }
  const hung = watchesGuestOrHost(alarm) ? { unanswering: true } : {};
  return { verdict: muted === true ? 'muted' : 'raised', because, ...hung };
}

/** EC2 gives two minutes' notice; what tells of it later is history: an archive that is replayed, a notice withdrawn. */
export const NOTICE_MOVES_MS = 120_000;
/** EC2 does not take an instance back on the second: so long nobody moves to it. */
export const NOTICE_LASTS_MS = 180_000;

/** The notices of an event; one that does not say when it was given was given now. */
export function noticesIn(trigger: Trigger, now: number): readonly Notice[] {
  if (trigger.kind !== 'interruption') return [];
  const { instanceIds, happenedAt: at = now } = trigger;
  return instanceIds.map((instanceId) => ({ instanceId, at }));
}

/** A notice dated further ahead than clocks differ is damage. */
export const CLOCKS_DIFFER_MS = 10_000;

export const isCurrent = ({ at }: Notice, now: number, lastsMs = NOTICE_LASTS_MS): boolean =>
  now - at <= lastsMs && at - now <= CLOCKS_DIFFER_MS;

/**
 * What EC2 has announced of the members, as long as it lasts.
 * @param verdict `leaving` by the word of an event, `noted` by that of the ledger.
 */
export function noticeSignals(
  notices: readonly Notice[],
  now: number,
  verdict: 'leaving' | 'noted',
): readonly Signal[] {
  const lastsMs = verdict === 'leaving' ? NOTICE_MOVES_MS : NOTICE_LASTS_MS;
  return notices
    .filter((notice) => isCurrent(notice, now, lastsMs))
    .map(({ instanceId, at }) => {
      const because = 'is an instance that EC2 takes back within two minutes';
      return { instanceId, source: 'notice', verdict, since: at, because } as const;
    });
}
