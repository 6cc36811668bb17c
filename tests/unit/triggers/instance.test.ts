import { faultOf, I, parse, sampleOf } from './events.ts';

const stateEvent = (state: string) => ({
  source: 'aws.ec2',
  'detail-type': 'EC2 Instance State-change Notification',
  detail: { 'instance-id': I, state },
});

describe('the event of an instance that changed its state', () => {
  it('should be read from the sample in the docstring', () => {
    expect(parse(sampleOf('instance-state.ts'))).toEqual({
      kind: 'trigger',
      trigger: { kind: 'instance-state', instanceIds: [I] },
    });
  });

  it.each(['stopping', 'stopped', 'shutting-down', 'terminated'])('should be a trigger for %s', (state) => {
    expect(parse(stateEvent(state))).toEqual({
      kind: 'trigger',
      trigger: { kind: 'instance-state', instanceIds: [I] },
    });
  });

  it('should be dated as EventBridge dates it, and go undated without that', () => {
    const dated = parse({ ...stateEvent('stopped'), time: '2026-08-20T10:03:12Z' });
    expect(dated).toMatchObject({ trigger: { happenedAt: Date.UTC(2026, 7, 20, 10, 3, 12) } });
    for (const time of ['soon', 5, undefined]) {
      expect(parse({ ...stateEvent('stopped'), time })).not.toHaveProperty('trigger.happenedAt');
    }
  });

  it('should be a hint when it runs: an interface that nobody holds may have waited for it', () => {
    expect(parse(stateEvent('running'))).toEqual({
      kind: 'trigger',
      trigger: { kind: 'instance-running', instanceIds: [I], isHint: true },
    });
  });

  it.each(['pending'])('should be state-not-relevant for %s', (state) => {
    const reason = `${I} is ${state}, which moves nothing.`;
    expect(parse(stateEvent(state))).toEqual({ kind: 'ignored', code: 'state-not-relevant', reason });
  });

  it('should be unsupported for a state EC2 does not have', () => {
    const { code, faults } = faultOf(stateEvent('asleep'));
    expect([code, faults.length]).toEqual(['UnsupportedEvent', 1]);
    expect(faults[0]).toContain('detail.state');
  });
});

describe('the event of a Spot interruption', () => {
  it('should be read from the sample in the docstring', () => {
    expect(parse(sampleOf('interruption.ts'))).toEqual({
      kind: 'trigger',
      trigger: { kind: 'interruption', instanceIds: [I] },
    });
  });

  it('should be dated as EventBridge dates it: its notice counts from then on', () => {
    const dated = parse({ ...sampleOf('interruption.ts'), time: '2026-08-20T10:03:12Z' });
    expect(dated).toMatchObject({ trigger: { happenedAt: Date.UTC(2026, 7, 20, 10, 3, 12) } });
  });

  it('should be the same for an instance in a capacity reservation', () => {
    const event = {
      ...sampleOf('interruption.ts'),
      'detail-type': 'EC2 Capacity Reservation Instance Interruption Warning',
    };
    expect(parse(event)).toEqual(parse(sampleOf('interruption.ts')));
  });

  it('should be unsupported when it names no instance', () => {
    const { code, faults } = faultOf({ ...sampleOf('interruption.ts'), detail: {} });
    expect(code).toBe('UnsupportedEvent');
    expect(faults).toEqual([expect.stringContaining('detail.instance-id')]);
  });
});

describe('an event of another kind', () => {
  it.each([
    ['EC2 Instance Rebalance Recommendation', 'aws.ec2', 'not one this function acts on'],
    ['AWS Health Event', 'aws.health', 'not one this function acts on'],
    ['EC2 Instance State-change Notification', 'my.app', "only AWS itself is believed ('aws.ec2')"],
    ['CloudWatch Alarm State Change', 'aws.ec2', "only AWS itself is believed ('aws.cloudwatch')"],
  ])('should be answered, for no retry could mend it, naming what it was: %s from %s', (detailType, source, why) => {
    const answer = parse({ source, 'detail-type': detailType, detail: {} });
    expect(answer).toMatchObject({ kind: 'ignored', code: 'event-not-taken' });
    expect(answer).toHaveProperty('reason', expect.stringContaining(`'${detailType}' comes from '${source}'`));
    expect(answer).toHaveProperty('reason', expect.stringContaining(why));
  });

  it.each([
    [{ source: 'aws.ec2' }, ['event.detail-type', 'event.detail']],
    [{ 'detail-type': 'x', detail: 'y' }, ['event.source', 'event.detail']],
    [{ detail: {}, source: 1, 'detail-type': 2 }, ['event.source', 'event.detail-type']],
  ])('should be unsupported, with every fault listed, when it has no envelope: %j', (input, fields) => {
    const { code, faults } = faultOf(input);
    expect(code).toBe('UnsupportedEvent');
    expect(faults.map((fault) => fault.split(':')[0])).toEqual(fields);
  });
});
