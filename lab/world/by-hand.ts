import type { Fault } from './hooks.ts';
import { courseOf } from './injections.ts';
import { type Slot, startAttach, startDetach } from './interfaces.ts';
import type { NetworkInterface } from './model.ts';
import type { WorldState } from './state.ts';

/**
 * Somebody at the console detaches an interface: no role is asked and no journal is kept, but what is wrong with EC2
 * is wrong for them too.
 * @returns `ok`, or the code of the fault that met them
 */
export function detachByHand(world: WorldState, target: NetworkInterface, force: boolean): string {
  const input = { AttachmentId: target.attachment?.id, Force: force };
  const fault = world.injections.meet({ action: 'DetachNetworkInterface', input });
  const refusal = refusalOf(world, fault, `detach ${target.id}`);
  if (refusal === undefined) startDetach(world, target, force, courseOf(fault));
  return refusal ?? 'ok';
}

/** Somebody at the console attaches an interface. @returns `ok`, or the code of the fault that met them */
export function attachByHand(world: WorldState, target: NetworkInterface, slot: Slot): string {
  const input = { NetworkInterfaceId: target.id, InstanceId: slot.instanceId };
  const fault = world.injections.meet({ action: 'AttachNetworkInterface', input });
  const refusal = refusalOf(world, fault, `attach ${target.id}`);
  if (refusal === undefined) startAttach(world, target, slot, courseOf(fault));
  return refusal ?? 'ok';
}

function refusalOf(world: WorldState, fault: Fault | undefined, what: string): string | undefined {
  const codes = { throttle: 'RequestLimitExceeded', deny: 'UnauthorizedOperation', timeout: 'timeout' } as const;
  const code = fault?.kind === 'refuse' ? fault.code : codes[fault?.kind as keyof typeof codes];
  if (code !== undefined) world.tell('fault', `${what} by hand: ${code}`, { code });
  return code;
}
