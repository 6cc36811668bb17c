/** A range to draw from, in milliseconds, both ends included. */
export type Range = readonly [lowMs: number, highMs: number];

/** How long things take. */
export interface Latencies {
  /** From a call to its answer. */
  readonly callMs: Range;
  /** The same for AttachNetworkInterface and DetachNetworkInterface, which change something. */
  readonly changeMs: Range;
  readonly attachMs: Range;
  readonly detachMs: Range;
  /** The same two where the instance is stopped and no guest has a say. */
  readonly attachStoppedMs: Range;
  readonly detachStoppedMs: Range;
  readonly pendingMs: Range;
  readonly stoppingMs: Range;
  readonly shuttingDownMs: Range;
  /** From the end of an instance until its tags are gone. */
  readonly tagsGoneMs: Range;
  readonly rebootMs: Range;
  /** From the beginning of a reboot to the instance check that fails for it; a shorter reboot goes unnoticed. */
  readonly rebootCheckMs: Range;
  /** A (re)started instance's checks are `initializing` for this long. */
  readonly initializingMs: Range;
  /** From the moment at which a started instance runs to the first datapoint of its status checks. */
  readonly firstDatapointMs: Range;
  /** From the failure to the status check that turns: its `ImpairedSince`. */
  readonly checkMs: Range;
  /** The same for the application status check. */
  readonly applicationCheckMs: Range;
  /** From the failure until DescribeInstanceStatus calls the check `impaired`; never before it has turned. */
  readonly shownMs: Range;
  /** The share of failures that DescribeInstanceStatus calls `initializing` first, and from when on. */
  readonly hesitatingShare: number;
  readonly hesitatesMs: Range;
  /** From the recovery to the check that is `ok` again. */
  readonly recoveryMs: Range;
  /** From the end of a minute until its datapoint of a status check can be read. */
  readonly datapointMs: Range;
  /** From the end of a minute to the evaluation of alarms over it. */
  readonly metricMs: Range;
  /** From PutMetricData until its datapoint can be read. */
  readonly customMetricMs: Range;
  /** From an event on the bus to whoever a rule has it sent to. */
  readonly eventMs: Range;
  /** How long a call whose reply never comes stays open when the client gives no deadline. */
  readonly hangMs: number;
}

const ms = (lowMs: number, highMs = lowMs): Range => [lowMs, highMs];

/** One value in each profile. */
type Row<T> = readonly [recorded: T, quick: T, instant: T];

/**
 * What `recorded` means is said in front of each row:
 * - recorded: seen in recordings of real AWS, us-east-1, September 2026
 * - documented: AWS says so
 * - field: what people who do this report
 * - inferred: follows from the others, and nobody has seen it
 * - unknown: a guess
 */
