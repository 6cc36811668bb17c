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
 * Sets of limits to the types that have them: interfaces of each card, IPv4 and IPv6 addresses, attachments shared with
 * volumes (`-` where they are not); types family by family.
 */
const TABLE: Readonly<Record<string, string>> = {
  '2 2 2 27': 't3.micro',
  '3 4 4 27': 't3.small t4g.small',
  '3 6 6 27': 't3.medium',
  '3 10 10 27': 'm6i.large',
  '3 10 10 -': 'm7i.large',
  '4 15 15 27': 'm5.2xlarge m6i.xlarge c6in.xlarge',
  '8 30 30 27': 'c5n.9xlarge',
  '15/15/15/15 50 50 -': 'p4d.24xlarge',
};

/** Real types with their real limits. */
export const INSTANCE_TYPES: Readonly<Record<string, TypeLimits>> = Object.fromEntries(
  Object.entries(TABLE).flatMap(([limits, types]) => types.split(' ').flatMap((family) => rowsOf(limits, family))),
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
