import type { Random } from '../../lab/random.ts';
import type { Fault } from '../../lab/world/hooks.ts';
import { incidentAt, withIncidents } from './extra-incidents.ts';
import type { Incident, IncidentKind, InjectionDraw, Scenario } from './scenario.ts';

export const withInjection = (scenario: Scenario, ...more: readonly InjectionDraw[]): Scenario => ({
  ...scenario,
  injections: [...scenario.injections, ...more],
});

const ATTACH = 'AttachNetworkInterface';

export function deniedThroughout(scenario: Scenario, random: Random): Scenario {
  const action = random.pick([ATTACH, ATTACH, 'DetachNetworkInterface', 'CreateTags', 'ListAlarmMuteRules']);
  // Often only of one member: a policy or a boundary need not be the same for all.
  const member = action === ATTACH && random.chance(0.5) ? random.int(0, scenario.members.length - 1) : undefined;
  const about = member === undefined ? {} : { member };
  return withInjection(scenario, { action, ...about, fault: { kind: 'deny' }, times: 'always', fromMs: 0 });
}

export function readsDown(scenario: Scenario, random: Random): Scenario {
  const action = random.pick(['DescribeAlarms', 'DescribeInstanceStatus', 'DescribeInstanceTypes']);
  const fault = random.pick<Fault>([
    { kind: 'deny' },
    { kind: 'throttle' },
    { kind: 'timeout' },
    { kind: 'refuse', code: 'InternalError', message: 'An internal error has occurred.', status: 500 },
  ]);
  return withInjection(scenario, { action, fault, times: 'always', fromMs: 0 });
}

export function withRefusingMember(scenario: Scenario, random: Random): Scenario {
  const member = random.int(0, scenario.members.length - 1);
  const code = random.pick(['UnsupportedOperation', 'AttachmentLimitExceeded', 'InvalidParameterValue']);
  const fault: Fault = { kind: 'refuse', code, message: 'Not to this instance.', status: 400 };
  return withInjection(scenario, { action: 'AttachNetworkInterface', member, fault, times: 'always', fromMs: 0 });
}

/** The holder goes, and what follows begins and does not end as it should. */
export function withCourse(scenario: Scenario, random: Random, action: string, kind: 'stuck' | 'revert'): Scenario {
  const loss = incidentAt(
    scenario,
    random,
    'holder',
    random.pick<IncidentKind>([
      { kind: 'stop' },
      { kind: 'heartbeat-raised' },
      { kind: 'fail', check: 'system', hangs: false },
    ]),
  );
  const times = random.pick([1, 1, 2, 'always'] as const);
  const fromMs = Math.max(0, loss.atMs - 1_000);
  return withInjection(withIncidents(scenario, [loss]), { action, fault: { kind }, times, fromMs });
}

/** What EC2 says where it is to blame itself; a throttle that lasts is no different to whoever waits for it. */
const DOWN: readonly Fault[] = [
  { kind: 'refuse', code: 'InternalError', message: 'An internal error has occurred.', status: 500 },
  { kind: 'refuse', code: 'Unavailable', message: 'The server is overloaded.', status: 503 },
  { kind: 'throttle' },
];

/**
 * Of one member EC2 answers every attach, or every detach, with an error of its own, for as long as faults last; and on
 * another one, now and then, attaches hang or come undone.
 */
export function withMemberDown(scenario: Scenario, random: Random): Scenario {
  const loss = incidentAt(scenario, random, 'holder', random.pick<IncidentKind>([{ kind: 'stop' }, { kind: 'hang' }]));
  const fails: Incident = { ...loss, kind: 'fail', check: 'instance', hangs: false };
  const members = scenario.groups[loss.group]?.members ?? [];
  const first = random.pick(members);
  const others = members.filter((member) => member !== first);
  const action = random.pick([ATTACH, ATTACH, 'DetachNetworkInterface']);
  const lasting = { times: 'always', fromMs: random.pick([0, Math.max(0, loss.atMs - 1_000)]) } as const;
  const down: InjectionDraw = { action, member: first, fault: random.pick(DOWN), ...lasting };
  const kind = random.pick(['stuck', 'revert'] as const);
  const isBeside = others.length > 0 && random.chance(0.5);
  const beside: InjectionDraw[] = isBeside
    ? [{ action: ATTACH, member: random.pick(others), fault: { kind }, ...lasting }]
    : [];
  const lost = loss.kind === 'hang' ? [loss, fails] : [loss];
  return withInjection(withIncidents(scenario, lost), down, ...beside);
}
