import { readFileSync } from 'node:fs';
import { packageOnce } from '../../build/packaging.ts';
import { compilePattern } from '../../lab/bus/pattern.ts';
import { readTemplate, type Template } from '../../lab/package/template.ts';
import { EVENTS as EVENTS_OF_OURS } from '../../lib/engine/event-names.ts';
import { EVENT_SOURCE } from '../../lib/engine/events.ts';
import { parseInvocation } from '../../lib/triggers/parse.ts';
import { functionOf } from './deployed.ts';

/** What wakes the function and what must not: the packaged rules, as EventBridge would match them. */
type Metric = { namespace: string; name: string };

const ID = 'i-0123456789abcdef0';
const STATUS: Metric = { namespace: 'AWS/EC2', name: 'StatusCheckFailed' };
const CPU: Metric = { namespace: 'AWS/EC2', name: 'CPUUtilization' };

function alarm(
  alarmName: string,
  metrics: Metric[] | undefined,
  value = 'ALARM',
  dimensions: object = { InstanceId: ID },
): object {
  const stats = metrics?.map((metric) => ({
    metricStat: { metric: { ...metric, dimensions }, period: 60, stat: 'Maximum' },
    returnData: true,
  }));
  const configuration = stats === undefined ? { alarmRule: 'ALARM("a") OR ALARM("b")' } : { metrics: stats };
  const detail = { alarmName, state: { value }, previousState: { value: 'OK' }, configuration };
  return { source: 'aws.cloudwatch', 'detail-type': 'CloudWatch Alarm State Change', detail };
}

const CHECK_QUERY = 'SELECT MAX(StatusCheckFailed) FROM SCHEMA("AWS/EC2", InstanceId) GROUP BY InstanceId';

function contributor(
  alarmName: string,
  expression: string,
  value = 'ALARM',
  attributes: object = { InstanceId: ID },
): object {
  const configuration = { metrics: [{ id: 'q1', expression, returnData: true, period: 60 }] };
  const detail = { alarmName, alarmContributor: { id: '1', attributes }, state: { value }, configuration };
  return { source: 'aws.cloudwatch', 'detail-type': 'CloudWatch Alarm Contributor State Change', detail };
}

/** An alarm of the stack itself, as CloudWatch would announce it. */
function ownAlarm({ AlarmName, Namespace, MetricName }: Record<string, unknown>): object {
  return alarm(String(AlarmName), [{ namespace: String(Namespace), name: String(MetricName) }]);
}

function spot(detailType: string): object {
  const detail = { 'instance-id': ID, 'instance-action': 'terminate' };
  return { source: 'aws.ec2', 'detail-type': detailType, detail };
}

function state(value: string): object {
  const detail = { 'instance-id': ID, state: value };
  return { source: 'aws.ec2', 'detail-type': 'EC2 Instance State-change Notification', detail };
}

const ALARM = 'eni-failover-prod-failure-alarm';
const STATE = 'eni-failover-prod-instance-state';
const NOTICE = 'eni-failover-prod-interruption';
const CONTRIBUTOR = 'eni-failover-prod-failure-contributor';
const EXPRESSION = { id: 'e1', expression: 'm1 + m2', returnData: true };

interface Raw {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
}

type Row = [what: string, event: object, rules: string[]];

const EVENTS: Row[] = [
  ['a status-check alarm of any name', alarm('whatever', [STATUS]), [ALARM]],
  ['an alarm on one of the checks', alarm('x', [{ ...STATUS, name: 'StatusCheckFailed_System' }]), [ALARM]],
  ['an alarm on the application check', alarm('x', [{ ...STATUS, name: 'StatusCheckFailed_Application' }]), [ALARM]],
  ['an alarm with our prefix on anything', alarm('eni-failover/web/heartbeat', [CPU]), [ALARM]],
  ['a composite alarm with our prefix', alarm('eni-failover/web', undefined), [ALARM]],
  ['metric math over a status check', alarm('x', [CPU, STATUS]), [ALARM]],
  [
    'a status-check alarm over a whole Auto Scaling group',
    alarm('x', [STATUS], 'ALARM', { AutoScalingGroupName: 'g' }),
    [],
  ],
  ['a status-check alarm of no dimension', alarm('x', [STATUS], 'ALARM', {}), []],
  ['an alarm of ours that names no instance', alarm('eni-failover/x', [STATUS], 'ALARM', {}), [ALARM]],
  ['a contributor of ours', contributor('eni-failover/fleet', 'SELECT MAX(beat) FROM X'), [CONTRIBUTOR]],
  ['a contributor to a status-check query', contributor('fleet', CHECK_QUERY), [CONTRIBUTOR]],
  ['a contributor to a CPU query', contributor('fleet', 'SELECT MAX(CPUUtilization) FROM "AWS/EC2"'), []],
  ['a contributor that is OK', contributor('fleet', CHECK_QUERY, 'OK'), []],
  ['a contributor that is no instance', contributor('fleet', CHECK_QUERY, 'ALARM', { ImageId: 'ami-1' }), []],
  ['a status-check alarm that is OK', alarm('x', [STATUS], 'OK'), []],
  ['a status-check alarm without data', alarm('eni-failover/x', [STATUS], 'INSUFFICIENT_DATA'), []],
  ['a CPU alarm', alarm('x', [CPU]), []],
  ['a CPU alarm whose name contains our prefix', alarm('not-eni-failover/x', [CPU]), []],
  ['a composite alarm of another name', alarm('x', undefined), []],
  ['a metric of that name in another namespace', alarm('x', [{ ...STATUS, namespace: 'Custom' }]), []],
  ['namespace and name on different metrics', alarm('x', [CPU, { ...STATUS, namespace: 'Custom' }]), []],
  ['an alarm event from elsewhere', { ...alarm('x', [STATUS]), source: 'custom' }, []],
  ...['stopping', 'stopped', 'shutting-down', 'terminated'].map(
    (name): Row => [`an instance that is ${name}`, state(name), [STATE]],
  ),
  ['an instance that starts', state('pending'), []],
  ['an instance that runs', state('running'), [STATE]],
  ['a Spot interruption warning', spot('EC2 Spot Instance Interruption Warning'), [NOTICE]],
  ['the same for a capacity reservation', spot('EC2 Capacity Reservation Instance Interruption Warning'), [NOTICE]],
  ['a rebalance recommendation', spot('EC2 Instance Rebalance Recommendation'), []],
  ['a warning from elsewhere', { ...spot('EC2 Spot Instance Interruption Warning'), source: 'custom' }, []],
  ['another event of EC2', { ...state('stopped'), 'detail-type': 'EC2 Spot Instance Request Fulfillment' }, []],
];

