import type { IamResource, Policy } from '../../lab/world/hooks.ts';
import type { Instance, Tags } from '../../lab/world/model.ts';
import type { World } from '../../lab/world/world.ts';
import type { GroupDraw, InterfaceDraw, MemberDraw, Scenario } from './scenario.ts';

export const TAG = 'eni-failover:';
export const STATE = 'eni-failover-state:';
export const GROUP_TAG = `${TAG}group`;
const FOREIGN_ACCOUNT = '210987654321';

/** Who plays: the ids behind the indexes of a scenario. Instances join when old ones are replaced. */
export interface Cast {
  readonly groups: readonly CastGroup[];
  /** An instance of nobody's group. */
  readonly stranger: string;
}

export interface CastGroup {
  readonly name: string;
  readonly interfaces: readonly string[];
  readonly members: string[];
}

/** Puts a scenario into a world. */
export function buildCast(world: World, scenario: Scenario): Cast {
  const groupsOf = (member: number): string[] =>
    scenario.groups.filter((group) => group.members.includes(member)).map((group) => group.name);
  const instances = scenario.members.map((draw, at) => addMember(world, draw, groupsOf(at)));
  const groups = scenario.groups.map((draw) => {
    const members = draw.members.map((at) => (instances[at] as Instance).id);
    const interfaces = draw.interfaces.map((each) => addFloating(world, draw, each, members[0] ?? ''));
    return { name: draw.name, members, interfaces };
  });
  const stranger = world.addInstance({ type: 'c5n.9xlarge', tags: { Name: 'stranger' } });
  world.policy = allowTaggedOnly;
  return { groups, stranger: stranger.id };
}

function addMember(world: World, draw: MemberDraw, groups: readonly string[]): Instance {
  const tags: Record<string, string> = { [GROUP_TAG]: groups.join(' ') };
  if (draw.priority !== 0) tags[`${TAG}priority`] = `${draw.priority}`;
  if (draw.excluded) tags[`${TAG}exclude`] = 'true';
  const instance = addWatched(world, {
    type: draw.type,
    zone: draw.zone,
    tags,
    applicationChecked: draw.applicationChecked,
    ...(draw.foreignAccount && { ownerId: FOREIGN_ACCOUNT }),
  });
  for (const deviceIndex of draw.occupied) world.addInterface({}, { instanceId: instance.id, deviceIndex });
  return instance;
}

/** An instance with the alarms that people put on members. */
export function addWatched(world: World, given: Partial<Instance> & { readonly tags: Tags }): Instance {
  const instance = world.addInstance(given);
  const dimensions = { Dimensions: [{ Name: 'InstanceId', Value: instance.id }] };
  const rest = { Statistic: 'Maximum', Period: 60, Threshold: 1, ...dimensions } as const;
  const above = { ComparisonOperator: 'GreaterThanOrEqualToThreshold', TreatMissingData: 'missing' } as const;
  const status = { AlarmName: statusAlarmOf(instance.id), Namespace: 'AWS/EC2', MetricName: 'StatusCheckFailed' };
  world.addAlarm({ ...status, EvaluationPeriods: 2, ...rest, ...above });
  const heartbeat = { AlarmName: heartbeatOf(instance.id), Namespace: 'Application', MetricName: 'Heartbeat' };
  world.addAlarm({ ...heartbeat, EvaluationPeriods: 1, ...rest, ...above });
  const load = { AlarmName: loadAlarmOf(instance.id), Namespace: 'AWS/EC2', MetricName: 'CPUUtilization' };
  world.addAlarm({ ...load, EvaluationPeriods: 1, ...rest, ...above });
  return instance;
}

/** Ours by what it measures, whatever its name. */
export const statusAlarmOf = (instanceId: string): string => `status-${instanceId}`;
/** Ours by its name, whatever it measures. */
export const heartbeatOf = (instanceId: string): string => `eni-failover/heartbeat/${instanceId}`;
/** Not ours: a busy CPU is no failure. */
export const loadAlarmOf = (instanceId: string): string => `load-${instanceId}`;

function addFloating(world: World, group: GroupDraw, draw: InterfaceDraw, holder: string): string {
  const tags: Record<string, string> = { [GROUP_TAG]: group.name };
  for (const [key, value] of Object.entries(group.tags)) tags[TAG + key] = value;
  const { deviceIndex, networkCardIndex, deleteOnTermination } = draw;
  const device = networkCardIndex === 0 ? `${deviceIndex}` : `${deviceIndex}@${networkCardIndex}`;
  if (draw.indexTag) tags[`${TAG}device-index`] = device;
  const zone = world.instance(holder)?.zone ?? '';
  if (draw.oddity === 'elsewhere') return world.addInterface({ zone: `${world.region}c`, tags }).id;
  if (draw.oddity === 'primary') return tagPrimary(world, holder, tags);
  const slot = { instanceId: holder, deviceIndex, networkCardIndex, deleteOnTermination };
  const more = Array.from({ length: draw.addresses }, (_, nth) => `10.9.${world.interfaces.all().length}.${nth + 1}`);
  const created = world.addInterface(
    {
      zone,
      tags,
      privateIps: more,
      ...(draw.oddity === 'efa' && { interfaceType: 'efa' }),
      ...(draw.oddity === 'managed' && { requesterManaged: true }),
    },
    slot,
  );
  return created.id;
}

function tagPrimary(world: World, holder: string, tags: Tags): string {
  const primary = world.interfacesOf(holder).find(({ attachment }) => attachment?.deviceIndex === 0);
  if (!primary) throw new Error(`${holder} has no primary interface`);
  world.retag(primary.id, tags);
  return primary.id;
}

/** What the role of the functions allows: changes to what carries the group tag, and only tags of the state. */
const allowTaggedOnly: Policy = ({ action, resources, input }) => {
  if (action.startsWith('Describe') || action.startsWith('List')) return true;
  const tagged = resources.every(({ tags }: IamResource) => tags[GROUP_TAG] !== undefined);
  if (action !== 'CreateTags') return tagged;
  const written = (input.Tags ?? []) as readonly { readonly Key?: string }[];
  return tagged && written.every(({ Key = '' }) => Key.startsWith(STATE));
};
