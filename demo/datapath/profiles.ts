import type { CheckCadence } from '../../lab/world/host-probe.ts';
import type { Latencies, Range } from '../../lab/world/model.ts';
import { PROFILES as LAB, type ProfileName as LabProfile } from '../../lab/world/profile.ts';

/** How long AWS takes in a run. */
export interface Profile {
  readonly explained: string;
  /** The lab's profile, and what takes another time here. */
  readonly lab: LabProfile;
  readonly latencies: Partial<Latencies>;
  /** From the event on the bus to the function. */
  readonly deliveryMs: Range;
  /** From one datapoint, and one evaluation of the alarms, to the next. CloudWatch takes a minute. */
  readonly tickMs: number;
  readonly check: CheckCadence;
  /** How long a run waits for the end of an outage that something has to notice first. */
  readonly patienceMs: number;
}

const MINUTE_MS = 60_000;
/** EC2's check does not notice a loss of three seconds; neither does one that is in a hurry. */
const SHORT_LOSS_MS = 4_000;

export const PROFILES = {
  instant: {
    explained:
      'EC2 takes no time, and a failure is noticed within seconds: what is left is the product and the machine',
    lab: 'instant',
    latencies: {},
    deliveryMs: [0, 0],
    tickMs: 1_000,
    check: { everyMs: 300, failsAfterMs: [SHORT_LOSS_MS, SHORT_LOSS_MS], passesAfterMs: [1_000, 1_000] },
    patienceMs: 15_000,
  },
  quick: {
    explained: "EC2's own times for calls, detach and attach; what notices a failure takes seconds instead of minutes",
    lab: 'quick',
    latencies: { attachMs: [500, 2_000], detachMs: [2_000, 8_000], metricMs: [500, 1_500] },
    deliveryMs: [100, 300],
    tickMs: 2_000,
    check: { everyMs: 500, failsAfterMs: [SHORT_LOSS_MS, 6_000], passesAfterMs: [2_000, 3_000] },
    patienceMs: 40_000,
  },
  recorded: {
    explained: 'the times that were recorded on AWS: minutes until a failure is noticed',
    lab: 'recorded',
    latencies: {},
    deliveryMs: LAB.recorded.eventMs,
    tickMs: MINUTE_MS,
    check: { everyMs: 2_000, failsAfterMs: LAB.recorded.checkMs, passesAfterMs: LAB.recorded.recoveryMs },
    patienceMs: 10 * MINUTE_MS,
  },
} satisfies Readonly<Record<string, Profile>>;

export type ProfileName = keyof typeof PROFILES;
export const PROFILE_NAMES = Object.keys(PROFILES) as readonly ProfileName[];
