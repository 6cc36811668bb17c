import { BlockList, isIPv4, isIPv6 } from 'node:net';

/** A block of addresses, like `10.0.0.0/8`. */
export interface Block {
  readonly network: string;
  readonly prefix: number;
  readonly family: 'ipv4' | 'ipv6';
}

/**
 * What a VPC may give to an interface and nobody else can be reached by: RFC 1918, the shared space of RFC 6598 and
 * 198.19.0.0/16 (Amazon VPC User Guide, "VPC CIDR blocks"), and IPv6 ULA (the same, "IPv6 addressing").
 */
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '198.19.0.0/16', 'fc00::/7'];

/** Never, whatever else is allowed: instance metadata, Lambda's own services, link-local, and what is no one host. */
const NEVER: Readonly<Record<string, string>> = {
  '0.0.0.0/8': 'is no address of a host',
  '169.254.0.0/16': 'is link-local: the metadata and the services of AWS are there',
  '224.0.0.0/3': 'is multicast or reserved',
  '::/128': 'is no address of a host',
  'fe80::/10': 'is link-local',
  'ff00::/8': 'is multicast',
  'fd00:ec2::/32': 'is where the metadata and the services of AWS are',
};

/** @returns undefined when it is no block. */
export function readBlock(text: string): Block | undefined {
  const [, network = '', digits = ''] = /^([0-9a-fA-F.:]+)\/(\d{1,3})$/.exec(text) ?? [];
  const family = isIPv4(network) ? 'ipv4' : isIPv6(network) ? 'ipv6' : undefined;
  const prefix = Number(digits);
  if (family === undefined || prefix > (family === 'ipv4' ? 32 : 128)) return undefined;
  return { network, prefix, family };
}

/** Which addresses a probe may speak to. */
export interface Reach {
  /** Blocks besides the private ones, for a VPC with public ranges of its own. */
  readonly blocks: readonly Block[];
  /** `host:port` of the runtime, which is on the loopback (`AWS_LAMBDA_RUNTIME_API`). */
  readonly runtime?: string;
}

/**
 * Says why an address is not probed: only what can be in a VPC is.
 * @returns undefined when it may be probed; else the end of a sentence that begins with the address.
 */
export type RefusalOf = (address: string, port: number) => string | undefined;

/** Makes a {@link RefusalOf}. The lists are built once for each process. */
export function refusals({ blocks, runtime }: Reach): RefusalOf {
  const never = Object.entries(NEVER).map(([block, why]) => ({ list: listOf([mustBlock(block)]), why }));
  // By itself: such a block matches every IPv4 address as well.
  const mapped = listOf([mustBlock('::ffff:0:0/96')]);
  const allowed = listOf([...PRIVATE.map(mustBlock), ...blocks]);
  return (address, port) => {
    const family = isIPv4(address) ? 'ipv4' : isIPv6(address) ? 'ipv6' : undefined;
    // A zone (`fe80::1%eth0`) is only ever part of a link-local address.
    if (family === undefined || address.includes('%')) return 'is no IP address';
    if (family === 'ipv6' && mapped.check(address, family)) return 'is IPv4 in IPv6 notation: write it as what it is';
    const reason = never.find(({ list }) => list.check(address, family))?.why;
    if (reason !== undefined) return reason;
    if (`${address}:${port}` === runtime) return 'is where the runtime of this function listens';
    return allowed.check(address, family) ? undefined : 'is no private address: nothing else is probed';
  };
}

function listOf(blocks: readonly Block[]): BlockList {
  const list = new BlockList();
  for (const { network, prefix, family } of blocks) list.addSubnet(network, prefix, family);
  return list;
}

function mustBlock(text: string): Block {
  const block = readBlock(text);
  if (block === undefined) throw new Error(`'${text}' is no block of addresses`);
  return block;
}
