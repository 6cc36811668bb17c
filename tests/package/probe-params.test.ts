import { readFileSync } from 'node:fs';
import * as params from '../../serverless/params.cjs';
import { parseCfnYaml } from '../support/cfn-schema.ts';

type Values = Readonly<Record<string, string>>;

const { params: declared } = parseCfnYaml(readFileSync('serverless.yml', 'utf8')) as unknown as {
  params: { default: Record<string, string | number> };
};
const DEFAULTS: Values = Object.fromEntries(
  Object.entries(declared.default).map(([name, value]) => [name, `${value}`]),
);
const HERE = { names: 'eni-failover-prod-', region: 'eu-west-1' };
const faultsOf = (given: Values) => params.faultsOf({ ...DEFAULTS, ...given }, HERE);

describe('the parameters of the probe', () => {
  it.each<[string, string[], string[]]>([
    ['probeMemoryMb', ['128', '10240'], ['', '127', '10241', '128 MB', 'none']],
    [
      'probeCidrs',
      ['none', '203.0.113.0/24', '203.0.113.0/24, 2001:db8::/32'],
      ['', 'web', '203.0.113.0', '203.0.113.0/33', '2001:db8::/129', 'none,203.0.113.0/24'],
    ],
    // Where a runtime listens and where the metadata are is never probed, nor what has them in it.
    [
      'probeCidrs',
      [],
      ['127.0.0.0/8', '127.0.0.1/32', '169.254.0.0/16', '0.0.0.0/0', '126.0.0.0/7', '::/0', 'fe80::/64'],
    ],
    ['probeCidrs', [], ['0.0.0.0/8', 'fd00:ec2::/32', '::/128', '::127.0.0.0/104']],
    // A list of addresses takes these for IPv4.
    ['probeCidrs', [], ['::ffff:0:0/96', '::ffff:127.0.0.0/104', '::ffff:203.0.113.0/120', '::fffe:0:0/95']],
  ])('should take %s only as it may be', (name, good, bad) => {
    for (const value of good) expect([value, faultsOf({ [name]: value })]).toEqual([value, []]);
    for (const value of bad)
      expect([value, faultsOf({ [name]: value })]).toEqual([
        value,
        [expect.stringMatching(`^${name} must be .*not '`)],
      ]);
  });

  it.each<[string, Values, RegExp]>([
    [
      'subnets for probes without security groups',
      { probeSubnetIds: 'subnet-0123abcd' },
      /^probeSubnetIds and .* together/,
    ],
    ['security groups for no probe', { probeSecurityGroupIds: 'sg-0123abcd' }, /^probeSubnetIds and .* together/],
    [
      'sweeps that come too seldom for a probe',
      {
        probeSubnetIds: 'subnet-0123abcd',
        probeSecurityGroupIds: 'sg-0123abcd',
        sweepRate: 'rate(2 minutes)',
      },
      /^sweepRate rate\(2 minutes\) must be rate\(1 minute\) where a probe is deployed/,
    ],
  ])('should refuse %s', (_, given, fault) => {
    expect(faultsOf(given)).toEqual([expect.stringMatching(fault)]);
  });

  it('should take one or two subnets for probes, not the same one twice', () => {
    const probeSecurityGroupIds = 'sg-0123abcd';
    const of = (probeSubnetIds: string) => faultsOf({ probeSubnetIds, probeSecurityGroupIds });
    for (const good of [
      'subnet-0123abcd',
      'subnet-0123abcd,subnet-0123456789abcdef0',
      'subnet-0123abcd, subnet-4567abcd',
    ])
      expect([good, of(good)]).toEqual([good, []]);
    const three = 'subnet-00000001,subnet-00000002,subnet-00000003';
    for (const bad of ['', 'subnet-1', 'sg-0123abcd', 'subnet-0123abcd,', 'subnet-0123abcd,subnet-0123abcd', three])
      expect([bad, of(bad)]).toEqual([bad, [expect.stringMatching(/^probeSubnetIds must be at most 2 subnet ids/)]]);
    expect(faultsOf({ probeSubnetIds: 'subnet-0123abcd', probeSecurityGroupIds: 'sg-1' })).toEqual([
      expect.stringMatching(/^probeSecurityGroupIds must be at most 5 security group ids/),
    ]);
  });

  it('should say everything that stands in the way of a probe at once', () => {
    expect(faultsOf({ probeSubnetIds: 'subnet-0123abcd', sweepRate: 'rate(5 minutes)' })).toEqual([
      expect.stringMatching(/together/),
      expect.stringMatching(/where a probe is deployed/),
    ]);
  });
});
