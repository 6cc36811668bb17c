import {
  alarmInstances,
  type AlarmMetric,
  type AlarmView,
  failedInstance,
  isOurAlarm,
} from '../../../lib/core/alarms.ts';
import { A, B } from '../../support/observation.ts';

const PREFIX = 'eni-failover/';
const alarm = (name: string, ...metrics: AlarmMetric[]): AlarmView => ({ name, metrics });

describe('an alarm of ours', () => {
  it.each([
    'StatusCheckFailed',
    'StatusCheckFailed_System',
    'StatusCheckFailed_Instance',
    'StatusCheckFailed_AttachedEBS',
    'StatusCheckFailed_Application',
  ])('should be one on the EC2 metric %s, whatever its name', (name) => {
    expect(isOurAlarm(alarm('x', { namespace: 'AWS/EC2', name, instanceId: A }), PREFIX)).toBe(true);
  });

  it('should be one under our prefix, whatever it measures', () => {
    expect(isOurAlarm(alarm('eni-failover/web', { namespace: 'CWAgent', name: 'heartbeat' }), PREFIX)).toBe(true);
    expect(isOurAlarm(alarm('eni-failover/web'), PREFIX)).toBe(true);
  });

  it('should be one of several metrics of metric math, too', () => {
    const math = alarm('x', {}, { namespace: 'AWS/EC2', name: 'StatusCheckFailed', instanceId: A });
    expect(isOurAlarm(math, PREFIX)).toBe(true);
  });

  it.each([
    ['a CPU alarm', alarm('cpu', { namespace: 'AWS/EC2', name: 'CPUUtilization', instanceId: A })],
    ['a status check of another service', alarm('x', { namespace: 'Custom', name: 'StatusCheckFailed' })],
    ['a metric that only ends like one', alarm('x', { namespace: 'AWS/EC2', name: 'MyStatusCheckFailed' })],
    ['a metric without a name', alarm('x', { namespace: 'AWS/EC2', instanceId: A })],
    ['a metric without a namespace', alarm('x', { name: 'StatusCheckFailed', instanceId: A })],
    ['no metric at all', alarm('x')],
    ['our prefix in the middle', alarm('my-eni-failover/web')],
    ['nothing but an expression', alarm('x', {})],
    ['one over a whole Auto Scaling group', alarm('x', { namespace: 'AWS/EC2', name: 'StatusCheckFailed' })],
    ['a query over many', alarm('x', { expression: 'SELECT MAX(StatusCheckFailed) FROM "AWS/EC2"' })],
  ])('should not be %s', (_, other) => {
    expect(isOurAlarm(other, PREFIX)).toBe(false);
  });
});

describe('the instances of an alarm', () => {
  it('should be named once each, in its order', () => {
    expect(alarmInstances(alarm('x', { instanceId: B }, { instanceId: A }, {}, { instanceId: B }))).toEqual([B, A]);
  });

  it('should be none of a composite alarm, which has no metrics', () => {
    expect(alarmInstances(alarm('x'))).toEqual([]);
  });
});

describe('the instance that an alarm calls failed', () => {
  const check: AlarmMetric = { namespace: 'AWS/EC2', name: 'StatusCheckFailed', instanceId: A, statistic: 'Maximum' };
  const compared = (comparison: string, threshold: number, metric: Partial<AlarmMetric> = {}): AlarmView => {
    return { ...alarm('x', { ...check, ...metric }), comparison, threshold };
  };

  it('should be the one it watches, by however many metrics', () => {
    expect(failedInstance(alarm('x', check))).toBe(A);
    expect(failedInstance(alarm('x', {}, check, { ...check, name: 'StatusCheckFailed_System' }))).toBe(A);
  });

  it('should be none of several, members or not, whatever the name', () => {
    for (const name of ['x', `${PREFIX}web/${A}`]) {
      expect(failedInstance(alarm(name, check, { ...check, instanceId: B }))).toBeUndefined();
    }
  });

  it.each<[boolean, AlarmView]>([
    [true, compared('GreaterThanOrEqualToThreshold', 1)],
    [true, compared('GreaterThanThreshold', 0)],
    [true, compared('GreaterThanThreshold', 0.5, { statistic: 'Average' })],
    [true, compared('GreaterThanOrEqualToThreshold', 3, { statistic: 'Sum', periodSeconds: 300 })],
    [true, compared('GreaterThanUpperThreshold', Number.NaN)],
    [
      true,
      { ...alarm('x', check, { expression: 'm1 + m2' }), comparison: 'GreaterThanOrEqualToThreshold', threshold: 2 },
    ],
    [true, { ...alarm('x', check), comparison: 'LessThanThreshold' }],
    [false, compared('LessThanThreshold', 1)],
    [false, compared('LessThanOrEqualToThreshold', 0)],
    [false, compared('GreaterThanOrEqualToThreshold', 0)],
    [false, compared('GreaterThanThreshold', 1)],
    [false, compared('GreaterThanOrEqualToThreshold', 2, { statistic: 'Sum', periodSeconds: 60 })],
    [false, compared('GreaterThanOrEqualToThreshold', 1, { statistic: 'SampleCount' })],
    [false, { ...alarm('x', check, { expression: 'MAX(METRICS())' }), comparison: 'LessThanThreshold', threshold: 1 }],
    [false, { ...alarm('x', check), comparison: 'LessThanLowerOrGreaterThanUpperThreshold' }],
  ])(
    'should be it or none, by whether the comparison holds for checks that fail and for them alone: %s for %j',
    (failed, view) => {
      expect(failedInstance(view)).toBe(failed ? A : undefined);
    },
  );

  it('should be told by the comparison for our own alarms on the checks, and by the name for those on anything else', () => {
    const own = { ...compared('LessThanThreshold', 1), name: `${PREFIX}web` };
    expect(failedInstance(own)).toBeUndefined();
    const heartbeat = {
      ...own,
      metrics: [{ namespace: 'Custom', name: 'Heartbeat', instanceId: A, statistic: 'Sum' }],
    };
    expect(failedInstance(heartbeat)).toBe(A);
  });
});
