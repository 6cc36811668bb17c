import { type AlarmMetric, failedInstance, isOurAlarm } from '../../lib/core/alarms.ts';
import { DEFAULT_SETTINGS } from '../../lib/core/settings.ts';
import { parseCfnYaml, schemaFaults } from '../support/cfn-schema.ts';
import { itWith, pathOf, run, textOf } from './support.ts';

interface Query {
  readonly Expression?: string;
  readonly MetricStat?: {
    readonly Metric: {
      readonly Namespace: string;
      readonly MetricName: string;
      readonly Dimensions: readonly { Name: string; Value: unknown }[];
    };
  };
}

const MEMBER = 'i-0123456789abcdef0';
const TEMPLATES = ['heartbeat.yml', 'application-check.yml'].map((name) => `examples/detection/${name}`);

/** The alarm as the product would read it, its member put in. */
function viewOf(name: string, queries: readonly Query[]): Parameters<typeof isOurAlarm>[0] {
  const metrics = queries.map(({ Expression: expression, MetricStat }): AlarmMetric => {
    if (expression !== undefined) return { expression };
    const { Namespace: namespace = '', MetricName = '', Dimensions = [] } = MetricStat?.Metric ?? {};
    const member = Dimensions.some(({ Name }) => Name === 'InstanceId');
    return { namespace, name: MetricName, ...(member && { instanceId: MEMBER }) };
  });
  return { name, metrics };
}

describe('the examples of detection', () => {
  it.each(TEMPLATES)('should use only types and properties that exist, with all that are required: %s', (file) => {
    expect(schemaFaults(parseCfnYaml(textOf(file)))).toEqual([]);
  });

  itWith(['cfn-lint'])(
    'should pass cfn-lint: the heartbeat',
    async () => expect(await run('cfn-lint', [pathOf(TEMPLATES[0] ?? '')])).toEqual({ status: 0, output: '' }),
    120_000,
  );

  it('should have a heartbeat alarm that calls its member failed', () => {
    const { Properties = {} } = parseCfnYaml(textOf(TEMPLATES[0] ?? '')).Resources['Heartbeat'] ?? {};
    const { 'Fn::Sub': name } = Properties['AlarmName'] as { 'Fn::Sub': string };
    const alarm = viewOf(name, Properties['Metrics'] as readonly Query[]);
    expect(isOurAlarm(alarm, DEFAULT_SETTINGS.alarmPrefix)).toBe(true);
    expect(failedInstance(alarm)).toBe(MEMBER);
  });

  it('should have an alarm on a ping that names its member', () => {
    const alarm = JSON.parse(textOf('examples/detection/synthetic-monitor.json')) as {
      AlarmName: string;
      Metrics: Query[];
    };
    const view = viewOf(alarm.AlarmName, alarm.Metrics);
    expect(isOurAlarm(view, DEFAULT_SETTINGS.alarmPrefix)).toBe(true);
    expect(failedInstance(view)).toBe(MEMBER);
  });

  it('should have a script that a shell can read', async () => {
    expect(await run('bash', ['-n', pathOf('examples/detection/heartbeat.sh')])).toEqual({ status: 0, output: '' });
  });
});
