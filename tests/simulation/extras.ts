import type { Random } from '../../lab/random.ts';
import { drawCrowd } from './draw-crowd.ts';
import { type DrawnFeature, type Features, FEATURE_NAMES } from './features.ts';
import type { FaultWindow, GroupDraw, Incident, IncidentKind, InterfaceDraw, Scenario, Target } from './scenario.ts';

interface Extra {
  /** The share of seeds that have it. */
  readonly share: number;
  /** Puts it into a scenario; the same one where it has no place there. */
  readonly apply: (scenario: Scenario, random: Random) => Scenario;
}

const EXTRAS: Readonly<Record<DrawnFeature, Extra>> = {
  crowd: { share: 0.05, apply: drawCrowd },
  'five-interfaces': { share: 0.05, apply: withFiveInterfaces },
  'many-tags': { share: 0.06, apply: withManyTags },
  'differing-settings': { share: 0.06, apply: withDifferingSettings },
  'force-after-60': { share: 0.05, apply: withLongPatience },
  'denied-throughout': { share: 0.06, apply: deniedThroughout },
  'reads-down': { share: 0.06, apply: readsDown },
  'reads-10s-old': { share: 0.05, apply: (scenario) => ({ ...scenario, staleMs: 10_000 }) },
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

/** The scenario with one group, chosen at random, changed. */
function withOneGroup(scenario: Scenario, random: Random, change: (group: GroupDraw) => GroupDraw): Scenario {
  const at = random.int(0, scenario.groups.length - 1);
  return { ...scenario, groups: scenario.groups.map((group, nth) => (nth === at ? change(group) : group)) };
}

/** The scenario with further incidents, in order of time. */
export function withIncidents(scenario: Scenario, more: readonly Incident[]): Scenario {
  return { ...scenario, incidents: [...scenario.incidents, ...more].sort((a, b) => a.atMs - b.atMs) };
}

function incidentAt(scenario: Scenario, random: Random, target: Target, kind: IncidentKind): Incident {
  const atMs = random.int(10, scenario.phaseOneMs / 1_000 - 90) * 1_000;
  return { atMs, group: random.int(0, scenario.groups.length - 1), target, pick: random.next(), ...kind };
}

function withFiveInterfaces(scenario: Scenario): Scenario {
  const [first] = scenario.groups;
  if (scenario.groups.length > 1 || !first || first.interfaces.some(({ oddity }) => oddity !== 'none')) return scenario;
  const sound: Omit<InterfaceDraw, 'deviceIndex'> = {
    networkCardIndex: 0,
    addresses: 1,
    deleteOnTermination: false,
    indexTag: false,
    oddity: 'none',
  };
  const interfaces = [1, 2, 3, 4, 5].map((deviceIndex) => ({ ...sound, deviceIndex }));
  const members = scenario.members.map((member) => ({ ...member, type: 'c5n.9xlarge', occupied: [] }));
  return { ...scenario, members, groups: [{ ...first, interfaces }] };
}

function withManyTags(scenario: Scenario, random: Random): Scenario {
  const fillers = random.pick([25, 35, 40, 45, 48]);
  return withOneGroup(scenario, random, (group) => ({
    ...group,
    interfaces: group.interfaces.map((each) => ({ ...each, fillers: random.chance(0.7) ? fillers : 0 })),
  }));
}

function withDifferingSettings(scenario: Scenario, random: Random): Scenario {
  return withOneGroup(scenario, random, (group) => ({
    ...group,
    interfaces: group.interfaces.map((each) => ({
      ...each,
      tags: random.pick<Readonly<Record<string, string>>>([
        {},
        { mode: 'manual' },
        { mode: 'auto' },
        { 'max-moves': '1' },
        { cooldown: '240' },
        { 'force-after': '30' },
        { 'no-such-setting': 'yes' },
      ]),
    })),
  }));
}

function withLongPatience(scenario: Scenario, random: Random): Scenario {
  const hung = incidentAt(scenario, random, 'holder', { kind: 'fail', check: 'instance', hangs: true });
  const patient = withOneGroup(scenario, random, (group) => ({
    ...group,
    tags: { ...group.tags, 'force-after': '60' },
  }));
  return withIncidents(patient, [{ ...hung, atMs: Math.min(hung.atMs, 60_000) }]);
}

const throughout = (scenario: Scenario, window: Pick<FaultWindow, 'actions' | 'kind'>): Scenario => ({
  ...scenario,
  faults: {
    ...scenario.faults,
    windows: [{ fromMs: 0, toMs: scenario.phaseOneMs, rate: 1, ...window }, ...scenario.faults.windows],
  },
});

function deniedThroughout(scenario: Scenario, random: Random): Scenario {
  const action = random.pick(['AttachNetworkInterface', 'DetachNetworkInterface', 'CreateTags', 'ListAlarmMuteRules']);
  return throughout(scenario, { actions: [action], kind: 'denied' });
}

function readsDown(scenario: Scenario, random: Random): Scenario {
  const action = random.pick(['DescribeAlarms', 'DescribeInstanceStatus', 'DescribeInstanceTypes']);
  const kind = random.pick(['denied', 'throttled', 'server-error', 'never-arrived'] as const);
  return throughout(scenario, { actions: [action], kind });
}

function withRefusingMember(scenario: Scenario, random: Random): Scenario {
  const at = random.int(0, scenario.members.length - 1);
  const refuses = random.pick(['UnsupportedOperation', 'AttachmentLimitExceeded', 'InvalidParameterValue']);
  return {
    ...scenario,
    members: scenario.members.map((member, nth) => (nth === at ? { ...member, refuses } : member)),
  };
}

function withSharedAlarm(scenario: Scenario, random: Random): Scenario {
  const raised = incidentAt(scenario, random, 'any', { kind: 'shared-alarm-raised' });
  const cleared = { ...raised, kind: 'shared-alarm-cleared', atMs: raised.atMs + random.int(20, 200) * 1_000 } as const;
  return withIncidents(scenario, [raised, cleared]);
}

/** A muted alarm is raised on a holder, and then some other event arrives: of the muted alarm it says nothing. */
function withMuteBeside(scenario: Scenario, random: Random): Scenario {
  const muted = incidentAt(scenario, random, 'holder', { kind: 'muted' });
  const later = (kind: IncidentKind, afterMs: number, target: Target = 'holder'): Incident => ({
    ...muted,
    ...kind,
    target,
    atMs: muted.atMs + afterMs,
  });
  const other = random.pick<IncidentKind>([{ kind: 'repeat-event' }, { kind: 'heartbeat-raised' }]);
  return withIncidents(scenario, [
    muted,
    later({ kind: 'heartbeat-raised' }, 1_000),
    later(other, random.int(6, 50) * 1_000, random.pick(['holder', 'standby'])),
  ]);
}

function withNoticePair(scenario: Scenario, random: Random): Scenario {
  const notice: IncidentKind = { kind: 'spot', action: random.pick(['stop', 'terminate']) };
  const one = incidentAt(scenario, random, 'holder', notice);
  const two: Incident = { ...one, target: 'standby', atMs: one.atMs + random.pick([0, 0, 30, 400]) };
  return withIncidents(scenario, [one, two]);
}

function withStrangers(scenario: Scenario, random: Random): Scenario {
  const crowd: IncidentKind = { kind: 'strangers', count: random.pick([20, 80]), overMs: random.pick([1_000, 20_000]) };
  return withIncidents({ ...scenario, buckets: true }, [incidentAt(scenario, random, 'any', crowd)]);
}

function withEmptiedBuckets(scenario: Scenario, random: Random): Scenario {
  const thief: IncidentKind = { kind: 'buckets-emptied', forMs: random.int(5, 60) * 1_000 };
  const one = incidentAt(scenario, random, 'any', thief);
  const loss = { ...incidentAt(scenario, random, 'holder', { kind: 'stop' }), atMs: one.atMs + 2_000 };
  return withIncidents({ ...scenario, buckets: true }, [one, loss]);
}

function withStray(scenario: Scenario, random: Random): Scenario {
  const place = random.pick(['nowhere', 'stranger', 'elsewhere', 'standby'] as const);
  return withIncidents(scenario, [incidentAt(scenario, random, 'standby', { kind: 'stray-interface', place })]);
}

function withForgery(scenario: Scenario, random: Random): Scenario {
  return withIncidents(scenario, [incidentAt(scenario, random, 'any', { kind: 'forged-ledger' })]);
}

function withOddNames(scenario: Scenario, random: Random): Scenario {
  // The first member of a group holds it, so it is tagged as it should be.
  const holders = new Set(scenario.groups.map(({ members: [first] }) => first));
  const at = random.int(0, scenario.members.length - 1);
  const spelling = holders.has(at) ? 'blanks' : random.pick(['blanks', 'comma'] as const);
  return {
    ...scenario,
    members: scenario.members.map((member, nth) => (nth === at ? { ...member, spelling } : member)),
  };
}

/** Every second group waits for a guest that never lets go, and would do so for ten minutes. */
function withStuckGroups(scenario: Scenario, random: Random): Scenario {
  if (scenario.groups.length < 3) return scenario;
  const stuck = (at: number): boolean => at % 2 === 1;
  const groups = scenario.groups.map((group, at) =>
    stuck(at) ? { ...group, tags: { ...group.tags, 'force-after': '600' } } : group,
  );
  const hang: IncidentKind = { kind: 'fail', check: 'instance', hangs: true };
  const atMs = random.int(1, 40) * 1_000;
  const hung = groups.flatMap((_, group): Incident[] =>
    stuck(group) ? [{ atMs, group, target: 'holder', pick: 0, ...hang }] : [],
  );
  return withIncidents({ ...scenario, groups }, hung);
}
