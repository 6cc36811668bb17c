import type * as aws from '@aws-sdk/client-cloudwatch';
import { alarmArn, putAlarm, setAlarmState } from '../world/alarms.ts';
import type { IamResource } from '../world/hooks.ts';
import type { Alarm, AlarmConfig } from '../world/model.ts';
import type { WorldState } from '../world/state.ts';
import { AwsError, refuseIf } from './errors.ts';
import { anyResource, bucket, page, required, row } from './row.ts';

const CHOICES = {
  Statistic: ['Maximum', 'Minimum', 'Average', 'Sum', 'SampleCount'],
  ComparisonOperator: [
    'GreaterThanOrEqualToThreshold',
    'GreaterThanThreshold',
    'LessThanOrEqualToThreshold',
    'LessThanThreshold',
  ],
  TreatMissingData: ['missing', 'breaching', 'notBreaching', 'ignore'],
  StateValue: ['OK', 'ALARM', 'INSUFFICIENT_DATA'],
};
const ESSENTIAL = 'AlarmName Namespace MetricName Statistic Period EvaluationPeriods Threshold ComparisonOperator';

export const describeAlarms = row<aws.DescribeAlarmsInput, aws.DescribeAlarmsOutput>({
  service: 'cloudwatch',
  members: 'AlarmNames AlarmNamePrefix AlarmTypes StateValue MaxRecords NextToken',
  resources: anyResource,
  bucket: bucket(9, 9),
  handle(world, input, atMs) {
    const { AlarmNames: names, AlarmNamePrefix: prefix } = input;
    const both = names !== undefined && prefix !== undefined;
    refuseIf(both, 'InvalidParameterCombination', 'AlarmNames and AlarmNamePrefix cannot be used together');
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

export const putMetricAlarm = row<aws.PutMetricAlarmInput, object>({
  service: 'cloudwatch',
  members:
    'AlarmName AlarmDescription ActionsEnabled AlarmActions OKActions InsufficientDataActions Namespace MetricName Dimensions.Name Dimensions.Value Statistic Period EvaluationPeriods DatapointsToAlarm Threshold ComparisonOperator TreatMissingData',
  resources: (world, input) => [alarmResource(world, input.AlarmName)],
  bucket: bucket(3, 3),
  handle(world, input) {
    checkConfig(input);
    putAlarm(world, input);
    return {};
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
    setAlarmState(world, name, state, required(input.StateReason, 'StateReason'), input.StateReasonData ?? '');
    return {};
  },
});

function findAlarm(world: WorldState, name: string): Alarm {
  const found = world.alarms.get(name);
  if (found === undefined) throw new AwsError('ResourceNotFound', `Alarm ${name} does not exist`);
  return found;
}

function alarmResource(world: WorldState, name = '*'): IamResource {
  return { type: 'alarm', arn: alarmArn(world, name), tags: {} };
}

function checkConfig(input: aws.PutMetricAlarmInput): asserts input is AlarmConfig {
  for (const name of ESSENTIAL.split(' ')) required(input[name as keyof aws.PutMetricAlarmInput], name);
  checkChoices(input);
  const { Period = 0, EvaluationPeriods = 0, DatapointsToAlarm = 0 } = input;
  const whole = [10, 20, 30].includes(Period) || (Period > 0 && Period % 60 === 0);
  refuseIf(!whole, 'ValidationError', 'Period must be 10, 20, 30 or a multiple of 60');
  const fits = DatapointsToAlarm <= EvaluationPeriods;
  refuseIf(!fits, 'ValidationError', 'DatapointsToAlarm must not exceed EvaluationPeriods');
}

function checkChoices(input: { readonly [K in keyof typeof CHOICES]?: string | undefined }): void {
  for (const [name, allowed] of Object.entries(CHOICES)) {
    const value = input[name as keyof typeof CHOICES];
    const known = value === undefined || allowed.includes(value);
    refuseIf(!known, 'ValidationError', `${name} must be one of ${allowed.join(', ')}`);
  }
}

function describe(world: WorldState, { config, ...alarm }: Alarm): aws.MetricAlarm {
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
