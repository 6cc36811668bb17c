interface Alarm {
  readonly AlarmName?: string;
  readonly AlarmArn?: string;
}
interface Calls {
  describe(input: {
    readonly AlarmNamePrefix: string;
    readonly MaxRecords: number;
    readonly NextToken?: string;
  }): Promise<{ readonly MetricAlarms?: readonly Alarm[]; readonly NextToken?: string }>;
  tagsOf(arn: string): Promise<readonly { readonly Key?: string; readonly Value?: string }[]>;
  remove(names: string[]): Promise<unknown>;
}
export function deleteMemberAlarms(
  prefix: string,
  tag: { readonly key: string; readonly value: string },
  calls: Calls,
): Promise<number>;
export function leftBehind(prefix: string, message: string): string;
