import type { Attachment, NetworkInterface } from './model.ts';
import type { WorldState } from './state.ts';

export interface Slot {
  readonly instanceId: string;
  readonly deviceIndex: number;
  readonly networkCardIndex?: number;
  readonly deleteOnTermination?: boolean;
}

/** A new attachment record; its id is new every time, which is what makes a late detach harmless. */
export function newAttachment(world: WorldState, slot: Slot, status: Attachment['status']): Attachment {
  return {
    id: world.newId('eni-attach'),
    instanceId: slot.instanceId,
    deviceIndex: slot.deviceIndex,
    networkCardIndex: slot.networkCardIndex ?? 0,
    status,
    attachMs: world.clock.now(),
    deleteOnTermination: slot.deleteOnTermination ?? false,
    forced: false,
  };
}

/** Starts to attach; the caller has checked that it may. */
export function startAttach(world: WorldState, target: NetworkInterface, slot: Slot): Attachment {
  const attachment = newAttachment(world, slot, 'attaching');
  setAttachment(world, target, attachment);
  world.after(world.latencies.attachMs, () => {
    const current = world.interfaces.get(target.id);
    if (current?.attachment?.id !== attachment.id || current.attachment.status !== 'attaching') return;
    setAttachment(world, current, { ...attachment, ...current.attachment, status: 'attached' });
  });
  return attachment;
}

/** Starts (or, with force, speeds up) a detach; the caller has checked that it may. */
export function startDetach(world: WorldState, target: NetworkInterface, force: boolean): void {
  const { attachment } = target;
  if (attachment === undefined) return;
  setAttachment(world, target, { ...attachment, status: 'detaching', forced: force || attachment.forced });
  const holder = world.instances.get(attachment.instanceId);
  if (holder?.hangsDetach && !force) return;
  world.after(world.latencies.detachMs, () => finishDetach(world, target.id, attachment.id));
}

/** The guest answers again: detaches that hung in it come to their end. */
export function resumeDetaches(world: WorldState, instanceId: string): void {
  for (const { id, attachment } of attachedTo(world, instanceId)) {
    if (attachment?.status !== 'detaching') continue;
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

function setAttachment(world: WorldState, target: NetworkInterface, attachment: Attachment | undefined): void {
  world.interfaces.put(target.id, { ...target, attachment });
  const status = attachment?.status ?? 'available';
  const where = attachment ? ` ${attachment.instanceId}` : '';
  world.tell('transition', `${target.id} ${status}${where}`, { interfaceId: target.id, attachment });
}
