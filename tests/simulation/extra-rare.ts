import type { Random } from '../../lab/random.ts';
import { withInjection } from './extra-faults.ts';
import { incidentAt, withIncidents } from './extra-incidents.ts';
import { withOneGroup } from './extra-tags.ts';
import type { GroupDraw, Incident, IncidentKind, InterfaceDraw, Scenario } from './scenario.ts';

/** More than a group may have. */
const MANY = 16;

/** Whoever tagged a whole fleet's spare interfaces with the group: nothing tells which of them are meant. */
export function withTooMany(scenario: Scenario, random: Random): Scenario {
  const spare: InterfaceDraw = {
    deviceIndex: 0,
    networkCardIndex: 0,
    addresses: 1,
    deleteOnTermination: false,
    indexTag: false,
    oddity: 'spare',
  };
  return withOneGroup(scenario, random, (group) => {
    const spares = Array.from({ length: MANY - group.interfaces.length }, () => spare);
    return { ...group, interfaces: [...group.interfaces, ...spares] };
  });
}

/** IAM denies every detach, and the holder fails: it is asked again and again, less and less often. */
export function withKeptHolder(scenario: Scenario, random: Random): Scenario {
  const loss = incidentAt(
    scenario,
    random,
    'holder',
    random.pick<IncidentKind>([{ kind: 'fail', check: 'instance', hangs: false }, { kind: 'heartbeat-raised' }]),
  );
  const early = { ...loss, atMs: Math.min(loss.atMs, 90_000) };
  const denied = { action: 'DetachNetworkInterface', fault: { kind: 'deny' }, times: 'always', fromMs: 0 } as const;
  return withInjection(withIncidents(scenario, [early]), denied);
}

/** A holder is left by force, is well again without a restart, and a person wants it back at the index that a tag asks for. */
export function withWayBack(scenario: Scenario, random: Random): Scenario {
  const asks = (group: GroupDraw): GroupDraw => ({
    ...group,
    interfaces: group.interfaces.map((each) => ({ ...each, indexTag: true })),
  });
  const hung = incidentAt(scenario, random, 'holder', { kind: 'fail', check: 'instance', hangs: true });
  const first = { ...hung, atMs: Math.min(hung.atMs, 20_000) };
  const later = (kind: IncidentKind, atMs: number, target: Incident['target']): Incident => ({
    ...first,
    ...kind,
    atMs,
    target,
  });
  const back = { action: 'failover', from: 'none', to: 'none', ignoreHealth: false, unknownGroup: false } as const;
  const groups = scenario.groups.map((group, at) => (at === first.group ? asks(group) : group));
  return withIncidents({ ...scenario, groups }, [
    first,
    later({ kind: 'recover' }, first.atMs + 190_000, 'standby'),
    later({ kind: 'request', request: back }, first.atMs + random.int(330, 360) * 1_000, 'any'),
  ]);
}

/** For a while EC2 describes a resource in a way that nobody understands. */
export function withOddReplies(scenario: Scenario, random: Random): Scenario {
  const fromMs = random.int(20, scenario.phaseOneMs / 1_000 - 100) * 1_000;
  const of = random.pick(['interface', 'holder', 'standby'] as const);
  const group = random.int(0, scenario.groups.length - 1);
  return { ...scenario, wire: false, oddReplies: { of, group, fromMs, toMs: fromMs + random.int(20, 150) * 1_000 } };
}
