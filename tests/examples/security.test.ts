import { member } from '../../demo/scenarios.ts';
import { encodeKeys, encodeLedger } from '../../lib/core/ledger-codec.ts';
import type { Ledger } from '../../lib/core/ledger.ts';
import { DEFAULT_SETTINGS } from '../../lib/core/settings.ts';
import { at, START_MS, Stage } from '../support/stage.ts';
import { textOf } from './support.ts';

const { statePrefix } = DEFAULT_SETTINGS;

describe('the service control policy', () => {
  const text = textOf('examples/security/tag-guard-scp.json');
  const policy = JSON.parse(text) as { Statement: readonly Statement[] };

  interface Statement {
    readonly Effect: string;
    readonly Action: string | readonly string[];
    readonly Resource: string | readonly string[];
    readonly Condition: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
  }

  interface Call {
    readonly action: string;
    readonly role: string;
    readonly keys: readonly string[];
    readonly tags?: Readonly<Record<string, string>>;
    /** Of an interface, where none is named. */
    readonly resource?: string;
  }

  const roleArn = (name: string) => `arn:aws:iam::123456789012:role/${name}`;
  const ENI = 'arn:aws:ec2:eu-west-1:123456789012:network-interface/eni-1';
  const glob = (pattern: string, value: string) =>
    new RegExp(`^${pattern.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`).test(value);
  const anyOf = (patterns: string | readonly string[] | undefined, value: string) =>
    [patterns ?? []].flat().some((pattern) => glob(pattern, value));

  /** As much of IAM's evaluation as the policy uses; anything else in it is an error. */
  function denies({ Effect, Action, Resource, Condition }: Statement, call: Call): boolean {
    const conditions = Object.entries(Condition).flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, values]) => {
        const context =
          key === 'aws:TagKeys' ? call.keys : [call.tags?.[key.replace('aws:ResourceTag/', '')] ?? []].flat();
        if (operator === 'ForAnyValue:StringLike') return context.some((value) => anyOf(values, value));
        if (operator === 'Null') return String(context.length === 0) === values;
        if (operator === 'ArnNotLike') return !anyOf(values, roleArn(call.role));
        throw new Error(`unknown operator ${operator}`);
      }),
    );
    const isAbout = anyOf(Action, call.action) && anyOf(Resource, call.resource ?? ENI);
    return Effect === 'Deny' && isAbout && conditions.every(Boolean);
  }

  const isDenied = (call: Call) => policy.Statement.some((statement) => denies(statement, call));

  const PRODUCT = 'eni-failover-prod-FailoverRole-1A2B';

  it('should fit into what AWS Organizations takes', () => {
    expect(text.length).toBeLessThan(5_120);
  });

  it.each<[string, Call, boolean]>([
    [
      'a stranger who tags an instance into a group',
      { action: 'ec2:CreateTags', role: 'dev', keys: ['Name', 'eni-failover:group'] },
      true,
    ],
    ['a stranger who tags it otherwise', { action: 'ec2:CreateTags', role: 'dev', keys: ['Name'] }, false],
    [
      'a stranger who takes a member out',
      { action: 'ec2:DeleteTags', role: 'dev', keys: ['eni-failover:group'] },
      true,
    ],
    [
      'a stranger who launches a member',
      { action: 'ec2:RunInstances', role: 'dev', keys: ['eni-failover:group'] },
      true,
    ],
    ['a stranger who launches something else', { action: 'ec2:RunInstances', role: 'dev', keys: ['Name'] }, false],
    [
      'a stranger who deletes all tags of a member',
      { action: 'ec2:DeleteTags', role: 'dev', keys: [], tags: { 'eni-failover:group': 'web' } },
      true,
    ],
    ['a stranger who deletes all tags of something else', { action: 'ec2:DeleteTags', role: 'dev', keys: [] }, false],
    [
      'a stranger who forges the ledger',
      { action: 'ec2:CreateTags', role: 'dev', keys: ['eni-failover-state:pause'] },
      true,
    ],
    [
      'a stranger who tags through Auto Scaling',
      { action: 'autoscaling:CreateOrUpdateTags', role: 'dev', keys: ['eni-failover:group'] },
      true,
    ],
    ...['ec2:CreateFleet', 'ec2:RequestSpotFleet', 'ec2:RequestSpotInstances', 'ec2:ModifyFleet'].map(
      (action): [string, Call, boolean] => [
        `a stranger who has a service launch what a template tags: ${action}`,
        { action, role: 'dev', keys: [] },
        true,
      ],
    ),
    ['the pipeline that has a fleet', { action: 'ec2:CreateFleet', role: 'deploy', keys: [] }, false],
    ...[PRODUCT, 'network-admin', 'deploy'].flatMap((name) =>
      ['iam:CreateRole', 'iam:UpdateAssumeRolePolicy', 'iam:PassRole'].map((action): [string, Call, boolean] => [
        `a stranger who would become ${name} by ${action}`,
        { action, role: 'dev', keys: [], resource: roleArn(name) },
        true,
      ]),
    ),
    [
      'a stranger who makes a role of another name',
      { action: 'iam:CreateRole', role: 'dev', keys: [], resource: roleArn('app') },
      false,
    ],
    [
      'the pipeline that deploys the product',
      { action: 'iam:CreateRole', role: 'deploy', keys: [], resource: roleArn(PRODUCT) },
      false,
    ],
    [
      'the pipeline that deploys a group',
      { action: 'ec2:RunInstances', role: 'deploy', keys: ['eni-failover:group'] },
      false,
    ],
    ['the pipeline that tags it', { action: 'ec2:CreateTags', role: 'deploy', keys: ['eni-failover:group'] }, false],
    [
      'the function that records',
      { action: 'ec2:CreateTags', role: PRODUCT, keys: ['eni-failover-state:state'] },
      false,
    ],
    [
      'the function that would tag a member',
      { action: 'ec2:CreateTags', role: PRODUCT, keys: ['eni-failover:group'] },
      true,
    ],
  ])('should decide on %s', (_, call, expected) => {
    expect(isDenied(call)).toBe(expected);
  });
});

