import type { Random } from '../../lab/random.ts';
import type { Range } from '../../lab/world/model.ts';
import { PROFILES } from '../../lab/world/profile.ts';
import type { Scenario } from './scenario.ts';

/** Slower than was ever recorded, by so much. */
const SLOWER = 1.5;

/** One value from sooner than `quick` has it to later than `recorded`, and what a history draws around it. */
function around(random: Random, name: 'checkMs' | 'metricMs' | 'recoveryMs'): Range {
  const [low, high] = [PROFILES.quick[name][0] / 2, PROFILES.recorded[name][1] * SLOWER];
  const middle = Math.round(low + random.next() * (high - low));
  return [Math.round(middle * 0.9), Math.round(middle * 1.1)];
}

/** When failures are noticed is drawn wider than any profile of the lab has it. */
export function withDetectionTimes(scenario: Scenario, random: Random): Scenario {
  const checkMs = around(random, 'checkMs');
  const hesitates = random.chance(0.5);
  // It shows when it turns, or up to two and a half minutes later.
  const shownMs: Range = [checkMs[0], checkMs[1] + random.int(0, 150_000)];
  const times = { checkMs, shownMs, metricMs: around(random, 'metricMs'), recoveryMs: around(random, 'recoveryMs') };
  const hesitating = { hesitatingShare: hesitates ? 0.5 : 0, hesitatesMs: checkMs };
  return { ...scenario, latencies: { ...scenario.latencies, ...times, ...hesitating } };
}
