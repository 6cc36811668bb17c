import { packageOnce } from '../../build/packaging.ts';
import { readTemplate, type Template } from '../../lab/package/template.ts';
import { METRICS } from '../../lib/engine/metrics.ts';
import { STAGE_ACCOUNT } from './deployed.ts';
import { Observed } from './observed.ts';

const PAGER = 'arn:aws:sns:us-east-1:123456789012:pager';

let template: Template;
beforeAll(async () => {
  const { templatePath } = await packageOnce({ params: { region: 'us-east-1', alarmTopicArn: PAGER } });
  template = readTemplate(templatePath, STAGE_ACCOUNT);
}, 120_000);

async function sweepOn(stage: Observed, minutes: number): Promise<void> {
  for (let nth = 0; nth < minutes; nth += 1) await stage.sweepFor(1).catch(() => undefined);
}

/** Each alarm, by the end of its name, with what makes it go off: it must be OK before, and nothing else may do. */
const FIRES: Readonly<Record<string, (stage: Observed) => Promise<void>>> = {
  'failed-move': async (stage) => {
    const { holder } = stage.build('pair');
    const event = await stage.fail(holder);
    stage.deny('DetachNetworkInterface');
    await stage.invoke(event).catch(() => undefined);
  },
  'group-not-ready': async (stage) => {
    const { members } = stage.build('pair');
    await stage.sweepFor(1);
    stage.world.stopInstance(members[1] ?? '');
  },
  'blocked-move': async (stage) => {
    const { holder } = stage.build('full');
    await stage.fail(holder);
    await stage.sweepFor(1);
  },
  'failover-errors': async (stage) => {
    const { holder } = stage.build('pair');
    const event = await stage.fail(holder);
    stage.goesWrong('DescribeNetworkInterfaces', { kind: 'deny' }, 'every');
    await stage.invoke(event).catch(() => undefined);
  },
  'sweep-errors': async (stage) => {
    stage.goesWrong('DescribeNetworkInterfaces', { kind: 'deny' }, 'every');
    await sweepOn(stage, 11);
  },
  'upkeep-errors': async (stage) => {
    for (let hour = 1; hour <= 2; hour += 1) {
      stage.telemetry.invoked('eni-failover-prod-upkeep', false);
      await stage.clock.advance(60 * 60_000);
    }
  },
  'sweep-missing': async (stage) => {
    // Datapoints of the evaluation range count as long as there are any.
    await stage.clock.advance(30 * 60_000);
  },
  'unhandled-events': async (stage) => {
    stage.telemetry.arrived('eni-failover-prod-unhandled-events');
  },
};

/** Right after a deployment no sweep was due yet: that alarm says so itself. */
const toldIn = ({ bus }: Observed): readonly string[] =>
  bus.outbox.filter(({ subject }) => !subject.includes('sweep-missing')).map(({ subject }) => subject);

describe('the alarms of the deployment', () => {
  it.each(Object.keys(FIRES))('should go off: %s, and tell the topic what to do', async (name) => {
    const stage = new Observed(template);
    // Ten quiet minutes in which nothing is wrong.
    await stage.sweepFor(10);
    expect(stage.alarm(name)).not.toBe('ALARM');
    const before = stage.bus.outbox.length;
    expect(toldIn(stage)).toEqual([]);
    await FIRES[name]?.(stage);
    if (name !== 'sweep-missing') await sweepOn(stage, 7);
    expect(stage.alarm(name)).toBe('ALARM');
    const told = stage.bus.outbox.slice(before).find(({ subject }) => subject.includes(`eni-failover-prod-${name}`));
    expect(told).toMatchObject({ topicArn: PAGER });
    expect(told?.text).toMatch(/- Description: +\S.{20,}/);
  });

  it('should each have a way to go off in this table', () => {
    const names = template.alarms.map(({ AlarmName }) => AlarmName.replace('eni-failover-prod-', ''));
    expect(names.toSorted()).toEqual(Object.keys(FIRES).toSorted());
  });

  it('should look at metrics that are published, in the namespace of the deployment', () => {
    for (const { Namespace, MetricName = '' } of template.alarms.filter(
      ({ Namespace = '' }) => !Namespace.startsWith('AWS/'),
    ))
      expect([Namespace, Object.keys(METRICS)]).toEqual(['eni-failover-prod', expect.arrayContaining([MetricName])]);
  });

  it('should stay quiet through a failover that succeeds, but for the standby that is lacking', async () => {
    const stage = new Observed(template);
    const { holder } = stage.build('pair');
    await stage.sweepFor(3);
    await stage.invoke(await stage.fail(holder));
    await stage.sweepFor(20);
    expect(toldIn(stage)).toEqual([expect.stringContaining('group-not-ready')]);
  });
});

describe('the metrics of a quiet minute', () => {
  it('should be the sums, and nothing by group', async () => {
    const stage = new Observed(template);
    stage.build('mutual');
    await stage.sweepFor(3);
    const last = stage.announced.at(-1) ?? {};
    expect(last).toMatchObject({ Groups: 2, ReadyGroups: 2, NotReadyGroups: 0, BlockedGroups: 0 });
    expect(last['_aws']).toMatchObject({ CloudWatchMetrics: [{ Namespace: 'eni-failover-prod', Dimensions: [[]] }] });
    expect(stage.announced.filter((record) => 'Group' in record)).toEqual([]);
  });
});
