import { type Block, readBlock, refusals } from '../../../lib/probe/address.ts';

const blocksOf = (...texts: readonly string[]): Block[] => texts.flatMap((text) => readBlock(text) ?? []);
const refusalOf = refusals({ blocks: [], runtime: '127.0.0.1:9001' });

describe('an address', () => {
  it.each([
    '10.0.0.1',
    '10.255.255.254',
    '172.16.0.9',
    '172.31.255.1',
    '192.168.1.1',
    '100.64.0.1',
    '198.19.255.7',
    'fd12:3456::1',
  ])('should be probed when it is private: %s', (address) => {
    expect(refusalOf(address, 443)).toBeUndefined();
  });

  it.each([
    ['169.254.169.254', 'link-local'],
    ['169.254.100.1', 'link-local'],
    ['127.0.0.1', 'loopback'],
    ['127.8.8.8', 'loopback'],
    ['::1', 'loopback'],
    ['::', 'no address of a host'],
    ['::127.0.0.1', 'no address of a host'],
    ['0.0.0.0', 'no address of a host'],
    ['224.0.0.1', 'multicast'],
    ['255.255.255.255', 'multicast'],
    ['8.8.8.8', 'no private address'],
    ['172.32.0.1', 'no private address'],
    ['100.128.0.1', 'no private address'],
    ['2600:1f18::1', 'no private address'],
    ['fe80::1', 'link-local'],
    ['fe80::1%eth0', 'no IP address'],
    ['ff02::1', 'multicast'],
    ['fd00:ec2::254', 'metadata'],
    ['::ffff:10.0.0.1', 'IPv4 in IPv6'],
    ['::ffff:169.254.169.254', 'IPv4 in IPv6'],
    ['64:ff9b::a9fe:a9fe', 'no private address'],
    ['10.0.0.1.nip.io', 'no IP address'],
    ['010.0.0.1', 'no IP address'],
    ['10.1', 'no IP address'],
    ['167772161', 'no IP address'],
    ['localhost', 'no IP address'],
    ['', 'no IP address'],
  ])('should be refused when it is %s', (address, why) => {
    expect(refusalOf(address, 443)).toContain(why);
  });

  it('should be probed when its block is allowed', () => {
    const wide = refusals({ blocks: blocksOf('8.8.8.0/24', '2600:1f18::/32') });
    expect(wide('8.8.8.8', 443)).toBeUndefined();
    expect(wide('2600:1f18::1', 443)).toBeUndefined();
    expect(wide('8.8.9.8', 443)).toContain('no private address');
  });

  it.each([
    ['127.0.0.1', 'loopback'],
    ['127.255.0.9', 'loopback'],
    ['::1', 'loopback'],
    ['0.1.2.3', 'no address of a host'],
    ['169.254.169.254', 'link-local'],
    ['224.0.0.1', 'multicast'],
    ['fe80::1', 'link-local'],
    ['ff02::1', 'multicast'],
    ['fd00:ec2::254', 'metadata'],
    ['::ffff:8.8.8.8', 'IPv4 in IPv6'],
    ['::ffff:7f00:1', 'IPv4 in IPv6'],
  ])('should be refused whatever is allowed when it is %s', (address, why) => {
    const all = refusals({ blocks: blocksOf('0.0.0.0/0', '::/0', '127.0.0.0/8', '::1/128', '::ffff:0:0/96') });
    expect(all(address, 443)).toContain(why);
  });

  it.each(['::ffff:0:0/96', '::ffff:127.0.0.0/104', '::ffff:7f00:0/104', '::/0'])(
    'should not be allowed by a block of the other family: %s',
    (block) => {
      const wide = refusals({ blocks: blocksOf(block) });
      for (const address of ['127.0.0.1', '127.0.0.2', '8.8.8.8', '::ffff:8.8.8.8'])
        expect([address, wide(address, 443)]).toEqual([address, expect.any(String)]);
    },
  );

  it('should be probed on the loopback of the lab alone, and never where the runtime listens', () => {
    const lab = refusals({ blocks: [], isLab: true, runtime: '127.0.0.1:9001' });
    expect(lab('127.0.0.1', 443)).toBeUndefined();
    expect(lab('127.0.0.1', 9001)).toContain('runtime');
    expect(lab('::1', 443)).toContain('loopback');
    expect(lab('169.254.169.254', 80)).toContain('link-local');
  });

  it.each(['10.0.0.0', '10.0.0.0/33', 'fd00::/129', 'x/8', '10.0.0.0/-1', ''])('should have no block %j', (text) => {
    expect(readBlock(text)).toBeUndefined();
  });
});
