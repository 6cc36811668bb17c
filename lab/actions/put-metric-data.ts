import type * as aws from '@aws-sdk/client-cloudwatch';
import { watchCustomMetrics } from '../world/custom-alarms.ts';
import type { WorldState } from '../world/state.ts';
import { AwsError, refuseIf } from './errors.ts';
import { anyResource, bucket, required, row } from './row.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MOST_VALUE = 2 ** 360;

/** Bounds: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html, API_MetricDatum.html */
export const putMetricData = row<aws.PutMetricDataInput, object>({
  service: 'cloudwatch',
  members:
    'Namespace MetricData.MetricName MetricData.Dimensions.Name MetricData.Dimensions.Value MetricData.Value MetricData.Timestamp MetricData.StorageResolution',
  resources: anyResource,
  bucket: bucket(500, 500),
  handle(world, { Namespace, MetricData }) {
    const namespace = required(Namespace, 'Namespace');
    check(/^[^:].{0,254}$/.test(namespace), 'Namespace must have 1 to 255 characters, and not begin with a colon');
    check(!namespace.startsWith('AWS/'), 'Namespace must not begin with AWS/');
    const data = required(MetricData, 'MetricData');
    check(data.length <= 1_000, 'MetricData must have at most 1000 members');
    // All of them, or none.
    const read = data.map((datum) => readDatum(world, namespace, datum));
    const isFirst = !world.metrics.isUsed;
    for (const { id, sample, resolution } of read) {
      const visibleMs = world.clock.now() + world.random.latency.int(...world.latencies.customMetricMs);
      world.metrics.put(id, { ...sample, visibleMs }, resolution);
    }
    if (isFirst && read.length > 0) watchCustomMetrics(world);
    return {};
  },
});

function readDatum(world: WorldState, namespace: string, datum: aws.MetricDatum) {
  const { Dimensions = [], StorageResolution: resolution = 60, Timestamp, Value } = datum;
  const name = required(datum.MetricName, 'MetricName');
  check(name.length >= 1 && name.length <= 255, 'MetricName must have 1 to 255 characters');
  check(Dimensions.length <= 30, 'Dimensions must have at most 30 members');
  for (const { Name = '', Value: text = '' } of Dimensions)
    check(Name.length >= 1 && text.length >= 1, 'A dimension has a name and a value');
  const value = required(Value, 'Value');
  check(Number.isFinite(value) && Math.abs(value) <= MOST_VALUE, 'Value must be between -2^360 and 2^360');
  if (resolution !== 1 && resolution !== 60)
    throw new AwsError('InvalidParameterValue', 'StorageResolution must be 1 or 60');
  const now = world.clock.now();
  const atMs = Timestamp === undefined ? now : new Date(Timestamp).getTime();
  check(
    atMs >= now - 14 * DAY_MS && atMs <= now + 2 * HOUR_MS,
    'Timestamp must be within two weeks ago and in two hours',
  );
  const dimensions = Object.fromEntries(Dimensions.map(({ Name = '', Value: text = '' }) => [Name, text]));
  return { id: { namespace, name, dimensions }, sample: { atMs, value }, resolution } as const;
}

function check(holds: boolean, message: string): void {
  refuseIf(!holds, 'InvalidParameterValue', message);
}
