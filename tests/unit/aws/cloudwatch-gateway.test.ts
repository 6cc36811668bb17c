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

  it.each([
    ['AccessDeniedException', 400, false],
    ['ThrottlingException', 400, true],
    ['InternalServiceFault', 500, true],
  ])('should say whether it may pass: %s', async (code, status, mayPass) => {
    const { cloud } = rig(() => cloudwatchError(code, status));
    expect(await cloud.alarmsInAlarm()).toMatchObject({ readable: false, mayPass });
  });
});

describe('contributorsInAlarm', () => {
  const contributor = (attributes: object) => ({
    ContributorId: '1',
    ContributorAttributes: attributes,
    StateReason: '-',
  });

  it('should name the instances among the contributors, page by page', async () => {
    const { cloud, aws } = rig((_, nth) =>
      json(
        nth === 1
          ? { AlarmContributors: [], NextToken: 'more' }
          : { AlarmContributors: [contributor({ InstanceId: 'i-1' }), contributor({ ImageId: 'ami-1' })] },
      ),
    );
    expect(await cloud.contributorsInAlarm('fleet')).toEqual(['i-1']);
    const query = { Action: 'DescribeAlarmContributors', AlarmName: 'fleet' };
    expect(aws.requests).toEqual([query, { ...query, NextToken: 'more' }]);
  });

  it.each(['InvalidAction', 'ResourceNotFound'])('should name none where CloudWatch answers %s', async (code) => {
    const { cloud } = rig(() => cloudwatchError(code));
    expect(await cloud.contributorsInAlarm('fleet')).toEqual([]);
  });

  it('should throw when denied', async () => {
    const { cloud } = rig(() => cloudwatchError('AccessDeniedException'));
    expect((await failureFrom(cloud.contributorsInAlarm('fleet'))).failure).toBe('denied');
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

  it('should find the rule on a page after an empty one', async () => {
    const { cloud } = rig((_, nth) =>
      json(nth % 2 === 1 ? { AlarmMuteRuleSummaries: [], NextToken: 'more' } : { AlarmMuteRuleSummaries: [rule] }),
    );
    expect(await cloud.mutedAlarms(['quiet'])).toEqual(new Set(['quiet']));
  });

  it('should throw when CloudWatch does not answer', async () => {
    const { cloud } = rig(() => cloudwatchError('InternalServiceFault', 500));
    expect((await failureFrom(cloud.mutedAlarms(['loud']))).failure).toBe('unavailable');
  });

  it('should throw when denied', async () => {
    const { cloud } = rig(() => cloudwatchError('AccessDeniedException'));
    expect((await failureFrom(cloud.mutedAlarms(['loud']))).failure).toBe('denied');
  });
});
