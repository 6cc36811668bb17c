import { readFileSync } from 'node:fs';
import { packageOnce, templateOnce } from '../../build/packaging.ts';
import { parseTemplate, readTemplate, type Template } from '../../lab/package/template.ts';
import { EVENTS } from '../../lib/engine/event-names.ts';
import { member } from '../../demo/scenarios.ts';
import { itWith, run } from '../examples/support.ts';
import { type CfnTemplate, schemaFaults } from '../support/cfn-schema.ts';
import { at } from '../support/stage.ts';
import { STAGE_ACCOUNT } from './deployed.ts';
import { Observed } from './observed.ts';

const PAGER = 'arn:aws:sns:us-east-1:123456789012:pager';
const KEY = 'arn:aws:kms:us-east-1:123456789012:key/0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f';
const BOTH = { region: 'us-east-1', notifyEmail: 'ops@example.com', notifyTopicArn: PAGER };

interface Raw {
  readonly Resources: Record<string, { Type: string; Properties: Record<string, unknown> }>;
}

let path: string;
let template: Template;
beforeAll(async () => {
  path = (await packageOnce({ params: BOTH })).templatePath;
  template = readTemplate(path, STAGE_ACCOUNT);
}, 120_000);

const raw = (): Raw => JSON.parse(readFileSync(path, 'utf8')) as Raw;
const ofType = ({ Resources }: Raw, type: string) => Object.values(Resources).filter(({ Type }) => Type === type);

describe('who is told', () => {
  it('should be nobody where neither parameter is given', async () => {
    const none = JSON.parse(readFileSync(await templateOnce(), 'utf8')) as Raw;
    const types = new Set(Object.values(none.Resources).map(({ Type }) => Type));
    expect([...types].filter((type) => /::(SNS|KMS)::/.test(type))).toEqual([]);
    expect(none.Resources['NotifyRule']).toBeUndefined();
  }, 120_000);

  it('should be the address and the topic, each told by the rule and by every alarm', () => {
    const topic = at(template.topics, 0);
    expect(topic.subscriptions).toEqual([{ protocol: 'email', endpoint: 'ops@example.com' }]);
    const rule = template.rules.find(({ name }) => name === 'eni-failover-prod-notify');
    expect(rule?.targets.map(({ arn }) => arn)).toEqual([topic.arn, PAGER]);
    for (const { AlarmActions } of template.alarms) expect(AlarmActions).toEqual([topic.arn, PAGER]);
  });

  it('should be the topic alone, without a key', async () => {
    const params = { region: 'us-east-1', notifyTopicArn: PAGER };
    const alone = readTemplate(await templateOnce({ params }), STAGE_ACCOUNT);
    expect(alone.topics).toEqual([]);
    expect(alone.rules.at(-1)?.targets.map(({ arn }) => arn)).toEqual([PAGER]);
  }, 120_000);

  it('should have a topic whose key is one of the account, where it has one', async () => {
    const params = { region: 'us-east-1', notifyEmail: 'ops@example.com', kmsKeyArn: KEY };
    const own = JSON.parse(readFileSync(await templateOnce({ params }), 'utf8')) as Raw;
    expect(ofType(own, 'AWS::KMS::Key')).toEqual([]);
    expect(ofType(own, 'AWS::SNS::Topic')).toMatchObject([{ Properties: { KmsMasterKeyId: KEY } }]);
  }, 120_000);

  it('should use only types and properties that exist', () => {
    expect(schemaFaults(raw() as unknown as CfnTemplate)).toEqual([]);
  });

  // W3037 compares actions with a list that is older than cloudwatch:DescribeAlarmContributors.
  itWith(['cfn-lint'])(
    'should pass cfn-lint without a word',
    async () =>
      expect(await run('cfn-lint', ['--ignore-checks', 'W3037', '--', path])).toEqual({ status: 0, output: '' }),
    120_000,
  );
});

describe('what keeps a mail from being sent', () => {
  type Change = (raw: Raw) => void;
  const policyOf = ({ Resources }: Raw, id: string) =>
    (Resources[id]?.Properties['PolicyDocument'] ?? Resources[id]?.Properties['KeyPolicy']) as {
      Statement: { Sid: string; Condition?: object }[];
    };
  const without =
    (id: string, sid: string): Change =>
    (changed) => {
      const policy = policyOf(changed, id);
      policy.Statement = policy.Statement.filter(({ Sid }) => Sid !== sid);
    };

  it.each<[string, Change]>([
    ['a topic that EventBridge may not publish to', without('NotifyTopicPolicy', 'Events')],
    ['a topic that CloudWatch may not publish to', without('NotifyTopicPolicy', 'Alarms')],
    ['a key that EventBridge may not use', without('NotifyKey', 'Events')],
    ['a key that CloudWatch may not use', without('NotifyKey', 'Alarms')],
    [
      'a key that EventBridge may use under a condition, which never holds',
      (changed) => {
        for (const each of policyOf(changed, 'NotifyKey').Statement)
          each.Condition = { StringEquals: { 'aws:SourceAccount': '123456789012' } };
      },
    ],
    [
      'the key of AWS',
      ({ Resources }) => {
        (Resources['NotifyTopic'] as { Properties: Record<string, unknown> }).Properties['KmsMasterKeyId'] =
          'alias/aws/sns';
      },
    ],
  ])('should be seen by the lab: %s', (_, change) => {
    const changed = raw();
    change(changed);
    expect(() => parseTemplate(changed, STAGE_ACCOUNT)).toThrow(/publish|alias\/aws\/sns/);
  });
});

