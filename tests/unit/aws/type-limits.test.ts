import { ec2Error, failureFrom, fieldsOf, type Params, rig, xml } from './fakes.ts';

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

/** An item of a reply that lacks this element. */
const without = (element: string, item: string) => item.replace(new RegExp(`<${element}>.*?</${element}>`, 's'), '');

describe('what EC2 says of instance types', () => {
  it('should be asked for by filter, so that an unknown type is only left out', async () => {
    const { cloud, aws } = rig(known);
    expect(Object.keys(await cloud.typeLimits(['t3.micro', 'nope.large', 'm5.large']))).toEqual([
      't3.micro',
      'm5.large',
    ]);
    expect(aws.requests[0]).toMatchObject({ Action: 'DescribeInstanceTypes', 'Filter.1.Name': 'instance-type' });
    expect(fieldsOf(aws.requests[0], 'InstanceType.')).toEqual({});
  });

  it('should be asked for once for each type, and only for those that are not known', async () => {
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

  it('should be asked for again where an entry lacks a field, and the others be known', async () => {
    const { cloud, aws } = rig((params, nth) => {
      const { body } = known(params) as { body: string };
      return { body: nth === 1 ? without('ipv4AddressesPerInterface', body) : body };
    });
    const unheard = 'ec2:DescribeInstanceTypes does not tell them';
    expect((await cloud.typeLimits(['t3.micro', 'm5.large']))['t3.micro']).toMatchObject({ unheard });
    const again = await cloud.typeLimits(['t3.micro', 'm5.large']);
    expect(Object.keys(again)).toEqual(['t3.micro', 'm5.large']);
    expect(again['t3.micro']).not.toHaveProperty('unheard');
    expect(fieldsOf(aws.requests[1], 'Filter.1.Value')).toEqual({ 'Filter.1.Value.1': 't3.micro' });
  });

  it('should count, whatever was shipped', async () => {
    const { cloud } = rig(known);
    const limits = { maxInterfaces: 2, ipv4PerInterface: 2, ipv6PerInterface: 2 };
    expect(await cloud.typeLimits(['m5.24xlarge'])).toEqual({
      'm5.24xlarge': { ...limits, cards: [{ index: 0, maxInterfaces: 2 }] },
    });
  });
});

describe('a type that EC2 does not list', () => {
  it('should be known by what was shipped, where it is among that', async () => {
    const { cloud, aws } = rig(() => xml('<instanceTypeSet></instanceTypeSet>'));
    const limits = await cloud.typeLimits(['m5.large', 'nope.large']);
    expect(limits).toMatchObject({
      'm5.large': { maxInterfaces: 3, unheard: expect.stringContaining('tell') as string },
    });
    expect(Object.keys(limits)).toEqual(['m5.large']);
    await cloud.typeLimits(['m5.large']);
    expect(aws.requests).toHaveLength(2);
  });
});

describe('when EC2 does not say what a type takes', () => {
  const M5_LARGE = { maxInterfaces: 3, ipv4PerInterface: 10, ipv6PerInterface: 10, sharedAttachments: 27 };
  const denied = () => ec2Error('UnauthorizedOperation', 403);

  it.each([
    ['denies it', denied, /^ec2:DescribeInstanceTypes/],
    ['answers without the set', () => xml(''), /InstanceTypes/],
    ['does not know a parameter', () => ec2Error('InvalidParameterValue'), /because/],
  ])('should be known what was shipped, and why: it %s', async (_, answer, why) => {
    const { cloud } = rig(answer);
    expect(await cloud.typeLimits(['m5.large'])).toEqual({
      'm5.large': {
        ...M5_LARGE,
        cards: [{ index: 0, maxInterfaces: 3 }],
        unheard: expect.stringMatching(why) as string,
      },
    });
  });

  it('should be waited for two seconds, for the shipped limits would do', async () => {
    const { cloud, clock } = rig(() => new Promise(() => undefined));
    const limits = cloud.typeLimits(['m5.large']);
    while (clock.openDeadlines.length === 0) await Promise.resolve();
    expect(clock.openDeadlines).toEqual([2_000]);
    clock.expire(2_000);
    expect(await limits).toMatchObject({ 'm5.large': M5_LARGE });
  });

  it('should be waited for as long as for any other read when a type is not among the shipped ones', async () => {
    const { cloud, clock } = rig(() => new Promise(() => undefined));
    const limits = failureFrom(cloud.typeLimits(['nope.large']));
    while (clock.openDeadlines.length === 0) await Promise.resolve();
    expect(clock.openDeadlines).toEqual([15_000]);
    clock.expire(15_000);
    expect((await limits).awsCode).toBe('TimeoutError');
  });

  it('should not be asked for again within a minute, and then be', async () => {
    const { cloud, clock, aws } = rig((params, nth) => (nth === 1 ? denied() : known(params)));
    await cloud.typeLimits(['m5.large']);
    clock.time += 59_999;
    expect(await cloud.typeLimits(['m5.large'])).toMatchObject({ 'm5.large': M5_LARGE });
    expect(aws.requests).toHaveLength(1);
    clock.time += 1;
    expect(await cloud.typeLimits(['m5.large'])).toMatchObject({ 'm5.large': { ipv4PerInterface: 2 } });
    expect((await cloud.typeLimits(['m5.large']))['m5.large']).not.toHaveProperty('unheard');
  });

  it('should be known what EC2 said before', async () => {
    const { cloud } = rig((params, nth) => (nth === 1 ? known(params) : denied()));
    await cloud.typeLimits(['m5.large']);
    const limits = await cloud.typeLimits(['m5.large', 'm5.xlarge', 'nope.large']);
    expect(limits).toMatchObject({ 'm5.large': { ipv4PerInterface: 2 }, 'm5.xlarge': { ipv4PerInterface: 15 } });
    expect(Object.keys(limits).toSorted()).toEqual(['m5.large', 'm5.xlarge']);
  });

  it('should be an error when nothing is known of any of them', async () => {
    const { cloud } = rig(denied);
    expect((await failureFrom(cloud.typeLimits(['nope.large']))).failure).toBe('denied');
  });
});
