import { failedInstance, isOurAlarm, isOverQuery } from './alarms.ts';
import type { AheadCode } from './codes-of-ahead.ts';
import { lasting, type StandingAlarm, watches } from './member-alarms.ts';
import type { MemberView, Observation } from './model.ts';
import type { Finding } from './readiness.ts';
import type { Settings } from './settings.ts';

/**
 * What only a look ahead reads of a group, as a plain value: a part that is absent was not asked for, or could not be
 * read.
 */
export interface Ahead {
  /** The metric alarms of the Region, as they stand. */
  readonly alarms?: readonly StandingAlarm[];
  /** Why the alarms that are missing could not be made, where that was tried. */
  readonly unmade?: string;
  /** Of the alarms on the members: those that an active mute rule silences. */
  readonly muted?: readonly string[];
  /** The strategies of the placement groups, by their names. */
  readonly strategies?: Readonly<Record<string, string>>;
  /** The calls of a failover, asked for with `DryRun`. */
  readonly trials?: readonly Trial[];
  /** What could not be read, a sentence each. */
  readonly missing?: readonly string[];
}

/** A call that was asked for, and what IAM says to it; `allowed` covers what nobody said no to. */
export interface Trial {
  readonly code: 'attach-denied' | 'detach-denied' | 'tagging-denied';
  /** The interface, or the interfaces separated by blanks. */
  readonly about: string;
  /** AWS's words, where it is denied. */
  readonly denied?: string;
}

/** One thing that stands in the way of the next failover, or makes it slower, and what a person does about it. */
export interface AheadFinding extends Finding {
  readonly code: AheadCode;
}

/** What is known of a group for which its parts matter. */
type Seen = Pick<Observation, 'members' | 'now'>;

/** What a look ahead finds out about a group, in the order in which a person should read it. */
export function findingsAhead(seen: Seen, ahead: Ahead, settings: Settings): readonly AheadFinding[] {
  const { alarms, unmade, muted, strategies, trials = [] } = ahead;
  const members = lasting(seen.members);
  return [
    ...trials.flatMap(denialOf),
    ...(alarms ? alarmFindings(members, { alarms, unmade }, seen.now, settings) : []),
    ...(alarms && muted ? mutedFindings(alarmsOn(members, alarms, settings), muted) : []),
    ...(strategies ? spreadFindings(members, strategies) : []),
  ];
}

const WHOSE = 'a service control policy, a permissions boundary or a missing group tag says no where the role says yes';
const MENDS: Readonly<Record<Trial['code'], string>> = {
  'attach-denied': `Find out what denies ec2:AttachNetworkInterface to the functions: ${WHOSE}.`,
  'detach-denied': `Find out what denies ec2:DetachNetworkInterface to the functions: ${WHOSE}.`,
  'tagging-denied': `Find out what denies ec2:CreateTags to the functions: ${WHOSE}.`,
};
const CALLS: Readonly<Record<Trial['code'], string>> = {
  'attach-denied': 'The attach of',
  'detach-denied': 'The detach of',
  'tagging-denied': 'Tagging',
};

function denialOf({ code, about, denied }: Trial): readonly AheadFinding[] {
  if (denied === undefined) return [];
  const reason = `${CALLS[code]} ${about} is denied: ${denied.replace(/\.$/, '')}.`;
  return [{ code, severity: 'blocking', about, reason, mend: MENDS[code] }];
}

/** The alarms that count for these members. */
export function alarmsOn(
  members: readonly MemberView[],
  alarms: readonly StandingAlarm[],
  { alarmPrefix }: Pick<Settings, 'alarmPrefix'>,
): readonly StandingAlarm[] {
  const ids = new Set(members.map(({ id }) => id));
  return alarms.filter((alarm) => {
    const instanceId = failedInstance(alarm);
    return instanceId !== undefined && ids.has(instanceId) && isOurAlarm(alarm, alarmPrefix);
  });
}

