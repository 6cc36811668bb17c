import type { Random } from '../../lab/random.ts';
import type { GroupDraw, Incident, IncidentKind, MemberDraw, Scenario } from './scenario.ts';

const GROUPS = 25;
const HOME = 'us-east-1a';

/** Many groups at once: more than the sweep has workers, and more members than one filter or page takes. */
export function drawCrowd(scenario: Scenario, random: Random): Scenario {
  const members: MemberDraw[] = [];
  const groups = Array.from({ length: GROUPS }, (_, at) => {
    const own = Array.from({ length: random.pick([2, 2, 3, 4]) }, () => members.push(soundMember(random)) - 1);
    return soundGroup(random, at, own);
  });
  return { ...scenario, members, groups, incidents: spread(scenario, random) };
}

function soundMember(random: Random): MemberDraw {
  return {
    type: 'm6i.xlarge',
    zone: HOME,
    foreignAccount: false,
    priority: random.pick([0, 0, 5]),
    excluded: false,
    applicationChecked: false,
    occupied: [],
  };
}

function soundGroup(random: Random, at: number, members: readonly number[]): GroupDraw {
  const sound = { networkCardIndex: 0, addresses: 1, deleteOnTermination: false, indexTag: false } as const;
  const count = random.pick([1, 1, 1, 2]);
  const interfaces = Array.from({ length: count }, (_, nth) => ({
    ...sound,
    deviceIndex: nth + 1,
    oddity: 'none' as const,
  }));
  return { name: `group-${at}`, members, interfaces, tags: {} };
}

/** The incidents of the plain draw, each in a group of its own choice, and one that strikes many groups together. */
function spread({ incidents, phaseOneMs }: Scenario, random: Random): Incident[] {
  const moved = incidents.map((incident) => ({ ...incident, group: random.int(0, GROUPS - 1) }));
  const kind = random.pick<IncidentKind>([
    { kind: 'stop' },
    { kind: 'terminate', replacedAfterMs: undefined },
    { kind: 'fail', check: 'system', hangs: false },
  ]);
  const atMs = random.int(20, phaseOneMs / 1_000 - 90) * 1_000;
  const share = random.pick([0.2, 0.5, 1]);
  const struck = Array.from({ length: GROUPS }, (_, group) => group).filter(() => random.chance(share));
  const outage = struck.map((group): Incident => ({ atMs, group, target: 'holder', pick: 0, ...kind }));
  return [...moved, ...outage].sort((a, b) => a.atMs - b.atMs);
}
