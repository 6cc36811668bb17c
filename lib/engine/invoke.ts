import type { EventTrigger, MemberView, Observation, PersonRequest } from '../core/model.ts';
import { groupsOfMember } from '../core/tags.ts';
import { triggerInstances } from '../core/triggers.ts';
import { FailoverError } from '../errors.ts';
import { administer } from './administer.ts';
import { observe } from './observe.ts';
import { reconcile } from './reconcile.ts';
import type { GroupResult } from './result.ts';
import type { Run } from './run.ts';

/** Finds the groups a trigger hints at and brings each of them to rest. Groups do not wait for one another. */
export function runTrigger(run: Run, trigger: EventTrigger | PersonRequest): Promise<readonly GroupResult[]> {
  return trigger.kind === 'request' ? runRequest(run, trigger) : runEvent(run, trigger);
}

async function runRequest(run: Run, request: PersonRequest): Promise<readonly GroupResult[]> {
  const observations = await observe(run, request.group === undefined ? undefined : [request.group]);
  return Promise.all(observations.map((observation) => handleRequest(run, request, observation)));
}

async function handleRequest(run: Run, request: PersonRequest, observation: Observation): Promise<GroupResult> {
  return (await administer(run, request, observation)) ?? reconcile(run, request, observation);
}

/** An event names an instance, not a group: one read of the members tells whether it concerns us at all. */
async function runEvent(run: Run, trigger: EventTrigger): Promise<readonly GroupResult[]> {
  const members = await run.cloud.members();
  const ids = triggerInstances(trigger);
  const affected = members.filter((member) => ids.includes(member.id));
  const groups = groupsOf(affected, run.settings.tagPrefix);
  if (groups.length === 0) return [notAMember(ids)];
  const observations = await observe(run, groups, members);
  return Promise.all(observations.map((observation) => reconcile(run, trigger, observation)));
}

function groupsOf(members: readonly MemberView[], tagPrefix: string): readonly string[] {
  return [...new Set(members.flatMap((member) => groupsOfMember(member, tagPrefix)))].sort();
}

function notAMember(ids: readonly string[]): GroupResult {
  const reason = `${ids.join(' and ')} ${ids.length > 1 ? 'are members' : 'is a member'} of no group.`;
  return { group: null, analysis: 'not-observed', decision: 'no-action', code: 'not-a-member', reason, rejected: [] };
}

/**
 * For an event, a move that was interrupted or failed is thrown, so that Lambda invokes the function again and in
 * the end tells its on-failure destination.
 * @throws FailoverError `OperationInterrupted` or `OperationFailed`, with a sentence for each group.
 */
export function throwIfUnfinished(results: readonly GroupResult[]): void {
  const bad = results.filter(({ operation }) => operation?.result === 'failed' || operation?.result === 'interrupted');
  if (bad.length === 0) return;
  const interrupted = bad.some(({ operation }) => operation?.result === 'interrupted');
  const faults = bad.map(
    ({ group, operation }) =>
      `${group}: ${operation?.action} ${operation?.id} ${operation?.result}: ${operation?.reason}`,
  );
  throw new FailoverError(interrupted ? 'OperationInterrupted' : 'OperationFailed', 'The move is not done:', faults);
}
