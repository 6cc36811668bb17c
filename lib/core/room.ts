import type { RejectionCode } from './codes.ts';
import type { RecordedResource } from './ledger.ts';
import type { EnaOptions, InterfaceView, MemberView, TypeLimits } from './model.ts';
import type { Device } from './tags.ts';

/** Why a candidate cannot take the interfaces; each names what a person would change. */
export interface PlacementFault {
  readonly code: PlacementCode;
  readonly reason: string;
}

type PlacementCode = RejectionCode &
  (
    | 'no-free-slot'
    | 'no-free-attachment'
    | 'device-index-taken'
    | 'device-index-beyond-limit'
    | 'too-few-addresses'
    | 'limits-unreadable'
  );

export interface PlacementContext {
  readonly tagPrefix: string;
  /** Where the ledger says they were, for interfaces that are detached now. */
  readonly remembered: readonly RecordedResource[];
  /** How this run saw them attached, for interfaces that are detached now. */
  readonly carried: Readonly<Record<string, EnaOptions>>;
  /** Devices that EC2 did not give the candidate when it was asked for them. */
  readonly withheld: readonly Device[];
  /** The instances that run: what is on another is served by nobody. */
  readonly running: ReadonlySet<string>;
}

/** What every check looks at. */
export interface Arrival {
  readonly interfaces: readonly InterfaceView[];
  /** Those that are not there yet. */
  readonly arriving: readonly InterfaceView[];
  readonly candidate: MemberView;
  readonly limits: TypeLimits;
  readonly context: PlacementContext;
}

/** Why a candidate has no room for the interfaces, on whatever device; undefined when it has. */
export function crowding(arrival: Arrival): PlacementFault | undefined {
  return tooFewAddresses(arrival) ?? noFreeSlot(arrival) ?? noFreeAttachment(arrival);
}

function tooFewAddresses({ arriving, candidate, limits }: Arrival): PlacementFault | undefined {
  const needs = arriving.flatMap(({ id, privateIpv4Count, ipv6Count }) => [
    { id, kind: 'IPv4', has: privateIpv4Count, allowed: limits.ipv4PerInterface },
    { id, kind: 'IPv6', has: ipv6Count, allowed: limits.ipv6PerInterface },
  ]);
  const short = needs.find(({ has, allowed }) => has > allowed);
  if (!short) return undefined;
  const { id, kind, has, allowed } = short;
  const reason = `${id} has ${has} ${kind} addresses and a ${candidate.type} allows ${allowed} per interface`;
  return { code: 'too-few-addresses', reason };
}

function noFreeSlot({ arriving, candidate, limits }: Arrival): PlacementFault | undefined {
  const free = limits.maxInterfaces - candidate.slots.length;
  if (arriving.length <= free) return undefined;
  const has = `has ${candidate.slots.length} of the ${limits.maxInterfaces} interfaces a ${candidate.type} allows`;
  return { code: 'no-free-slot', reason: `it ${has} and needs room for ${arriving.length} more` };
}

/**
 * On most types before the seventh generation, volumes and interfaces share one number of attachments. NVMe disks are
 * not counted: EC2's number has them taken off already (it is 3 for a d3.8xlarge with 24 disks). It may have the
 * primary interface taken off as well (28 attachments and 27 volumes, "Amazon EBS volume limits for Amazon EC2
 * instances"): then there is room for one more than is assumed here.
 */
function noFreeAttachment({ arriving, candidate, limits }: Arrival): PlacementFault | undefined {
  const { sharedAttachments: all = Number.POSITIVE_INFINITY } = limits;
  const { volumes = 0, slots, type } = candidate;
  if (arriving.length === 0 || volumes + slots.length + arriving.length <= all) return undefined;
  const has = `${volumes} volumes and ${slots.length} interfaces, which share the ${all} attachments of a ${type}`;
  return { code: 'no-free-attachment', reason: `it has ${has}, and needs room for ${arriving.length} more` };
}
