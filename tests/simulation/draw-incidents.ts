import type { Random } from '../../lab/random.ts';
import { STATE, TAG } from './build.ts';
import type { Incident, IncidentKind, RequestDraw, Target } from './scenario.ts';

type Draw = (random: Random) => readonly [IncidentKind, Target];

const seconds = (random: Random, low: number, high: number): number => random.int(low, high) * 1_000;

/** What may happen, the likelier the more often it is listed by `weight`. */
const MENU: readonly (readonly [weight: number, draw: Draw])[] = [
  [
    9,
    (r) => [
      { kind: 'fail', check: r.pick(['system', 'instance', 'attachedEbs', 'application']), hangs: r.chance(0.3) },
      aim(r),
    ],
  ],
  [5, (r) => [{ kind: 'recover' }, r.pick(['any', 'holder', 'standby'])]],
  [5, (r) => [{ kind: 'stop' }, aim(r)]],
  [4, () => [{ kind: 'start' }, 'any']],
  [3, (r) => [{ kind: 'terminate', replacedAfterMs: r.chance(0.7) ? seconds(r, 20, 120) : undefined }, aim(r)]],
  [3, (r) => [{ kind: 'spot', action: r.pick(['stop', 'terminate']) }, r.pick(['holder', 'holder', 'standby'])]],
  [2, (r) => [{ kind: 'reboot' }, aim(r)]],
  [2, () => [{ kind: 'hang' }, 'holder']],
  [1, () => [{ kind: 'maintenance' }, 'standby']],
  [1, () => [{ kind: 'repeat-event' }, 'any']],
  [4, (r) => [{ kind: 'heartbeat-raised' }, aim(r)]],
  [3, () => [{ kind: 'heartbeat-cleared' }, 'any']],
  [1, () => [{ kind: 'cpu-raised' }, 'holder']],
  [2, (r) => [{ kind: 'muted' }, r.pick(['holder', 'standby'])]],
  [1, () => [{ kind: 'unmuted' }, 'any']],
  [2, (r) => [{ kind: 'detach-by-hand', force: r.chance(0.2) }, 'holder']],
  [2, (r) => [{ kind: 'attach-by-hand', stranger: r.chance(0.15) }, 'standby']],
  [3, (r) => [drawRetag(r), r.pick(['standby', 'holder'])]],
  [10, (r) => [{ kind: 'request', request: drawRequest(r) }, 'any']],
];

function aim(random: Random): Target {
  return random.pick(['holder', 'holder', 'holder', 'standby']);
}

/** What happens while faults are on; often one thing right after another, because races need company. */
export function drawIncidents(random: Random, groups: number, phaseOneMs: number): Incident[] {
  const count = random.int(2, 9);
  const incidents: Incident[] = [];
  let atMs = 0;
  while (incidents.length < count) {
    const close = incidents.length > 0 && random.chance(0.4);
    atMs = close ? atMs + random.int(0, 12_000) : random.int(3_000, phaseOneMs - 20_000);
    const [kind, target] = fromMenu(random)(random);
    const incident = { atMs, group: random.int(0, groups - 1), target, pick: random.next(), ...kind };
    incidents.push(incident, ...interference(random, incident));
  }
  return incidents.filter((incident) => incident.atMs < phaseOneMs).sort((a, b) => a.atMs - b.atMs);
}

/** What empties a holder at once sets a move going; now and then its successor goes, too, or a person lends a hand. */
function interference(random: Random, { atMs, group, target, kind }: Incident): Incident[] {
  const moves = target === 'holder' && (kind === 'stop' || kind === 'terminate' || kind === 'spot');
  if (!moves || !random.chance(0.35)) return [];
  const loss = random.pick<IncidentKind>([
    { kind: 'spot', action: 'terminate' },
    { kind: 'spot', action: 'stop' },
    { kind: 'stop' },
    { kind: 'terminate', replacedAfterMs: undefined },
    { kind: 'attach-by-hand', stranger: false },
    { kind: 'attach-by-hand', stranger: false },
  ]);
  return [{ atMs: atMs + random.int(500, 15_000), group, target: 'standby', pick: random.next(), ...loss }];
}

function fromMenu(random: Random): Draw {
  const total = MENU.reduce((sum, [weight]) => sum + weight, 0);
  let left = random.next() * total;
  const found = MENU.find(([weight]) => {
    left -= weight;
    return left < 0;
  });
  if (!found) throw new Error('the menu has no dish for this number');
  return found[1];
}

function drawRetag(random: Random): IncidentKind {
  const instance = random.pick<Record<string, string | undefined>>([
    { [`${TAG}exclude`]: 'true' },
    { [`${TAG}exclude`]: undefined },
    { [`${TAG}priority`]: random.pick(['20', '-5', 'first']) },
    { [`${TAG}group`]: undefined },
  ]);
  const group = random.pick<Record<string, string | undefined>>([
    { [`${TAG}mode`]: 'manual' },
    { [`${TAG}cooldown`]: random.pick(['0', '120', 'long']) },
    { [`${TAG}force-after`]: '0' },
  ]);
  const untagged = { [`${TAG}group`]: undefined };
  const garbled = random.pick<Record<string, string | undefined>>([
    { [`${STATE}state`]: 'v1 at rest' },
    { [`${STATE}operation`]: 'under way' },
    { [`${STATE}state`]: undefined },
  ]);
  return random.pick<IncidentKind>([
    { kind: 'retag', edits: instance, of: 'instance' },
    { kind: 'retag', edits: group, of: 'interfaces' },
    { kind: 'retag', edits: untagged, of: 'one-interface' },
    { kind: 'retag', edits: garbled, of: random.pick(['one-interface', 'interfaces'] as const) },
  ]);
}

function drawRequest(random: Random): RequestDraw {
  const action = random.pick([
    'failover',
    'failover',
    'failover',
    'plan',
    'status',
    'pause',
    'pause',
    'resume',
    'acknowledge',
  ] as const);
  const moves = action === 'failover' || action === 'plan';
  const to = moves ? random.pick(['none', 'none', 'standby', 'standby', 'holder', 'stranger'] as const) : 'none';
  return {
    action,
    from: moves ? random.pick(['none', 'none', 'holder', 'holder', 'other'] as const) : 'none',
    to,
    ignoreHealth: moves && to === 'standby' && random.chance(0.4),
    ...(action === 'pause' && { minutes: random.int(1, 5) }),
    unknownGroup: random.chance(0.04),
    ...(random.chance(0.25) && { resentAfterMs: random.pick([500, 61_000]) }),
  };
}
