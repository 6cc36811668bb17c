import { PutMetricAlarmCommand, PutMetricDataCommand, type PutMetricDataInput } from '@aws-sdk/client-cloudwatch';
import type { AlarmConfig, AlarmState } from '../../lab/world/model.ts';
import { type Lab, outcome, START_MS, startLab } from './support.ts';

const MINUTE_MS = 60_000;
const PROBE = { Namespace: 'Team/Probe', MetricName: 'Signal' };

const put = (lab: Lab, data: PutMetricDataInput['MetricData'], namespace = PROBE.Namespace): Promise<string> =>
  outcome(lab, lab.cloudwatch.send(new PutMetricDataCommand({ Namespace: namespace, MetricData: data })));

describe('PutMetricData', () => {
  const datum = { MetricName: 'Signal', Value: 1 };

  it.each([
    ['one number', [datum], 'ok'],
    ['its time', [{ ...datum, Timestamp: new Date(START_MS - MINUTE_MS) }], 'ok'],
    ['seconds', [{ ...datum, StorageResolution: 1 }], 'ok'],
    ['minutes', [{ ...datum, StorageResolution: 60 }], 'ok'],
    ['another resolution', [{ ...datum, StorageResolution: 10 }], 'InvalidParameterValue'],
    ['a time long past', [{ ...datum, Timestamp: new Date(START_MS - 15 * 86_400_000) }], 'InvalidParameterValue'],
    ['a time to come', [{ ...datum, Timestamp: new Date(START_MS + 3 * 3_600_000) }], 'InvalidParameterValue'],
    ['no value', [{ MetricName: 'Signal' }], 'MissingParameter'],
    ['a value that is too large', [{ ...datum, Value: 1e109 }], 'InvalidParameterValue'],
    ['too many', Array.from({ length: 1_001 }, () => datum), 'InvalidParameterValue'],
    ['what the lab does not know', [{ ...datum, Unit: 'Count' as const }], 'UnknownParameter'],
  ])('should take or refuse %s', async (_, data, expected) => {
    expect(await put(startLab({ profile: 'recorded' }), data)).toBe(expected);
  });

  it('should not write to what is AWS’s own', async () => {
    expect(await put(startLab(), [datum], 'AWS/EC2')).toBe('InvalidParameterValue');
  });
});

describe('the period of an alarm', () => {
  it.each([
    [10, 'ok'],
    [20, 'ok'],
    [30, 'ok'],
    [60, 'ok'],
    [5, 'ValidationError'],
    [15, 'ValidationError'],
    [90, 'ValidationError'],
  ])('should be one that alarms know, in an expression, too: %d s', async (Period, expected) => {
    const lab = startLab();
    const metric = { Id: 'm', ReturnData: false, MetricStat: { Metric: PROBE, Period, Stat: 'Sum' } };
    const Metrics = [{ Id: 'e', Expression: 'FILL(m, 0)' }, metric];
    const given = {
      AlarmName: 'a',
      EvaluationPeriods: 3,
      Threshold: 1,
      ComparisonOperator: 'LessThanThreshold',
    } as const;
    expect(await outcome(lab, lab.cloudwatch.send(new PutMetricAlarmCommand({ ...given, Metrics })))).toBe(expected);
  });
});

/** X breaches, 0 does not, - is missing; the newest comes last. */
type Row = readonly [points: string, missing: string, ignore: string, breaching: string, notBreaching: string];
const TREATMENTS = ['missing', 'ignore', 'breaching', 'notBreaching'] as const;

