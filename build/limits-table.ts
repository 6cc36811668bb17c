/** The parts of DescribeInstanceTypes `InstanceTypes[]` that decide what an instance can take. */
export interface DescribedType {
  readonly InstanceType: string;
  readonly NetworkInfo: {
    readonly MaximumNetworkInterfaces: number;
    readonly Ipv4AddressesPerInterface: number;
    readonly Ipv6AddressesPerInterface: number;
    readonly NetworkCards?: readonly { readonly NetworkCardIndex: number; readonly MaximumNetworkInterfaces: number }[];
  };
  readonly EbsInfo?: { readonly AttachmentLimitType?: string; readonly MaximumEbsAttachments?: number };
}

/** Limits in short, to the types that have them: see {@link limitsTable}. */
export type LimitsTable = Readonly<Record<string, string>>;

/** What was read is not what the command prints. */
export class NotDescribed extends Error {}

/**
 * Finds the types in what `aws ec2 describe-instance-types` printed, or in a map of them by their names.
 * @throws NotDescribed when there are none.
 */
export function typesIn(document: unknown): readonly DescribedType[] {
  const { InstanceTypes: listed = document } = (document ?? {}) as { readonly InstanceTypes?: unknown };
  const types = Object.values((listed ?? {}) as Readonly<Record<string, unknown>>).filter(isType);
  if (types.length === 0)
    throw new NotDescribed('There is no instance type in it: give what DescribeInstanceTypes says.');
  return types;
}

function isType(value: unknown): value is DescribedType {
  const { InstanceType, NetworkInfo } = (value ?? {}) as Partial<DescribedType>;
  return typeof InstanceType === 'string' && NetworkInfo !== undefined;
}

/**
 * The limits of all types, each set of limits once: its key has the interfaces of each network card (`/` between
 * them), the IPv4 and the IPv6 addresses of an interface, and the attachments that interfaces share with volumes (`-`
 * where they do not); its value the types, family by family. `4 15 15 27` → `c5.2xlarge,xlarge m5.2xlarge,xlarge`.
 */
export function limitsTable(types: readonly DescribedType[]): LimitsTable {
  const rows = new Map<string, Map<string, string[]>>();
  for (const type of [...types].sort((a, b) => (a.InstanceType < b.InstanceType ? -1 : 1))) {
    const [family = '', size = ''] = type.InstanceType.split('.');
    const families = rows.get(keyOf(type)) ?? new Map<string, string[]>();
    families.set(family, [...(families.get(family) ?? []), size]);
    rows.set(keyOf(type), families);
  }
  const text = (families: Map<string, string[]>): string =>
    [...families].map(([family, sizes]) => `${family}.${sizes.join(',')}`).join(' ');
  return Object.fromEntries([...rows].map(([key, families]) => [key, text(families)]));
}

function keyOf({ InstanceType, NetworkInfo, EbsInfo }: DescribedType): string {
  const { MaximumNetworkInterfaces: all, NetworkCards = [] } = NetworkInfo;
  const cards = [...NetworkCards].sort((a, b) => a.NetworkCardIndex - b.NetworkCardIndex);
  const each = cards.length > 0 ? cards.map((card) => card.MaximumNetworkInterfaces) : [all];
  // The table has no place for a limit over all cards, or for a card that is left out: no type needs one.
  const odd = cards.some((card, at) => card.NetworkCardIndex !== at) || each.reduce((sum, one) => sum + one, 0) !== all;
  if (odd) throw new NotDescribed(`The network cards of ${InstanceType} do not add up: the table needs another form.`);
  const shared = EbsInfo?.AttachmentLimitType === 'shared' ? EbsInfo.MaximumEbsAttachments : undefined;
  return [
    each.join('/'),
    NetworkInfo.Ipv4AddressesPerInterface,
    NetworkInfo.Ipv6AddressesPerInterface,
    shared ?? '-',
  ].join(' ');
}
