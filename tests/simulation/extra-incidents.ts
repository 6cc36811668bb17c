import type { Random } from '../../lab/random.ts';
import { withOneGroup } from './extra-tags.ts';
import type { Incident, IncidentKind, Scenario, Target } from './scenario.ts';

/** The scenario with further incidents, in order of time. */
export function withIncidents(scenario: Scenario, more: readonly Incident[]): Scenario {
  return { ...scenario, incidents: [...scenario.incidents, ...more].sort((a, b) => a.atMs - b.atMs) };
}

export function incidentAt(scenario: Scenario, random: Random, target: Target, kind: IncidentKind): Incident {
  const atMs = random.int(10, scenario.phaseOneMs / 1_000 - 90) * 1_000;
  return { atMs, group: random.int(0, scenario.groups.length - 1), target, pick: random.next(), ...kind };
}

export function withSharedAlarm(scenario: Scenario, random: Random): Scenario {
  const raised = incidentAt(scenario, random, 'any', { kind: 'shared-alarm-raised' });
  const cleared = { ...raised, kind: 'shared-alarm-cleared', atMs: raised.atMs + random.int(20, 200) * 1_000 } as const;
  return withIncidents(scenario, [raised, cleared]);
}

/** A muted alarm is raised on a holder, and then some other event arrives: of the muted alarm it says nothing. */
export function withMuteBeside(scenario: Scenario, random: Random): Scenario {
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

export function withNoticePair(scenario: Scenario, random: Random): Scenario {
  const notice: IncidentKind = { kind: 'spot', action: random.pick(['stop', 'terminate']) };
  const one = incidentAt(scenario, random, 'holder', notice);
  const two: Incident = { ...one, target: 'standby', atMs: one.atMs + random.pick([0, 0, 30, 400]) };
  return withIncidents(scenario, [one, two]);
}

export function withStrangers(scenario: Scenario, random: Random): Scenario {
  const crowd: IncidentKind = { kind: 'strangers', count: random.pick([20, 80]), overMs: random.pick([1_000, 20_000]) };
  return withIncidents({ ...scenario, buckets: true }, [incidentAt(scenario, random, 'any', crowd)]);
}

export function withEmptiedBuckets(scenario: Scenario, random: Random): Scenario {
  const thief: IncidentKind = { kind: 'buckets-emptied', forMs: random.int(5, 60) * 1_000 };
  const one = incidentAt(scenario, random, 'any', thief);
  const loss = { ...incidentAt(scenario, random, 'holder', { kind: 'stop' }), atMs: one.atMs + 2_000 };
  return withIncidents({ ...scenario, buckets: true }, [one, loss]);
}

export function withStray(scenario: Scenario, random: Random): Scenario {
  const place = random.pick(['nowhere', 'stranger', 'elsewhere', 'standby'] as const);
  return withIncidents(scenario, [incidentAt(scenario, random, 'standby', { kind: 'stray-interface', place })]);
}

export function withForgery(scenario: Scenario, random: Random): Scenario {
  return withIncidents(scenario, [incidentAt(scenario, random, 'any', { kind: 'forged-ledger' })]);
}

export function withLongPatience(scenario: Scenario, random: Random): Scenario {
  const hung = incidentAt(scenario, random, 'holder', { kind: 'fail', check: 'instance', hangs: true });
  const patient = withOneGroup(scenario, random, (group) => ({
    ...group,
    tags: { ...group.tags, 'force-after': '60' },
  }));
  return withIncidents(patient, [{ ...hung, atMs: Math.min(hung.atMs, 60_000) }]);
}

/** Every second group waits for a guest that never lets go, and would do so for ten minutes. */
export function withStuckGroups(scenario: Scenario, random: Random): Scenario {
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

/** A person asks for a member of their choice while the group is on its way to the one that was elected. */
export function withOverruledMove(scenario: Scenario, random: Random): Scenario {
  // Two sets of one name that move at once, the forger's and the group's, ask for the same slot: not explained yet.
  if (scenario.extras.includes('forged-ledger')) return scenario;
  const lost = incidentAt(scenario, random, 'holder', { kind: 'stop' });
  const request = {
    action: 'failover',
    from: 'none',
    to: 'standby',
    ignoreHealth: false,
    unknownGroup: false,
  } as const;
  const atMs = lost.atMs + random.int(1, 9) * 1_000;
  return withIncidents(scenario, [
    lost,
    { ...lost, kind: 'request', request, atMs, target: 'any', pick: random.next() },
  ]);
}

/** Two people, who each want another member, while a group has several to go to. */
export function withRequestsElsewhere(scenario: Scenario, random: Random): Scenario {
  const isLarge = scenario.groups.some(({ members }) => members.length > 2);
  // What reads of different age show of such a hurry says little about who was obeyed.
  if (!isLarge || scenario.staleMs > 0 || scenario.extras.includes('forged-ledger')) return scenario;
  const large = scenario.groups.flatMap(({ members }, at) => (members.length > 2 ? [at] : []));
  const lost = { ...incidentAt(scenario, random, 'holder', { kind: 'stop' }), group: random.pick(large) };
  const request = {
    action: 'failover',
    from: 'none',
    to: 'standby',
    ignoreHealth: false,
    unknownGroup: false,
  } as const;
  const asks = (afterMs: number): Incident => {
    return { ...lost, kind: 'request', request, atMs: lost.atMs + afterMs, target: 'any', pick: random.next() };
  };
  return withIncidents(scenario, [lost, asks(random.int(15, 40) * 100), asks(random.int(41, 80) * 100)]);
}

/** Part of a group is detached by hand, and then its tags say that the rest is to leave, too. */
export function withForgedPart(scenario: Scenario, random: Random): Scenario {
  const parted = scenario.groups.flatMap(({ interfaces }, at) => (interfaces.length > 1 ? [at] : []));
  if (parted.length === 0) return scenario;
  const forged = { ...incidentAt(scenario, random, 'any', { kind: 'forged-part' }), group: random.pick(parted) };
  const before: IncidentKind = { kind: 'detach-by-hand', force: false };
  return withIncidents(scenario, [{ ...forged, ...before, atMs: forged.atMs - random.int(4, 9) * 1_000 }, forged]);
}
