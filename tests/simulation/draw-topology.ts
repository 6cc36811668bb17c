import type { Random } from '../../lab/random.ts';
import { INSTANCE_TYPES } from '../../lab/world/model.ts';
import type { GroupDraw, InterfaceDraw, MemberDraw } from './scenario.ts';

type Topology = { readonly members: readonly MemberDraw[]; readonly groups: readonly GroupDraw[] };

const HOME = 'us-east-1a';
const AWAY = 'us-east-1b';
/** One name is the beginning of another: only an exact comparison tells them apart. */
const NAMES = ['web', 'web-2', 'db'];
/** From roomy to tight: 8, 4, 3 and 2 interfaces. */
const TYPES = ['c5n.9xlarge', 'm6i.xlarge', 't3.small', 't3.micro'];
const ROOMIEST = 'c5n.9xlarge';
const MULTI_CARD = 'p4d.24xlarge';

/** Groups, members and interfaces; mostly sound, sometimes odd in one respect. */
export function drawTopology(random: Random): Topology {
  const shape = random.pick(['single', 'single', 'single', 'mutual', 'mutual', 'separate', 'triple']);
  const groupCount = shape === 'single' ? 1 : shape === 'triple' ? 3 : 2;
  const cards = random.chance(0.08);
  const spread = random.chance(0.06);
  const groups: GroupDraw[] = [];
  const members: MemberDraw[] = [];
  const addMembers = (count: number): number[] =>
    Array.from(
      { length: count },
      () => members.push(drawMember(random, { cards, spread, first: members.length === 0 })) - 1,
    );
  const shared = shape === 'mutual' || shape === 'triple' ? addMembers(random.int(2, 4)) : undefined;
  for (let at = 0; at < groupCount; at += 1) {
    const own = shared ? rotated(shared, at) : addMembers(random.int(2, 4));
    groups.push(drawGroup(random, at, own, cards));
  }
  return {
    members: members.map((member, at) =>
      possible(
        member,
        groups.filter(({ members: [first] }) => first === at),
      ),
    ),
    groups,
  };
}

/** Whoever holds interfaces at the start is of a type that can: AWS would not have let it come to anything else. */
function possible(member: MemberDraw, held: readonly GroupDraw[]): MemberDraw {
  const interfaces = held.flatMap((group) => group.interfaces);
  const indexes = interfaces.map(({ deviceIndex }) => deviceIndex);
  const occupied = member.occupied.filter((index) => !indexes.includes(index));
  const limits = INSTANCE_TYPES[member.type];
  const fits =
    limits !== undefined &&
    1 + occupied.length + interfaces.length <= limits.maximumInterfaces &&
    interfaces.every(({ addresses }) => addresses <= limits.addressesPerInterface);
  return { ...member, occupied, type: fits ? member.type : ROOMIEST };
}

function rotated(items: readonly number[], by: number): number[] {
  const at = by % items.length;
  return [...items.slice(at), ...items.slice(0, at)];
}

function drawMember(random: Random, place: { cards: boolean; spread: boolean; first: boolean }): MemberDraw {
  const type = place.cards ? MULTI_CARD : random.pick([0, 0, 0, 1, 1, 2, 3].map((at) => TYPES[at] ?? ''));
  const away = !place.first && (place.spread || random.chance(0.06));
  return {
    type,
    zone: away ? AWAY : HOME,
    foreignAccount: !place.first && random.chance(0.03),
    priority: random.pick([0, 0, 0, 5, 10]),
    excluded: random.chance(0.08),
    applicationChecked: random.chance(0.3),
    occupied: random.chance(0.1) ? [random.int(1, 3)] : [],
  };
}

function drawGroup(random: Random, at: number, members: readonly number[], cards: boolean): GroupDraw {
  const count = random.pick([1, 1, 2, 2, 3]);
  // Indexes of different groups clash now and then: two groups then compete for one place.
  const base = 1 + (random.chance(0.1) ? 0 : at * 2);
  const oddGroup = random.chance(0.08);
  const interfaces = Array.from({ length: count }, (_, nth) => {
    const odd = oddGroup && nth === 0;
    return drawInterface(random, base + nth, cards && random.chance(0.6) ? random.int(1, 3) : 0, odd);
  });
  return { name: NAMES[at] ?? `group-${at}`, members, interfaces, tags: drawTags(random) };
}

function drawInterface(random: Random, deviceIndex: number, networkCardIndex: number, odd: boolean): InterfaceDraw {
  return {
    deviceIndex,
    networkCardIndex,
    addresses: random.chance(0.06) ? 5 : 1,
    deleteOnTermination: random.chance(0.06),
    indexTag: random.chance(0.2),
    oddity: odd ? random.pick(['efa', 'managed', 'primary', 'elsewhere'] as const) : 'none',
  };
}

function drawTags(random: Random): Record<string, string> {
  const tags: Record<string, string> = {};
  const maybe = (key: string, share: number, values: readonly string[]): void => {
    if (random.chance(share)) tags[key] = random.pick(values);
  };
  maybe('force-after', 0.2, ['0', '2', '30']);
  maybe('cooldown', 0.4, ['0', '60', '180']);
  maybe('max-moves', 0.3, ['1', '2', '3']);
  maybe('impaired-after', 0.3, ['0', '30', '240']);
  maybe('mode', 0.05, ['manual', 'auto', 'sometimes']);
  return tags;
}
