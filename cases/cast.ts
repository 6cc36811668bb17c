import type { AlarmConfig, Tags } from '../lab/world/model.ts';
import type { World } from '../lab/world/world.ts';
import { type AlarmCase, type Case, groupsOf, type InstanceCase, type InterfaceCase } from './model.ts';
import { filledIn } from './text.ts';

/** The ids behind the names of a case. */
export type Ids = ReadonlyMap<string, string>;

/**
 * Puts the instances, interfaces and alarms of a case into a world.
 * @param tagPrefix what the deployment's tags begin with
 */
export function buildCast(world: World, given: Case, tagPrefix: string): Ids {
  const ids: Ids = new Map([
    ...Object.keys(given.instances).map((name) => [name, world.newId('i')] as const),
    ...Object.keys(given.interfaces).map((name) => [name, world.newId('eni')] as const),
  ]);
  const casting = new Casting(world, filledIn(given, ids, world.clock.now()), ids, `${tagPrefix}group`);
  casting.build();
  return ids;
}

/** @throws Error for a name that the case does not have; its format is checked before. */
export function idOf(ids: Ids, name: string): string {
  const id = ids.get(name);
  if (id === undefined) throw new Error(`the case names nothing '${name}'`);
  return id;
}

class Casting {
  readonly #world: World;
  readonly #case: Case;
  readonly #ids: Ids;
  readonly #groupTag: string;

  constructor(world: World, given: Case, ids: Ids, groupTag: string) {
    this.#world = world;
    this.#case = given;
    this.#ids = ids;
    this.#groupTag = groupTag;
  }

  build(): void {
    const { instances, interfaces, alarms, placementGroups } = this.#case;
    for (const [name, strategy] of Object.entries(placementGroups)) this.#world.placementGroups.set(name, strategy);
    for (const [name, each] of Object.entries(instances)) this.#addInstance(name, each);
    for (const [name, each] of Object.entries(interfaces)) this.#addInterface(name, each);
    // After the floating ones, whose places are given.
    for (const [name, each] of Object.entries(instances)) {
      const id = idOf(this.#ids, name);
      this.#world.addOwnInterfaces(id, each.interfaces - 1);
      for (const group of each.alarm ? groupsOf(each) : []) addStatusAlarm(this.#world, group, id);
      this.#begin(id, each);
    }
    for (const alarm of alarms) addAlarm(this.#world, alarm);
  }

  #addInstance(name: string, each: InstanceCase): void {
    const { tagless, groups, tags, type, zone, volumes, managedBy, health, state } = each;
    this.#world.addInstance({
      id: idOf(this.#ids, name),
      type,
      zone: `${this.#world.region}${zone}`,
      state: SETTLED[state] ?? state,
      tags: tagless ? {} : { Name: name, ...this.#groupTagOf(groups), ...tags },
      applicationChecked: this.#failsItsApplication(name),
      spot: this.#case.timeline.some((line) => line.verb === 'spot' && line.given.instance === name),
      volumes,
      managedBy,
      outpostArn: this.#outpostOf(each),
      placementGroup: each.placementGroup,
      health: health === 'ok' ? undefined : health,
    });
  }

  #addInterface(name: string, each: InterfaceCase): void {
    const world = this.#world;
    const { on, index, card, status, deleteOnTermination, fillTags, group } = each;
    const holder = on === null ? undefined : this.#case.instances[on];
    const further = Array.from({ length: fillTags }, (_, nth) => [`own-${nth + 1}`, `${nth + 1}`] as const);
    const slot = { deviceIndex: index, networkCardIndex: card, deleteOnTermination, status };
    const { id, privateIps } = world.addInterface(
      {
        id: idOf(this.#ids, name),
        zone: `${world.region}${each.zone ?? holder?.zone ?? 'a'}`,
        outpostArn: holder && this.#outpostOf(holder),
        description: `floating address of ${group ?? 'no group'}`,
        tags: { ...Object.fromEntries(further), ...this.#groupTagOf(group), ...each.tags },
      },
      on === null ? undefined : { instanceId: idOf(this.#ids, on), ...slot },
    );
    const created = world.interface(id);
    const more = Array.from(
      { length: each.addresses - 1 },
      (_, nth) => `10.8.${world.interfaces.all().length}.${nth + 1}`,
    );
    if (created && more.length > 0) world.interfaces.put(id, { ...created, privateIps: [...privateIps, ...more] });
  }

  /** What is in a transition at the beginning has just begun it. */
  #begin(id: string, { state }: InstanceCase): void {
    if (state === 'pending') this.#world.startInstance(id);
    if (state === 'stopping') this.#world.stopInstance(id);
    if (state === 'shutting-down') this.#world.terminateInstance(id);
  }

  #groupTagOf(groups: string | null): Tags {
    return groups === null ? {} : { [this.#groupTag]: groups };
  }

  /** EC2 probes an application only where somebody asked for it. */
  #failsItsApplication(name: string): boolean {
    const fails = this.#case.timeline.flatMap((line) => (line.verb === 'fail' ? [line.given] : []));
    return fails.some(({ instance, check }) => instance === name && check === 'application');
  }

  /** An interface is where its subnet is, so on the Outpost of the instance that has it. */
  #outpostOf({ outpost }: InstanceCase): string | undefined {
    return outpost === undefined ? undefined : this.#world.arn('outposts', `outpost/op-${outpost}`);
  }
}

const SETTLED: Readonly<Partial<Record<InstanceCase['state'], InstanceCase['state']>>> = {
  pending: 'stopped',
  stopping: 'running',
  'shutting-down': 'running',
};

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

function addAlarm(world: World, alarm: AlarmCase): void {
  const config = {
    AlarmName: alarm.name,
    Metrics: alarm.metrics as NonNullable<AlarmConfig['Metrics']>,
    EvaluationPeriods: 1,
    Threshold: alarm.threshold,
    ComparisonOperator: alarm.comparison,
    ActionsEnabled: alarm.actionsEnabled,
  };
  world.addAlarm(config, alarm.state, { evaluated: false });
  if (alarm.muted) world.mutes.add(alarm.name);
}
