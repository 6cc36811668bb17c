import { type ForcedDetach, ofThisLaunch, type RecordedResource } from './ledger.ts';
import type { InterfaceView, MemberView, Observation } from './model.ts';
import { place } from './placement.ts';
import type { PlacementContext } from './room.ts';
import type { Settings } from './settings.ts';
import { type Device, deviceTag, formatDevice, isAmong } from './tags.ts';

/**
 * After a forced detach the instance may refuse another interface at the same device index until it is restarted
 * (DetachNetworkInterface, EC2 API Reference). Where the interfaces of a group can do without that index, they are
 * attached at another one; these are the members where they cannot. Nothing but the attach itself tells whether EC2
 * refuses: a dry run says nothing of state.
 */

/** The members that may refuse the only place that the group's interfaces can have there, each with a sentence on it. */
export function withheldOn(
  { interfaces, members, limits }: Observation,
  { tagPrefix }: Settings,
  forced: readonly ForcedDetach[],
  remembered: readonly RecordedResource[],
): ReadonlyMap<string, string> {
  const found = members.flatMap((member): [string, string][] => {
    const { devices = [] } = ofThisLaunch(member, forced) ?? {};
    if (!isShutBy(devices, interfaces, member, { limits, tagPrefix, remembered })) return [];
    const asking = interfaces.find((view) => isAmong(deviceTag(view, tagPrefix) ?? NOWHERE, devices));
    return [[member.id, sentence(devices, asking?.id)]];
  });
  return new Map(found);
}

/** Whether a member has a place for these interfaces, and none without those devices. */
export function isShutBy(
  devices: readonly Device[],
  interfaces: readonly InterfaceView[],
  member: MemberView,
  { limits, ...known }: Pick<Observation, 'limits'> & Pick<PlacementContext, 'tagPrefix' | 'remembered'>,
): boolean {
  // Where anybody serves makes no difference to what the member has to offer.
  const context = { ...known, carried: {}, running: new Set<string>() };
  const isPlaced = (withheld: readonly Device[]): boolean =>
    !('fault' in place(interfaces, member, limits[member.type], { ...context, withheld }));
  return devices.length > 0 && isPlaced([]) && !isPlaced(devices);
}

const NOWHERE: Device = { deviceIndex: -1, networkCardIndex: -1 };

function sentence(devices: readonly Device[], asking: string | undefined): string {
  const which = `device index ${devices.map(formatDevice).join(' and ')}`;
  const why = asking === undefined ? 'and no other one is free' : `which ${asking} asks for by its tag`;
  const mend = "stop and start it, or reboot it and then send an 'acknowledge' request";
  return `it was left by force, so EC2 may withhold ${which} there, ${why}; ${mend}`;
}
