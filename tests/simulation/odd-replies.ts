import type { Cast, CastGroup } from './build.ts';
import type { Scenario } from './scenario.ts';
import type { Stage } from './stage.ts';

/** The resource that EC2 describes oddly at a moment, if there is one. @param sinceMs since the start. */
export function oddIdAt({ oddReplies }: Scenario, { groups }: Cast, sinceMs: number): string | undefined {
  if (!oddReplies || sinceMs < oddReplies.fromMs || sinceMs >= oddReplies.toMs) return undefined;
  const { members = [], interfaces = [] } = groups[oddReplies.group] ?? {};
  return { interface: interfaces[0], holder: members[0], standby: members[1] }[oddReplies.of];
}

/** Nothing of a group is moved on a guess while one of its resources cannot be understood. */
export function isMisread({ world, scenario, cast }: Stage, { members, interfaces }: CastGroup): boolean {
  const id = oddIdAt(scenario, cast, world.clock.now() - world.startedMs);
  return id !== undefined && [...members, ...interfaces].includes(id);
}
