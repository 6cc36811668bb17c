import type { Ledger } from './ledger.ts';
import type { Memory } from './memory.ts';
import type { AttachmentView, InterfaceView, MemberView, Observation } from './model.ts';
import { notedAs } from './ledger.ts';
import type { Settings } from './settings.ts';

/**
 * An attachment on its way, and how long it may be. EC2 accepts attaches that never become `attached` and detaches
 * that never end (reported for interfaces and volumes alike); the remedy is another instance, so each has a bound.
 */

/** Whether an attach has taken longer than it may, counted from EC2's `AttachTime`. */
export function isOverdue({ status, attachedAt }: AttachmentView, now: number, settings: Settings): boolean {
  return status === 'attaching' && attachedAt !== undefined && now - attachedAt >= settings.stuckAfterSeconds * 1000;
}

/** Attachments that are given up, by id: to be ended by force, since nothing else is going to end them. */
export function overdueAttachments(
  { interfaces, now }: Observation,
  settings: Settings,
  ledger: Ledger | undefined,
  memory: Memory,
): ReadonlySet<string> {
  const noted = notedAs(memory.noted ?? ledger?.condition, 'attachment-in-transit');
  const hanging = noted !== undefined && now - noted >= settings.stuckAfterSeconds * 1000;
  const found = interfaces.flatMap(({ attachment }) => {
    if (!attachment) return [];
    const late = isOverdue(attachment, now, settings) || (hanging && attachment.status === 'detaching');
    return late ? [attachment.id] : [];
  });
  return new Set([...found, ...(memory.overdue ?? [])]);
}

/** Why a member is not trusted with an attach for now, as a sentence about "it"; undefined when it is. */
export function stuckOn(
  member: MemberView,
  interfaces: readonly InterfaceView[],
  overdue: ReadonlySet<string>,
  memory: Memory,
): string | undefined {
  const hanging = interfaces.find(
    ({ attachment }) =>
      attachment?.instanceId === member.id && attachment.status === 'attaching' && overdue.has(attachment.id),
  );
  if (hanging) return `the attach of ${hanging.id} to it does not end`;
  return memory.stuck?.[member.id];
}
