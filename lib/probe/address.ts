import { BlockList, isIPv4, isIPv6 } from 'node:net';
import NEVER from './never-probed.json';

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

/** The loopback. Everything in never-probed.json is refused whatever else is allowed; this, too, but in the lab. */
const LOOPBACK = '127.0.0.0/8';

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
  /** Hosts of the lab are on 127.0.0.0/8. No parameter of a deployment sets it. */
  readonly isLab?: boolean;
}

/**
 * Says why an address is not probed: only what can be in a VPC is.
 * @returns undefined when it may be probed; else the end of a sentence that begins with the address.
 */
export type RefusalOf = (address: string, port: number) => string | undefined;

/** Makes a {@link RefusalOf}. The lists are built once for each process. */
export function refusals({ blocks, runtime, isLab = false }: Reach): RefusalOf {
  const never = Object.entries(NEVER)
    .filter(([block]) => !(isLab && block === LOOPBACK))
    .map(([block, why]) => ({ matches: matcherOf([mustBlock(block)]), why }));
  const isAllowed = matcherOf([...PRIVATE, ...(isLab ? [LOOPBACK] : [])].map(mustBlock).concat(blocks));
  return (address, port) => {
    const family = isIPv4(address) ? 'ipv4' : isIPv6(address) ? 'ipv6' : undefined;
    // A zone (`fe80::1%eth0`) is only ever part of a link-local address.
    if (family === undefined || address.includes('%')) return 'is no IP address';
    const reason = never.find(({ matches }) => matches(address, family))?.why;
    if (reason !== undefined) return reason;
    if (`${address}:${port}` === runtime) return 'is where the runtime of this function listens';
    return isAllowed(address, family) ? undefined : 'is no private address: nothing else is probed';
  };
}

/** An IPv4 address is only looked for among IPv4 blocks: in a list of both, `::ffff:0:0/96` matches all of them. */
function matcherOf(blocks: readonly Block[]): (address: string, family: Block['family']) => boolean {
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() };
  for (const { network, prefix, family } of blocks) lists[family].addSubnet(network, prefix, family);
  return (address, family) => lists[family].check(address, family);
}

function mustBlock(text: string): Block {
  const block = readBlock(text);
  if (block === undefined) throw new Error(`'${text}' is no block of addresses`);
  return block;
}
