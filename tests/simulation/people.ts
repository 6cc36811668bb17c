import type { CastGroup } from './build.ts';
import type { Request } from './lambda.ts';
import type { Incident } from './scenario.ts';
import { holderOf, type Stage } from './stage.ts';

type Asked = Extract<Incident, { readonly kind: 'request' }>;

/** A person invokes the function and waits; an impatient client sends the same again. */
export function askLikeAPerson(stage: Stage, group: CastGroup, incident: Asked): void {
  const request = requestOf(stage, group, incident);
  ask(stage, request);
  const { resentAfterMs } = incident.request;
  if (resentAfterMs === undefined) return;
  stage.world.clock.schedule(stage.world.clock.now() + resentAfterMs, () => ask(stage, request));
}

/** Sends a request once. */
export function ask({ lambda, world }: Stage, request: Request): void {
  const runId = `person-${lambda.invocations.length + 1}-${world.clock.now() % 100_000}`;
  lambda.invoke('failover', request, runId, { kind: 'request', request });
}

function requestOf({ world, cast }: Stage, group: CastGroup, { request, pick }: Asked): Request {
  const holder = holderOf(world, group);
  const others = group.members.filter((id) => id !== holder);
  const other = others[Math.floor(pick * others.length)];
  const from = request.from === 'holder' ? holder : request.from === 'other' ? other : undefined;
  const to = { none: undefined, standby: other, holder, stranger: cast.stranger }[request.to];
  return {
    action: request.action,
    group: request.unknownGroup ? 'nowhere' : group.name,
    ...(from !== undefined && { from }),
    ...(to !== undefined && to !== from && { to }),
    ...(request.ignoreHealth && { ignoreHealth: true }),
    ...(request.minutes !== undefined && { minutes: request.minutes }),
  };
}
