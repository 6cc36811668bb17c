import type * as aws from '@aws-sdk/client-cloudwatch';
import { alarmArn } from '../world/alarm-events.ts';
import { putAlarm } from '../world/alarms.ts';
import type { IamResource } from '../world/hooks.ts';
import type { AlarmConfig } from '../world/model.ts';
import type { WorldState } from '../world/state.ts';
import { refuseIf } from './errors.ts';
import { bucket, required, row } from './row.ts';

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
const OF_ONE_METRIC = ['Namespace', 'MetricName', 'Statistic', 'Period', 'Dimensions'] as const;
const DAY_SECONDS = 86_400;

export const putMetricAlarm = row<aws.PutMetricAlarmInput, object>({
  service: 'cloudwatch',
  members:
    'AlarmName AlarmDescription ActionsEnabled AlarmActions OKActions InsufficientDataActions Namespace MetricName Dimensions.Name Dimensions.Value Statistic Period EvaluationPeriods DatapointsToAlarm Threshold ComparisonOperator TreatMissingData Metrics.Id Metrics.Expression Metrics.Label Metrics.Period Metrics.ReturnData Metrics.MetricStat.Metric.Namespace Metrics.MetricStat.Metric.MetricName Metrics.MetricStat.Metric.Dimensions.Name Metrics.MetricStat.Metric.Dimensions.Value Metrics.MetricStat.Period Metrics.MetricStat.Stat Tags.Key Tags.Value',
  resources: (world, input) => [alarmResource(world, input.AlarmName)],
  // "You must have the cloudwatch:TagResource permission" (PutMetricAlarm, `Tags`).
  implies: ({ Tags }) => (Tags?.length ? ['TagResource'] : []),
  bucket: bucket(3, 3),
  handle(world, input) {
    checkConfig(input);
    const isNew = world.alarms.get(input.AlarmName) === undefined;
    const isFull = isNew && world.alarms.all().length >= world.quirks.alarmQuota;
    refuseIf(isFull, 'LimitExceeded', 'The maximum limit for alarms has been reached.');
    putAlarm(world, input);
    return {};
  },
});

/** The alarm as IAM sees it; one that does not exist has no tags. */
export function alarmResource(world: WorldState, name = '*'): IamResource {
  const tags = world.alarms.get(name)?.config.Tags ?? [];
  const byKey = Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
  return { type: 'alarm', arn: alarmArn(world, name), tags: byKey };
}

/** Refuses values of the enumerations that CloudWatch does not know. */
export function checkChoices(input: { readonly [K in keyof typeof CHOICES]?: string | undefined }): void {
  for (const [name, allowed] of Object.entries(CHOICES)) {
    const value = input[name as keyof typeof CHOICES];
    const known = value === undefined || allowed.includes(value);
    refuseIf(!known, 'ValidationError', `${name} must be one of ${allowed.join(', ')}`);
  }
}

/** Bounds: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html */
function checkConfig(input: aws.PutMetricAlarmInput): asserts input is AlarmConfig {
  for (const name of ['AlarmName', 'EvaluationPeriods', 'ComparisonOperator', 'Threshold'] as const) {
    required(input[name], name);
  }
  checkChoices(input);
  checkLengths(input);
  const { EvaluationPeriods = 0, DatapointsToAlarm = EvaluationPeriods } = input;
  check(EvaluationPeriods >= 1, 'EvaluationPeriods must be at least 1');
  check(DatapointsToAlarm >= 1, 'DatapointsToAlarm must be at least 1');
  check(DatapointsToAlarm <= EvaluationPeriods, 'DatapointsToAlarm must not exceed EvaluationPeriods');
  if (input.Metrics === undefined) checkOneMetric(input, EvaluationPeriods);
  else checkMetrics(input, input.Metrics, EvaluationPeriods);
}

function checkLengths(input: aws.PutMetricAlarmInput): void {
  const { AlarmName = '', AlarmDescription = '', Tags = [], Dimensions = [] } = input;
  check(AlarmName.length >= 1 && AlarmName.length <= 255, 'AlarmName must have 1 to 255 characters');
  check(AlarmDescription.length <= 1024, 'AlarmDescription must have at most 1024 characters');
  for (const name of ['AlarmActions', 'OKActions', 'InsufficientDataActions'] as const) {
    check((input[name]?.length ?? 0) <= 5, `${name} must have at most 5 members`);
  }
  check(Dimensions.length <= 30, 'Dimensions must have at most 30 members');
  check(Tags.length <= 50, 'Tags must have at most 50 members');
  const keys = Tags.map(({ Key }) => Key);
  check(new Set(keys).size === keys.length, 'Tags must not have a key twice');
}

function checkOneMetric(input: aws.PutMetricAlarmInput, evaluationPeriods: number): void {
  for (const name of ['Namespace', 'MetricName', 'Statistic', 'Period'] as const) required(input[name], name);
  checkPeriod(input.Period ?? 0, evaluationPeriods);
}

/** 10, 20 and 30 s make a high-resolution alarm. */
function checkPeriod(Period: number, evaluationPeriods: number): void {
  const whole = [10, 20, 30].includes(Period) || (Period > 0 && Period % 60 === 0);
  check(whole, 'Period must be 10, 20, 30 or a multiple of 60');
  const longest = Period >= 3_600 ? 7 * DAY_SECONDS : DAY_SECONDS;
  check(Period * evaluationPeriods <= longest, `Period times EvaluationPeriods must not exceed ${longest} seconds`);
}

function checkMetrics(
  input: aws.PutMetricAlarmInput,
  metrics: readonly aws.MetricDataQuery[],
  evaluationPeriods: number,
): void {
  const both = OF_ONE_METRIC.find((name) => input[name] !== undefined);
  refuseIf(both !== undefined, 'InvalidParameterCombination', `Metrics and ${both} cannot be used together`);
  check(metrics.length >= 1 && metrics.length <= 20, 'Metrics must have 1 to 20 members');
  const ids = metrics.map(({ Id = '' }) => Id);
  check(
    ids.every((id) => /^[a-z]\w{0,254}$/.test(id)),
    'The Id of a metric begins with a small letter',
  );
  check(new Set(ids).size === ids.length, 'Metrics must not have an Id twice');
  const clear = metrics.every(
    ({ Expression, MetricStat }) => (Expression === undefined) !== (MetricStat === undefined),
  );
  check(clear, 'A metric has either an Expression or a MetricStat');
  const periods = new Set(metrics.flatMap(({ Period, MetricStat }) => MetricStat?.Period ?? Period ?? []));
  check(periods.size <= 1, 'All metrics must have the same period');
  for (const period of periods) checkPeriod(period, evaluationPeriods);
  const returned = metrics.filter(({ ReturnData }) => ReturnData !== false);
  check(returned.length === 1, 'Exactly one metric must return its data');
}

function check(holds: boolean, message: string): void {
  refuseIf(!holds, 'ValidationError', message);
}
