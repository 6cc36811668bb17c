import { alarmEvent, faultOf, I, J, metric, parse, sampleOf } from './events.ts';

const ignored = (code: string) => expect.objectContaining({ kind: 'ignored', code });

describe('the event of an alarm', () => {
  it('should be read from the sample in the docstring', () => {
    const instance = 'i-0123456789abcdef0';
    expect(parse(sampleOf('alarm.ts'))).toEqual({
      kind: 'trigger',
      trigger: { kind: 'alarm', instanceIds: [instance] },
    });
  });

  it.each([
    'StatusCheckFailed',
    'StatusCheckFailed_System',
    'StatusCheckFailed_Instance',
    'StatusCheckFailed_AttachedEBS',
    'StatusCheckFailed_Application',
  ])('should be a trigger for %s', (name) => {
    expect(parse(alarmEvent({ metrics: [metric(name)] })).kind).toBe('trigger');
  });

  it('should be a trigger for any metric of an alarm under our prefix', () => {
    const event = alarmEvent({
      name: 'eni-failover/web',
      metrics: [metric('heartbeat', { InstanceId: I }, 'CWAgent')],
    });
    expect(parse(event)).toMatchObject({ trigger: { instanceIds: [I] } });
  });

  it('should be a trigger for metric math, with every instance it names once', () => {
    const metrics = [
      { id: 'e1', expression: 'MAX(METRICS())', returnData: true },
      metric('StatusCheckFailed'),
      metric('StatusCheckFailed', { InstanceId: J }),
      metric('StatusCheckFailed_System'),
    ];
    expect(parse(alarmEvent({ metrics }))).toMatchObject({ trigger: { instanceIds: [I, J] } });
  });

  it.each([
    ['a CPU alarm', alarmEvent({ metrics: [metric('CPUUtilization')] })],
    [
      'a metric of that name elsewhere',
      alarmEvent({ metrics: [metric('StatusCheckFailed', { InstanceId: I }, 'Custom')] }),
    ],
    ['a composite alarm of somebody else', alarmEvent({ more: { configuration: { alarmRule: 'ALARM(a)' } } })],
    ['metric math of somebody else', alarmEvent({ metrics: [{ id: 'e1', expression: 'm1+m2' }] })],
  ])('should be alarm-not-ours for %s', (_, event) => {
    expect(parse(event)).toEqual(ignored('alarm-not-ours'));
  });

  it.each(['OK', 'INSUFFICIENT_DATA'])('should be alarm-not-raised when it went to %s', (state) => {
    expect(parse(alarmEvent({ state }))).toEqual(ignored('alarm-not-raised'));
  });

  it('should be alarm-muted while a mute rule is active', () => {
    expect(parse(alarmEvent({ more: { muteDetail: { mutedBy: 'arn' } } }))).toEqual(ignored('alarm-muted'));
  });

  it.each([null, undefined])('should not be muted by a muteDetail that is %s', (muteDetail) => {
    expect(parse(alarmEvent({ more: { muteDetail } })).kind).toBe('trigger');
  });

  it('should be ignored before it is found to name no instance', () => {
    const composite = { configuration: { alarmRule: 'ALARM(a)' } };
    expect(parse(alarmEvent({ name: 'eni-failover/web', state: 'OK', more: composite }))).toEqual(
      ignored('alarm-not-raised'),
    );
  });

  it('should say in a sentence why it is ignored', () => {
    expect(parse(alarmEvent({ name: 'cpu', metrics: [metric('CPUUtilization')] }))).toMatchObject({
      reason: expect.stringMatching(/'cpu'.*'eni-failover\/'.*\.$/),
    });
  });
});

describe('one of our alarms that names no instance', () => {
  it.each([
    [alarmEvent({ name: 'eni-failover/web', more: { configuration: { alarmRule: 'ALARM(a)' } } }), 'composite'],
    [alarmEvent({ name: 'eni-failover/web', more: { configuration: undefined } }), 'composite'],
    [alarmEvent({ metrics: [metric('StatusCheckFailed', { AutoScalingGroupName: 'web' })] }), 'InstanceId'],
    [alarmEvent({ metrics: [metric('StatusCheckFailed', {})] }), 'InstanceId'],
  ])('should be unsupported, and named (%#)', (event, word) => {
    const { code, message } = faultOf(event);
    expect(code).toBe('UnsupportedEvent');
    expect(message).toContain(`'${event.detail.alarmName}'`);
    expect(message).toContain(word);
  });
});

describe('an alarm event that is not as documented', () => {
  it('should be unsupported with every fault listed', () => {
    const { code, faults } = faultOf({ ...alarmEvent(), detail: { state: { value: 7 } } });
    expect(code).toBe('UnsupportedEvent');
    expect(faults).toEqual([
      expect.stringContaining('detail.alarmName'),
      expect.stringContaining('detail.state.value'),
    ]);
  });

  it('should be read although it has fields nobody has heard of', () => {
    expect(parse(alarmEvent({ more: { novelty: true } })).kind).toBe('trigger');
  });
});
