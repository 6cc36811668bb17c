import table from '../../data/instance-types.json';

/** What an instance type takes. */
export interface TypeLimits {
  /** Interfaces allowed on each network card. */
  readonly cards: readonly number[];
  readonly maximumInterfaces: number;
  /** IPv4 addresses. */
  readonly addressesPerInterface: number;
  readonly ipv6PerInterface: number;
  /** How many interfaces and EBS volumes together, on the types where they share their attachments. */
  readonly sharedAttachments: number | undefined;
}

/** EBS volumes on the types that count them apart from interfaces. */
export const DEDICATED_VOLUMES = 32;

/**
 * Every real type with its real limits, from the table of public data in this repository: sets of limits (interfaces of
 * each card, IPv4 and IPv6 addresses, attachments shared with volumes or `-`) to the types that have them, family by
 * family.
 */
export const INSTANCE_TYPES: Readonly<Record<string, TypeLimits>> = Object.fromEntries(
  Object.entries(table).flatMap(([limits, types]) => types.split(' ').flatMap((family) => rowsOf(limits, family))),
);

/** `c5.large,xlarge` → a row for each of them. */
function rowsOf(limits: string, family: string): [string, TypeLimits][] {
  const [name = '', sizes = ''] = family.split('.');
  return sizes.split(',').map((size) => [`${name}.${size}`, limitsOf(limits)]);
}

function limitsOf(text: string): TypeLimits {
  const [cards = '', ipv4, ipv6, shared] = text.split(' ');
  const each = cards.split('/').map(Number);
  return {
    cards: each,
    maximumInterfaces: each.reduce((sum, one) => sum + one, 0),
    addressesPerInterface: Number(ipv4),
    ipv6PerInterface: Number(ipv6),
    sharedAttachments: shared === '-' ? undefined : Number(shared),
  };
}