/** What an alarm that was in some state comes to, when it is evaluated for the first time with such points. */
async function judged(points: string, config: Partial<AlarmConfig>, before: AlarmState = 'INSUFFICIENT_DATA') {
  const lab = startLab({ latencies: { customMetricMs: [0, 0] } });
  const periodMs = (config.Period ?? 60) * 1_000;
  // Far from the moment at which it is evaluated, and so that the newest period is the last one by then.
  await lab.clock.runUntil(START_MS + 10 * MINUTE_MS - 1_000);
  const lastEndMs = START_MS + 10 * MINUTE_MS - (periodMs < MINUTE_MS ? 10_000 : MINUTE_MS);
  const data = points
    .split('')
    .reverse()
    .flatMap((point, nth) => {
      const Timestamp = new Date(lastEndMs - nth * periodMs - 5_000);
      return point === '-'
        ? []
        : [{ MetricName: 'Signal', Value: point === 'X' ? 100 : 0, Timestamp, StorageResolution: 1 }];
    });
  // There is such a metric, whatever became of it.
  const old = { MetricName: 'Signal', Value: 0, Timestamp: new Date(START_MS - 3_600_000) };
  await put(lab, [old, ...data]);
  const given = { AlarmName: 'a', Statistic: 'Average', Period: 60, EvaluationPeriods: 3, Threshold: 50 } as const;
  const whole = { ...PROBE, ...given, ComparisonOperator: 'GreaterThanThreshold', ...config } as AlarmConfig;
  lab.world.addAlarm(whole, before);
  await lab.clock.runUntil(START_MS + 10 * MINUTE_MS + 9_999);
  return lab.world.alarms.get('a')?.state;
}

describe('missing data, as the CloudWatch User Guide has them in two tables', () => {
  const INSUFFICIENT = 'INSUFFICIENT_DATA';
  // That of `ignore` is what it was before.
  const KEPT = 'kept';

  it.each<Row>([
    ['0-X-X', 'OK', 'OK', 'OK', 'OK'],
    ['0----', 'OK', 'OK', 'OK', 'OK'],
    ['-----', INSUFFICIENT, KEPT, 'ALARM', 'OK'],
    ['0XX-X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['--X--', 'ALARM', KEPT, 'ALARM', 'OK'],
  ])('should be treated so with 3 of 3: %s', async (points, ...expected) => {
    await holds(points, { DatapointsToAlarm: 3 }, expected);
  });

  it.each<Row>([
    ['0-X-X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['00X0X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['0-X--', 'OK', 'OK', 'ALARM', 'OK'],
    ['----0', 'OK', 'OK', 'ALARM', 'OK'],
    ['---X-', 'ALARM', KEPT, 'ALARM', 'OK'],
  ])('should be treated so with 2 of 3: %s', async (points, ...expected) => {
    await holds(points, { DatapointsToAlarm: 2 }, expected);
  });

  async function holds(points: string, config: Partial<AlarmConfig>, expected: readonly string[]): Promise<void> {
    for (const [nth, TreatMissingData] of TREATMENTS.entries()) {
      const before = expected[nth] === 'OK' ? 'ALARM' : 'OK';
      const after = await judged(points, { ...config, TreatMissingData }, before);
      expect([TreatMissingData, after]).toEqual([TreatMissingData, expected[nth] === KEPT ? before : expected[nth]]);
    }
  }

  it.each([
    // Nine periods of ten seconds are looked at where three are needed (recorded).
    ['0--------', 'OK'],
    ['0---------', 'ALARM'],
  ])('should be sought for a minute more with a period of 10 s: %s', async (points, expected) => {
    expect(await judged(points, { Period: 10, TreatMissingData: 'breaching' }, 'OK')).toBe(expected);
  });
});

describe('an alarm over a metric that nobody has published', () => {
  it('should stay as it was set', async () => {
    const lab = startLab();
    await put(lab, [{ MetricName: 'Another', Value: 1 }]);
    const given = { AlarmName: 'a', Statistic: 'Average', Period: 10, EvaluationPeriods: 1, Threshold: 1 } as const;
    lab.world.addAlarm({ ...PROBE, ...given, ComparisonOperator: 'LessThanThreshold' }, 'ALARM');
    await lab.clock.advance(5 * MINUTE_MS);
    expect(lab.world.alarms.get('a')?.state).toBe('ALARM');
  });
});
