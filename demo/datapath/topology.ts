import { randomBytes } from 'node:crypto';

/** The Internet, as far as it matters: a client, and the gateway's outer side. Documentation addresses (RFC 5737). */
export const INTERNET = {
  client: '203.0.113.10',
  gateway: '203.0.113.1',
  prefix: 24,
  elasticIp: '198.51.100.20',
} as const;

/** The subnet of the group. The second address belongs to the VPC itself; status checks ask from there. */
export const SUBNET = { gateway: '10.0.0.1', vpc: '10.0.0.2', prefix: 24 } as const;

/** Subnets of their own, for whatever looks at the hosts from inside the VPC; the gateway routes between all of them. */
export const PROBES = [
  { name: 'vpc-probe-1', address: '10.0.1.4', gateway: '10.0.1.1', prefix: 28 },
  { name: 'vpc-probe-2', address: '10.0.1.20', gateway: '10.0.1.17', prefix: 28 },
] as const;

/** One instance: its primary interface, which never moves. */
export interface HostPlan {
  readonly instanceId: string;
  readonly name: string;
  readonly address: string;
  readonly mac: string;
}

/** The interface that moves. */
export interface FloatingPlan {
  readonly interfaceId: string;
  readonly address: string;
  readonly mac: string;
  readonly deviceIndex: number;
}

/** What is built. Addresses and MACs are those of the lab's world. */
export interface Topology {
  /** Names every namespace, so that runs beside each other do not meet. */
  readonly runId: string;
  readonly hosts: readonly HostPlan[];
  readonly floating: FloatingPlan;
}

/** Where a namespace of a run can be found: `ip netns exec NAME`. */
export function namespaceOf(runId: string, place: string): string {
  return `eni-${runId}-${place}`;
}

/** A name that no other run has. */
export function newRunId(): string {
  return randomBytes(4).toString('hex');
}

/** Every namespace of a run. */
export function placesOf({ hosts }: Pick<Topology, 'hosts'>): readonly string[] {
  return ['client', 'gateway', 'subnet', ...hosts.map(({ name }) => name), ...PROBES.map(({ name }) => name)];
}

/** The bridge's end of a host's primary interface. Names of devices have at most 15 characters. */
export const portOf = (host: HostPlan): string => `p-${host.name}`;
/** The bridge's end of the floating interface. */
export const FLOATING_PORT = 'p-floating';
/** What the floating interface is called, whoever holds it. */
export const deviceOf = ({ deviceIndex }: FloatingPlan): string => `eth${deviceIndex}`;
