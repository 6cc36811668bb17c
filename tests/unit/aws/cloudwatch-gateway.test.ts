import { cloudwatchError, failureFrom, json, rig } from './fakes.ts';

describe('alarmsInAlarm', () => {
  it('should ask for metric alarms in ALARM, page by page', async () => {
    const { cloud, aws } = rig((_, nth) =>
      json({ MetricAlarms: [{ AlarmName: `alarm-${nth}` }], ...(nth === 1 && { NextToken: 'more' }) }),
    );
    expect(await cloud.alarmsInAlarm()).toEqual({
      readable: true,
      inAlarm: [
        { name: 'alarm-1', metrics: [] },
        { name: 'alarm-2', metrics: [] },
      ],
    });
    const query = { Action: 'DescribeAlarms', StateValue: 'ALARM', AlarmTypes: ['MetricAlarm'], MaxRecords: 100 };
    expect(aws.requests).toEqual([query, { ...query, NextToken: 'more' }]);
  });

  it('should keep what an alarm without a name measures, and every other alarm', async () => {
    const nameless = { Namespace: 'AWS/EC2', MetricName: 'StatusCheckFailed' };
    const { cloud } = rig(() => json({ MetricAlarms: [nameless, { AlarmName: 'named' }] }));
    expect(await cloud.alarmsInAlarm()).toEqual({
      readable: true,
      inAlarm: [
        { name: 'an unnamed alarm', metrics: [{ namespace: 'AWS/EC2', name: 'StatusCheckFailed' }] },
        { name: 'named', metrics: [] },
      ],
    });
  });

  it('should not take a reply without the set for one without alarms', async () => {
    const { cloud } = rig(() => json({}));
    expect(await cloud.alarmsInAlarm()).toMatchObject({
      readable: false,
      cause: expect.stringContaining('The reply has no MetricAlarms'),
    });
  });

  it('should say why the alarms cannot be read', async () => {
    const { cloud } = rig(() => cloudwatchError('InternalServiceFault', 500));
    const reading = await cloud.alarmsInAlarm();
    expect(reading).toMatchObject({ readable: false, cause: expect.stringContaining('InternalServiceFault') });
  });

  it('should throw when denied', async () => {
    const { cloud, aws } = rig(() => cloudwatchError('AccessDeniedException'));
    expect((await failureFrom(cloud.alarmsInAlarm())).failure).toBe('denied');
    expect(aws.requests).toHaveLength(1);
  });
});

describe('mutedAlarms', () => {
  const rule = {
    AlarmMuteRuleArn: 'arn:aws:cloudwatch:eu-central-1:111122223333:alarm-mute-rule:night',
    Status: 'ACTIVE',
  };

  it('should ask for the active rules of each alarm', async () => {
    const { cloud, aws } = rig(({ AlarmName }) =>
      json({ AlarmMuteRuleSummaries: AlarmName === undefined || AlarmName === 'quiet' ? [rule] : [] }),
    );
    expect(await cloud.mutedAlarms(['loud', 'quiet'])).toEqual(new Set(['quiet']));
    expect(aws.requests[2]).toEqual({
      Action: 'ListAlarmMuteRules',
      AlarmName: 'quiet',
      Statuses: ['ACTIVE'],
      MaxRecords: 1,
    });
  });

  it('should ask once, for any number of alarms, when no rule is active', async () => {
    const { cloud, aws } = rig(() => json({ AlarmMuteRuleSummaries: [] }));
    expect((await cloud.mutedAlarms(['loud', 'quiet'])).size).toBe(0);
    expect(aws.requests).toHaveLength(1);
  });

  it('should not ask about no alarm', async () => {
    const { cloud, aws } = rig(() => json({}));
    expect((await cloud.mutedAlarms([])).size).toBe(0);
    expect(aws.requests).toEqual([]);
  });

  it('should not call an alarm muted where the call is not known', async () => {
    const { cloud } = rig(() => cloudwatchError('InvalidAction'));
    expect((await cloud.mutedAlarms(['loud'])).size).toBe(0);
  });

  it('should call an alarm muted when CloudWatch does not answer', async () => {
    const { cloud } = rig(() => cloudwatchError('InternalServiceFault', 500));
    expect(await cloud.mutedAlarms(['loud'])).toEqual(new Set(['loud']));
  });

  it('should throw when denied', async () => {
    const { cloud } = rig(() => cloudwatchError('AccessDeniedException'));
    expect((await failureFrom(cloud.mutedAlarms(['loud']))).failure).toBe('denied');
  });
});
