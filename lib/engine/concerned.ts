import type { EventTrigger, InterfaceView, Listing, MemberView, Unreadable } from '../core/model.ts';
import { groupOfInterface, groupsOfMember } from '../core/tags.ts';
import { type AwsCallError, isTransient } from '../errors.ts';
import { notObserved } from './report.ts';
import type { GroupResult } from './result.ts';
import type { Run } from './run.ts';

/** The groups that an event concerns, and the members that were read to find them. */
export interface Concerned {
  readonly groups: readonly string[];
  readonly members: Listing<MemberView>;
}

/** How long a process remembers who is none of ours. A new member, or holder, is the sweep's until then. */
const REMEMBERED_MS = 10_000;

/**
 * Finds the groups of an event's instances: those whose members they are, or whose interfaces they hold. Every
 * instance of the account has events, and when many stop at once the reads for all of them would throttle those that
 * matter: so a process remembers for ten seconds whom it knows.
 * @returns why no group is concerned, otherwise.
 * @throws AwsCallError when the members cannot be read; an event about an instance's state is then left to the sweep.
 */
export async function concernedBy(run: Run, trigger: EventTrigger): Promise<Concerned | GroupResult> {
  const { instanceIds } = trigger;
  const { known } = run.process;
  const fresh = known !== undefined && run.clock.now() - known.at <= REMEMBERED_MS;
  if (fresh && !instanceIds.some((id) => known.ids.has(id))) return notOurs(instanceIds);
  try {
    return await readConcerned(run, instanceIds);
  } catch (error) {
    if (!isLeftToSweep(trigger, error)) throw error;
    const reason = `Who is a member could not be read; the sweep looks at every group. ${error.message}`;
    return notObserved(null, 'members-unread', reason);
  }
}

async function readConcerned(run: Run, instanceIds: readonly string[]): Promise<Concerned | GroupResult> {
  const { cloud, settings } = run;
  const members = await cloud.members();
  const affected = [...members.views, ...members.unreadable].filter(({ id }) => instanceIds.includes(id));
  const own = affected.flatMap((member) => groupsOfMember(member, settings.tagPrefix));
  if (own.length > 0) return { groups: [...new Set(own)].sort(), members };
  // A terminated instance loses its tags, at times before its attachments ("Terminate instances", EC2 User Guide).
  const interfaces = await cloud.interfaces();
  remember(run, members, interfaces);
  const held = interfaces.views.filter(({ attachment }) => instanceIds.includes(attachment?.instanceId ?? ''));
  const groups = [...new Set(held.flatMap((view) => groupOfInterface(view, settings.tagPrefix) ?? []))].sort();
  return groups.length > 0 ? { groups, members } : notOurs(instanceIds);
}

/** Whoever is a member or holds an interface; where one of those could not be understood, nobody is known. */
function remember({ clock, process }: Run, members: Listing<MemberView>, interfaces: Listing<InterfaceView>): void {
  if (interfaces.unreadable.length > 0) return;
  const ids = [...members.views, ...members.unreadable].map(({ id }: MemberView | Unreadable) => id);
  const holders = interfaces.views.flatMap(({ attachment }) => attachment?.instanceId ?? []);
  process.known = { at: clock.now(), ids: new Set([...ids, ...holders]) };
}

/** Such events are many, and nothing is lost with one: what it would have told, the next sweep sees. */
function isLeftToSweep({ kind }: EventTrigger, error: unknown): error is AwsCallError {
  const many = kind === 'instance-state' || kind === 'instance-running';
  return many && isTransient(error);
}

function notOurs(ids: readonly string[]): GroupResult {
  const are = ids.length > 1 ? 'are members' : 'is a member';
  return notObserved(null, 'in-no-group', `${ids.join(' and ')} ${are} of no group.`);
}
