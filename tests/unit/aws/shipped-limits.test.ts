import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { limitsTable, NotDescribed, typesIn } from '../../../build/limits-table.ts';
import table from '../../../data/instance-types.json';
import { shippedLimits } from '../../../lib/aws/shipped-limits.ts';

describe('the limits that are shipped', () => {
  it.each([
    // As the User Guide, amazon-vpc-cni-k8s and karpenter have them.
    ['t3.small', [3], 4, 27],
    ['t2.micro', [2], 2, 40],
    ['m5.2xlarge', [4], 15, 27],
    ['c5d.large', [3], 10, 26],
    ['m7i.large', [3], 10, undefined],
    ['c6in.32xlarge', [8, 8], 50, 27],
    ['p4d.24xlarge', [15, 15, 15, 15], 50, undefined],
  ])('should say what a %s takes', (type, cards, addresses, shared) => {
    expect(shippedLimits(type)).toEqual({
      maxInterfaces: cards.reduce((sum, one) => sum + one),
      ipv4PerInterface: addresses,
      ipv6PerInterface: addresses,
      cards: cards.map((maxInterfaces, index) => ({ index, maxInterfaces })),
      ...(shared !== undefined && { sharedAttachments: shared }),
    });
  });

  it.each(['m9x.new', 't3', 't3.', '3.small', 'small', '', 't3.smal', 'constructor'])(
    'should not say anything of %j',
    (type) => {
      expect(shippedLimits(type)).toBeUndefined();
    },
  );

  it('should be there for all types, each of them once, and take a few kilobytes of the package', () => {
    const types = Object.values(table).flatMap((families) =>
      families.split(' ').flatMap((each) =>
        each
          .slice(each.indexOf('.') + 1)
          .split(',')
          .map((size) => `${each.split('.')[0]}.${size}`),
      ),
    );
    expect(types.length).toBeGreaterThan(1_200);
    expect(new Set(types).size).toBe(types.length);
    for (const type of types) expect(shippedLimits(type)?.maxInterfaces).toBeGreaterThanOrEqual(1);
    const bytes = readFileSync(path.join(__dirname, '../../../data/instance-types.json'));
    expect(gzipSync(bytes).length).toBeLessThan(4_096);
  });
});

describe('the table of limits', () => {
  const type = (InstanceType: string, cards: readonly number[], ebs: object = {}) => ({
    InstanceType,
    NetworkInfo: {
      MaximumNetworkInterfaces: cards.reduce((sum, one) => sum + one, 0),
      Ipv4AddressesPerInterface: 10,
      Ipv6AddressesPerInterface: 12,
      NetworkCards: cards.map((most, at) => ({ NetworkCardIndex: at, MaximumNetworkInterfaces: most })),
    },
    EbsInfo: { AttachmentLimitType: 'shared', MaximumEbsAttachments: 27, ...ebs },
  });

  it('should have each set of limits once, with the types that have it', () => {
    const types = [type('b1.xl', [4]), type('a1.xl', [4]), type('a1.l', [4]), type('c1.l', [4, 3])];
    expect(limitsTable([...types, type('d1.l', [4], { AttachmentLimitType: 'dedicated' })])).toEqual({
      '4 10 12 27': 'a1.l,xl b1.xl',
      '4/3 10 12 27': 'c1.l',
      '4 10 12 -': 'd1.l',
    });
  });

  it('should read a type that lists no cards as one with one card', () => {
    const { NetworkInfo, ...rest } = type('a1.l', [4]);
    expect(limitsTable([{ ...rest, NetworkInfo: { ...NetworkInfo, NetworkCards: [] } }])).toEqual({
      '4 10 12 27': 'a1.l',
    });
  });

  it('should not be made of what does not fit in it', () => {
    const { NetworkInfo, ...rest } = type('a1.l', [4, 4]);
    const fewer = { ...rest, NetworkInfo: { ...NetworkInfo, MaximumNetworkInterfaces: 7 } };
    const gap = { ...rest, NetworkInfo: { ...NetworkInfo, NetworkCards: NetworkInfo.NetworkCards.slice(1) } };
    for (const odd of [fewer, gap]) expect(() => limitsTable([odd])).toThrow(NotDescribed);
  });

  it('should be made of what the AWS CLI prints, or of a map by name', () => {
    const one = type('a1.l', [4]);
    for (const document of [{ InstanceTypes: [one] }, [one], { 'a1.l': one }]) expect(typesIn(document)).toEqual([one]);
    for (const document of [null, {}, { InstanceTypes: [] }, 'types', { Instances: [{}] }])
      expect(() => typesIn(document)).toThrow(NotDescribed);
  });
});
