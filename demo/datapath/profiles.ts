import type { CheckCadence } from '../../lab/world/host-probe.ts';
import type { Latencies, Range } from '../../lab/world/model.ts';

/** How long AWS takes in a run. */
export interface Profile {
  readonly explained: string;
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
    latencies: { callMs: [0, 0], attachMs: [0, 0], detachMs: [0, 0], metricMs: [0, 0], shuttingDownMs: [500, 500] },
    deliveryMs: [0, 0],
    tickMs: 1_000,
    check: { everyMs: 300, failsAfterMs: [SHORT_LOSS_MS, SHORT_LOSS_MS], passesAfterMs: [1_000, 1_000] },
    patienceMs: 15_000,
  },
  quick: {
    explained: "EC2's own times for calls, detach and attach; what notices a failure takes seconds instead of minutes",
    latencies: { callMs: [20, 120], attachMs: [500, 2_000], detachMs: [2_000, 8_000], metricMs: [500, 1_500] },
    deliveryMs: [100, 300],
    tickMs: 2_000,
    check: { everyMs: 500, failsAfterMs: [SHORT_LOSS_MS, 6_000], passesAfterMs: [2_000, 3_000] },
    patienceMs: 40_000,
  },
  /**
   * Recorded: the instance check fails 3 min 23 to 26 s after the guest is cut off, the metric shows it after 5 min,
   * a 1-of-1 alarm needs 99 s from the datapoint; it takes three minutes back to `ok`.
   */
  recorded: {
    explained: 'the times that were recorded on AWS: minutes until a failure is noticed',
    latencies: { callMs: [20, 120], attachMs: [500, 2_000], detachMs: [2_000, 8_000], metricMs: [97_000, 99_000] },
    deliveryMs: [87, 97],
    tickMs: MINUTE_MS,
    check: { everyMs: 2_000, failsAfterMs: [203_000, 206_000], passesAfterMs: [180_000, 180_000] },
    patienceMs: 10 * MINUTE_MS,
  },
} satisfies Readonly<Record<string, Profile>>;

export type ProfileName = keyof typeof PROFILES;
export const PROFILE_NAMES = Object.keys(PROFILES) as readonly ProfileName[];
