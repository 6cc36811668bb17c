import { ec2Error, failureFrom, fieldsOf, type Params, rig, xml } from './fakes.ts';

function instance(id: string, groups: string): string {
  return `<item><ownerId>111122223333</ownerId><instancesSet><item><instanceId>${id}</instanceId>
    <instanceState><name>running</name></instanceState><instanceType>t3.micro</instanceType>
    <placement><availabilityZone>eu-central-1a</availabilityZone></placement><vpcId>vpc-1</vpcId>
    <launchTime>2026-08-01T10:00:00.000Z</launchTime>
    <tagSet><item><key>eni-failover:group</key><value>${groups}</value></item></tagSet></item></instancesSet></item>`;
}

function reservations(instances: string, nextToken = ''): ReturnType<typeof xml> {
  return xml(`<reservationSet>${instances}</reservationSet><nextToken>${nextToken}</nextToken>`);
}

function eni(id: string): string {
  return `<item><networkInterfaceId>${id}</networkInterfaceId><availabilityZone>eu-central-1a</availabilityZone>
    <vpcId>vpc-1</vpcId><ownerId>111122223333</ownerId><interfaceType>interface</interfaceType></item>`;
}

function interfaceSet(items: string, nextToken = ''): ReturnType<typeof xml> {
  return xml(`<networkInterfaceSet>${items}</networkInterfaceSet><nextToken>${nextToken}</nextToken>`);
}

const typeInfo = (name: string) =>
  `<item><instanceType>${name}</instanceType><networkInfo><maximumNetworkInterfaces>2</maximumNetworkInterfaces>
   <ipv4AddressesPerInterface>2</ipv4AddressesPerInterface><ipv6AddressesPerInterface>2</ipv6AddressesPerInterface>
   </networkInfo></item>`;

const known = (params: Params) => {
  const names = Object.values(fieldsOf(params, 'Filter.1.Value'))
    .map(String)
    .filter((name) => name !== 'nope.large');
  return xml(`<instanceTypeSet>${names.map(typeInfo).join('')}</instanceTypeSet>`);
};

const ids = (views: readonly { id: string }[]) => views.map(({ id }) => id);
const numbered = (count: number, prefix: string) => Array.from({ length: count }, (_, i) => `${prefix}${i}`);

describe('members', () => {
  it('should ask for a tag that contains the group, and keep those that list exactly it', async () => {
    const found = [
      instance('i-4', 'db  web'),
      instance('i-2', 'web-2'),
      instance('i-1', 'web'),
      instance('i-3', 'WEB'),
    ];
    const { cloud, aws } = rig(() => reservations(found.join('')));
    expect(ids(await cloud.members('web'))).toEqual(['i-1', 'i-4']);
    expect(aws.requests[0]).toMatchObject({ Action: 'DescribeInstances', MaxResults: '1000' });
    expect(fieldsOf(aws.requests[0], 'Filter')).toEqual({
      'Filter.1.Name': 'tag:eni-failover:group',
      'Filter.1.Value.1': '*web*',
    });
  });

  it('should ask for every tagged instance, page by page', async () => {
    const { cloud, aws } = rig((_, nth) => reservations(instance(`i-${9 - nth}`, 'web'), nth < 3 ? `page-${nth}` : ''));
    expect(ids(await cloud.members())).toEqual(['i-6', 'i-7', 'i-8']);
    expect(aws.requests.map(({ NextToken }) => NextToken)).toEqual([undefined, 'page-1', 'page-2']);
    expect(fieldsOf(aws.requests[2], 'Filter')).toEqual({
      'Filter.1.Name': 'tag-key',
      'Filter.1.Value.1': 'eni-failover:group',
    });
  });

  it('should use the tag prefix it was given, and escape what a filter would take for a wildcard', async () => {
    const { cloud, aws } = rig(() => reservations(''), { tagPrefix: 'ha*' });
    await cloud.members('a?b\\c');
    await cloud.members();
    expect(fieldsOf(aws.requests[0], 'Filter')).toEqual({
      'Filter.1.Name': 'tag:ha*group',
      'Filter.1.Value.1': '*a\\?b\\\\c*',
    });
    expect(aws.requests[1]).toMatchObject({ 'Filter.1.Value.1': 'ha\\*group' });
  });

  it('should compare with the tag of the prefix it was given', async () => {
    const { cloud } = rig(() => reservations(instance('i-1', 'web')), { tagPrefix: 'ha:' });
    expect(await cloud.members('web')).toEqual([]);
  });

  it('should not take a reply without the set for an empty one', async () => {
    const { cloud } = rig(() => xml(''));
    expect(await failureFrom(cloud.members())).toMatchObject({ failure: 'invalid', awsCode: 'IncompleteReply' });
  });
});

