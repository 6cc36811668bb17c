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
