import type { Random } from '../../lab/random.ts';
import { withOddHardware } from './extra-hardware.ts';
import { drawCrowd } from './draw-crowd.ts';
import { type DrawnFeature, type Features, FEATURE_NAMES } from './features.ts';
import { deniedThroughout, readsDown, withCourse, withMemberDown, withRefusingMember } from './extra-faults.ts';
import {
  withEmptiedBuckets,
  withForgedPart,
  withForgery,
  withLongPatience,
  withMuteBeside,
  withNoticePair,
  withOverruledMove,
  withRequestsElsewhere,
  withSharedAlarm,
  withStrangers,
  withStray,
  withStuckGroups,
} from './extra-incidents.ts';
import { withKeptHolder, withOddReplies, withTooMany, withWayBack } from './extra-rare.ts';
import { withDetectionTimes } from './extra-times.ts';
import { withDifferingSettings, withFiveInterfaces, withManyTags, withOddNames } from './extra-tags.ts';
import type { Scenario } from './scenario.ts';

interface Extra {
  /** The share of seeds that have it. */
  readonly share: number;
  /** Puts it into a scenario; the same one where it has no place there. */
  readonly apply: (scenario: Scenario, random: Random) => Scenario;
}

const ATTACH = 'AttachNetworkInterface';
const DETACH = 'DetachNetworkInterface';

const EXTRAS: Readonly<Record<DrawnFeature, Extra>> = {
  crowd: { share: 0.05, apply: drawCrowd },
  'five-interfaces': { share: 0.05, apply: withFiveInterfaces },
  'many-tags': { share: 0.06, apply: withManyTags },
  'differing-settings': { share: 0.06, apply: withDifferingSettings },
  'force-after-60': { share: 0.05, apply: withLongPatience },
  'denied-throughout': { share: 0.06, apply: deniedThroughout },
  'reads-down': { share: 0.06, apply: readsDown },
  'reads-10s-old': { share: 0.05, apply: (scenario) => ({ ...scenario, staleMs: 10_000 }) },
  'stuck-attach': { share: 0.06, apply: (scenario, random) => withCourse(scenario, random, ATTACH, 'stuck') },
  'reverting-attach': { share: 0.06, apply: (scenario, random) => withCourse(scenario, random, ATTACH, 'revert') },
  'stuck-detach': { share: 0.05, apply: (scenario, random) => withCourse(scenario, random, DETACH, 'stuck') },
  'refusing-member': { share: 0.08, apply: withRefusingMember },
  // What it is about is done when an instance is terminated.
  'vanished-tags': { share: 0.3, apply: (scenario) => ({ ...scenario }) },
  'shared-alarms': { share: 0.08, apply: withSharedAlarm },
  'mutes-beside': { share: 0.08, apply: withMuteBeside },
  'notice-pairs': { share: 0.06, apply: withNoticePair },
  strangers: { share: 0.04, apply: withStrangers },
  'emptied-buckets': { share: 0.05, apply: withEmptiedBuckets },
  'stray-interface': { share: 0.06, apply: withStray },
  'forged-ledger': { share: 0.06, apply: withForgery },
  'skewed-clocks': { share: 0.15, apply: (scenario) => ({ ...scenario, skewMs: 2_000 }) },
  'odd-names': { share: 0.06, apply: withOddNames },
  'stuck-groups': { share: 0.3, apply: withStuckGroups },
  'detection-times': { share: 1, apply: withDetectionTimes },
  'odd-hardware': { share: 0.1, apply: withOddHardware },
  'too-many': { share: 0.02, apply: withTooMany },
  'kept-holder': { share: 0.03, apply: withKeptHolder },
  'way-back': { share: 0.04, apply: withWayBack },
  'odd-replies': { share: 0.04, apply: withOddReplies },
  'overruled-moves': { share: 0.06, apply: withOverruledMove },
  'member-down': { share: 0.1, apply: withMemberDown },
  'asked-elsewhere': { share: 0.04, apply: withRequestsElsewhere },
  'forged-part': { share: 0.04, apply: withForgedPart },
};

/** Adds to a plain scenario what the features allow, each drawn from a stream of its own. */
export function withExtras(plain: Scenario, features: Features, random: Random): Scenario {
  return FEATURE_NAMES.reduce((scenario, name) => {
    if (!features.has(name) || !isDrawn(name)) return scenario;
    const stream = random.fork(name);
    if (!stream.chance(EXTRAS[name].share) && !features.always(name)) return scenario;
    const changed = EXTRAS[name].apply(scenario, stream);
    return changed === scenario ? scenario : { ...changed, extras: [...scenario.extras, name] };
  }, plain);
}

const isDrawn = (name: string): name is DrawnFeature => Object.hasOwn(EXTRAS, name);
