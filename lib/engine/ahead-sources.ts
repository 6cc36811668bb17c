import type { Clock } from '../clock.ts';
import type { StandingAlarm } from '../core/member-alarms.ts';
import { Paced } from './paced.ts';
import type { Cloud } from './ports.ts';

/** Dry runs take tokens of the buckets that moves need: at most one a second. */
const TRIAL_EVERY_MS = 1_000;
/** DescribeAlarms may be called nine times a second (CloudWatch User Guide, "CloudWatch service quotas"); moves come first. */
const PAGE_EVERY_MS = 500;

/** What was read for all groups of a run: each part is asked for once, when the first group needs it. */
export interface AheadSources {
  readonly alarms: () => Promise<readonly StandingAlarm[]>;
  readonly strategies: () => Promise<Readonly<Record<string, string>>>;
  readonly trials: Paced;
  /** Why alarms that are missing could not be made, where that was tried. */
  readonly unmade?: string;
}

/** The sources of one run. */
export function aheadSources({ cloud, clock }: { readonly cloud: Cloud; readonly clock: Clock }): AheadSources {
  const pages = new Paced(clock, PAGE_EVERY_MS);
  return {
    alarms: once(() => cloud.standingAlarms(() => pages.turn())),
    strategies: once(() => cloud.placementStrategies()),
    trials: new Paced(clock, TRIAL_EVERY_MS),
  };
}

function once<What>(read: () => Promise<What>): () => Promise<What> {
  let reading: Promise<What> | undefined;
  return () => (reading ??= read());
}
