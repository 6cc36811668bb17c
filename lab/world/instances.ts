import { attachedTo, finishDetach, resumeDetaches } from './interfaces.ts';
import type { Check, Instance, InstanceStateName } from './model.ts';
import type { WorldState } from './state.ts';

/** stopped → pending → running. A start is a new launch: other host, fresh guest. */
export function start(world: WorldState, id: string): void {
  const launchMs = world.clock.now();
  const fresh = { ...NOTHING_FAILS, hangsDetach: false, refusedSlots: [], stateReason: undefined };
  move(world, id, 'pending', { launchMs, ...fresh });
  world.after(world.latencies.pendingMs, () => {
    if (world.instances.get(id)?.state === 'pending') move(world, id, 'running', firstChecks(world));
  });
}

/** No check fails, is about to or has done so. */
const NOTHING_FAILS = { impairedSinceMs: {}, shownSinceMs: {}, hesitatesSinceMs: {}, passesFromMs: {} } as const;

/** A started instance's checks take a while, one of them is not even there, and their metrics come later still. */
function firstChecks(world: WorldState): Partial<Instance> {
  const initializingUntilMs = ready(world);
  const datapointsFromMs = world.clock.now() + world.random.checks.int(...world.latencies.firstDatapointMs);
  return { initializingUntilMs, freshUntilMs: initializingUntilMs, datapointsFromMs };
}

/** Something breaks: the check turns, DescribeInstanceStatus shows it. @param noticedAfterMs both at this moment */
export function fail(world: WorldState, id: string, check: Check, noticedAfterMs: number | undefined): void {
  const { latencies, random } = world;
  const now = world.clock.now();
  const range = check === 'application' ? latencies.applicationCheckMs : latencies.checkMs;
  const turnsMs = now + (noticedAfterMs ?? random.latency.int(...range));
  const later = noticedAfterMs === undefined && check !== 'application';
  const shownMs = later ? Math.max(turnsMs, now + random.checks.int(...latencies.shownMs)) : turnsMs;
  const hesitates = later && random.checks.chance(latencies.hesitatingShare);
  const hesitatesMs = hesitates ? now + random.checks.int(...latencies.hesitatesMs) : Infinity;
  change(world, id, ({ impairedSinceMs, shownSinceMs, hesitatesSinceMs, passesFromMs }) => ({
    impairedSinceMs: { ...impairedSinceMs, [check]: turnsMs },
    shownSinceMs: { ...shownSinceMs, [check]: shownMs },
    hesitatesSinceMs: { ...hesitatesSinceMs, [check]: hesitatesMs },
    passesFromMs: { ...passesFromMs, [check]: Infinity },
  }));
}

/** Everything works again. A check that has not turned by then never does; one that has takes its time to pass. */
export function recover(world: WorldState, id: string): void {
  const now = world.clock.now();
  const passesMs = now + world.random.checks.int(...world.latencies.recoveryMs);
  change(world, id, ({ impairedSinceMs, passesFromMs }) => {
    const turned = Object.entries(impairedSinceMs).filter(([, sinceMs]) => sinceMs <= now && passesMs > now);
    const passes = turned.map(([check]) => {
      return [check, Math.min(passesFromMs?.[check as Check] ?? Infinity, passesMs)] as const;
    });
    return {
      impairedSinceMs: Object.fromEntries(turned),
      passesFromMs: Object.fromEntries(passes),
      hangsDetach: false,
    };
  });
  if (passesMs > now) world.clock.schedule(passesMs, () => forgetPassed(world, id), true);
  resumeDetaches(world, id);
}

function forgetPassed(world: WorldState, id: string): void {
  const instance = world.instances.get(id);
  if (instance === undefined) return;
  const { impairedSinceMs, passesFromMs = {} } = instance;
  const fails = (check: string): boolean => world.clock.now() < (passesFromMs[check as Check] ?? Infinity);
  const left = Object.entries(impairedSinceMs).filter(([check]) => fails(check));
  const waits = Object.entries(passesFromMs).filter(([check]) => fails(check));
  change(world, id, () => ({ impairedSinceMs: Object.fromEntries(left), passesFromMs: Object.fromEntries(waits) }));
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
  const goneMs = world.clock.now() + world.random.checks.int(...world.latencies.tagsGoneMs);
  world.clock.schedule(goneMs, () => loseTags(world, id), true);
}

/** EC2 forgets a terminated instance, its tags first. */
function loseTags(world: WorldState, id: string): void {
  if (world.instances.get(id) !== undefined) change(world, id, () => ({ tags: {} }));
}

/** A restart of the guest: the instance check fails meanwhile, then a guest fault is gone. */
export function reboot(world: WorldState, id: string): void {
  failForAReboot(world, id);
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

/** The guest is silent while it reboots; a check that has turned already stays as it is. */
function failForAReboot(world: WorldState, id: string): void {
  const turnsMs = world.clock.now() + world.random.checks.int(...world.latencies.rebootCheckMs);
  const soonest = (known: number | undefined): number => Math.min(known ?? Infinity, turnsMs);
  change(world, id, ({ impairedSinceMs, shownSinceMs, passesFromMs }) => ({
    impairedSinceMs: { ...impairedSinceMs, instance: soonest(impairedSinceMs.instance) },
    shownSinceMs: { ...shownSinceMs, instance: soonest(shownSinceMs?.instance) },
    passesFromMs: { ...passesFromMs, instance: Infinity },
  }));
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
