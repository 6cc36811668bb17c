import type { RejectionCode } from './codes.ts';
import type { Facts } from './facts.ts';
import type { InterfaceView, MemberView } from './model.ts';

/**
 * Members that could take the interfaces by all that can be seen, and were not allowed to when it was tried. Nothing
 * is taken off a holder for such a member.
 */

interface Reason {
  readonly code: RejectionCode;
  readonly reason: string;
}

/** Why nothing is detached for this member, by what is known from before this run; undefined when nothing is. */
export function refusedBefore(member: MemberView, { memory, observation }: Facts): Reason | undefined {
  if (!isTakenOffSomebody(observation.interfaces, member)) return undefined;
  const denied = memory.denied?.[member.id];
  return denied && { code: 'attach-denied', reason: denied.reason };
}

/** Whether a move to this member takes anything off another one. */
function isTakenOffSomebody(interfaces: readonly InterfaceView[], { id }: MemberView): boolean {
  return interfaces.some(({ attachment }) => attachment !== undefined && attachment.instanceId !== id);
}

/** The denial among the reasons why nobody can take over: it is what a person has to put right. */
export function denialIn(rejected: readonly Reason[]): Reason | undefined {
  return rejected.find(({ code }) => code === 'attach-denied');
}
