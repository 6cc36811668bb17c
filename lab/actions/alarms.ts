import type {
  DeleteAlarmsInput,
  DescribeAlarmsInput,
  DescribeAlarmsOutput,
  MetricAlarm,
  PutMetricAlarmInput,
  SetAlarmStateInput,
} from '@aws-sdk/client-cloudwatch';
import { alarmArn, putAlarm, setAlarmState } from '../world/alarms.ts';
import type { IamResource } from '../world/hooks.ts';
import type { Alarm, AlarmConfig } from '../world/model.ts';
import type { WorldState } from '../world/state.ts';
import { AwsError } from './errors.ts';
import { anyResource, bucket, page, required, row } from './row.ts';

const STATISTICS = ['Maximum', 'Minimum', 'Average', 'Sum', 'SampleCount'];
const COMPARISONS = [
  'GreaterThanOrEqualToThreshold',
  'GreaterThanThreshold',
  'LessThanOrEqualToThreshold',
  'LessThanThreshold',
];
const TREATMENTS = ['missing', 'breaching', 'notBreaching', 'ignore'];
const STATES = ['OK', 'ALARM', 'INSUFFICIENT_DATA'] as const;

export const describeAlarms = row<DescribeAlarmsInput, DescribeAlarmsOutput>({
  service: 'cloudwatch',
  members: 'AlarmNames AlarmNamePrefix AlarmTypes StateValue MaxRecords NextToken',
  resources: anyResource,
  bucket: bucket(9, 9),
  handle(world, input, atMs) {
    const { AlarmNames: names, AlarmNamePrefix: prefix } = input;
    if (names?.length && prefix !== undefined) {
      throw new AwsError('InvalidParameterCombination', 'AlarmNames and AlarmNamePrefix cannot be used together');
    }
    const metricAlarms = input.AlarmTypes === undefined || input.AlarmTypes.includes('MetricAlarm');
    const found = (metricAlarms ? world.alarms.all(atMs) : []).filter(
      ({ config: { name }, state }) =>
        (!names?.length || names.includes(name)) &&
        name.startsWith(prefix ?? '') &&
        (input.StateValue === undefined || state === input.StateValue),
    );
    const paging = { MaxResults: input.MaxRecords ?? 50, NextToken: input.NextToken };
    const { items, NextToken } = page(found, ({ config }) => config.name, paging, { low: 1, high: 100 });
    return { MetricAlarms: items.map((alarm) => describe(world, alarm)), CompositeAlarms: [], NextToken };
  },
});

export const putMetricAlarm = row<PutMetricAlarmInput, object>({
  service: 'cloudwatch',
  members:
    'AlarmName AlarmDescription ActionsEnabled AlarmActions OKActions InsufficientDataActions Namespace MetricName Dimensions.Name Dimensions.Value Statistic Period EvaluationPeriods DatapointsToAlarm Threshold ComparisonOperator TreatMissingData',
  resources: (world, input) => [alarmResource(world, input.AlarmName)],
  bucket: bucket(3, 3),
  handle(world, input) {
    putAlarm(world, toConfig(input));
    return {};
  },
});

export const deleteAlarms = row<DeleteAlarmsInput, object>({
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

export const setAlarmStateRow = row<SetAlarmStateInput, object>({
  service: 'cloudwatch',
  members: 'AlarmName StateValue StateReason StateReasonData',
  resources: (world, input) => [alarmResource(world, input.AlarmName)],
  bucket: bucket(3, 3),
  handle(world, input) {
    const name = required(input.AlarmName, 'AlarmName');
    const state = oneOf(STATES, required(input.StateValue, 'StateValue'), 'StateValue');
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

function oneOf<T extends string>(allowed: readonly T[], value: string, name: string): T {
  const found = allowed.find((one) => one === value);
  if (found === undefined) throw new AwsError('ValidationError', `${name} must be one of ${allowed.join(', ')}`);
  return found;
}

function toConfig(input: PutMetricAlarmInput): AlarmConfig {
  const periodSeconds = required(input.Period, 'Period');
  const evaluationPeriods = required(input.EvaluationPeriods, 'EvaluationPeriods');
  if (![10, 20, 30].includes(periodSeconds) && (periodSeconds % 60 !== 0 || periodSeconds <= 0)) {
    throw new AwsError('ValidationError', 'Period must be 10, 20, 30 or a multiple of 60');
  }
  const datapointsToAlarm = input.DatapointsToAlarm ?? evaluationPeriods;
  if (datapointsToAlarm > evaluationPeriods) {
    throw new AwsError('ValidationError', 'DatapointsToAlarm must not exceed EvaluationPeriods');
  }
  return {
    name: required(input.AlarmName, 'AlarmName'),
    description: input.AlarmDescription,
    namespace: required(input.Namespace, 'Namespace'),
    metric: required(input.MetricName, 'MetricName'),
    dimensions: Object.fromEntries((input.Dimensions ?? []).map(({ Name = '', Value = '' }) => [Name, Value])),
    statistic: oneOf(STATISTICS, required(input.Statistic, 'Statistic'), 'Statistic'),
    periodMs: periodSeconds * 1000,
    evaluationPeriods,
    datapointsToAlarm,
    threshold: required(input.Threshold, 'Threshold'),
    comparison: oneOf(COMPARISONS, required(input.ComparisonOperator, 'ComparisonOperator'), 'ComparisonOperator'),
    treatMissingData: oneOf(TREATMENTS, input.TreatMissingData ?? 'missing', 'TreatMissingData'),
    actionsEnabled: input.ActionsEnabled ?? true,
    alarmActions: input.AlarmActions ?? [],
    okActions: input.OKActions ?? [],
    insufficientDataActions: input.InsufficientDataActions ?? [],
  };
}

function describe(world: WorldState, { config, ...alarm }: Alarm): MetricAlarm {
  return {
    AlarmName: config.name,
    AlarmArn: alarmArn(world, config.name),
    AlarmDescription: config.description,
    AlarmConfigurationUpdatedTimestamp: new Date(alarm.configuredMs),
    ActionsEnabled: config.actionsEnabled,
    AlarmActions: [...config.alarmActions],
    OKActions: [...config.okActions],
    InsufficientDataActions: [...config.insufficientDataActions],
    StateValue: alarm.state,
    StateReason: alarm.reason,
    StateReasonData: alarm.reasonData === '' ? undefined : alarm.reasonData,
    StateUpdatedTimestamp: new Date(alarm.stateUpdatedMs),
    StateTransitionedTimestamp: new Date(alarm.stateUpdatedMs),
    Namespace: config.namespace,
    MetricName: config.metric,
    Dimensions: Object.entries(config.dimensions).map(([Name, Value]) => ({ Name, Value })),
    Statistic: config.statistic as MetricAlarm['Statistic'],
    Period: config.periodMs / 1000,
    EvaluationPeriods: config.evaluationPeriods,
    DatapointsToAlarm: config.datapointsToAlarm,
    Threshold: config.threshold,
    ComparisonOperator: config.comparison as MetricAlarm['ComparisonOperator'],
    TreatMissingData: config.treatMissingData,
  };
}
