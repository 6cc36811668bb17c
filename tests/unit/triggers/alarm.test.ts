import { alarmEvent, faultOf, I, J, metric, parse, sampleOf } from './events.ts';

const ignored = (code: string) => expect.objectContaining({ kind: 'ignored', code });

describe('the event of an alarm', () => {
  it('should be read from the sample in the docstring', () => {
    const instance = 'i-0123456789abcdef0';
    expect(parse(sampleOf('alarm.ts'))).toEqual({
      kind: 'trigger',
      trigger: { kind: 'alarm', instanceIds: [instance], alarm: 'web-a-status' },
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

  it('should only be a hint for metric math over several instances, each of them named once', () => {
    const metrics = [
      { id: 'e1', expression: 'MAX(METRICS())', returnData: true },
      metric('StatusCheckFailed'),
      metric('StatusCheckFailed', { InstanceId: J }),
      metric('StatusCheckFailed_System'),
    ];
    expect(parse(alarmEvent({ metrics }))).toEqual({
      kind: 'trigger',
      trigger: { kind: 'alarm', instanceIds: [I, J], isHint: true },
    });
  });

  it.each([
    ['a CPU alarm', alarmEvent({ metrics: [metric('CPUUtilization')] })],
    [
      'a metric of that name elsewhere',
      alarmEvent({ metrics: [metric('StatusCheckFailed', { InstanceId: I }, 'Custom')] }),
    ],
    [
      'a status check of a whole Auto Scaling group',
      alarmEvent({ metrics: [metric('StatusCheckFailed_Instance', { AutoScalingGroupName: 'billing' })] }),
    ],
    ['a status check of no dimension', alarmEvent({ metrics: [metric('StatusCheckFailed', {})] })],
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

  it('should be ignored for its state before it is found to name no instance', () => {
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
  const name = 'eni-failover/web';
  const query = 'SELECT MAX(StatusCheckFailed) FROM SCHEMA("AWS/EC2", InstanceId) GROUP BY InstanceId';

  it.each([
    ['names neither a metric nor another alarm', alarmEvent({ name, more: { configuration: undefined } })],
    ['dimension InstanceId', alarmEvent({ name, metrics: [metric('StatusCheckFailed', { ImageId: 'ami-1' })] })],
    ['dimension InstanceId', alarmEvent({ name, metrics: [{ id: 'e1', expression: 'm1 + m2' }] })],
    ['its contributors do', alarmEvent({ name, metrics: [{ id: 'q1', expression: query }] })],
  ])('should be ignored by name, and say what to do: %s', (words, event) => {
    const reason = expect.stringMatching(new RegExp(`^The alarm '${name}' .*${words}.*\\.$`));
    expect(parse(event)).toEqual({ kind: 'ignored', code: 'alarm-names-nobody', reason });
  });

  it('should be a hint to look at whom its children watch, when it is composite', () => {
    const alarmRule =
      '(ALARM("a b") or alarm(arn:aws:cloudwatch:eu-west-1:123456789012:alarm:c:d)) AND NOT OK("a b") AND TRUE';
    expect(parse(alarmEvent({ name, more: { configuration: { alarmRule } } }))).toEqual({
      kind: 'trigger',
      trigger: { kind: 'alarm', instanceIds: [], watches: ['a b', 'c:d'], isHint: true },
    });
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
