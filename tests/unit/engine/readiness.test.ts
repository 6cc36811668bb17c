import { at, Stage } from '../../support/stage.ts';

async function statusOf(stage: Stage) {
  const { status } = await stage.result({ action: 'status', group: 'web' });
  if (!status) throw new Error('a status has a status');
  return status;
}

describe('the readiness of a group', () => {
  it('should be what a failover would do', async () => {
    const stage = new Stage();
    const scene = stage.build('pair');
    const { readiness } = await statusOf(stage);
    const assumed = `The holder ${scene.holder} has failed, it is assumed.`;
    const reason = `${assumed} ${at(scene.members, 1)} takes over.`;
    expect(readiness).toEqual({ ready: true, code: 'failover', reason });
  });

  it.each([
    ['other-az', 'no-candidate'],
    ['full', 'no-candidate'],
  ] as const)('should be none in scenario %s', async (scenario, code) => {
    const stage = new Stage();
    stage.build(scenario);
    expect((await statusOf(stage)).readiness).toMatchObject({ ready: false, code });
  });

  it('should name what stands in the way of a standby that has the same device index for another group', async () => {
    const stage = new Stage();
    const scene = stage.build('pair');
    const [eni, standby] = [at(scene.interfaces, 0), at(scene.members, 1)];
    const other = stage.world.addInterface({ tags: { 'eni-failover:group': 'db' } });
    stage.world.attachByHand(other.id, { instanceId: standby, deviceIndex: 1 });
    await stage.clock.advance(10_000);
    const { readiness } = await statusOf(stage);
    const nobody = `The holder ${scene.holder} has failed, it is assumed. No member can take over.`;
    const reason = `${nobody} ${standby}: ${eni} needs device index 1 on network card 0, and ${other.id} has it.`;
    expect(readiness).toEqual({ ready: false, code: 'no-candidate', reason });
  });

  it('should be none where nobody but the old holder is left to have a loose interface', async () => {
    const stage = new Stage();
    const scene = stage.build('full');
    await stage.sweep();
    stage.world.stopInstance(scene.holder);
    stage.world.detachByHand(at(scene.interfaces, 0));
    await stage.clock.advance(60_000);
    const { readiness, members } = await statusOf(stage);
    expect(members.map(({ eligible }) => eligible)).toEqual([false, false]);
    expect(readiness).toMatchObject({ ready: false, code: 'attach' });
  });

  it('should be none while automation is held up, although the members are eligible', async () => {
    const stage = new Stage();
    const scene = stage.build('pair');
    await stage.invoke({ action: 'pause', group: 'web' });
    const paused = await statusOf(stage);
    expect(paused.readiness).toMatchObject({ ready: false, code: 'paused' });
    expect(paused.members.filter(({ eligible }) => eligible).map(({ id }) => id)).toEqual([scene.members[1]]);
    await stage.invoke({ action: 'resume', group: 'web' });
    stage.world.retag(at(scene.interfaces, 0), { 'eni-failover:mode': 'manual' });
    expect((await statusOf(stage)).readiness).toMatchObject({ ready: false, code: 'mode-manual' });
  });

  it('should agree with what the next failure does', async () => {
    const stage = new Stage();
    const scene = stage.build('pair');
    const { readiness } = await statusOf(stage);
    const result = await stage.result(await stage.fail(scene.holder));
    expect(result.code).toBe(readiness.code);
  });
});

describe('what holds automation back', () => {
  it.each([
    ['a pause', { pause: true }, 'paused', "A 'resume' request ends the pause at once."],
    ['manual mode', { tag: { 'eni-failover:mode': 'manual' } }, 'mode-manual', "a 'failover' request moves the group"],
    [
      'a cooldown',
      { tag: { 'eni-failover:max-moves': '1' }, moved: true },
      'cooldown',
      "An 'acknowledge' request ends",
    ],
  ] as const)('should be said in one sentence, with what ends it: %s', async (_, how, code, sentence) => {
    const stage = new Stage();
    const scene = stage.build('pair');
    if ('tag' in how) stage.world.retag(at(scene.interfaces, 0), how.tag);
    if ('pause' in how) await stage.invoke({ action: 'pause', group: 'web' });
    if ('moved' in how) await stage.invoke(await stage.fail(scene.holder));
    const { readiness } = await statusOf(stage);
    expect(readiness).toMatchObject({ ready: false, code });
    expect(readiness.reason).toContain(sentence);
  });
});
