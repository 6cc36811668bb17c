import type * as aws from '@aws-sdk/client-cloudwatch';
import { alarmArn } from '../world/alarm-events.ts';
import { setAlarmState } from '../world/alarms.ts';
import type { Alarm } from '../world/model.ts';
import type { WorldState } from '../world/state.ts';
import { AwsError, refuseIf } from './errors.ts';
import { alarmResource, checkChoices } from './put-alarm.ts';
import { anyResource, bucket, page, required, row } from './row.ts';

const TYPES: readonly string[] = ['MetricAlarm', 'CompositeAlarm', 'LogAlarm'];

export const describeAlarms = row<aws.DescribeAlarmsInput, aws.DescribeAlarmsOutput>({
  service: 'cloudwatch',
  members: 'AlarmNames AlarmNamePrefix AlarmTypes StateValue MaxRecords NextToken',
  resources: anyResource,
  bucket: bucket(9, 9),
  handle(world, input, atMs) {
    const { AlarmNames: names, AlarmNamePrefix: prefix } = input;
    const both = names !== undefined && prefix !== undefined;
    refuseIf(both, 'InvalidParameterCombination', 'AlarmNames and AlarmNamePrefix cannot be used together');
    checkChoices(input);
    const unknown = input.AlarmTypes?.find((type) => !TYPES.includes(type));
    refuseIf(unknown !== undefined, 'ValidationError', `AlarmTypes must be among ${TYPES.join(', ')}`);
    refuseIf((names?.length ?? 0) > 100, 'ValidationError', 'AlarmNames must have at most 100 members');
    const metricAlarms = input.AlarmTypes === undefined || input.AlarmTypes.includes('MetricAlarm');
    const found = (metricAlarms ? world.alarms.all(atMs) : []).filter(
      ({ config: { AlarmName }, state }) =>
        (!names?.length || names.includes(AlarmName)) &&
        AlarmName.startsWith(prefix ?? '') &&
        (input.StateValue === undefined || state === input.StateValue),
    );
    const paging = { MaxResults: input.MaxRecords ?? 50, NextToken: input.NextToken };
    const { items, NextToken } = page(world, found, ({ config }) => config.AlarmName, paging, { low: 1, high: 100 });
    return { MetricAlarms: items.map((alarm) => describe(world, alarm)), CompositeAlarms: [], NextToken };
  },
});

export const deleteAlarms = row<aws.DeleteAlarmsInput, object>({
  service: 'cloudwatch',
  members: 'AlarmNames',
  resources: (world, input) => (input.AlarmNames ?? []).map((name) => alarmResource(world, name)),
  bucket: bucket(3, 3),
  handle(world, input) {
    const names = required(input.AlarmNames, 'AlarmNames');
    for (const name of names) findAlarm(world, name);
    for (const name of names) world.alarms.delete(name);
    return {};
  },
});

export const setAlarmStateRow = row<aws.SetAlarmStateInput, object>({
  service: 'cloudwatch',
  members: 'AlarmName StateValue StateReason StateReasonData',
  resources: (world, input) => [alarmResource(world, input.AlarmName)],
  bucket: bucket(3, 3),
  handle(world, input) {
    const name = required(input.AlarmName, 'AlarmName');
    const state = required(input.StateValue, 'StateValue');
    checkChoices(input);
    findAlarm(world, name);
    const reason = required(input.StateReason, 'StateReason');
    refuseIf(reason.length > 1023, 'ValidationError', 'StateReason must have at most 1023 characters');
    const data = input.StateReasonData ?? '';
    refuseIf(data !== '' && !isJson(data), 'InvalidFormat', 'StateReasonData is not JSON');
    setAlarmState(world, name, state, reason, data);
    return {};
  },
});

/** Only the time series that are in ALARM. */
export const describeAlarmContributors = row<aws.DescribeAlarmContributorsInput, aws.DescribeAlarmContributorsOutput>({
  service: 'cloudwatch',
  members: 'AlarmName NextToken',
  resources: (world, input) => [alarmResource(world, input.AlarmName)],
  bucket: bucket(9, 9),
  handle(world, input, atMs) {
    const { contributors } = findAlarm(world, required(input.AlarmName, 'AlarmName'), atMs);
    const failing = contributors.filter(({ state }) => state === 'ALARM');
    const { items, NextToken } = page(world, failing, ({ id }) => id, input, { low: 1, high: 100 });
    const AlarmContributors = items.map(({ id, attributes, reason, changedMs }) => ({
      ContributorId: id,
      ContributorAttributes: attributes,
      StateReason: reason,
      StateTransitionedTimestamp: new Date(changedMs),
    }));
    return { AlarmContributors, NextToken };
  },
});

/** What an infrastructure tool reads after it has made an alarm. */
export const listTagsForResource = row<aws.ListTagsForResourceInput, aws.ListTagsForResourceOutput>({
  service: 'cloudwatch',
  members: 'ResourceARN',
  resources: (_world, { ResourceARN = '*' }) => [{ type: 'alarm', arn: ResourceARN, tags: {} }],
  bucket: bucket(9, 9),
  handle(world, input) {
    const arn = required(input.ResourceARN, 'ResourceARN');
    const name = arn.startsWith(alarmArn(world, '')) ? arn.slice(alarmArn(world, '').length) : '';
    return { Tags: findAlarm(world, name).config.Tags ?? [] };
  },
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function findAlarm(world: WorldState, name: string, atMs?: number): Alarm {
  const found = world.alarms.get(name, atMs);
  if (found === undefined) throw new AwsError('ResourceNotFound', `Alarm ${name} does not exist`);
  return found;
}

function describe(world: WorldState, { config: { Tags: _, ...config }, ...alarm }: Alarm): aws.MetricAlarm {
  return {
    ActionsEnabled: true,
    AlarmActions: [],
    OKActions: [],
    InsufficientDataActions: [],
    Dimensions: [],
    ...config,
    AlarmArn: alarmArn(world, config.AlarmName),
    AlarmConfigurationUpdatedTimestamp: new Date(alarm.configuredMs),
    StateValue: alarm.state,
    StateReason: alarm.reason,
    StateReasonData: alarm.reasonData === '' ? undefined : alarm.reasonData,
    StateUpdatedTimestamp: new Date(alarm.stateUpdatedMs),
    StateTransitionedTimestamp: new Date(alarm.stateUpdatedMs),
  };
}
