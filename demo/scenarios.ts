import type { Instance, NetworkInterface, Tags } from '../lab/world/model.ts';
import type { World } from '../lab/world/world.ts';

/** A group of instances and the floating interfaces that one of them holds; ids only. */
export interface Scene {
  readonly region: string;
  readonly group: string;
  readonly interfaces: readonly string[];
  readonly members: readonly string[];
  readonly holder: string;
}

const GROUP_TAG = 'eni-failover:group';

const BUILDERS = {
  /** One floating interface, its holder and a standby in the same zone. */
  pair: (world) => floating(world, 'web', [member(world, 'web-1'), member(world, 'web-2')]),

  /** Two floating interfaces that move together, at device indexes 1 and 2. */
  'two-interfaces': (world) => floating(world, 'web', [member(world, 'web-1'), member(world, 'web-2')], 2),

  /** Two groups over two instances, each the standby of the other. Describes the first group. */
  mutual(world) {
    const both = { [GROUP_TAG]: 'web db' };
    const [one, two] = [member(world, 'node-1', { tags: both }), member(world, 'node-2', { tags: both })];
    const scene = floating(world, 'web', [one, two]);
    // Each at an index of its own, or one instance could never hold both.
    floating(world, 'db', [two, one], 1, 2);
    return scene;
  },

  /** The only standby is in another zone. */
  'other-az': (world) => {
    const standby = member(world, 'web-2', { zone: `${world.region}b` });
    return floating(world, 'web', [member(world, 'web-1'), standby]);
  },

  /** The only standby has no interface slot left. */
  full(world) {
    const standby = member(world, 'web-2');
    for (const deviceIndex of [1, 2]) {
      world.addInterface({ tags: { Name: 'other' } }, { instanceId: standby.id, deviceIndex });
    }
    return floating(world, 'web', [member(world, 'web-1'), standby]);
  },
} satisfies Readonly<Record<string, (world: World) => Scene>>;

export type ScenarioName = keyof typeof BUILDERS;

/** The scenarios by name. */
export const SCENARIOS = Object.keys(BUILDERS) as readonly ScenarioName[];

/**
 * Puts a scenario into a world.
 * @example const scene = buildScenario('pair', world); world.failInstance(scene.holder);
 */
export function buildScenario(name: ScenarioName, world: World): Scene {
  return BUILDERS[name](world);
}

/** Adds a member of group `web` (or of the groups its tags name) with its status-check alarm. */
export function member(
  world: World,
  name: string,
  given: { zone?: string; type?: string; tags?: Tags } = {},
): Instance {
  const { type = 't3.small', ...place } = given;
  const instance = world.addInstance({ type, ...place, tags: { Name: name, [GROUP_TAG]: 'web', ...given.tags } });
  const group = instance.tags[GROUP_TAG]?.split(' ')[0] ?? '';
  world.addAlarm({
    AlarmName: `eni-failover/${group}/${instance.id}`,
    Namespace: 'AWS/EC2',
    MetricName: 'StatusCheckFailed',
    Dimensions: [{ Name: 'InstanceId', Value: instance.id }],
    Statistic: 'Maximum',
    Period: 60,
    EvaluationPeriods: 1,
    DatapointsToAlarm: 1,
    Threshold: 1,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    TreatMissingData: 'missing',
  });
  return instance;
}

/** Gives the first member the group's interfaces, at device indexes from `firstIndex` up. */
export function floating(world: World, group: string, members: readonly Instance[], count = 1, firstIndex = 1): Scene {
  const holder = members[0]?.id ?? '';
  const interfaces: NetworkInterface[] = [];
  for (let nth = 1; nth <= count; nth += 1) {
    const deviceIndex = firstIndex + nth - 1;
    const tags = { Name: `${group}-floating-${nth}`, [GROUP_TAG]: group };
    interfaces.push(
      world.addInterface({ description: `floating address of ${group}`, tags }, { instanceId: holder, deviceIndex }),
    );
  }
  return { region: world.region, group, interfaces: idsOf(interfaces), members: idsOf(members), holder };
}

function idsOf(resources: readonly { readonly id: string }[]): string[] {
  return resources.map(({ id }) => id);
}