describe('the mail', () => {
  const mails = ({ bus }: Observed): readonly string[] =>
    bus.outbox.filter(({ to, subject }) => to.length > 0 && !subject.startsWith('ALARM')).map(({ text }) => text);

  it('should say what happened, to which group, why, and what to do, in this order', async () => {
    const stage = new Observed(template);
    const { holder, members } = stage.build('pair');
    await stage.invoke(await stage.fail(holder));
    expect(stage.bus.outbox.map(({ to }) => to)).toEqual([['ops@example.com'], []]);
    const lines = at(mails(stage), 0).split('\n');
    expect(lines[0]).toMatch(/^"web is on web-2, no longer on web-1: failover in \d+\.\d s"$/);
    expect(lines[1]).toBe('"Group: web"');
    expect(lines[2]).toBe(
      `"Why: The holder web-1 (${holder}) has the alarm 'eni-failover/web/${holder}' in ALARM. web-2 (${members[1]}) takes over."`,
    );
    expect(lines[3]).toMatch(/^"What to do: See why web-1 \(i-\w+\) failed: /);
    expect(lines[4]).toMatch(/^"failover, 20\S+Z, eni-failover-prod in us-east-1, account 123456789012"$/);
  });

  it('should be one for a block, however many sweeps meet it, and one for a member that joins', async () => {
    const stage = new Observed(template);
    const { holder } = stage.build('full');
    await stage.sweepFor(1);
    stage.world.failInstance(holder, { noticedAfterMs: 0 });
    await stage.sweepFor(6);
    member(stage.world, 'web-3', { tags: { 'eni-failover:exclude': 'true' } });
    await stage.sweepFor(3);
    expect(mails(stage).map((text) => text.split('\n')[0])).toEqual([
      expect.stringMatching(/^"web should be moved and is not \(no-candidate\)"$/),
      '"web-3 is a new member of web"',
    ]);
  });

  it('should be one for a group that could not fail over any more, within 70 s, and one when it could again', async () => {
    const stage = new Observed(template);
    const { members } = stage.build('pair');
    await stage.sweepFor(2);
    stage.world.stopInstance(at(members, 1));
    const stoppedMs = stage.clock.now();
    await stage.sweepFor(5);
    const mail = stage.bus.outbox.find(({ subject }) => !subject.startsWith('ALARM'));
    expect((mail?.atMs ?? Infinity) - stoppedMs).toBeLessThanOrEqual(70_000);
    const lines = mail?.text.split('\n') ?? [];
    expect(lines[0]).toBe('"web could not fail over now"');
    expect(lines[2]).toMatch(/^"Why: web-2 \(i-\w+\) cannot take over: it is stopp(ed|ing)\.?"$/);
    expect(lines[3]).toBe('"What to do: Start it."');
    stage.world.startInstance(at(members, 1));
    await stage.sweepFor(8);
    expect(mails(stage).map((text) => text.split('\n')[0])).toEqual([
      '"web could not fail over now"',
      '"web could fail over again"',
    ]);
    const ready = stage.announced.flatMap((record) => record['Ready'] ?? []);
    expect(ready).toEqual([0, 1]);
  });

  it('should not be sent for the events of another deployment', async () => {
    const stage = new Observed(template);
    const detail = {
      deployment: 'eni-failover-trial',
      words: { what: 'x', group: 'x', why: 'x', todo: 'x' },
      code: 'x',
    };
    stage.world.emit('Failover Failed', 'eni-failover', [], detail);
    stage.world.emit('Failover Failed', 'eni-failover', [], { ...detail, deployment: 'eni-failover-prod' });
    expect(mails(stage)).toHaveLength(1);
  });

  it('should be sent for all events but those that need nobody', () => {
    const { pattern } = template.rules.find(({ name }) => name === 'eni-failover-prod-notify') ?? {};
    const told = (pattern as { 'detail-type': string[] })['detail-type'];
    const untold = Object.keys(EVENTS).filter((name) => !told.includes(name));
    expect(untold).toEqual(['Failover Started', 'Failover Notice']);
    expect(told.filter((name) => !(name in EVENTS))).toEqual([]);
  });
});
