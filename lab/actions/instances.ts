import type {
  DescribeInstancesRequest,
  DescribeInstancesResult,
  DescribeInstanceTypesRequest,
  DescribeInstanceTypesResult,
  Instance as Described,
  InstanceStateChange,
  InstanceTypeInfo,
  _InstanceType,
  RebootInstancesRequest,
  StartInstancesRequest,
  StopInstancesRequest,
  TerminateInstancesRequest,
} from '@aws-sdk/client-ec2';
import { reboot, start, stop, terminate } from '../world/instances.ts';
import { INSTANCE_TYPES, type Instance, type InstanceStateName, type NetworkInterface } from '../world/model.ts';
import type { WorldState } from '../world/state.ts';
import { AwsError } from './errors.ts';
import { applyFilters, type Fields } from './filters.ts';
import { anyResource, bucket, describeBucket, endDryRun, findInstance, page, required, resource, row } from './row.ts';
import { toTagList } from './tags.ts';

const STATE_CODES: Readonly<Record<InstanceStateName, number>> = {
  pending: 0,
  running: 16,
  'shutting-down': 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
};

/** A state with its number. */
export function stateOf(state: InstanceStateName): { Code: number; Name: InstanceStateName } {
  return { Code: STATE_CODES[state], Name: state };
}

export const describeInstances = row<DescribeInstancesRequest, DescribeInstancesResult>({
  service: 'ec2',
  members: 'InstanceIds Filters.Name Filters.Values MaxResults NextToken DryRun',
  resources: anyResource,
  bucket: describeBucket,
  handle(world, input, atMs) {
    const ids = input.InstanceIds;
    const named = ids?.length ? ids.map((id) => findInstance(world, id, atMs)) : world.instances.all(atMs);
    const interfaces = (id: string): NetworkInterface[] =>
      world.interfaces.all(atMs).filter(({ attachment }) => attachment?.instanceId === id);
    const fields: Fields<Instance> = {
      'instance-id': ({ id }) => id,
      'instance-state-name': ({ state }) => state,
      'instance-state-code': ({ state }) => STATE_CODES[state],
      'instance-type': ({ type }) => type,
      'availability-zone': ({ zone }) => zone,
      'subnet-id': ({ subnetId }) => subnetId,
      'vpc-id': ({ vpcId }) => vpcId,
      'instance-lifecycle': ({ spot }) => (spot ? 'spot' : undefined),
      'network-interface.network-interface-id': ({ id }) => interfaces(id).map((one) => one.id),
    };
    const found = applyFilters(named, input.Filters, fields, ({ tags }) => tags);
    const { items, NextToken } = page(found, ({ id }) => id, input, { low: 5, high: 1000, ids });
    const Reservations = items.map((instance) => ({
      ReservationId: `r-${instance.id.slice(2)}`,
      OwnerId: instance.ownerId,
      Groups: [],
      Instances: [describe(instance, interfaces(instance.id))],
    }));
    return { Reservations, NextToken };
  },
});

export const describeInstanceTypes = row<DescribeInstanceTypesRequest, DescribeInstanceTypesResult>({
  service: 'ec2',
  members: 'InstanceTypes Filters.Name Filters.Values MaxResults NextToken DryRun',
  resources: anyResource,
  bucket: describeBucket,
  handle(_world, input) {
    const names = input.InstanceTypes;
    const unknown = (names ?? []).filter((name) => !(name in INSTANCE_TYPES));
    if (unknown.length > 0) {
      const which = `The following supplied instance types do not exist: [${unknown.join(', ')}]`;
      throw new AwsError('InvalidInstanceType', which);
    }
    const named = names?.length ? names : Object.keys(INSTANCE_TYPES);
    const found = applyFilters(named, input.Filters, { 'instance-type': (name) => name });
    const { items, NextToken } = page(found, (name) => name, input, { low: 5, high: 100, ids: names });
    return { InstanceTypes: items.map(describeType), NextToken };
  },
});

export const startInstances = row<StartInstancesRequest, { StartingInstances: InstanceStateChange[] }>({
  service: 'ec2',
  members: 'InstanceIds DryRun',
  resources: named,
  bucket: bucket(5, 2),
  handle: (world, input) => ({
    StartingInstances: changeAll(world, input, start, { from: ['stopped'], same: ['pending', 'running'] }, 'started'),
  }),
});

export const stopInstances = row<StopInstancesRequest, { StoppingInstances: InstanceStateChange[] }>({
  service: 'ec2',
  members: 'InstanceIds Force SkipOsShutdown DryRun',
  resources: named,
  bucket: bucket(50, 5),
  handle: (world, input) => ({
    StoppingInstances: changeAll(world, input, stop, { from: ['running'], same: ['stopping', 'stopped'] }, 'stopped'),
  }),
});

