interface Subnet {
  readonly SubnetId?: string;
  readonly VpcId?: string;
  readonly AvailabilityZone?: string;
  readonly AvailabilityZoneId?: string;
}

interface Judged {
  readonly faults: readonly string[];
  readonly warnings: readonly string[];
}

export function judgeSubnets(subnets: readonly Subnet[]): Judged;
export function lookAtSubnets(
  ids: readonly string[],
  describe: (ids: readonly string[]) => Promise<readonly Subnet[]>,
): Promise<Judged>;

interface Group {
  readonly GroupId?: string;
  readonly VpcId?: string;
}

export function judgeGroups(subnets: readonly Subnet[], groups: readonly Group[]): readonly string[];
export function lookAtGroups(
  ids: readonly string[],
  subnetIds: readonly string[],
  describe: {
    readonly subnets: (ids: readonly string[]) => Promise<readonly Subnet[]>;
    readonly groups: (ids: readonly string[]) => Promise<readonly Group[]>;
  },
): Promise<Judged>;