describe('interfaces', () => {
  it('should ask for the groups by exact value, 200 at a time, and sort by id', async () => {
    const { cloud, aws } = rig((_, nth) => interfaceSet(eni(`eni-${3 - nth}`)));
    expect(ids(await cloud.interfaces(numbered(201, 'g')))).toEqual(['eni-1', 'eni-2']);
    expect(aws.requests.map((each) => Object.keys(fieldsOf(each, 'Filter.1.Value')).length)).toEqual([200, 1]);
    expect(aws.requests[1]).toMatchObject({
      Action: 'DescribeNetworkInterfaces',
      MaxResults: '1000',
      'Filter.1.Name': 'tag:eni-failover:group',
      'Filter.1.Value.1': 'g200',
    });
  });

  it('should ask for every tagged interface, page by page', async () => {
    const { cloud, aws } = rig((_, nth) => interfaceSet(eni(`eni-${nth}`), nth === 1 ? 'more' : ''));
    expect(ids(await cloud.interfaces())).toEqual(['eni-1', 'eni-2']);
    expect(aws.requests[1]).toMatchObject({ NextToken: 'more', 'Filter.1.Name': 'tag-key' });
  });

  it('should sort by code unit, so that every machine agrees on the anchor', async () => {
    const { cloud } = rig(() => interfaceSet(['eni-b', 'eni-B', 'eni-a'].map(eni).join('')));
    expect(ids(await cloud.interfaces())).toEqual(['eni-B', 'eni-a', 'eni-b']);
  });

  it('should ask for ids as a filter', async () => {
    const { cloud, aws } = rig(() => interfaceSet(eni('eni-1')));
    expect(ids(await cloud.interfacesById(['eni-1', 'eni-gone']))).toEqual(['eni-1']);
    expect(aws.requests[0]).toMatchObject({ 'Filter.1.Name': 'network-interface-id', 'Filter.1.Value.2': 'eni-gone' });
    expect(fieldsOf(aws.requests[0], 'NetworkInterfaceId')).toEqual({});
  });

  it('should not ask for nothing', async () => {
    const { cloud, aws } = rig(() => interfaceSet(eni('eni-1')));
    expect(await cloud.interfaces([])).toEqual([]);
    expect(await cloud.interfacesById([])).toEqual([]);
    expect(aws.requests).toEqual([]);
  });
});

describe('typeLimits', () => {
  it('should ask by filter, so that an unknown type is only left out', async () => {
    const { cloud, aws } = rig(known);
    expect(Object.keys(await cloud.typeLimits(['t3.micro', 'nope.large', 'm5.large']))).toEqual([
      't3.micro',
      'm5.large',
    ]);
    expect(aws.requests[0]).toMatchObject({ Action: 'DescribeInstanceTypes', 'Filter.1.Name': 'instance-type' });
    expect(fieldsOf(aws.requests[0], 'InstanceType.')).toEqual({});
  });

  it('should ask once for each type, and only for those it does not know', async () => {
    const { cloud, aws } = rig(known);
    await cloud.typeLimits(['t3.micro', 't3.micro']);
    await cloud.typeLimits(['t3.micro']);
    expect(aws.requests).toHaveLength(1);
    expect(Object.keys(await cloud.typeLimits(['t3.micro', 'm5.large']))).toEqual(['t3.micro', 'm5.large']);
    expect(aws.requests.map((each) => fieldsOf(each, 'Filter.1.Value'))).toEqual([
      { 'Filter.1.Value.1': 't3.micro' },
      { 'Filter.1.Value.1': 'm5.large' },
    ]);
  });

  it('should ask again for what a failed call did not tell', async () => {
    const { cloud } = rig((params, nth) => (nth === 1 ? ec2Error('UnauthorizedOperation', 403) : known(params)));
    expect((await failureFrom(cloud.typeLimits(['t3.micro']))).failure).toBe('denied');
    expect(Object.keys(await cloud.typeLimits(['t3.micro']))).toEqual(['t3.micro']);
  });
});