export const terminateInstances = row<TerminateInstancesRequest, { TerminatingInstances: InstanceStateChange[] }>({
  service: 'ec2',
  members: 'InstanceIds Force SkipOsShutdown DryRun',
  resources: named,
  bucket: bucket(100, 5),
  handle: (world, input) => ({
    TerminatingInstances: changeAll(
      world,
      input,
      terminate,
      { from: ['pending', 'running', 'stopping', 'stopped'], same: ['shutting-down', 'terminated'] },
      'terminated',
    ),
  }),
});

export const rebootInstances = row<RebootInstancesRequest, object>({
  service: 'ec2',
  members: 'InstanceIds DryRun',
  resources: named,
  bucket: bucket(100, 5),
  handle(world, input) {
    changeAll(world, input, reboot, { from: ['running'], same: [] }, 'rebooted');
    return {};
  },
});

function named(world: WorldState, input: { InstanceIds: string[] | undefined }): ReturnType<typeof resource>[] {
  return (input.InstanceIds ?? []).map((id) => resource(world, id));
}

/** Changes the state of all the named instances or of none. */
function changeAll(
  world: WorldState,
  input: { InstanceIds: string[] | undefined; DryRun?: boolean | undefined },
  transition: (world: WorldState, id: string) => void,
  states: { readonly from: readonly InstanceStateName[]; readonly same: readonly InstanceStateName[] },
  verb: string,
): InstanceStateChange[] {
  const instances = required(input.InstanceIds, 'InstanceId').map((id) => findInstance(world, id));
  const stuck = instances.find(({ state }) => !states.from.includes(state) && !states.same.includes(state));
  if (stuck !== undefined) {
    const why = `The instance '${stuck.id}' is not in a state from which it can be ${verb}.`;
    throw new AwsError('IncorrectInstanceState', why);
  }
  endDryRun(input);
  return instances.map(({ id, state }) => {
    if (states.from.includes(state)) transition(world, id);
    const after = world.instances.get(id)?.state ?? state;
    return { InstanceId: id, PreviousState: stateOf(state), CurrentState: stateOf(after) };
  });
}

function describeType(name: string): InstanceTypeInfo {
  const { cards, maximumInterfaces, addressesPerInterface } = INSTANCE_TYPES[name] ?? { cards: [] as number[] };
  return {
    InstanceType: name as _InstanceType,
    CurrentGeneration: true,
    Hypervisor: 'nitro',
    NetworkInfo: {
      MaximumNetworkInterfaces: maximumInterfaces,
      MaximumNetworkCards: cards.length,
      DefaultNetworkCardIndex: 0,
      NetworkCards: cards.map((limit, index) => ({ NetworkCardIndex: index, MaximumNetworkInterfaces: limit })),
      Ipv4AddressesPerInterface: addressesPerInterface,
      Ipv6AddressesPerInterface: addressesPerInterface,
      Ipv6Supported: true,
    },
  };
}

function describe(instance: Instance, interfaces: readonly NetworkInterface[]): Described {
  return {
    InstanceId: instance.id,
    InstanceType: instance.type as _InstanceType,
    ImageId: 'ami-0a1b2c3d4e5f60718',
    LaunchTime: new Date(instance.launchMs),
    Placement: { AvailabilityZone: instance.zone, Tenancy: 'default' },
    State: stateOf(instance.state),
    SubnetId: instance.subnetId,
    VpcId: instance.vpcId,
    PrivateIpAddress: interfaces.find(({ attachment }) => attachment?.deviceIndex === 0)?.privateIps[0],
    InstanceLifecycle: instance.spot ? 'spot' : undefined,
    Architecture: 'x86_64',
    RootDeviceType: 'ebs',
    VirtualizationType: 'hvm',
    EnaSupport: true,
    Tags: toTagList(instance.tags),
    NetworkInterfaces: interfaces.map((one) => ({
      NetworkInterfaceId: one.id,
      OwnerId: one.ownerId,
      SubnetId: one.subnetId,
      VpcId: one.vpcId,
      MacAddress: one.macAddress,
      PrivateIpAddress: one.privateIps[0],
      InterfaceType: one.interfaceType,
      Status: 'in-use',
      Attachment: one.attachment && {
        AttachmentId: one.attachment.id,
        DeviceIndex: one.attachment.deviceIndex,
        NetworkCardIndex: one.attachment.networkCardIndex,
        Status: one.attachment.status,
        AttachTime: new Date(one.attachment.attachMs),
        DeleteOnTermination: one.attachment.deleteOnTermination,
      },
    })),
  };
}
