import { policyOf } from '../../lab/package/iam.ts';
import type { Policy } from '../../lab/world/hooks.ts';

const ARN = 'arn:aws:ec2:us-east-1:123456789012:network-interface/eni-1';

/** Whether a role with one condition may tag an interface that has these tags. */
function mayTag(condition: object, tags: Record<string, string>, keys: readonly string[] = ['a']): boolean {
  const statement = { Sid: 'Tag', Effect: 'Allow', Action: 'ec2:CreateTags', Resource: '*', Condition: condition };
  const policy = policyOf({ policies: [{ Statement: [statement] }] } as unknown as Parameters<typeof policyOf>[0]);
  const Tags = keys.map((Key) => ({ Key, Value: 'v' }));
  const call = { service: 'ec2', action: 'CreateTags', input: { Tags }, caller: 'role' } as const;
  const resources: Parameters<Policy>[0]['resources'] = [{ type: 'network-interface', arn: ARN, tags }];
  return policy({ ...call, resources });
}

describe('a condition on a tag', () => {
  it.each([
    ['aws:ResourceTag/Team', { Team: 'web' }, true],
    ['aws:ResourceTag/team', { TEAM: 'web' }, true],
    ['AWS:RESOURCETAG/TEAM', { team: 'web' }, true],
    ['aws:ResourceTag/team', { team: 'Web' }, false],
    ['aws:ResourceTag/team', { teams: 'web' }, false],
  ])('should ignore the case of the key and keep that of the value: %s of %j', (key, tags, expected) => {
    expect(mayTag({ StringEquals: { [key]: 'web' } }, tags)).toBe(expected);
  });

  it('should hold for the tags of a request as well', () => {
    expect(mayTag({ StringEquals: { 'aws:RequestTag/A': 'v' } }, {})).toBe(true);
    expect(mayTag({ Null: { 'aws:requesttag/a': 'false' } }, {})).toBe(true);
    expect(mayTag({ 'ForAllValues:StringEquals': { 'aws:tagkeys': ['a'] } }, {})).toBe(true);
    expect(mayTag({ 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a'] } }, {}, ['A'])).toBe(false);
  });
});
