import type { Course } from './injections.ts';
import type { Attachment, NetworkInterface } from './model.ts';
import type { WorldState } from './state.ts';

export interface Slot {
  readonly instanceId: string;
  readonly deviceIndex: number;
  readonly networkCardIndex?: number;
  readonly deleteOnTermination?: boolean;
  /** For an interface that is in a transition from the start; that transition is stuck. */
  readonly status?: Attachment['status'] | undefined;
  readonly enaSrd?: Attachment['enaSrd'];
  readonly enaQueueCount?: Attachment['enaQueueCount'];
}

/** How long a transition that comes undone lasts. */
const REVERTED_AFTER_MS = 2_000;

/** A new attachment record; its id is new every time, which is what makes a late detach harmless. */
function newAttachment(world: WorldState, slot: Slot, status: Attachment['status']): Attachment {
  return {
    id: world.newId('eni-attach'),
    instanceId: slot.instanceId,
    deviceIndex: slot.deviceIndex,
    networkCardIndex: slot.networkCardIndex ?? 0,
    status,
    attachMs: world.clock.now(),
    deleteOnTermination: slot.deleteOnTermination ?? false,
    forced: false,
    stuck: false,
    enaSrd: slot.enaSrd,
    enaQueueCount: slot.enaQueueCount,
  };
}

/** The attachment of an interface that is attached (or stuck on the way) from the start. */
export function firstAttachment(world: WorldState, slot: Slot): Attachment {
  const { status = 'attached' } = slot;
  return { ...newAttachment(world, slot, status), stuck: status !== 'attached' };
}

/** Starts to attach; the caller has checked that it may. */
export function startAttach(world: WorldState, target: NetworkInterface, slot: Slot, course: Course): Attachment {
  const attachment = { ...newAttachment(world, slot, 'attaching'), stuck: course === 'stuck' };
  setAttachment(world, target, attachment);
  if (course === 'normal') {
    const range = isStopped(world, slot.instanceId) ? world.latencies.attachStoppedMs : world.latencies.attachMs;
    world.after(range, () => setStatus(world, target.id, attachment.id, 'attaching', 'attached'));
  }
  if (course === 'revert') {
    revertLater(world, () => {
      const current = world.interfaces.get(target.id)?.attachment;
      if (current?.status === 'attaching') finishDetach(world, target.id, attachment.id);
    });
  }
  return attachment;
}

/** Starts (or, with force, speeds up) a detach; the caller has checked that it may. */
export function startDetach(world: WorldState, target: NetworkInterface, force: boolean, course: Course): void {
  const { attachment } = target;
  if (attachment === undefined) return;
  const stuck = attachment.stuck || course === 'stuck';
  setAttachment(world, target, { ...attachment, stuck, status: 'detaching', forced: force || attachment.forced });
  if (course === 'revert') {
    return revertLater(world, () => setStatus(world, target.id, attachment.id, 'detaching', 'attached'));
  }
  const holder = world.instances.get(attachment.instanceId);
  if ((stuck || holder?.hangsDetach) && !force) return;
  const range = holder?.state === 'stopped' ? world.latencies.detachStoppedMs : world.latencies.detachMs;
  world.after(range, () => finishDetach(world, target.id, attachment.id));
}

const isStopped = (world: WorldState, instanceId: string): boolean =>
  world.instances.get(instanceId)?.state === 'stopped';

/** The guest answers again: detaches that hung in it come to their end. */
export function resumeDetaches(world: WorldState, instanceId: string): void {
  for (const { id, attachment } of attachedTo(world, instanceId)) {
    if (attachment?.status !== 'detaching' || attachment.stuck) continue;
    world.after(world.latencies.detachMs, () => finishDetach(world, id, attachment.id));
  }
}

/** Ends an attachment, unless it has ended already. */
export function finishDetach(world: WorldState, interfaceId: string, attachmentId: string): void {
  const target = world.interfaces.get(interfaceId);
  if (target?.attachment?.id !== attachmentId) return;
  if (target.attachment.forced) refuseSlot(world, target.attachment);
  setAttachment(world, target, undefined);
}

/** Interfaces attached to an instance, in any status, its primary one included. */
export function attachedTo(world: WorldState, instanceId: string): NetworkInterface[] {
  return world.interfaces.all().filter((candidate) => candidate.attachment?.instanceId === instanceId);
}

/** `card:index`, unique on an instance. */
export function slotName(slot: { readonly networkCardIndex: number; readonly deviceIndex: number }): string {
  return `${slot.networkCardIndex}:${slot.deviceIndex}`;
}

function refuseSlot(world: WorldState, slot: Attachment): void {
  const guest = world.instances.get(slot.instanceId);
  if (!world.quirks.forcedIndexRefused || guest?.state !== 'running') return;
  world.instances.put(guest.id, { ...guest, refusedSlots: [...guest.refusedSlots, slotName(slot)] });
}

function revertLater(world: WorldState, undo: () => void): void {
  world.clock.schedule(world.clock.now() + REVERTED_AFTER_MS, undo);
}

/** Brings an attachment from one status to the next, unless something else has happened to it. */
function setStatus(
  world: WorldState,
  interfaceId: string,
  attachmentId: string,
  from: Attachment['status'],
  to: Attachment['status'],
): void {
  const target = world.interfaces.get(interfaceId);
  if (target?.attachment?.id !== attachmentId || target.attachment.status !== from) return;
  setAttachment(world, target, { ...target.attachment, status: to });
}

function setAttachment(world: WorldState, target: NetworkInterface, attachment: Attachment | undefined): void {
  world.interfaces.put(target.id, { ...target, attachment });
  const status = attachment?.status ?? 'available';
  const where = attachment ? ` ${attachment.instanceId}` : '';
  world.tell('transition', `${target.id} ${status}${where}`, { interfaceId: target.id, attachment });
}