/** What the parser makes of an event: a trigger, or the code under which it is ignored. */
function meaningOf(event: object, alarmPrefix: string): string {
  const parsed = parseInvocation(event, alarmPrefix);
  return parsed.kind === 'trigger' ? parsed.kind : parsed.code;
}

describe('the packaged rules', () => {
  let template: Template;
  let alarms: readonly Record<string, unknown>[];
  beforeAll(async () => {
    const { templatePath } = await packageOnce();
    template = readTemplate(templatePath);
    const { Resources } = JSON.parse(readFileSync(templatePath, 'utf8')) as { Resources: Record<string, Raw> };
    alarms = Object.values(Resources).flatMap(({ Type, Properties }) =>
      Type === 'AWS::CloudWatch::Alarm' ? [Properties] : [],
    );
  }, 120_000);

  function matched(event: object): string[] {
    return template.rules.flatMap(({ pattern, name }) => (pattern && compilePattern(pattern)(event) ? [name] : []));
  }

  it.each(EVENTS)('should decide on %s', (_, event, expected) => {
    expect(matched(event)).toEqual(expected);
  });

  it.each(EVENTS)('should agree with the parser on %s', (_, event) => {
    const meaning = meaningOf(event, functionOf(template, 'failover').environment['ALARM_PREFIX'] ?? '');
    // An alarm of ours from which no instance can be told deserves a sentence.
    expect(matched(event).length > 0).toBe(['trigger', 'alarm-names-nobody'].includes(meaning));
  });

  it.each(Object.keys(EVENTS_OF_OURS))('should have failover take no event of ours: %s', (name) => {
    const event = { source: EVENT_SOURCE, 'detail-type': name, detail: { version: 1, group: 'web' } };
    const targets = template.rules
      .filter(({ name: rule }) => matched(event).includes(rule))
      .flatMap((each) => each.targets);
    expect(targets.filter(({ arn }) => template.functions.some((each) => each.arn === arn))).toEqual([]);
    expect(meaningOf(event, 'eni-failover/')).toBe('event-not-taken');
  });

  it('should see through a metric-math expression, which has no metric of its own', () => {
    const event = alarm('x', [STATUS]) as { detail: { configuration: { metrics: object[] } } };
    event.detail.configuration.metrics.unshift(EXPRESSION);
    expect(matched(event)).toEqual([ALARM]);
  });

  it('should pass over the alarms on the product itself', () => {
    expect(alarms).toHaveLength(8);
    for (const each of alarms) expect([each['AlarmName'], matched(ownAlarm(each))]).toEqual([each['AlarmName'], []]);
  });

  it('should invoke failover for an event, and sweep every minute', () => {
    const targets = template.rules.map(({ name, schedule, targets }) => [
      name,
      schedule,
      targets.map(({ arn }) => arn),
    ]);
    const [failover, sweep, upkeep] = (['failover', 'sweep', 'upkeep'] as const).map((name) => [
      functionOf(template, name).arn,
    ]);
    expect(Object.fromEntries(targets.map(([name, ...rest]) => [name, rest]))).toEqual({
      [ALARM]: [undefined, failover],
      [STATE]: [undefined, failover],
      [NOTICE]: [undefined, failover],
      [CONTRIBUTOR]: [undefined, failover],
      'eni-failover-prod-sweep': ['rate(1 minute)', sweep],
      'eni-failover-prod-upkeep': ['rate(1 hour)', upkeep],
    });
  });
});
