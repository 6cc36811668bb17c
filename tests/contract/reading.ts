import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  PutMetricAlarmCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import type { InterfaceView } from '../../lib/core/model.ts';
import { type Bench, UNKNOWN } from './bench.ts';
import { eventually, understood } from './fixture.ts';

const alarmName = `eni-failover/contract-${process.pid}`;
const groupsOf = (views: readonly InterfaceView[]) => new Set(views.map(({ tags }) => tags['eni-failover:group']));

export function reading(bench: Bench): void {
  bench.should('read an instance of the group', async () => {
    const { holder, floating } = bench.fixture;
    expect(holder).toMatchObject({
      state: 'running',
      zone: floating.zone,
      ownerId: floating.ownerId,
    });
    expect(holder.type).toMatch(/^[a-z0-9-]+\.[a-z0-9-]+$/);
    expect(holder.launchedAt).toBeGreaterThan(0);
    expect(holder.slots.map(({ deviceIndex }) => deviceIndex)).toContain(0);
    const { deviceIndex, networkCardIndex } = floating.attachment ?? {};
    expect(holder.slots).toContainEqual({ interfaceId: floating.id, deviceIndex, networkCardIndex });
  });

  bench.should('read an interface of the group', async () => {
    const { floating, holder, group } = bench.fixture;
    expect(floating).toMatchObject({ type: 'interface', tags: { 'eni-failover:group': group } });
    expect(floating.privateIpv4Count).toBeGreaterThan(0);
    expect(floating).not.toHaveProperty('managedBy');
    expect(floating.attachment).toMatchObject({
      instanceId: holder.id,
      status: 'attached',
      deleteOnTermination: false,
    });
  });

  bench.should('compare the name of a group exactly', async () => {
    const { cloud, group, elsewhere, holder, standby } = bench.fixture;
    const members = understood(await cloud.members(group)).map(({ id }) => id);
    expect(members).toEqual(expect.arrayContaining([holder.id, standby.id]));
    expect(members).not.toContain(elsewhere.id);
    expect(understood(await cloud.members(`${group}-2`)).map(({ id }) => id)).toContain(elsewhere.id);
    const interfaces = understood(await cloud.interfaces([group]));
    expect(interfaces.every(({ tags }) => tags['eni-failover:group'] === group)).toBe(true);
  });

  bench.should('read several groups, and all of them', async () => {
    const { cloud, group } = bench.fixture;
    expect(groupsOf(understood(await cloud.interfaces([group, `${group}-2`])))).toEqual(new Set([group, `${group}-2`]));
    expect([...groupsOf(understood(await cloud.interfaces()))]).toEqual(expect.arrayContaining([group, `${group}-2`]));
    const everyone = understood(await cloud.members()).map(({ id }) => id);
    expect(everyone).toEqual(
      expect.arrayContaining([bench.fixture.holder.id, bench.fixture.elsewhere.id, bench.fixture.full.id]),
    );
    expect(everyone).toEqual([...everyone].sort());
  });

  bench.should('find nothing for a group that nobody has', async () => {
    expect(await bench.fixture.cloud.members('nobody-has-this')).toEqual({ views: [], unreadable: [] });
    expect(await bench.fixture.cloud.interfaces(['nobody-has-this'])).toEqual({ views: [], unreadable: [] });
  });

  bench.should('leave an unknown interface out', async () => {
    const views = understood(await bench.fixture.cloud.interfacesById([UNKNOWN.eni, bench.fixture.floating.id]));
    expect(views.map(({ id }) => id)).toEqual([bench.fixture.floating.id]);
  });

  bench.should('read the status checks', async () => {
    const checks = await bench.fixture.cloud.statusChecks([bench.fixture.holder.id, bench.fixture.standby.id]);
    expect(Object.keys(checks).sort()).toEqual([bench.fixture.holder.id, bench.fixture.standby.id].sort());
    const { system, instance, scheduledEvents } = checks[bench.fixture.holder.id] ?? {};
    expect(['ok', 'initializing']).toEqual(expect.arrayContaining([system, instance]));
    expect(scheduledEvents).toEqual([]);
  });

  bench.should('leave an unknown instance out of the status checks', async () => {
    const checks = await bench.fixture.cloud.statusChecks([bench.fixture.holder.id, UNKNOWN.instance]);
    expect(Object.keys(checks)).toEqual([bench.fixture.holder.id]);
  });

  bench.should('find no healthy instance among the impaired', async () => {
    expect(await bench.fixture.cloud.impairedChecks()).not.toHaveProperty(bench.fixture.holder.id);
  });

  bench.should('read the limits of an instance type, and leave an unknown one out', async () => {
    const { type } = bench.fixture.full;
    const limits = await bench.fixture.cloud.typeLimits([type, 'nope.large']);
    expect(Object.keys(limits)).toEqual([type]);
    const { maxInterfaces = 0, ipv4PerInterface, cards = [] } = limits[type] ?? {};
    expect(maxInterfaces).toBe(bench.fixture.full.slots.length);
    expect(ipv4PerInterface).toBeGreaterThan(0);
    expect(cards[0]?.index).toBe(0);
    expect(cards.reduce((sum, card) => sum + card.maxInterfaces, 0)).toBeGreaterThanOrEqual(maxInterfaces);
  });

  bench.should('not call an alarm muted that no rule mutes', async () => {
    expect((await bench.fixture.cloud.mutedAlarms([alarmName])).size).toBe(0);
  });

  bench.should('read the alarms that are in ALARM', async () => {
    const cloudwatch = new CloudWatchClient(bench.clientConfig());
    const metric = {
      Namespace: 'AWS/EC2',
      MetricName: 'StatusCheckFailed',
      Statistic: 'Maximum',
      Period: 60,
    } as const;
    const Dimensions = [{ Name: 'InstanceId', Value: bench.fixture.holder.id }];
    const rule = { EvaluationPeriods: 2, Threshold: 1, ComparisonOperator: 'GreaterThanOrEqualToThreshold' } as const;
    const alarm = { AlarmName: alarmName, Dimensions, ...metric, ...rule };
    const named = async () => {
      const reading = await bench.fixture.cloud.alarmsInAlarm();
      if (!reading.readable) throw new Error(reading.cause);
      return reading.inAlarm.find(({ name }) => name === alarmName);
    };
    try {
      await cloudwatch.send(new PutMetricAlarmCommand(alarm));
      expect(await named()).toBeUndefined();
      const state = { AlarmName: alarmName, StateValue: 'ALARM', StateReason: 'the contract test says so' } as const;
      await cloudwatch.send(new SetAlarmStateCommand(state));
      expect(await eventually(named, (view) => view !== undefined, `${alarmName} in ALARM`)).toEqual({
        name: alarmName,
        metrics: [
          {
            namespace: 'AWS/EC2',
            name: 'StatusCheckFailed',
            instanceId: bench.fixture.holder.id,
            statistic: 'Maximum',
            periodSeconds: 60,
          },
        ],
        comparison: 'GreaterThanOrEqualToThreshold',
        threshold: 1,
      });
    } finally {
      await cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: [alarmName] }));
      cloudwatch.destroy();
    }
  });
}
