import { alarmInstances, alarmSignal, isOurAlarm } from '../../../lib/core/alarms.ts';
import type { AlarmMetric, AlarmView } from '../../../lib/core/model.ts';
import { A, alarmOn, B } from '../../support/observation.ts';

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
});

describe('the signal of the alarms', () => {
  const reading = (...inAlarm: AlarmView[]) => ({ readable: true, inAlarm }) as const;

  it('should name the alarm of ours that is raised for the instance', () => {
    expect(alarmSignal(A, reading(alarmOn(B), alarmOn(A)), PREFIX)).toEqual({
      kind: 'alarm',
      alarmName: `eni-failover/web/${A}`,
    });
  });

  it('should be clear when only others are raised', () => {
    const cpu = alarm('cpu', { namespace: 'AWS/EC2', name: 'CPUUtilization', instanceId: A });
    expect(alarmSignal(A, reading(alarmOn(B), cpu), PREFIX)).toEqual({ kind: 'clear' });
  });

  it('should say why the alarms could not be read', () => {
    const signal = alarmSignal(A, { readable: false, cause: 'gone fishing' }, PREFIX);
    expect(signal).toEqual({ kind: 'unreadable', cause: 'gone fishing' });
  });

  it('should heed a muted alarm unless told not to', () => {
    const muted = reading(alarmOn(A, { muted: true }));
    expect(alarmSignal(A, muted, PREFIX).kind).toBe('alarm');
    expect(alarmSignal(A, muted, PREFIX, false).kind).toBe('clear');
  });

  it('should heed another alarm of the instance that is not muted', () => {
    const both = reading(alarmOn(A, { muted: true }), alarmOn(A, { name: 'eni-failover/app' }));
    expect(alarmSignal(A, both, PREFIX, false)).toEqual({ kind: 'alarm', alarmName: 'eni-failover/app' });
  });
});
