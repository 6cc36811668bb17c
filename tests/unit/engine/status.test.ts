import { member } from '../../../demo/scenarios.ts';
import { CODES } from '../../../lib/core/codes.ts';
import type { GroupStatus, LedgerStatus, MemberStatus, ResourceStatus } from '../../../lib/engine/result.ts';
import { at, only, Stage } from '../../support/stage.ts';

async function statusOf(stage: Stage): Promise<GroupStatus> {
  const { status } = await stage.result({ action: 'status', group: 'web' });
  if (!status) throw new Error('a status has a status');
  return status;
}

describe('the members of a group', () => {
  it('should none of them be eligible when the holder is no member', async () => {
    const stage = new Stage();
    const scene = stage.build('pair');
    const third = member(stage.world, 'web-3').id;
    stage.world.retag(scene.holder, { 'eni-failover:group': undefined });
    const { holder, readiness, members } = await statusOf(stage);
    expect(holder).toBe(scene.holder);
    expect(readiness).toMatchObject({ ready: false, code: 'holder-not-member' });
    expect(members.map(({ id, role, eligible, code }) => [id, role, eligible, code])).toEqual(
      [at(scene.members, 1), third].sort().map((id) => [id, 'standby', false, 'holder-not-member']),
    );
    const [first, second] = members.map(({ reason }) => reason ?? '');
    expect(second).toBe(first);
    expect(readiness.reason).toBe(`${first} Tag that instance as a member, or attach the interface to one.`);
  });

  it('should each have a reason of its own before one that holds for all', async () => {
    const stage = new Stage();
    const scene = stage.build('pair');
    const third = member(stage.world, 'web-3').id;
    stage.world.stopInstance(third);
    stage.world.retag(scene.holder, { 'eni-failover:group': undefined });
    const { members } = await statusOf(stage);
    expect(members.find(({ id }) => id === third)).toMatchObject({ eligible: false, code: 'not-running' });
  });

  it('should none of them be eligible when the group is split', async () => {
    const stage = new Stage();
    const scene = stage.build('two-interfaces');
    const second = at(scene.interfaces, 1);
    stage.world.detachByHand(second);
    await stage.clock.advance(5_000);
    stage.world.attachByHand(second, { instanceId: at(scene.members, 1), deviceIndex: 2 });
    await stage.clock.advance(5_000);
    const { readiness, members } = await statusOf(stage);
    expect(readiness).toMatchObject({ ready: false, code: 'group-split' });
    expect(members.map(({ eligible }) => eligible)).toEqual([false, false]);
  });
});

describe('a group whose move is all but recorded', () => {
  /** The standby has the interface, and the ledger says that it is still on its way. */
  async function unrecorded() {
    const stage = new Stage();
    const scene = stage.build('pair');
    const event = await stage.fail(scene.holder);
    stage.goesWrong('CreateTags', { kind: 'deny' }, 2);
    await stage.invoke(event);
    stage.heal();
    return { stage, holder: at(scene.members, 1) };
  }

  it('should not be ready when nobody could take over from the new holder', async () => {
    const { stage } = await unrecorded();
    expect((await statusOf(stage)).readiness.ready).toBe(false);
  });

  it('should not call the holder eligible to take over from itself', async () => {
    const { stage, holder } = await unrecorded();
    const { members } = await statusOf(stage);
    expect(members.find(({ id }) => id === holder)).toMatchObject({ role: 'holder', eligible: false });
  });
});

