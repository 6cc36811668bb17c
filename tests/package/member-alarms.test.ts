import { deleteMemberAlarms, leftBehind } from '../../serverless/member-alarms.cjs';

const TAG = { key: 'eni-failover-state:deployment', value: 'eni-failover-prod' };
const PREFIX = 'eni-failover/member/';

/** A CloudWatch with so many alarms, a hundred on a page; every third is another deployment's. */
function cloudwatch(count: number) {
  const removed: string[][] = [];
  const alarms = Array.from({ length: count }, (_, nth) => ({
    AlarmName: `${PREFIX}i-${nth}`,
    AlarmArn: `arn:${nth}`,
  }));
  return {
    removed,
    describe: async ({ NextToken = '0', MaxRecords }: { NextToken?: string; MaxRecords: number }) => {
      const end = Number(NextToken) + MaxRecords;
      return { MetricAlarms: alarms.slice(Number(NextToken), end), ...(end < count && { NextToken: `${end}` }) };
    },
    tagsOf: async (arn: string) => {
      const isOther = Number(arn.slice(4)) % 3 === 2;
      return [{ Key: TAG.key, Value: isOther ? 'eni-failover-trial' : TAG.value }];
    },
    remove: async (names: string[]) => void removed.push(names),
  };
}

describe('the alarms on members, when the stack is gone', () => {
  it('should be deleted page by page, a hundred at a time, and those of another deployment not', async () => {
    const calls = cloudwatch(333);
    expect(await deleteMemberAlarms(PREFIX, TAG, calls)).toBe(222);
    expect(calls.removed.map(({ length }) => length)).toEqual([100, 100, 22]);
    expect(calls.removed.flat()).not.toContain(`${PREFIX}i-2`);
  });

  it('should take no call where there is none', async () => {
    const calls = cloudwatch(0);
    expect(await deleteMemberAlarms(PREFIX, TAG, calls)).toBe(0);
    expect(calls.removed).toEqual([]);
  });

  it('should be told of where they cannot be deleted', () => {
    expect(leftBehind(PREFIX, 'not authorized.')).toContain('docs/install.md');
  });
});
