import { I, parse, sampleOf } from './events.ts';

const SAMPLE = sampleOf('alarm-contributor.ts') as { detail: Record<string, unknown> };

/** The sample with some fields of its detail changed. */
const event = (detail: Record<string, unknown> = {}) => ({ ...SAMPLE, detail: { ...SAMPLE.detail, ...detail } });
const query = (expression: string) => ({ configuration: { metrics: [{ id: 'q1', expression }] } });

describe('the event of a contributor to an alarm', () => {
  it('should be a trigger about its instance, read from the sample in the docstring', () => {
    const trigger = { kind: 'alarm', instanceIds: [I], alarm: 'eni-failover/fleet' };
    expect(parse(event())).toEqual({ kind: 'trigger', trigger });
  });

  it('should be a trigger for any query under our prefix, and for status checks under any name', () => {
    expect(parse(event(query('SELECT MAX(beat) FROM X GROUP BY InstanceId'))).kind).toBe('trigger');
    expect(parse(event({ alarmName: 'fleet' })).kind).toBe('trigger');
  });

  it.each([
    ['alarm-not-ours', { alarmName: 'cpu', ...query('SELECT MAX(CPUUtilization) FROM "AWS/EC2" GROUP BY InstanceId') }],
    ['alarm-not-ours', { alarmName: 'x', ...query('SELECT MAX(StatusCheckFailed) FROM "Custom" GROUP BY InstanceId') }],
    ['alarm-not-raised', { state: { value: 'OK' } }],
    ['alarm-muted', { muteDetail: { mutedByArn: 'arn' } }],
    ['alarm-names-nobody', { alarmContributor: { id: '1', attributes: { ImageId: 'ami-1' } } }],
    ['alarm-names-nobody', { alarmContributor: { id: '1' } }],
  ])('should be %s for %j', (code, detail) => {
    expect(parse(event(detail))).toMatchObject({ kind: 'ignored', code });
  });
});
