import type { Random } from '../../lab/random.ts';
import type { GroupDraw, InterfaceDraw, Scenario } from './scenario.ts';

/** The scenario with one group, chosen at random, changed. */
export function withOneGroup(scenario: Scenario, random: Random, change: (group: GroupDraw) => GroupDraw): Scenario {
  const at = random.int(0, scenario.groups.length - 1);
  return { ...scenario, groups: scenario.groups.map((group, nth) => (nth === at ? change(group) : group)) };
}

export function withFiveInterfaces(scenario: Scenario): Scenario {
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

export function withManyTags(scenario: Scenario, random: Random): Scenario {
  const fillers = random.pick([25, 35, 40, 45, 48]);
  return withOneGroup(scenario, random, (group) => ({
    ...group,
    interfaces: group.interfaces.map((each) => ({ ...each, fillers: random.chance(0.7) ? fillers : 0 })),
  }));
}

export function withDifferingSettings(scenario: Scenario, random: Random): Scenario {
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

export function withOddNames(scenario: Scenario, random: Random): Scenario {
  // The first member of a group holds it, so it is tagged as it should be.
  const holders = new Set(scenario.groups.map(({ members: [first] }) => first));
  const at = random.int(0, scenario.members.length - 1);
  const spelling = holders.has(at) ? 'blanks' : random.pick(['blanks', 'comma'] as const);
  return {
    ...scenario,
    members: scenario.members.map((member, nth) => (nth === at ? { ...member, spelling } : member)),
  };
}
