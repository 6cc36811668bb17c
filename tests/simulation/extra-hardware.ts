import type { Random } from '../../lab/random.ts';
import { withOneGroup } from './extra-tags.ts';
import type { MemberDraw, Scenario } from './scenario.ts';

const OUTPOST = 'arn:aws:outposts:us-east-1:123456789012:outpost/op-0123456789abcdef0';
/** A type whose volumes and interfaces share 27 attachments, and one that takes as many interfaces. */
const SHARING = ['t3.small', 'm6i.xlarge'] as const;

/** A standby that is no place for the interfaces, or an interface that only its service attaches. */
export function withOddHardware(scenario: Scenario, random: Random): Scenario {
  // Where EC2 takes both members back, an odd one among them shows nothing.
  if (scenario.extras.includes('notice-pairs')) return scenario;
  const kind = random.pick(['volumes', 'volumes', 'managed', 'outpost', 'special'] as const);
  // A trunk's own instance lets it be where it is, but no branch can go anywhere.
  if (kind === 'special')
    return withOneGroup(scenario, random, (group) => ({ ...group, interfaces: oneSpecial(group) }));
  const holders = new Set(scenario.groups.map(({ members: [first] }) => first));
  const standbys = scenario.members.map((_, at) => at).filter((at) => !holders.has(at));
  if (standbys.length === 0) return scenario;
  const odd = random.pick(standbys);
  const change: Partial<MemberDraw> = {
    volumes: { type: random.pick(SHARING), volumes: random.int(23, 26) },
    managed: { managedBy: 'eks.amazonaws.com' },
    outpost: { outpostArn: OUTPOST },
  }[kind];
  return {
    ...scenario,
    members: scenario.members.map((member, at) => (at === odd ? { ...member, ...change } : member)),
  };
}

function oneSpecial({ interfaces }: Scenario['groups'][number]): Scenario['groups'][number]['interfaces'] {
  return interfaces.map((each, nth) => (nth === 0 ? { ...each, oddity: 'special' } : each));
}
