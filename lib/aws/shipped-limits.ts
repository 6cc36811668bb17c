import table from '../../data/instance-types.json';
import type { TypeLimits } from '../core/model.ts';

/**
 * What is known of an instance type without asking EC2. `npm run instance-types` makes the table of what
 * DescribeInstanceTypes says; each of its rows is a set of limits with the types that have it, so nothing has to be
 * taken apart before somebody asks.
 * @returns undefined for a type that is newer than the table.
 */
export function shippedLimits(type: string): TypeLimits | undefined {
  const [family = '', size = ''] = type.split('.');
  for (const [limits, types] of Object.entries(table)) {
    if (sizesOf(family, types).includes(size)) return decoded(limits);
  }
  return undefined;
}

/** `c5.2xlarge,xlarge m5.2xlarge` → the sizes of one of these families. */
function sizesOf(family: string, types: string): readonly string[] {
  const from = ` ${types}`.indexOf(` ${family}.`);
  if (from < 0) return [];
  return (
    types
      .slice(from + family.length + 1)
      .split(' ', 1)[0]
      ?.split(',') ?? []
  );
}

/** `8/8 50 50 27`: interfaces by network card, IPv4 and IPv6 addresses, attachments shared with volumes or `-`. */
function decoded(limits: string): TypeLimits {
  const [cards = '', ipv4, ipv6, shared] = limits.split(' ');
  const each = cards.split('/').map(Number);
  return {
    maxInterfaces: each.reduce((sum, one) => sum + one, 0),
    ipv4PerInterface: Number(ipv4),
    ipv6PerInterface: Number(ipv6),
    cards: each.map((maxInterfaces, index) => ({ index, maxInterfaces })),
    ...(shared !== '-' && { sharedAttachments: Number(shared) }),
  };
}
