import type { IamResource, Policy } from '../../lab/world/hooks.ts';
import type { Instance, Tags } from '../../lab/world/model.ts';
import type { World } from '../../lab/world/world.ts';
import type { GroupDraw, InterfaceDraw, MemberDraw, Scenario } from './scenario.ts';
import { GROUP_TAG, STATE, TAG } from './tag-names.ts';

export { GROUP_TAG, STATE, TAG };
const FOREIGN_ACCOUNT = '210987654321';

/** Who plays: the ids behind the indexes of a scenario. Instances join when old ones are replaced. */
export interface Cast {
  readonly groups: readonly CastGroup[];
  /** An instance of nobody's group. */
  readonly stranger: string;
  /** By their index in the scenario. */
  readonly members: readonly string[];
  /** Interfaces that somebody tagged with a group they do not belong to, and that group. */
  readonly strays: Map<string, string>;
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
  const strays = new Map<string, string>();
  const groups = scenario.groups.map((draw) => {
    const members = draw.members.map((at) => idOf(instances, at));
    const tagged = draw.interfaces.map((each) => addFloating(world, draw, each, members[0] ?? ''));
    const interfaces = movableOf(world, tagged);
    for (const id of tagged.filter((each) => !interfaces.includes(each))) strays.set(id, draw.name);
    return { name: draw.name, members, interfaces };
  });
  if (scenario.extras.includes('shared-alarms')) for (const group of groups) addSharedAlarm(world, group);
  const stranger = world.addInstance({ type: 'c5n.9xlarge', tags: { Name: 'stranger' } });
  world.policy = allowTaggedOnly;
  return { groups, members: instances.map(({ id }) => id), stranger: stranger.id, strays };
}

/**
 * A primary interface cannot move with the others, whoever tags it: only where it is alone is it the group's. Nor can
 * one in another zone: before there is a list each place is looked after on its own (docs/decisions/012-adopted-interfaces.md),
 * so that it must not hold up what the members can have.
 */
function movableOf(world: World, ids: readonly string[]): readonly string[] {
  const found = ids.flatMap((id) => world.interface(id) ?? []);
  const movable = found.filter(({ attachment }) => attachment?.deviceIndex !== 0);
  const held = movable.find(({ attachment }) => attachment !== undefined);
  const near = held ? movable.filter(({ zone }) => zone === held.zone) : movable;
  return near.length > 0 ? near.map(({ id }) => id) : ids;
}

const idOf = (instances: readonly Instance[], at: number): string => (instances[at] as Instance).id;

function addMember(world: World, draw: MemberDraw, groups: readonly string[]): Instance {
  const tags: Record<string, string> = { [GROUP_TAG]: spelled(groups, draw.spelling) };
  if (draw.priority !== 0) tags[`${TAG}priority`] = `${draw.priority}`;
  if (draw.excluded) tags[`${TAG}exclude`] = 'true';
  const instance = addWatched(world, {
    type: draw.type,
    zone: draw.zone,
    tags,
    applicationChecked: draw.applicationChecked,
    ...(draw.foreignAccount && { ownerId: FOREIGN_ACCOUNT }),
    ...(draw.volumes !== undefined && { volumes: draw.volumes }),
    ...(draw.managedBy !== undefined && { managedBy: draw.managedBy }),
    ...(draw.outpostArn !== undefined && { outpostArn: draw.outpostArn }),
  });
  for (const deviceIndex of draw.occupied) world.addInterface({}, { instanceId: instance.id, deviceIndex });
  return instance;
}

/** A list of groups as people write it: with stray blanks, or with commas, which are a mistake. */
function spelled(groups: readonly string[], spelling: MemberDraw['spelling']): string {
  if (spelling === 'comma') return `${groups.join(',')},spare`;
  return spelling === 'blanks' ? ` ${groups.join('   ')} ` : groups.join(' ');
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
/** Ours by its name; it watches several members, and so speaks for none of them. */
export const sharedAlarmOf = (group: string): string => `eni-failover/any-of/${group}`;
/** Not ours: a busy CPU is no failure. */
export const loadAlarmOf = (instanceId: string): string => `load-${instanceId}`;

/** Metric math over all of them: which one it is about, no alarm of this kind can say. */
function addSharedAlarm(world: World, { name, members }: CastGroup): void {
  const measured = members.map((Value, at) => {
    const Metric = {
      Namespace: 'AWS/EC2',
      MetricName: 'StatusCheckFailed',
      Dimensions: [{ Name: 'InstanceId', Value }],
    };
    return { Id: `m${at + 1}`, MetricStat: { Metric, Period: 60, Stat: 'Maximum' }, ReturnData: false };
  });
  const any = { Id: 'any', Expression: 'MAX(METRICS())', ReturnData: true };
  world.addAlarm({
    AlarmName: sharedAlarmOf(name),
    Metrics: [...measured, any],
    EvaluationPeriods: 1,
    Threshold: 1,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
  });
}

function addFloating(world: World, group: GroupDraw, draw: InterfaceDraw, holder: string): string {
  const tags: Record<string, string> = { [GROUP_TAG]: group.name };
  for (const [key, value] of Object.entries({ ...group.tags, ...draw.tags })) tags[TAG + key] = value;
  for (let nth = 1; nth <= (draw.fillers ?? 0); nth += 1) tags[`cost-center-${nth}`] = 'theirs';
  const { deviceIndex, networkCardIndex, deleteOnTermination } = draw;
  const device = networkCardIndex === 0 ? `${deviceIndex}` : `${deviceIndex}@${networkCardIndex}`;
  if (draw.indexTag) tags[`${TAG}device-index`] = device;
  const zone = world.instance(holder)?.zone ?? '';
  if (draw.oddity === 'elsewhere') return world.addInterface({ zone: `${world.region}c`, tags }).id;
  if (draw.oddity === 'spare') return world.addInterface({ zone, tags }).id;
  if (draw.oddity === 'primary') return tagPrimary(world, holder, tags);
  const slot = { instanceId: holder, deviceIndex, networkCardIndex, deleteOnTermination };
  const more = Array.from({ length: draw.addresses }, (_, nth) => `10.9.${world.interfaces.all().length}.${nth + 1}`);
  const created = world.addInterface(
    {
      zone,
      tags,
      privateIps: more,
      ...(draw.oddity === 'efa' && { interfaceType: 'efa' }),
      ...(draw.oddity === 'special' && { interfaceType: 'branch' }),
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
