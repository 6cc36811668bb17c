import { alarmInstances, type AlarmMetric, type AlarmView, isOurAlarm } from '../../../lib/core/alarms.ts';
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
