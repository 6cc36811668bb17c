import type { InterfaceView, MemberView } from './model.ts';

/** Group names are limited to characters that need no quoting in tags, filters, metrics or shells. */
export const GROUP_NAME = /^[A-Za-z0-9._-]{1,64}$/;

/** The groups an instance is a member of: its group tag is a list separated by spaces. */
export function groupsOfMember(member: Pick<MemberView, 'tags'>, tagPrefix: string): readonly string[] {
  const listed = (member.tags[`${tagPrefix}group`] ?? '').split(/\s+/).filter((name) => name !== '');
  return [...new Set(listed)];
}

/** The one group an interface belongs to. */
export function groupOfInterface(view: Pick<InterfaceView, 'tags'>, tagPrefix: string): string | undefined {
  return view.tags[`${tagPrefix}group`];
}

/** The names that a group tag seems to mean and does not say: `web,db` is one name, and ` web` is not `web`. */
export function misnamedIn(tag: string, kind: 'instance' | 'interface'): readonly string[] {
  const said = kind === 'interface' ? [tag] : tag.split(/\s+/);
  return tag.split(/[\s,;]+/).filter((name) => name !== '' && !said.includes(name));
}

/** The groups that the tag of an instance names, and those that it only seems to name. */
export function groupsMeant(member: Pick<MemberView, 'tags'>, tagPrefix: string): readonly string[] {
  const tag = member.tags[`${tagPrefix}group`] ?? '';
  return [...groupsOfMember(member, tagPrefix), ...misnamedIn(tag, 'instance')];
}

/** `priority`: an integer, higher first; anything else counts as the default 0. */
export function priorityOf(member: MemberView, tagPrefix: string): number {
  const text = member.tags[`${tagPrefix}priority`] ?? '';
  return /^-?\d{1,9}$/.test(text) ? Number(text) : 0;
}

/** `exclude`: any value but `false` and `no` keeps the instance from ever being chosen. */
export function isExcluded(member: MemberView, tagPrefix: string): boolean {
  const text = member.tags[`${tagPrefix}exclude`];
  return text !== undefined && !['false', 'no'].includes(text.toLowerCase());
}

/** One sentence for each tag of a member that does not say what it seems to. */
export function memberTagFaults(member: MemberView, tagPrefix: string): readonly string[] {
  const priority = member.tags[`${tagPrefix}priority`];
  if (priority === undefined || /^-?\d{1,9}$/.test(priority)) return [];
  return [`Tag ${tagPrefix}priority of ${member.id} must be a whole number, not '${priority}'. 0 is used.`];
}

/** A device index, and the network card it is on: device indexes are unique per card. */
export interface Device {
  readonly deviceIndex: number;
  readonly networkCardIndex: number;
}

/**
 * The `device-index` tag of an interface: `1`, or `1@2` for index 1 on network card 2.
 * @returns undefined when the tag is absent or malformed, or names the primary interface.
 */
export function deviceTag(view: InterfaceView, tagPrefix: string): Device | undefined {
  return parseDevice(view.tags[`${tagPrefix}device-index`] ?? '');
}

export function isSameDevice(one: Device, other: Device): boolean {
  return one.deviceIndex === other.deviceIndex && one.networkCardIndex === other.networkCardIndex;
}

export const isAmong = (device: Device, devices: readonly Device[]): boolean =>
  devices.some((each) => isSameDevice(each, device));

/** Where an instance's primary interface is, which cannot be detached: only there, another card has an index 0, too. */
export function isPrimary({ deviceIndex, networkCardIndex }: Device): boolean {
  return deviceIndex === 0 && networkCardIndex === 0;
}

/** The one notation of a {@link Device} in tags; the primary interface is never ours. */
export function parseDevice(text: string): Device | undefined {
  const match = /^(\d{1,3})(?:@(\d{1,3}))?$/.exec(text);
  if (!match) return undefined;
  const device = { deviceIndex: Number(match[1]), networkCardIndex: Number(match[2] ?? 0) };
  return isPrimary(device) ? undefined : device;
}

export function formatDevice(device: Device): string {
  return device.networkCardIndex === 0 ? `${device.deviceIndex}` : `${device.deviceIndex}@${device.networkCardIndex}`;
}
