import type * as aws from '@aws-sdk/client-ec2';
import type { Bucket } from '../world/buckets.ts';
import { reboot, start, stop, terminate } from '../world/instances.ts';
import type { Instance, InstanceStateName, NetworkInterface } from '../world/model.ts';
import type { WorldState } from '../world/state.ts';
import { describeAttachment } from './describe-interfaces.ts';
import { refuseIf } from './errors.ts';
import { applyFilters, type Fields } from './filters.ts';
import { anyResource, bucket, describeBucket, findInstance, page, required, resource, type Row, row } from './row.ts';
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

export const describeInstances = row<aws.DescribeInstancesRequest, aws.DescribeInstancesResult>({
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
    const { items, NextToken } = page(world, found, ({ id }) => id, input, { low: 5, high: 1000, ids });
    const Reservations = items.map((instance) => ({
      ReservationId: `r-${instance.id.slice(2)}`,
      OwnerId: instance.ownerId,
      Groups: [],
      Instances: [describe(instance, interfaces(instance.id))],
    }));
    return { Reservations, NextToken };
  },
});

export const startInstances = stateRow({
  transition: start,
  result: 'StartingInstances',
  from: ['stopped'],
  same: ['pending', 'running'],
  members: 'InstanceIds DryRun',
  bucket: bucket(5, 2),
});

export const stopInstances = stateRow({
  transition: stop,
  result: 'StoppingInstances',
  from: ['running'],
  same: ['stopping', 'stopped'],
  members: 'InstanceIds Force SkipOsShutdown DryRun',
  bucket: bucket(50, 5),
});

export const terminateInstances = stateRow({
  transition: terminate,
  result: 'TerminatingInstances',
  from: ['pending', 'running', 'stopping', 'stopped'],
  same: ['shutting-down', 'terminated'],
  members: 'InstanceIds Force SkipOsShutdown DryRun',
  bucket: bucket(100, 5),
});

export const rebootInstances = stateRow({
  transition: reboot,
  from: ['running'],
  same: [],
  refusal: 'IncorrectState',
  members: 'InstanceIds DryRun',
  bucket: bucket(100, 5),
});

interface StateChange {
  readonly transition: (world: WorldState, id: string) => void;
  /** The states that change, and the ones in which nothing is left to do; any other refuses the call. */
  readonly from: readonly InstanceStateName[];
  readonly same: readonly InstanceStateName[];
  readonly result?: string;
  /** EC2's code for a state in which nothing of this is possible; IncorrectInstanceState unless given. */
  readonly refusal?: string;
  readonly members: string;
  readonly bucket: () => Bucket;
}

/** An action that changes the state of all the named instances or of none. */
function stateRow({ transition, from, same, result, refusal = 'IncorrectInstanceState', ...rest }: StateChange): Row {
  return row<{ InstanceIds: string[] | undefined; DryRun?: boolean | undefined }, object>({
    ...rest,
    service: 'ec2',
    needs: 'InstanceIds',
    resources: (world, input) => (input.InstanceIds ?? []).map((id) => resource(world, id)),
    handle(world, input) {
      const instances = required(input.InstanceIds, 'InstanceId').map((id) => findInstance(world, id));
      const stuck = instances.find(({ state }) => !from.includes(state) && !same.includes(state));
      const why = `The instance '${stuck?.id}' is not in a state from which this is possible (${stuck?.state}).`;
      refuseIf(stuck !== undefined, refusal, why);
      const changes = instances.map((before): aws.InstanceStateChange => {
        if (from.includes(before.state)) transition(world, before.id);
        const after = findInstance(world, before.id);
        return { InstanceId: before.id, PreviousState: stateOf(before.state), CurrentState: stateOf(after.state) };
      });
      return result === undefined ? {} : { [result]: changes };
    },
  });
}

function describe(instance: Instance, interfaces: readonly NetworkInterface[]): aws.Instance {
  return {
    InstanceId: instance.id,
    InstanceType: instance.type as aws._InstanceType,
    ImageId: 'ami-0a1b2c3d4e5f60718',
    LaunchTime: new Date(instance.launchMs),
    // An instance in no placement group has an empty name for it.
    Placement: { AvailabilityZone: instance.zone, GroupName: instance.placementGroup ?? '', Tenancy: 'default' },
    State: stateOf(instance.state),
    StateReason: instance.stateReason && { Code: instance.stateReason.code, Message: instance.stateReason.message },
    Operator: { Managed: instance.managedBy !== undefined, Principal: instance.managedBy },
    OutpostArn: instance.outpostArn,
    BlockDeviceMappings: Array.from({ length: instance.volumes }, (_, nth) => describeVolume(instance, nth)),
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
      Attachment: one.attachment && describeAttachment(one.attachment),
    })),
  };
}

/** The first volume is the root one. */
function describeVolume({ id, launchMs }: Instance, nth: number): aws.InstanceBlockDeviceMapping {
  const VolumeId = `vol-${`${nth}`.padStart(3, '0')}${id.slice(-14)}`;
  const DeviceName = nth === 0 ? '/dev/xvda' : `/dev/sd${nth}`;
  return {
    DeviceName,
    Ebs: { VolumeId, Status: 'attached', AttachTime: new Date(launchMs), DeleteOnTermination: nth === 0 },
  };
}
