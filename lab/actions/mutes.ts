import type * as aws from '@aws-sdk/client-cloudwatch';
import { muteRuleArn } from '../world/alarm-events.ts';
import { refuseIf } from './errors.ts';
import { anyResource, bucket, page, row } from './row.ts';

const STATUSES: readonly string[] = ['SCHEDULED', 'ACTIVE', 'EXPIRED'];

/** Which mute rules silence an alarm. Rules themselves are made by the hand of god: `world.mutes`. */
export const listAlarmMuteRules = row<aws.ListAlarmMuteRulesInput, aws.ListAlarmMuteRulesOutput>({
  service: 'cloudwatch',
  members: 'AlarmName Statuses MaxRecords NextToken',
  resources: anyResource,
  bucket: bucket(9, 9),
  handle(world, { AlarmName: name, Statuses: statuses, MaxRecords, NextToken }) {
    const unknown = statuses?.find((status) => !STATUSES.includes(status));
    refuseIf(unknown !== undefined, 'ValidationError', `Statuses must be among ${STATUSES.join(', ')}`);
    const wanted = statuses === undefined || statuses.includes('ACTIVE');
    const rules = [...world.mutes].filter((alarm) => wanted && (name === undefined || alarm === name));
    const arn = (alarm: string): string => muteRuleArn(world, alarm);
    const { items, NextToken: next } = page(
      world,
      rules,
      arn,
      { MaxResults: MaxRecords ?? 50, NextToken },
      { low: 1, high: 100 },
    );
    const summaries = items.map((alarm) => ({ AlarmMuteRuleArn: arn(alarm), Status: 'ACTIVE' as const }));
    return { AlarmMuteRuleSummaries: summaries, NextToken: next };
  },
});
