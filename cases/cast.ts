import { INSTANCE_TYPES, type AlarmConfig } from '../lab/world/model.ts';
import type { World } from '../lab/world/world.ts';
import { type AlarmCase, type Case, groupsOf, type InstanceCase, type InterfaceCase } from './model.ts';
import { filledIn } from './text.ts';

/** The ids behind the names of a case. */
export type Ids = ReadonlyMap<string, string>;

/** Puts the instances, interfaces and alarms of a case into a world. @param tagPrefix what the deployment's tags begin with. */
export function buildCast(world: World, given: Case, tagPrefix: string): Ids {
  const ids: Ids = new Map([
    ...Object.keys(given.instances).map((name) => [name, world.newId('i')] as const),
    ...Object.keys(given.interfaces).map((name) => [name, world.newId('eni')] as const),
  ]);
  const filled = filledIn(given, ids, world.clock.now());
  const groupTag = `${tagPrefix}group`;
  for (const [name, each] of Object.entries(filled.instances))
    addInstance(world, idOf(ids, name), each, groupTag, given, name);
  for (const [name, each] of Object.entries(filled.interfaces))
    addInterface(world, idOf(ids, name), each, groupTag, given, ids);
  for (const [name, each] of Object.entries(filled.instances)) {
    addOwnInterfaces(world, idOf(ids, name), each);
    for (const group of groupsOf(each)) addStatusAlarm(world, group, idOf(ids, name));
  }
  for (const alarm of filled.alarms) addAlarm(world, alarm);
  return ids;
}

export function idOf(ids: Ids, name: string): string {
  const id = ids.get(name);
  if (id === undefined) throw new Error(`the case names nothing '${name}'`);
  return id;
}

function addInstance(
  world: World,
  id: string,
  each: InstanceCase,
  groupTag: string,
  { timeline }: Case,
  name: string,
): void {
  const group = each.groups === null ? {} : { [groupTag]: each.groups };
  const isOf = (verb: 'spot' | 'fail') => timeline.filter((line) => line.verb === verb && line.given.instance === name);
  const applicationChecked = isOf('fail').some(({ given }) => 'check' in given && given['check'] === 'application');
  const settled = { pending: 'stopped', stopping: 'running', 'shutting-down': 'running' } as const;
  world.addInstance({
    id,
    type: each.type,
    zone: `${world.region}${each.zone}`,
    state: settled[each.state as keyof typeof settled] ?? each.state,
    tags: each.tagless ? {} : { Name: name, ...group, ...each.tags },
    applicationChecked,
    spot: isOf('spot').length > 0,
  });
  if (each.state === 'pending') world.startInstance(id);
  if (each.state === 'stopping') world.stopInstance(id);
  if (each.state === 'shutting-down') world.terminateInstance(id);
}

function addInterface(
  world: World,
  id: string,
  each: InterfaceCase,
  groupTag: string,
  { instances }: Case,
  ids: Ids,
): void {
  const group = each.group === null ? {} : { [groupTag]: each.group };
  const further = Array.from({ length: each.fillTags }, (_, nth) => [`own-${nth + 1}`, `${nth + 1}`] as const);
  const zone = each.zone ?? (each.on === null ? 'a' : (instances[each.on]?.zone ?? 'a'));
  const more = Array.from(
    { length: each.addresses - 1 },
    (_, nth) => `10.8.${world.interfaces.all().length}.${nth + 1}`,
  );
  const description = `floating address of ${each.group ?? 'nobody'}`;
  const place = {
    zone: `${world.region}${zone}`,
    description,
    tags: { ...Object.fromEntries(further), ...group, ...each.tags },
  };
  const slot =
    each.on === null
      ? undefined
      : {
          instanceId: idOf(ids, each.on),
          deviceIndex: each.index,
          networkCardIndex: each.card,
          deleteOnTermination: each.deleteOnTermination,
          status: each.status,
        };
  const { privateIps } = world.addInterface({ id, ...place }, slot);
  const created = world.interface(id);
  if (created && more.length > 0) world.interfaces.put(id, { ...created, privateIps: [...privateIps, ...more] });
}

/** Those of nobody's group, beside the primary one, where the floating ones leave room. */
function addOwnInterfaces(world: World, instanceId: string, { type, interfaces, zone }: InstanceCase): void {
  const cards = INSTANCE_TYPES[type]?.cards ?? [];
  const slots = cards.flatMap((room, card) => Array.from({ length: room }, (_, index) => ({ card, index })));
  const taken = world
    .interfacesOf(instanceId)
    .map(({ attachment: at }) => `${at?.networkCardIndex}:${at?.deviceIndex}`);
  const free = slots.filter(({ card, index }) => !taken.includes(`${card}:${index}`));
  for (const { card, index } of free.slice(0, interfaces - 1)) {
    const slot = { instanceId, deviceIndex: index, networkCardIndex: card, deleteOnTermination: true };
    world.addInterface({ zone: `${world.region}${zone}`, description: 'of its own' }, slot);
  }
}

/** The alarm that every member has: 2 of 2 minutes. */
function addStatusAlarm(world: World, group: string, instanceId: string): void {
  world.addAlarm({
    AlarmName: `eni-failover/${group}/${instanceId}`,
    Namespace: 'AWS/EC2',
    MetricName: 'StatusCheckFailed',
    Dimensions: [{ Name: 'InstanceId', Value: instanceId }],
    Statistic: 'Maximum',
    Period: 60,
    EvaluationPeriods: 2,
    DatapointsToAlarm: 2,
    Threshold: 1,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    TreatMissingData: 'missing',
  });
}

function addAlarm(
  world: World,
  { name, state, metrics, comparison, threshold, actionsEnabled, muted }: AlarmCase,
): void {
  const [{ MetricStat } = {}] = metrics;
  const config = {
    AlarmName: name,
    Namespace: MetricStat?.Metric.Namespace ?? '',
    MetricName: MetricStat?.Metric.MetricName ?? '',
    Dimensions: MetricStat?.Metric.Dimensions,
    Statistic: MetricStat?.Stat as AlarmConfig['Statistic'],
    Period: MetricStat?.Period ?? 60,
    EvaluationPeriods: 1,
    Threshold: threshold,
    ComparisonOperator: comparison,
    ActionsEnabled: actionsEnabled,
  };
  world.addAlarm(config, state);
  if (muted) world.mutes.add(name);
}