describe('a new member', () => {
  it('should be announced in the words that the metric filter looks for', async () => {
    const pattern = /--filter-pattern '"([^"]+)"'/.exec(textOf('SECURITY.md'))?.[1] ?? 'no filter';
    const stage = new Stage();
    stage.build('pair');
    await stage.sweep();
    stage.announced.length = 0;
    member(stage.world, 'web-3');
    await stage.clock.advance(60_000);
    await stage.sweep();
    expect(stage.announced.map((record) => JSON.stringify(record).includes(pattern))).toEqual([true]);
  });
});

describe('a forged ledger', () => {
  const NEVER = START_MS + 10 * 365 * 86_400_000;
  const genuine = (holder: string): Ledger => ({
    phase: 'steady',
    holder,
    resources: [],
    reason: 'forged',
    changedAt: NEVER,
    epoch: 0,
    moves: [],
    members: [],
    forced: [],
    stuck: [],
    refused: [],
    notices: [],
  });

  async function forged(change: (holder: string) => Partial<Ledger>) {
    const stage = new Stage();
    const scene = stage.build('pair');
    const ledger = { ...genuine(scene.holder), ...change(scene.holder) };
    const tags = { ...encodeLedger(ledger, statePrefix), ...encodeKeys(ledger, ['pause'], statePrefix) };
    stage.world.retag(at(scene.interfaces, 0), tags);
    return { stage, scene };
  }

  const intent = (from: string, to: string) => ({
    phase: 'moving' as const,
    operation: {
      id: 'op-forged',
      action: 'failover' as const,
      from,
      to,
      runId: 'forged',
      deadlineAt: NEVER,
      automatic: false,
      ignoreHealth: true,
    },
  });

  it('should not take the interface from a holder that passes its checks', async () => {
    for (const origin of ['holder', 'stranger']) {
      const stranger = 'i-0123456789abcdef0';
      const { stage, scene } = await forged((holder) => intent(origin === 'holder' ? holder : stranger, stranger));
      for (let i = 0; i < 3; i += 1) {
        await stage.clock.advance(60_000);
        await stage.sweep();
      }
      expect(stage.world.holderOf(at(scene.interfaces, 0))).toBe(scene.holder);
    }
  });

  it('should not take the interface from a holder that passes its checks by a forged notice', async () => {
    const { stage, scene } = await forged(() => ({}));
    const ledger = { ...genuine(scene.holder), notices: [{ instanceId: scene.holder, at: stage.clock.now() }] };
    stage.world.retag(at(scene.interfaces, 0), encodeKeys(ledger, ['notes'], statePrefix));
    await stage.clock.advance(60_000);
    await stage.sweep();
    expect(stage.world.holderOf(at(scene.interfaces, 0))).toBe(scene.holder);
  });

  it('should not bring the interface to an instance that is no member', async () => {
    const stage = new Stage();
    const scene = stage.build('pair');
    const stranger = stage.world.addInstance({ tags: {} });
    const ledger = { ...genuine(scene.holder), ...intent(scene.holder, stranger.id) };
    stage.world.retag(at(scene.interfaces, 0), encodeLedger(ledger, statePrefix));
    stage.world.stopInstance(scene.holder);
    await stage.clock.advance(60_000);
    await stage.sweep();
    expect(stage.world.holderOf(at(scene.interfaces, 0))).not.toBe(stranger.id);
  });

  it('should be able to hold failover up, until its tags are deleted', async () => {
    const { stage, scene } = await forged(() => ({ pausedUntil: NEVER }));
    stage.world.stopInstance(scene.holder);
    await stage.clock.advance(60_000);
    const { groups } = await stage.sweep();
    expect(groups.map(({ code }) => code)).toEqual(['paused']);
    const tags = stage.world.interface(at(scene.interfaces, 0))?.tags ?? {};
    const state = Object.keys(tags).filter((key) => key.startsWith(statePrefix));
    stage.world.retag(at(scene.interfaces, 0), Object.fromEntries(state.map((key) => [key, undefined])));
    await stage.clock.advance(60_000);
    await stage.sweep();
    expect(stage.world.holderOf(at(scene.interfaces, 0))).toBe(scene.members[1]);
  });
});
