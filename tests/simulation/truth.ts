import { checkStatus } from '../../lab/world/checks.ts';
import type { Alarm, Check, Instance, NetworkInterface } from '../../lab/world/model.ts';
import { INSTANCE_TYPES } from '../../lab/world/model.ts';
import type { World } from '../../lab/world/world.ts';
import { GROUP_TAG, STATE, TAG } from './tag-names.ts';

/** What the status checks of an instance said at one moment. */
export interface Checked {
  readonly verdict: 'ok' | 'impaired' | 'initializing';
  readonly impairedSinceMs: number | undefined;
}

const CHECKS: readonly Check[] = ['system', 'instance', 'attachedEbs', 'application'];

export function checksOf(instance: Instance, atMs: number): Checked {
  const statuses = CHECKS.map((check) => checkStatus(instance, check, atMs));
  const since = CHECKS.filter((check) => checkStatus(instance, check, atMs) === 'impaired').map(
    (check) => instance.impairedSinceMs[check] ?? atMs,
  );
  const verdict = since.length > 0 ? 'impaired' : statuses.includes('initializing') ? 'initializing' : 'ok';
  return { verdict, impairedSinceMs: since.length > 0 ? Math.min(...since) : undefined };
}

/** The alarms that mean failure of an instance and were raised at a moment. */
export function alarmsOn(world: World, instanceId: string, atMs: number): readonly string[] {
  return world.alarms
    .all(atMs)
    .filter((alarm) => alarm.state === 'ALARM' && watches(alarm, instanceId) && isOurs(alarm))
    .map(({ config }) => config.AlarmName);
}

function watches({ config }: Alarm, instanceId: string): boolean {
  return (config.Dimensions ?? []).some(({ Name, Value }) => Name === 'InstanceId' && Value === instanceId);
}

function isOurs({ config }: Alarm): boolean {
  const status = config.Namespace === 'AWS/EC2' && config.MetricName?.startsWith('StatusCheckFailed') === true;
  return status || config.AlarmName.startsWith('eni-failover/');
}

export function isExcludedBy({ tags }: Pick<Instance, 'tags'>): boolean {
  const text = tags[`${TAG}exclude`];
  return text !== undefined && text !== 'false' && text !== 'no';
}

/** `card:index`. */
export function slotOf({ networkCardIndex, deviceIndex }: { networkCardIndex: number; deviceIndex: number }): string {
  return `${networkCardIndex}:${deviceIndex}`;
}

/** The places of those that have one. */
export function slotsOf(attached: readonly Pick<NetworkInterface, 'attachment'>[]): readonly string[] {
  return attached.flatMap(({ attachment }) => (attachment ? [slotOf(attachment)] : []));
}

/** Why an instance of this type has no room for these interfaces beside those it has; undefined when it has. */
export function crowding(
  instance: Instance,
  present: readonly NetworkInterface[],
  arriving: readonly NetworkInterface[],
): string | undefined {
  const limits = INSTANCE_TYPES[instance.type];
  if (!limits) return `its type ${instance.type} is unknown`;
  const total = present.length + arriving.length;
  if (total > limits.maximumInterfaces) return `it would have ${total} of ${limits.maximumInterfaces} interfaces`;
  const { sharedAttachments: shared = Number.POSITIVE_INFINITY } = limits;
  if (total + instance.volumes > shared) return `its ${instance.volumes} volumes leave no room for ${total} interfaces`;
  const most = Math.max(0, ...arriving.map(({ privateIps }) => privateIps.length));
  return most > limits.addressesPerInterface ? `${most} addresses are too many for it` : undefined;
}

/** EC2 allows 50 tags, and a ledger has eight. */
const MOST_OWN_TAGS = 42;

/** Whether an interface has no room for a ledger beside the tags of its owner. */
export function lacksRoom({ tags }: Pick<NetworkInterface, 'tags'>): boolean {
  return Object.keys(tags).filter((key) => !key.startsWith(STATE)).length > MOST_OWN_TAGS;
}

/** Neither zone, account nor hardware is left behind, and what a service manages takes nothing from anybody. */
export function isOutOfReach({ zone, ownerId, outpostArn, managedBy }: Instance, view: NetworkInterface): boolean {
  const apart = view.zone !== zone || view.ownerId !== ownerId || view.outpostArn !== outpostArn;
  return apart || managedBy !== undefined;
}

/** The groups an instance's tag lists. */
export function groupsOf({ tags }: Pick<Instance, 'tags'>): readonly string[] {
  return (tags[GROUP_TAG] ?? '').split(/\s+/).filter((name) => name !== '');
}
