import { attachedTo, finishDetach, resumeDetaches } from './interfaces.ts';
import type { Instance, InstanceStateName } from './model.ts';
import type { WorldState } from './state.ts';

/** stopped → pending → running. A start is a new launch: other host, fresh guest. */
export function start(world: WorldState, id: string): void {
  const launchMs = world.clock.now();
  const fresh = { impairedSinceMs: {}, hangsDetach: false, refusedSlots: [], stateReason: undefined };
  move(world, id, 'pending', { launchMs, ...fresh });
  world.after(world.latencies.pendingMs, () => {
    if (world.instances.get(id)?.state === 'pending') move(world, id, 'running', { initializingUntilMs: ready(world) });
  });
}

/** Who stops or terminates an instance: DescribeInstances gives it as the reason of the state. */
export type Actor = 'user' | 'guest' | 'aws' | 'spot';

const REASONS = {
  stop: {
    user: 'Client.UserInitiatedShutdown',
    guest: 'Client.InstanceInitiatedShutdown',
    aws: 'Server.ScheduledStop',
    spot: 'Server.SpotInstanceShutdown',
  },
  terminate: {
    user: 'Client.UserInitiatedShutdown',
    guest: 'Client.InstanceInitiatedShutdown',
    aws: 'Server.InternalError',
    spot: 'Server.SpotInstanceTermination',
  },
} as const;

/** running → stopping → stopped. Its interfaces stay, but a detach that hung in the guest ends. */
export function stop(world: WorldState, id: string, by: Actor = 'user'): void {
  move(world, id, 'stopping', { stateReason: reason(REASONS.stop[by]) });
  world.after(world.latencies.stoppingMs, () => {
    if (world.instances.get(id)?.state !== 'stopping') return;
    move(world, id, 'stopped', { hangsDetach: false });
    resumeDetaches(world, id);
  });
}

/** → shutting-down → terminated (a stopped one at once); only then are its interfaces deleted or free. */
export function terminate(world: WorldState, id: string, by: Actor = 'user'): void {
  const stateReason = reason(REASONS.terminate[by]);
  if (world.instances.get(id)?.state === 'stopped') return end(world, id, stateReason);
  move(world, id, 'shutting-down', { stateReason });
  world.after(world.latencies.shuttingDownMs, () => end(world, id, stateReason));
}

function end(world: WorldState, id: string, stateReason: Instance['stateReason']): void {
  move(world, id, 'terminated', { stateReason });
  for (const { id: interfaceId, attachment } of attachedTo(world, id)) {
    if (attachment?.deleteOnTermination) world.interfaces.delete(interfaceId);
    else if (attachment) finishDetach(world, interfaceId, attachment.id);
  }
}

/** A restart of the guest: the instance check fails meanwhile, then a guest fault is gone. */
export function reboot(world: WorldState, id: string): void {
  const now = world.clock.now();
  change(world, id, (before) => ({ impairedSinceMs: { ...before.impairedSinceMs, instance: now } }));
  world.tell('transition', `${id} rebooting`, { instanceId: id });
  world.after(world.latencies.rebootMs, () => {
    const keepsSlots = world.quirks.restartThatClearsIndex === 'stop-start';
    change(world, id, ({ impairedSinceMs: { instance: _, ...others }, refusedSlots }) => ({
      impairedSinceMs: others,
      initializingUntilMs: ready(world),
      hangsDetach: false,
      refusedSlots: keepsSlots ? refusedSlots : [],
    }));
    resumeDetaches(world, id);
  });
}

/** Changes fields of an instance that exists. */
export function change(world: WorldState, id: string, edit: (before: Instance) => Partial<Instance>): void {
  const before = world.instances.get(id);
  if (before === undefined) throw new Error(`no such instance: ${id}`);
  world.instances.put(id, { ...before, ...edit(before) });
}

/** Announces the state an instance is in. */
export function announce(world: WorldState, id: string, state: InstanceStateName): void {
  world.tell('transition', `${id} ${state}`, { instanceId: id, state });
  world.emit('EC2 Instance State-change Notification', 'aws.ec2', [world.arn('ec2', `instance/${id}`)], {
    'instance-id': id,
    state,
  });
}

function reason(code: string): Instance['stateReason'] {
  return { code, message: `${code}: ${code.startsWith('Client') ? 'shutdown by the owner' : 'shutdown by EC2'}` };
}

function move(world: WorldState, id: string, state: InstanceStateName, more: Partial<Instance> = {}): void {
  change(world, id, () => ({ ...more, state }));
  announce(world, id, state);
}

function ready(world: WorldState): number {
  return world.clock.now() + world.random.latency.int(...world.latencies.initializingMs);
}
