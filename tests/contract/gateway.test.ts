import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  PutMetricAlarmCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { DeleteTagsCommand, EC2Client } from '@aws-sdk/client-ec2';
import type { InterfaceView } from '../../lib/core/model.ts';
import type { AttachRequest } from '../../lib/engine/ports.ts';
import { discover, eventually, failureOf, type Fixture } from './fixture.ts';
import { type Running, type Target, TARGETS } from './targets.ts';

/**
 * What lib/aws promises, against whatever says it is AWS: the cases are the same, only the way the fixture comes into
 * being differs. The cases of one target build on each other: the interface is moved to the standby and back.
 */

jest.setTimeout(120_000);

const UNKNOWN = {
  eni: 'eni-0fedcba9876543210',
  instance: 'i-0fedcba9876543210',
  attachment: 'eni-attach-0fedcba9876543210',
};
const STATE_TAG = 'eni-failover-state:contract';

for (const target of TARGETS) {
  const described = target.absent === undefined ? describe : describe.skip;
  described(`${target.name}${target.absent === undefined ? '' : ` (left out: ${target.absent})`}`, () => suite(target));
}

function suite(target: Target): void {
  let running: Running;
  let fixture: Fixture;
  const alarmName = `eni-failover/contract-${process.pid}`;

  /** A case, or a skipped one whose title says why. */
  const should = (title: string, body: () => Promise<void>): void => {
    const lack = target.lacks[title];
    if (lack === undefined) it(`should ${title}`, body);
    else it.skip(`should ${title} (left out: ${lack})`, body);
  };

  const look = async (): Promise<InterfaceView> => {
    const [view] = await fixture.cloud.interfacesById([fixture.floating.id]);
    if (view === undefined) throw new Error(`${fixture.floating.id} is gone.`);
    return view;
  };
  const settled = (status: 'attached' | 'available') =>
    eventually(
      look,
      ({ attachment }) => (attachment?.status ?? 'available') === status,
      `${fixture.floating.id} ${status}`,
    );
  const toStandby = (change: Partial<AttachRequest> = {}): AttachRequest => ({
    interfaceId: fixture.floating.id,
    instanceId: fixture.standby.id,
    deviceIndex: 1,
    networkCardIndex: 0,
    ...change,
  });
  const clientConfig = () => {
    const { endpoint, region, credentials } = running;
    return { region, ...(endpoint !== undefined && { endpoint }), ...(credentials !== undefined && { credentials }) };
  };

  beforeAll(async () => {
    running = await target.start();
    fixture = await discover(running);
  });

  afterAll(async () => {
    fixture?.cloud.close();
    fixture?.stranger.close();
    await running?.stop();
  });

  describe('reading', () => {
    should('read an instance of the group', async () => {
      const { holder, floating } = fixture;
      expect(holder).toMatchObject({
        state: 'running',
        zone: floating.zone,
        vpcId: floating.vpcId,
        ownerId: floating.ownerId,
      });
      expect(holder.type).toMatch(/^[a-z0-9-]+\.[a-z0-9-]+$/);
      expect(holder.launchedAt).toBeGreaterThan(0);
      expect(holder.slots.map(({ deviceIndex }) => deviceIndex)).toContain(0);
      const { deviceIndex, networkCardIndex } = floating.attachment ?? {};
      expect(holder.slots).toContainEqual({ interfaceId: floating.id, deviceIndex, networkCardIndex });
    });

    should('read an interface of the group', async () => {
      const { floating, holder, group } = fixture;
      expect(floating).toMatchObject({ type: 'interface', tags: { 'eni-failover:group': group } });
      expect(floating.privateIpv4Count).toBeGreaterThan(0);
      expect(floating).not.toHaveProperty('managedBy');
      expect(floating.attachment).toMatchObject({
        instanceId: holder.id,
        status: 'attached',
        deleteOnTermination: false,
      });
    });

    should('compare the name of a group exactly', async () => {
      const { cloud, group, elsewhere, holder, standby } = fixture;
      const members = (await cloud.members(group)).map(({ id }) => id);
      expect(members).toEqual(expect.arrayContaining([holder.id, standby.id]));
      expect(members).not.toContain(elsewhere.id);
      expect((await cloud.members(`${group}-2`)).map(({ id }) => id)).toContain(elsewhere.id);
      const interfaces = await cloud.interfaces([group]);
      expect(interfaces.every(({ tags }) => tags['eni-failover:group'] === group)).toBe(true);
    });

    should('read several groups, and all of them', async () => {
      const { cloud, group } = fixture;
      const groupsOf = (views: readonly InterfaceView[]) =>
        new Set(views.map(({ tags }) => tags['eni-failover:group']));
      expect(groupsOf(await cloud.interfaces([group, `${group}-2`]))).toEqual(new Set([group, `${group}-2`]));
      expect([...groupsOf(await cloud.interfaces())]).toEqual(expect.arrayContaining([group, `${group}-2`]));
      const everyone = (await cloud.members()).map(({ id }) => id);
      expect(everyone).toEqual(expect.arrayContaining([fixture.holder.id, fixture.elsewhere.id, fixture.full.id]));
      expect(everyone).toEqual([...everyone].sort());
    });

    should('find nothing for a group that nobody has', async () => {
      expect(await fixture.cloud.members('nobody-has-this')).toEqual([]);
      expect(await fixture.cloud.interfaces(['nobody-has-this'])).toEqual([]);
    });

    should('leave an unknown interface out', async () => {
      const views = await fixture.cloud.interfacesById([UNKNOWN.eni, fixture.floating.id]);
      expect(views.map(({ id }) => id)).toEqual([fixture.floating.id]);
    });

    should('read the status checks', async () => {
      const checks = await fixture.cloud.statusChecks([fixture.holder.id, fixture.standby.id]);
      expect(Object.keys(checks).sort()).toEqual([fixture.holder.id, fixture.standby.id].sort());
      const { system, instance, scheduledEvents } = checks[fixture.holder.id] ?? {};
      expect(['ok', 'initializing']).toEqual(expect.arrayContaining([system, instance]));
      expect(scheduledEvents).toEqual([]);
    });

    should('leave an unknown instance out of the status checks', async () => {
      const checks = await fixture.cloud.statusChecks([fixture.holder.id, UNKNOWN.instance]);
      expect(Object.keys(checks)).toEqual([fixture.holder.id]);
    });

    should('find no healthy instance among the impaired', async () => {
      expect(await fixture.cloud.impairedChecks()).not.toHaveProperty(fixture.holder.id);
    });

    should('read the limits of an instance type, and leave an unknown one out', async () => {
      const { type } = fixture.full;
      const limits = await fixture.cloud.typeLimits([type, 'nope.large']);
      expect(Object.keys(limits)).toEqual([type]);
      const { maxInterfaces = 0, ipv4PerInterface, cards = [] } = limits[type] ?? {};
      expect(maxInterfaces).toBe(fixture.full.slots.length);
      expect(ipv4PerInterface).toBeGreaterThan(0);
      expect(cards[0]?.index).toBe(0);
      expect(cards.reduce((sum, card) => sum + card.maxInterfaces, 0)).toBeGreaterThanOrEqual(maxInterfaces);
    });

    should('read the alarms that are in ALARM', async () => {
      const cloudwatch = new CloudWatchClient(clientConfig());
      const metric = {
        Namespace: 'AWS/EC2',
        MetricName: 'StatusCheckFailed',
        Statistic: 'Maximum',
        Period: 60,
      } as const;
      const Dimensions = [{ Name: 'InstanceId', Value: fixture.holder.id }];
      const rule = { EvaluationPeriods: 2, Threshold: 1, ComparisonOperator: 'GreaterThanOrEqualToThreshold' } as const;
      const alarm = { AlarmName: alarmName, Dimensions, ...metric, ...rule };
      const named = async () => {
        const reading = await fixture.cloud.alarmsInAlarm();
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
          metrics: [{ namespace: 'AWS/EC2', name: 'StatusCheckFailed', instanceId: fixture.holder.id }],
        });
      } finally {
        await cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: [alarmName] }));
        cloudwatch.destroy();
      }
    });
  });

  describe('tagging', () => {
    const tagsNow = async (value: string) =>
      (await eventually(look, ({ tags }) => tags[STATE_TAG] === value, `${STATE_TAG}=${value}`)).tags;

    should('write tags that can be read, and overwrite only those it names', async () => {
      const { cloud, floating } = fixture;
      const other = `${STATE_TAG}-other`;
      const ec2 = new EC2Client(clientConfig());
      try {
        await cloud.writeTags([floating.id], { [STATE_TAG]: 'one', [other]: 'a + b = c_d:e/f@g' });
        expect(await tagsNow('one')).toEqual({ ...floating.tags, [STATE_TAG]: 'one', [other]: 'a + b = c_d:e/f@g' });
        await cloud.writeTags([floating.id], { [STATE_TAG]: '' });
        expect(await tagsNow('')).toEqual({ ...floating.tags, [STATE_TAG]: '', [other]: 'a + b = c_d:e/f@g' });
      } finally {
        await ec2.send(new DeleteTagsCommand({ Resources: [floating.id], Tags: [{ Key: STATE_TAG }, { Key: other }] }));
        ec2.destroy();
      }
    });

    should('write the tags of several interfaces at once', async () => {
      const { cloud, group, floating } = fixture;
      const all = (await cloud.interfaces([group, `${group}-2`])).map(({ id }) => id);
      const ec2 = new EC2Client(clientConfig());
      const written = async () => (await cloud.interfacesById(all)).map(({ tags }) => tags[STATE_TAG]);
      try {
        expect(all.length).toBeGreaterThan(1);
        expect(all).toContain(floating.id);
        await cloud.writeTags(all, { [STATE_TAG]: 'both' });
        await eventually(written, (values) => values.every((value) => value === 'both'), 'all tagged');
      } finally {
        await ec2.send(new DeleteTagsCommand({ Resources: all, Tags: [{ Key: STATE_TAG }] }));
        ec2.destroy();
      }
    });

    should('call the tagging of an unknown interface gone', async () => {
      expect((await failureOf(fixture.cloud.writeTags([UNKNOWN.eni], { [STATE_TAG]: 'x' }))).failure).toBe('gone');
    });
  });

  describe('being refused', () => {
    should('call an interface that is attached in use', async () => {
      expect((await failureOf(fixture.cloud.attach(toStandby()))).failure).toBe('in-use');
      expect((await look()).attachment?.id).toBe(fixture.floating.attachment?.id);
    });

    should('call an unknown interface, instance or attachment gone', async () => {
      const { cloud } = fixture;
      expect((await failureOf(cloud.attach(toStandby({ interfaceId: UNKNOWN.eni })))).failure).toBe('gone');
      expect((await failureOf(cloud.detach(UNKNOWN.attachment, false))).failure).toBe('gone');
    });

    should('call a malformed interface id invalid', async () => {
      expect((await failureOf(fixture.cloud.attach(toStandby({ interfaceId: 'eni-nonsense' })))).failure).toBe(
        'invalid',
      );
    });

    should('call a malformed instance id invalid', async () => {
      expect((await failureOf(fixture.cloud.statusChecks(['i-nonsense']))).failure).toBe('invalid');
    });

    should('refuse to detach a primary interface', async () => {
      const primary = fixture.standby.slots.find(({ deviceIndex }) => deviceIndex === 0);
      const [view] = await fixture.cloud.interfacesById([primary?.interfaceId ?? '']);
      const error = await failureOf(fixture.cloud.detach(view?.attachment?.id ?? '', false));
      expect(error).toMatchObject({ failure: 'refused', awsCode: 'OperationNotPermitted' });
    });

    should('call it denied when a stranger asks', async () => {
      const { stranger, floating } = fixture;
      expect((await failureOf(stranger.interfaces())).failure).toBe('denied');
      expect((await failureOf(stranger.detach(floating.attachment?.id ?? '', false))).failure).toBe('denied');
      expect((await failureOf(stranger.alarmsInAlarm())).failure).toBe('denied');
      expect((await look()).attachment?.id).toBe(floating.attachment?.id);
    });
  });

  describe('moving', () => {
    should('change whether the interface dies with its holder', async () => {
      const { cloud, floating } = fixture;
      const read = async () => (await look()).attachment?.deleteOnTermination;
      for (const value of [true, false]) {
        await cloud.modifyDeleteOnTermination(floating.id, floating.attachment?.id ?? '', value);
        await eventually(read, (now) => now === value, `DeleteOnTermination ${value}`);
      }
    });

    should('detach until the interface is available', async () => {
      await fixture.cloud.detach(fixture.floating.attachment?.id ?? '', false);
      expect(await settled('available')).not.toHaveProperty('attachment');
      const [holder] = (await fixture.cloud.members(fixture.group)).filter(({ id }) => id === fixture.holder.id);
      expect(holder?.slots.map(({ interfaceId }) => interfaceId)).not.toContain(fixture.floating.id);
    });

    should('call an attachment that has ended gone', async () => {
      const id = fixture.floating.attachment?.id ?? '';
      expect((await failureOf(fixture.cloud.detach(id, false))).failure).toBe('gone');
      expect((await failureOf(fixture.cloud.detach(id, true))).failure).toBe('gone');
    });

    should('call an unknown instance gone', async () => {
      expect((await failureOf(fixture.cloud.attach(toStandby({ instanceId: UNKNOWN.instance })))).failure).toBe('gone');
    });

    should('be refused by an instance in another zone', async () => {
      const error = await failureOf(fixture.cloud.attach(toStandby({ instanceId: fixture.elsewhere.id })));
      expect(error).toMatchObject({ failure: 'refused', awsCode: 'InvalidParameterCombination' });
    });

    should('be refused at a device index that is taken', async () => {
      const error = await failureOf(fixture.cloud.attach(toStandby({ deviceIndex: 0 })));
      expect(error).toMatchObject({ failure: 'refused', awsCode: 'InvalidParameterValue' });
    });

    should('be refused by an instance without a free slot', async () => {
      const deviceIndex = fixture.full.slots.length;
      const error = await failureOf(fixture.cloud.attach(toStandby({ instanceId: fixture.full.id, deviceIndex })));
      expect(error).toMatchObject({ failure: 'refused', awsCode: 'AttachmentLimitExceeded' });
    });

    should('attach at the device index and network card asked for, under a new attachment id', async () => {
      const attachmentId = await fixture.cloud.attach(toStandby());
      const { attachment } = await settled('attached');
      expect(attachment).toEqual({
        id: attachmentId,
        instanceId: fixture.standby.id,
        deviceIndex: 1,
        networkCardIndex: 0,
        status: 'attached',
        deleteOnTermination: false,
      });
      expect(attachmentId).not.toBe(fixture.floating.attachment?.id);
    });

    should('detach by force as well, and move back', async () => {
      const { attachment } = await look();
      await fixture.cloud.detach(attachment?.id ?? '', true);
      await settled('available');
      const { deviceIndex = 1, networkCardIndex = 0 } = fixture.floating.attachment ?? {};
      await fixture.cloud.attach(toStandby({ instanceId: fixture.holder.id, deviceIndex, networkCardIndex }));
      expect((await settled('attached')).attachment?.instanceId).toBe(fixture.holder.id);
    });
  });
}