describe('the words of a status', () => {
  /** Every word there is: a new one does not compile before it stands here. */
  const ROLES: Readonly<Record<MemberStatus['role'], true>> = { holder: true, standby: true };
  const HEALTH: Readonly<Record<MemberStatus['health'], true>> = {
    healthy: true,
    failed: true,
    leaving: true,
    unknown: true,
  };
  const STATES: Readonly<Record<MemberStatus['state'], true>> = {
    pending: true,
    running: true,
    stopping: true,
    stopped: true,
    'shutting-down': true,
    terminated: true,
  };
  const ATTACHMENTS: Readonly<Record<ResourceStatus['attachment'], true>> = {
    attaching: true,
    attached: true,
    detaching: true,
    detached: true,
  };
  const LEDGERS: Readonly<Record<LedgerStatus['status'], true>> = { absent: true, damaged: true, valid: true };

  function expectKnown({ readiness, resources, members, ledger }: GroupStatus): void {
    const codes = CODES.map(({ code }) => code);
    const words = (of: object): readonly string[] => Object.keys(of);
    expect(codes).toContain(readiness.code);
    expect(words(LEDGERS)).toContain(ledger.status);
    for (const { attachment, kind } of resources) {
      expect(words(ATTACHMENTS)).toContain(attachment);
      expect(kind).toBe('interface');
    }
    for (const { role, health, state, eligible, code, reason } of members) {
      expect(words(ROLES)).toContain(role);
      expect(words(HEALTH)).toContain(health);
      expect(words(STATES)).toContain(state);
      expect([code === null, reason === null]).toEqual([eligible, eligible]);
      if (code !== null) expect(codes).toContain(code);
    }
  }

  it.each(['pair', 'two-interfaces', 'other-az', 'full'] as const)(
    'should be known ones in scenario %s',
    async (name) => {
      const stage = new Stage();
      const scene = stage.build(name);
      expectKnown(await statusOf(stage));
      const event = await stage.fail(scene.holder);
      expectKnown(await statusOf(stage));
      const run = stage.begin(event).catch(() => undefined);
      await stage.clock.run(stage.clock.sleep(2_000));
      expectKnown(await statusOf(stage));
      await stage.clock.run(run);
      expectKnown(await statusOf(stage));
    },
  );

  it('should be known ones when nobody holds the interface', async () => {
    const stage = new Stage();
    const scene = stage.build('pair');
    stage.world.detachByHand(at(scene.interfaces, 0));
    await stage.clock.advance(10_000);
    const status = await statusOf(stage);
    expectKnown(status);
    expect(status).toMatchObject({ holder: null, ledger: { status: 'absent' } });
    expect(only(status.resources)).toMatchObject({ attachment: 'detached', holder: null, deviceIndex: null });
  });
});

describe('the ledger of a status', () => {
  const ISO = /^2026-08-20T\d\d:\d\d:\d\d\.\d{3}Z$/;

  async function valid(stage: Stage): Promise<Extract<LedgerStatus, { status: 'valid' }>> {
    const { ledger } = await statusOf(stage);
    if (ledger.status !== 'valid') throw new Error('the ledger is valid');
    return ledger;
  }

  async function failedOver() {
    const stage = new Stage({ settings: { forceAfterSeconds: 0 } });
    const scene = stage.build('pair');
    await stage.invoke(await stage.fail(scene.holder));
    return { stage, scene };
  }

  it('should have its times as text', async () => {
    const { stage } = await failedOver();
    await stage.invoke({ action: 'pause', group: 'web' });
    const { changedAt, movedAt, pausedUntil, moves } = await valid(stage);
    for (const time of [changedAt, movedAt, pausedUntil, ...moves]) expect(time).toMatch(ISO);
    expect(moves).toHaveLength(1);
  });

  it('should have the times inside of its entries as text, too', async () => {
    const { stage } = await failedOver();
    const { operation, forced } = await valid(stage);
    expect(operation?.begunAt).toMatch(ISO);
    expect(operation?.deadlineAt).toMatch(ISO);
    expect(only(forced).launchedAt).toMatch(ISO);
  });

  it('should have the time since when an interface is seen that does not belong as text', async () => {
    const { stage } = await failedOver();
    stage.world.addInterface({ tags: { 'eni-failover:group': 'web' } });
    await stage.sweep();
    expect(only((await valid(stage)).strays)).toMatchObject({ at: expect.stringMatching(ISO), code: 'stray-loose' });
  });

  it('should leave nothing out where there is nothing to say', async () => {
    const stage = new Stage();
    stage.build('pair');
    await stage.sweep();
    expect(await valid(stage)).toMatchObject({
      operation: null,
      condition: null,
      movedAt: null,
      pausedUntil: null,
      moves: [],
      forced: [],
      stuck: [],
      refused: [],
      notices: [],
      strays: [],
      loose: null,
      acknowledgedAt: null,
    });
  });

  it('should have the end of a pause as text where nothing else can be read', async () => {
    const stage = new Stage();
    const scene = stage.build('pair');
    await stage.invoke({ action: 'pause', group: 'web' });
    stage.world.retag(at(scene.interfaces, 0), { 'eni-failover-state:state': 'many' });
    expect((await statusOf(stage)).ledger).toMatchObject({
      status: 'damaged',
      faults: [expect.stringContaining('state')],
      pausedUntil: expect.stringMatching(ISO),
    });
  });
});
