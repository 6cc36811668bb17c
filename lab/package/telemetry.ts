import { isPublished } from '../world/checks.ts';
import { watchCustomMetrics } from '../world/custom-alarms.ts';
import type { MetricId } from '../world/metrics.ts';
import type { BusEvent } from '../world/model.ts';
import type { World } from '../world/world.ts';
import { fail } from './resolve.ts';
import type { Template } from './template.ts';

/** What CloudWatch knows of a packaged service, and the alarms of its template over that. */
export interface Telemetry {
  /** A line of a function's log: metrics are taken out of it where it carries any. */
  log(line: string): void;
  /** Lambda has run a function once. */
  invoked(functionName: string, ok: boolean): void;
  /** A message has arrived in a queue. */
  arrived(queueName: string): void;
}

/** The embedded metric format, as far as it is used here; anything else in it is an error. */
interface Directive {
  readonly Namespace: string;
  readonly Dimensions: readonly (readonly string[])[];
  readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
}

const UNITS = ['Count', 'Milliseconds'];
const MOST_METRICS = 100;

/**
 * Puts the alarms of a template into a world, and feeds them.
 * @param notify publishes to a topic, in the words of CloudWatch.
 */
export function createTelemetry(
  world: World,
  { alarms }: Template,
  notify: (topicArn: string, subject: string, text: string) => void,
): Telemetry {
  for (const config of alarms) world.addAlarm(config, 'INSUFFICIENT_DATA');
  world.onEvent((event) => {
    if (event['detail-type'] === 'CloudWatch Alarm State Change') tellOf(world, event, notify);
  });
  const put = (id: MetricId, value: number, atMs = world.clock.now()): void => {
    if (isPublished(id.namespace, id.name)) fail(`${id.namespace} ${id.name} is EC2's`);
    const isFirst = !world.metrics.isUsed;
    const [, lateMs] = world.latencies.customMetricMs;
    world.metrics.put(id, { atMs, value, visibleMs: world.clock.now() + lateMs }, 60);
    if (isFirst) watchCustomMetrics(world);
  };
  return {
    log: (line) => readEmbedded(line, put),
    invoked: (name, ok) => {
      const dimensions = { FunctionName: name };
      put({ namespace: 'AWS/Lambda', name: 'Invocations', dimensions }, 1);
      put({ namespace: 'AWS/Lambda', name: 'Errors', dimensions }, ok ? 0 : 1);
    },
    arrived: (name) => put({ namespace: 'AWS/SQS', name: 'NumberOfMessagesSent', dimensions: { QueueName: name } }, 1),
  };
}

/**
 * CloudWatch User Guide, "Embedded metric format specification". An empty set of dimensions is a metric without any.
 * @throws TemplateError where a line declares what it does not have: CloudWatch would drop it without a word.
 */
function readEmbedded(line: string, put: (id: MetricId, value: number, atMs: number) => void): void {
  const record = documentOf(line);
  const { _aws: embedded } = record as { _aws?: { Timestamp: number; CloudWatchMetrics: readonly Directive[] } };
  if (embedded === undefined) return;
  for (const { Namespace, Dimensions, Metrics } of embedded.CloudWatchMetrics) {
    if (Metrics.length > MOST_METRICS) fail(`${Metrics.length} metrics in one directive`);
    for (const set of Dimensions)
      for (const { Name, Unit } of Metrics) {
        if (!UNITS.includes(Unit)) fail(`${Name}: the unit ${Unit}`);
        const value = record[Name];
        if (typeof value !== 'number') return fail(`${Name} has no value`);
        const dimensions = Object.fromEntries(set.map((name) => [name, textOf(record, name)]));
        put({ namespace: Namespace, name: Name, dimensions }, value, embedded.Timestamp);
      }
  }
}

/** A line that is no document carries no metrics. */
function documentOf(line: string): Readonly<Record<string, unknown>> {
  try {
    return line.startsWith('{') ? (JSON.parse(line) as Readonly<Record<string, unknown>>) : {};
  } catch {
    return {};
  }
}

function textOf(record: Readonly<Record<string, unknown>>, name: string): string {
  const value = record[name];
  return typeof value === 'string' && value !== '' ? value : fail(`the dimension ${name} has no value`);
}

/** An alarm tells its topics in words of CloudWatch's own, which end with what its description says. */
function tellOf(
  world: World,
  { detail }: BusEvent,
  notify: (arn: string, subject: string, text: string) => void,
): void {
  const { alarmName, state } = detail as { alarmName: string; state: { value: string; reason: string } };
  const { config } = world.alarms.get(alarmName) ?? {};
  if (config === undefined || state.value !== 'ALARM' || config.ActionsEnabled === false) return;
  const subject = `ALARM: "${alarmName}" in ${world.region}`;
  const text = [
    `You are receiving this email because your Amazon CloudWatch Alarm "${alarmName}" in the ${world.region} region has entered the ALARM state, because "${state.reason}".`,
    '',
    'Alarm Details:',
    `- Name:                       ${alarmName}`,
    `- Description:                ${config.AlarmDescription ?? ''}`,
  ].join('\n');
  for (const arn of config.AlarmActions ?? []) notify(arn, subject, text);
}