function alarmFindings(
  members: readonly MemberView[],
  { alarms, unmade }: { readonly alarms: readonly StandingAlarm[]; readonly unmade: string | undefined },
  now: number,
  settings: Settings,
): readonly AheadFinding[] {
  const { alarmPrefix } = settings;
  const own = alarmsOn(members, alarms, settings);
  // Which instances a query is over, CloudWatch tells only of those that fail: it is taken for an alarm on all.
  const overAll = alarms.some((alarm) => isOverQuery(alarm, alarmPrefix));
  const isWatched = ({ id }: MemberView): boolean => overAll || own.some((alarm) => speaksFor(alarm, id, alarmPrefix));
  return [
    ...members.filter((member) => !isWatched(member)).map(({ id }) => missing(id, unmade)),
    ...own.filter(({ muted }) => muted === true).map(disabled),
    ...own.filter((alarm) => isWithoutData(alarm, members, now)).map(withoutData),
  ];
}

/** An alarm on its status checks, or one under our prefix, that somebody has made instead. */
function speaksFor(alarm: StandingAlarm, instanceId: string, alarmPrefix: string): boolean {
  return watches(alarm, instanceId) || (alarm.name.startsWith(alarmPrefix) && failedInstance(alarm) === instanceId);
}

const missing = (id: string, unmade: string | undefined): AheadFinding => ({
  code: 'alarm-missing',
  severity: 'warning',
  about: id,
  reason: `No alarm watches the status checks of ${id}${unmade === undefined ? '.' : `, and none could be made: ${unmade}`}`,
  mend: 'Switch memberAlarms on and see that the upkeep function may make alarms (their quota, too), or make one by hand.',
});

const disabled = ({ name }: StandingAlarm): AheadFinding => ({
  code: 'alarm-disabled',
  severity: 'warning',
  about: name,
  reason: `The actions of the alarm ${name} are switched off, so it moves nothing.`,
  mend: `Switch them on (aws cloudwatch enable-alarm-actions --alarm-names ${name}), or delete it.`,
});

const mutedFindings = (own: readonly StandingAlarm[], muted: readonly string[]): readonly AheadFinding[] =>
  own
    .filter(({ name }) => muted.includes(name))
    .map(({ name }) => ({
      code: 'alarm-muted',
      severity: 'warning',
      about: name,
      reason: `A mute rule is active for the alarm ${name}, so it moves nothing.`,
      mend: 'Delete the mute rule, or wait for the end of its window.',
    }));

/** A new instance has its first datapoint after six minutes (recorded), a new alarm after as many. */
const SETTLED_AFTER_MS = 15 * 60_000;

/** A stopped instance publishes nothing, and nobody expects it to. */
function isWithoutData(alarm: StandingAlarm, members: readonly MemberView[], now: number): boolean {
  const member = members.find(({ id }) => id === failedInstance(alarm));
  const isOld = (at = now): boolean => now - at >= SETTLED_AFTER_MS;
  return (
    alarm.state === 'INSUFFICIENT_DATA' && isOld(alarm.since) && member?.state === 'running' && isOld(member.launchedAt)
  );
}

const withoutData = ({ name }: StandingAlarm): AheadFinding => ({
  code: 'alarm-without-data',
  severity: 'warning',
  about: name,
  reason: `The alarm ${name} has had no data for a quarter of an hour.`,
  mend: 'See whether its metric is published (a heartbeat: on the member) and its dimensions name the instance.',
});

/** Whoever is alone is on hardware of its own. */
function spreadFindings(
  members: readonly MemberView[],
  strategies: Readonly<Record<string, string>>,
): readonly AheadFinding[] {
  const [first, ...others] = members;
  if (first === undefined || others.length === 0) return [];
  const groups = new Set(members.map(({ placement }) => placement?.group));
  const [only] = groups;
  const strategy = groups.size === 1 && only !== undefined ? strategies[only] : undefined;
  const partitions = new Set(members.map(({ placement }) => placement?.partition));
  // Partitions have racks of their own (EC2 User Guide, "Placement groups").
  const apart = strategy === 'partition' && !partitions.has(undefined) && partitions.size === members.length;
  if (strategy === 'spread' || apart) return [];
  const ids = members.map(({ id }) => id);
  return [
    {
      code: 'not-spread',
      severity: 'warning',
      reason: `Nothing keeps ${ids.slice(0, -1).join(', ')} and ${ids.at(-1)} on different hardware: one failure may take all.`,
      mend: 'Launch the members into one placement group with the strategy spread; a stopped instance can be moved there.',
    },
  ];
}