const TABLE: { readonly [Name in keyof Latencies]: Row<Latencies[Name]> } = {
  // field: a client in the same Region
  callMs: [ms(20, 120), ms(20, 120), ms(0)],
  // recorded, with a stopped instance: an attach answers in about 1 s, a detach in 0.9 s
  changeMs: [ms(900, 1_000), ms(20, 120), ms(0)],
  // field: usable in the guest within 5 s as a rule
  attachMs: [ms(500, 4_000), ms(500, 4_000), ms(0)],
  // field: 2 to 3 s where the guest is well
  detachMs: [ms(2_000, 3_000), ms(1_500, 4_000), ms(0)],
  // recorded: attached at the first look after the answer, available 0.05 s after it
  attachStoppedMs: [ms(0, 50), ms(500, 4_000), ms(0)],
  detachStoppedMs: [ms(0, 50), ms(1_500, 4_000), ms(0)],
  // unknown
  pendingMs: [ms(5_000, 20_000), ms(5_000, 20_000), ms(500)],
  // unknown
  stoppingMs: [ms(10_000, 60_000), ms(10_000, 60_000), ms(500)],
  // recorded: 53 s, and meanwhile its interfaces are in-use and attached
  shuttingDownMs: [ms(53_000), ms(60_000, 120_000), ms(500)],
  // recorded: they are there when it is terminated; documented: they vanish "after a short while"
  tagsGoneMs: [ms(120_000, 3_600_000), ms(3_600_000), ms(3_600_000)],
  // field
  rebootMs: [ms(20_000, 60_000), ms(20_000, 60_000), ms(500)],
  // inferred: the check needs as much silence from a guest that reboots as from one that is cut off
  rebootCheckMs: [ms(203_000, 206_000), ms(0), ms(0)],
  // recorded: 2 to 2.5 minutes; the attached EBS check is absent meanwhile
  initializingMs: [ms(120_000, 150_000), ms(60_000, 150_000), ms(500)],
  // recorded: 5.5 to 6 minutes
  firstDatapointMs: [ms(330_000, 360_000), ms(0), ms(0)],
  // recorded twice, for the instance check: 3 min 23 s to 3 min 26 s. The others were not recorded
  checkMs: [ms(203_000, 206_000), ms(15_000, 60_000), ms(500)],
  // documented: two probes in a row, one every 60 s
  applicationCheckMs: [ms(60_000, 120_000), ms(15_000, 60_000), ms(500)],
  // recorded: 4 min 12 s in one run, 6 min 2 s in the other; `ok` until then, or …
  shownMs: [ms(252_000, 362_000), ms(0), ms(0)],
  // recorded: … `initializing` from 4 min 30 s, in one run of two
  hesitatingShare: [0.5, 0, 0],
  hesitatesMs: [ms(270_000), ms(0), ms(0)],
  // recorded: 3 minutes
  recoveryMs: [ms(180_000), ms(0), ms(0)],
  // recorded: 1 in the minute of 3 min 23 s, readable after 5 min
  datapointMs: [ms(60_000), ms(0), ms(0)],
  // documented: alarms on a minute's datapoints evaluate once a minute; recorded: 99 s from datapoint to ALARM
  metricMs: [ms(60_000, 120_000), ms(15_000, 45_000), ms(0)],
  // unknown: seconds
  customMetricMs: [ms(0, 3_000), ms(0, 1_000), ms(0)],
  // recorded: a state change was in a queue after 87 to 97 ms
  eventMs: [ms(87, 97), ms(200, 900), ms(0)],
  hangMs: [60_000, 60_000, 60_000],
};

const PROFILE_NAMES_IN_ORDER = ['recorded', 'quick', 'instant'] as const;

/**
 * - `recorded`: as AWS was seen to be.
 * - `quick`: what takes minutes there takes seconds, for demonstrations that say so, and for tests of other things.
 * - `instant`: AWS takes no time at all.
 */
export type ProfileName = (typeof PROFILE_NAMES_IN_ORDER)[number];
export const PROFILE_NAMES: readonly ProfileName[] = PROFILE_NAMES_IN_ORDER;

/** How long things take in each profile. */
export const PROFILES = Object.fromEntries(
  PROFILE_NAMES.map((name, column) => [
    name,
    Object.fromEntries(Object.entries(TABLE).map(([key, row]) => [key, row[column as 0]])),
  ]),
) as unknown as Readonly<Record<ProfileName, Latencies>>;

/** What a value is a special case of: it follows the general one, where only that is given. */
const FOLLOWS = {
  changeMs: 'callMs',
  attachStoppedMs: 'attachMs',
  detachStoppedMs: 'detachMs',
  applicationCheckMs: 'checkMs',
} as const satisfies Partial<Record<keyof Latencies, keyof Latencies>>;

/** The latencies of a profile, some of them replaced. */
export function latenciesOf(name: ProfileName, given: Partial<Latencies> = {}): Latencies {
  const followers = Object.entries(FOLLOWS).flatMap(([follower, leader]) => {
    const range = given[leader];
    return range === undefined ? [] : [[follower, range] as const];
  });
  // Whoever says when a check turns means that it shows then.
  const shown = given.checkMs === undefined ? {} : { shownMs: [0, 0] as const, hesitatingShare: 0 };
  return { ...PROFILES[name], ...Object.fromEntries(followers), ...shown, ...given };
}
