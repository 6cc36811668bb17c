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
