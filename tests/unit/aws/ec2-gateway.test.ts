import type { InterfaceView, Listing } from '../../../lib/core/model.ts';
import { failureFrom, fieldsOf, NOTHING, type Rig, rig, xml } from './fakes.ts';

function instance(id: string, groups: string): string {
  return `<item><ownerId>111122223333</ownerId><instancesSet><item><instanceId>${id}</instanceId>
    <instanceState><name>running</name></instanceState><instanceType>t3.micro</instanceType>
    <placement><availabilityZone>eu-central-1a</availabilityZone></placement>
    <launchTime>2026-08-01T10:00:00.000Z</launchTime><networkInterfaceSet/>
    <tagSet><item><key>eni-failover:group</key><value>${groups}</value></item></tagSet></item></instancesSet></item>`;
}

function reservations(instances: string, nextToken = ''): ReturnType<typeof xml> {
  return xml(`<reservationSet>${instances}</reservationSet><nextToken>${nextToken}</nextToken>`);
}

function eni(id: string): string {
  return `<item><networkInterfaceId>${id}</networkInterfaceId><availabilityZone>eu-central-1a</availabilityZone>
    <ownerId>111122223333</ownerId><interfaceType>interface</interfaceType>
    <tagSet><item><key>eni-failover:group</key><value>web</value></item></tagSet></item>`;
}

function interfaceSet(items: string, nextToken = ''): ReturnType<typeof xml> {
  return xml(`<networkInterfaceSet>${items}</networkInterfaceSet><nextToken>${nextToken}</nextToken>`);
}

/** An item of a reply that lacks this element. */
const without = (element: string, item: string) => item.replace(new RegExp(`<${element}>.*?</${element}>`, 's'), '');

const idsOf = (items: readonly { id: string }[]) => items.map(({ id }) => id);
/** The ids of what was understood; nothing else may be there. */
const ids = ({ views, unreadable }: Listing<{ id: string }>) => {
  expect(unreadable).toEqual([]);
  return idsOf(views);
};
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
    // Found by that tag, and not showing it: the reply cannot be understood.
    const reason = 'The reply does not show the tag ha:group, by which it was found.';
    const unreadable = [{ id: 'i-1', reason, tags: { 'eni-failover:group': 'web' } }];
    expect(await cloud.members('web')).toEqual({ views: [], unreadable });
  });

  it('should not take a reply without the set for an empty one', async () => {
    const { cloud } = rig(() => xml(''));
    expect(await failureFrom(cloud.members())).toMatchObject({ failure: 'invalid', awsCode: 'IncompleteReply' });
  });

  it('should name an instance that cannot be understood, and return the others', async () => {
    const strange = instance('i-3', 'db').replace('running', 'dreaming');
    const found = [
      strange,
      instance('i-4', 'web'),
      without('launchTime', instance('i-2', 'web')),
      instance('i-1', 'db'),
    ];
    const { cloud } = rig(() => reservations(found.join('')));
    const { views, unreadable } = await cloud.members();
    expect(idsOf(views)).toEqual(['i-1', 'i-4']);
    expect(unreadable).toEqual([
      { id: 'i-2', reason: 'The reply has no LaunchTime for i-2.', tags: { 'eni-failover:group': 'web' } },
      {
        id: 'i-3',
        reason: "State.Name of i-3 is 'dreaming', which this version does not know.",
        tags: { 'eni-failover:group': 'db' },
      },
    ]);
  });

  it('should leave out one that cannot be understood only when it is known to be of other groups', async () => {
    const odd = ([id, groups]: [string, string]) => without('instanceType', instance(id, groups));
    const pairs: [string, string][] = [
      ['i-4', 'web-2'],
      ['i-3', 'db web'],
      ['i-2', 'WEB'],
    ];
    const untagged = without('tagSet', odd(['i-1', 'web']));
    const { cloud } = rig(() => reservations([...pairs.map(odd), untagged].join('')));
    const { views, unreadable } = await cloud.members('web');
    expect(views).toEqual([]);
    expect(idsOf(unreadable)).toEqual(['i-1', 'i-3']);
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

  it('should not take a reply without the set for an empty one, whatever the other pages say', async () => {
    const { cloud } = rig((_, nth) => (nth === 1 ? interfaceSet(eni('eni-1'), 'more') : xml('')));
    expect(await failureFrom(cloud.interfaces())).toMatchObject({ failure: 'invalid', awsCode: 'IncompleteReply' });
  });

  it.each<[string, (cloud: Rig['cloud']) => Promise<Listing<InterfaceView>>]>([
    ['by tag', (cloud) => cloud.interfaces()],
    ['by group', (cloud) => cloud.interfaces(['web', 'db'])],
    ['by id', (cloud) => cloud.interfacesById(['eni-1', 'eni-2', 'eni-3', 'eni-4'])],
  ])('should name an interface that cannot be understood, and return the others, asked %s', async (_, read) => {
    const items = [
      without('interfaceType', eni('eni-4')),
      eni('eni-3'),
      without('availabilityZone', eni('eni-2')),
      eni('eni-1'),
      without('networkInterfaceId', eni('eni-0')),
    ];
    const { cloud } = rig((__, nth) => interfaceSet(items.slice(2 * nth - 2, 2 * nth).join(''), nth < 3 ? 'more' : ''));
    const tags = { 'eni-failover:group': 'web' };
    const { views, unreadable } = await read(cloud);
    expect(idsOf(views)).toEqual(['eni-1', 'eni-3']);
    expect(unreadable).toEqual([
      { id: 'an interface', reason: 'The reply has no NetworkInterfaceId for an interface.', tags },
      { id: 'eni-2', reason: 'The reply has no AvailabilityZone for eni-2.', tags },
      { id: 'eni-4', reason: 'The reply has no InterfaceType for eni-4.', tags },
    ]);
  });

  it('should not ask for nothing', async () => {
    const { cloud, aws } = rig(() => interfaceSet(eni('eni-1')));
    expect(await cloud.interfaces([])).toEqual(NOTHING);
    expect(await cloud.interfacesById([])).toEqual(NOTHING);
    expect(aws.requests).toEqual([]);
  });
});
