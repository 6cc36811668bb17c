import { existsSync, readdirSync } from 'node:fs';
import { ip, nft, tool, ToolError } from './shell.ts';
import {
  deviceOf,
  FLOATING_PORT,
  type HostPlan,
  INTERNET,
  namespaceOf,
  placesOf,
  portOf,
  PROBES,
  SUBNET,
  type Topology,
} from './topology.ts';

/** Where `ip netns` keeps its namespaces. */
const NAMESPACES = '/run/netns';

/**
 * Builds every namespace of a run, the bridge, the gateway and the floating interface, which nobody holds yet. Every
 * device is made inside the namespaces: the machine's own network is neither used nor changed.
 */
export async function buildNetwork(topology: Topology): Promise<void> {
  const at = (place: string): string => namespaceOf(topology.runId, place);
  const places = placesOf(topology).map(at);
  await Promise.all(places.map((name) => tool(['ip', 'netns', 'add', name])));
  await Promise.all(places.map((name) => ip(name, 'link set lo up')));
  await ip(
    at('subnet'),
    'link add br0 type bridge',
    `addr add ${SUBNET.vpc}/${SUBNET.prefix} dev br0`,
    'link set br0 up',
  );
  await buildGateway(topology, at);
  for (const host of topology.hosts) await buildHost(host, at);
  const { floating } = topology;
  await ip(
    at('subnet'),
    `link add ${deviceOf(floating)} address ${floating.mac} type veth peer name ${FLOATING_PORT}`,
    ...plugIn(FLOATING_PORT),
  );
  await nft(at('subnet'), bridgeRules(topology));
}

/** The router of the VPC and its Internet gateway in one: it maps the Elastic IP 1:1, and keeps no state of it. */
async function buildGateway({ hosts, floating }: Topology, at: (place: string) => string): Promise<void> {
  const { client, gateway, prefix, elasticIp } = INTERNET;
  const gatewaySpace = at('gateway');
  await ip(
    gatewaySpace,
    `link add wan type veth peer name eth0 netns ${at('client')}`,
    `addr add ${gateway}/${prefix} dev wan`,
    'link set wan up',
    `link add lan type veth peer name p-gateway netns ${at('subnet')}`,
    `addr add ${SUBNET.gateway}/${SUBNET.prefix} dev lan`,
    'link set lan up',
    // A VPC knows who has which address; nothing there has to be asked for, or learnt anew after a move.
    ...[...hosts, floating].map(({ address, mac }) => `neigh add ${address} lladdr ${mac} dev lan nud permanent`),
    ...PROBES.flatMap((probe, nth) => [
      `link add probe${nth} type veth peer name eth0 netns ${at(probe.name)}`,
      `addr add ${probe.gateway}/${probe.prefix} dev probe${nth}`,
      `link set probe${nth} up`,
    ]),
  );
  await ip(at('subnet'), ...plugIn('p-gateway'));
  const leaf = { name: 'client', address: client, gateway, prefix };
  for (const end of [leaf, ...PROBES]) await ip(at(end.name), ...configured(end));
  await setSysctl(gatewaySpace, { 'net/ipv4/ip_forward': 1 });
  await nft(
    gatewaySpace,
    `table ip elastic {
      chain inwards { type filter hook prerouting priority raw; iifname "wan" ip daddr ${elasticIp} ip daddr set ${floating.address} notrack; }
      chain outwards { type filter hook postrouting priority raw; oifname "wan" ip saddr ${floating.address} ip saddr set ${elasticIp} notrack; }
    }`,
  );
}

async function buildHost(host: HostPlan, at: (place: string) => string): Promise<void> {
  const port = portOf(host);
  await ip(
    at(host.name),
    `link add eth0 address ${host.mac} type veth peer name ${port} netns ${at('subnet')}`,
    ...configured({ address: host.address, gateway: SUBNET.gateway, prefix: SUBNET.prefix }),
  );
  await ip(at('subnet'), ...plugIn(port));
  await setSysctl(at(host.name), {
    // What docs/guest.md asks for: listen on an address before it is there.
    'net/ipv4/ip_nonlocal_bind': 1,
    // As nginx asks for.
    'net/core/somaxconn': 65_535,
    // Each device answers for its own address only, and from it.
    'net/ipv4/conf/all/arp_ignore': 1,
    'net/ipv4/conf/all/arp_announce': 2,
    'net/ipv4/conf/all/rp_filter': 2,
  });
}

function configured(end: { readonly address: string; readonly gateway: string; readonly prefix: number }): string[] {
  const { address, gateway, prefix } = end;
  return [`addr add ${address}/${prefix} dev eth0`, 'link set eth0 up', `route add default via ${gateway}`];
}

const plugIn = (port: string): string[] => [`link set ${port} master br0`, `link set ${port} up`];

/**
 * EC2 drops what an interface sends from an address that is not its own (source/destination check), ARP included.
 * `closed` holds the interfaces whose security group lets nothing in, `lossy` those whose packets are lost.
 */
function bridgeRules({ hosts, floating }: Topology): string {
  const ends = [
    ...hosts.map((host) => [portOf(host), host.address] as const),
    [FLOATING_PORT, floating.address] as const,
  ];
  const checks = ends.map(
    ([port, address]) =>
      `iifname "${port}" ip saddr != ${address} drop; iifname "${port}" arp saddr ip != ${address} drop;`,
  );
  return `table bridge vpc {
    set closed { type ifname; }
    set lossy { type ifname; }
    chain sent { type filter hook prerouting priority -300; iifname @lossy drop; ${checks.join(' ')} }
    chain forwarded { type filter hook forward priority 0; oifname @closed ether type ip drop; oifname @lossy drop; }
    chain answered { type filter hook output priority 0; oifname @lossy drop; }
  }`;
}

/** Settings of the kernel that each namespace has for itself. The machine's own are not touched. */
async function setSysctl(namespace: string, settings: Readonly<Record<string, number>>): Promise<void> {
  const lines = Object.entries(settings).map(([name, value]) => `echo ${value} > /proc/sys/${name}`);
  await tool(['ip', 'netns', 'exec', namespace, 'sh', '-ec', lines.join('\n')]);
}

/** Takes the floating interface from one place to another: `subnet` is nobody's. It arrives down, without an address. */
export async function moveFloating({ runId, floating }: Topology, from: string, to: string): Promise<void> {
  const [source, target] = [namespaceOf(runId, from), namespaceOf(runId, to)];
  await tool(['ip', '-n', source, 'link', 'set', deviceOf(floating), 'netns', target]);
}

/** @throws ToolError when there is a run of this name: it would be taken down with this one. */
export function assertUnused(runId: string): void {
  const [taken] = namespacesOf(runId);
  if (taken !== undefined) throw new ToolError(['ip', 'netns', 'add', taken], 'there is a run of this name already');
}

function namespacesOf(runId: string): readonly string[] {
  const prefix = namespaceOf(runId, '');
  return existsSync(NAMESPACES) ? readdirSync(NAMESPACES).filter((name) => name.startsWith(prefix)) : [];
}
