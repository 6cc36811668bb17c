import type * as aws from '@aws-sdk/client-ec2';
import { DEDICATED_VOLUMES, INSTANCE_TYPES, type TypeLimits } from '../world/instance-types.ts';
import { refuseIf } from './errors.ts';
import { applyFilters } from './filters.ts';
import { anyResource, describeBucket, page, row } from './row.ts';

export const describeInstanceTypes = row<aws.DescribeInstanceTypesRequest, aws.DescribeInstanceTypesResult>({
  service: 'ec2',
  members: 'InstanceTypes Filters.Name Filters.Values MaxResults NextToken DryRun',
  resources: anyResource,
  bucket: describeBucket,
  handle(world, input) {
    const names = input.InstanceTypes;
    const unknown = (names ?? []).filter((name) => !(name in INSTANCE_TYPES));
    const which = `The following supplied instance types do not exist: [${unknown.join(', ')}]`;
    refuseIf(unknown.length > 0, 'InvalidInstanceType', which);
    const wanted = Object.entries(INSTANCE_TYPES).filter(([name]) => !names?.length || names.includes(name as never));
    const found = applyFilters(wanted, input.Filters, { 'instance-type': ([name]) => name });
    const { items, NextToken } = page(world, found, ([name]) => name, input, { low: 5, high: 100, ids: names });
    return { InstanceTypes: items.map(([name, limits]) => describe(name, limits)), NextToken };
  },
});

function describe(name: string, limits: TypeLimits): aws.InstanceTypeInfo {
  const { cards, sharedAttachments } = limits;
  return {
    InstanceType: name as aws._InstanceType,
    CurrentGeneration: true,
    Hypervisor: 'nitro',
    NetworkInfo: {
      MaximumNetworkInterfaces: limits.maximumInterfaces,
      MaximumNetworkCards: cards.length,
      DefaultNetworkCardIndex: 0,
      NetworkCards: cards.map((limit, index) => ({ NetworkCardIndex: index, MaximumNetworkInterfaces: limit })),
      Ipv4AddressesPerInterface: limits.addressesPerInterface,
      Ipv6AddressesPerInterface: limits.ipv6PerInterface,
      Ipv6Supported: limits.ipv6PerInterface > 0,
    },
    EbsInfo: {
      AttachmentLimitType: sharedAttachments === undefined ? 'dedicated' : 'shared',
      MaximumEbsAttachments: sharedAttachments ?? DEDICATED_VOLUMES,
    },
  };
}
