import { member } from '../../../demo/scenarios.ts';
import { isoTime } from '../../../lib/core/tag-text.ts';
import { spotNotice, trio } from '../../support/notices.ts';
import { at, only, START_MS, Stage } from '../../support/stage.ts';

const MINUTE_MS = 60_000;
const NOTES = 'eni-failover-state:notes';

async function sweepAfter(stage: Stage, ms: number) {
  await stage.clock.advance(ms);
  return (await stage.sweep()).groups;
}

describe('a Spot notice about a standby', () => {
  it('should be noted with one write and one line of news', async () => {
    const { stage, first, eni, notice, changes } = await trio();
    const given = stage.clock.now();
    const news = [`EC2 takes ${first} back within two minutes.`];
    expect(await notice(first)).toMatchObject({ decision: 'no-action', code: 'not-the-holder', news });
    expect(Object.values(only(changes()).input)).toContainEqual([
      { Key: NOTES, Value: `notices ${first}@${isoTime(given)}` },
    ]);
    expect(stage.ledger(eni)?.notices).toEqual([{ instanceId: first, at: given }]);
    expect(stage.announced).toHaveLength(1);
  });

  it('should be noted once when it is delivered twice', async () => {
    const { stage, first, changes } = await trio();
    const event = spotNotice(first, stage.clock.now());
    await stage.invoke(event);
    await stage.clock.advance(1_000);
    const again = await stage.result(event);
    expect(again).toMatchObject({ code: 'not-the-holder' });
    expect(again).not.toHaveProperty('news');
    expect(changes()).toHaveLength(1);
  });

  it('should keep the group from moving to that member while it lasts', async () => {
    const { stage, holder, first, third, notice, heldBy } = await trio();
    await notice(first);
    await stage.clock.advance(2 * MINUTE_MS);
    stage.world.stopInstance(holder);
    const event = stage.lastEvent('EC2 Instance State-change Notification', holder);
    const result = await stage.result(event);
    expect(result.rejected).toContainEqual(expect.objectContaining({ instanceId: first, code: 'spot-interruption' }));
    expect(heldBy()).toBe(third);
  });

  it('should be over after three minutes', async () => {
    const { stage, holder, first, notice, heldBy } = await trio();
    await notice(first);
    await stage.clock.advance(181_000);
    stage.world.stopInstance(holder);
    await stage.result(stage.lastEvent('EC2 Instance State-change Notification', holder));
    expect(heldBy()).toBe(first);
  });

  it('should keep a person from choosing that member', async () => {
    const { first, stage, notice, heldBy, holder } = await trio();
    await notice(first);
    const result = await stage.result({ action: 'failover', group: 'web', to: first });
    expect(result).toMatchObject({ decision: 'blocked', code: 'target-not-eligible' });
    expect(heldBy()).toBe(holder);
  });

  it('should show in status', async () => {
    const { first, stage, notice } = await trio();
    await notice(first);
    const { status } = await stage.result({ action: 'status', group: 'web' });
    expect(status?.members.find(({ id }) => id === first)).toMatchObject({
      health: 'leaving',
      eligible: false,
      code: 'spot-interruption',
    });
  });

  it('should be noted in a group that no sweep has seen', async () => {
    const stage = new Stage();
    const scene = stage.build('pair');
    const standby = at(scene.members, 1);
    await stage.result(spotNotice(standby, START_MS));
    expect(stage.ledger(scene.interfaces[0])).toMatchObject({
      phase: 'steady',
      holder: scene.holder,
      notices: [{ instanceId: standby, at: START_MS }],
    });
    expect(await sweepAfter(stage, MINUTE_MS)).toEqual([]);
  });
});

describe('two Spot notices at about the same moment', () => {
  /** Each event has a run of its own, and the second comes so much later. */
  async function both(apartMs: number, pick: (group: Awaited<ReturnType<typeof trio>>) => readonly [string, string]) {
    const group = await trio();
    const { stage } = group;
    const fourth = member(stage.world, 'web-4').id;
    const events = pick(group).map((id) => spotNotice(id, stage.clock.now()));
    const second = stage.clock.sleep(apartMs).then(() => stage.begin(events[1]));
    await stage.clock.run(Promise.all([stage.begin(events[0]), second]));
    return { ...group, fourth };
  }

  it.each([0, 20, 50, 100, 200])('should both be known, whichever was written last (%i ms apart)', async (apartMs) => {
    const { stage, holder, first, third, fourth, eni, heldBy } = await both(apartMs, (group) => [
      group.first,
      group.third,
    ]);
    expect(new Set(stage.ledger(eni)?.notices.map(({ instanceId }) => instanceId))).toEqual(new Set([first, third]));
    stage.world.stopInstance(holder);
    await stage.result(stage.lastEvent('EC2 Instance State-change Notification', holder));
    expect(heldBy()).toBe(fourth);
  });

  it.each([0, 50, 1_000])('should both be known when one is about the holder (%i ms apart)', async (apartMs) => {
    const { stage, holder, first, third, fourth, eni, heldBy } = await both(apartMs, (group) => [
      group.holder,
      group.first,
    ]);
    expect(stage.ledger(eni)?.notices.map(({ instanceId }) => instanceId)).toEqual(
      expect.arrayContaining([holder, first]),
    );
    expect([third, fourth]).toContain(heldBy());
  });
});

describe('a Spot notice that is history', () => {
  it.each([
    ['5 minutes', 5 * MINUTE_MS],
    ['30 days', 30 * 86_400_000],
  ])('should move nothing and write nothing when it is %s old', async (_, agoMs) => {
    const { stage, holder, first, notice, changes, heldBy } = await trio();
    expect(await notice(holder, agoMs)).toMatchObject({ decision: 'no-action', code: 'holder-healthy' });
    expect(await notice(first, agoMs)).toMatchObject({ decision: 'no-action', code: 'not-the-holder' });
    expect(await sweepAfter(stage, MINUTE_MS)).toEqual([]);
    expect(changes()).toEqual([]);
    expect(heldBy()).toBe(holder);
  });

  it('should write nothing in a group that no sweep has seen', async () => {
    const stage = new Stage();
    const scene = stage.build('pair');
    for (const id of scene.members) await stage.result(spotNotice(id, START_MS - 5 * MINUTE_MS));
    expect(stage.changes()).toEqual([]);
  });
});

describe('a Spot notice about the holder', () => {
  it('should move the group at once, and the intent should carry it', async () => {
    const { stage, holder, first, eni, notice, changes, heldBy } = await trio();
    const given = stage.clock.now();
    expect(await notice(holder)).toMatchObject({ analysis: 'holder-leaving', operation: { result: 'done' } });
    expect(heldBy()).toBe(first);
    const [intent, , , result] = changes();
    const noted = { Key: NOTES, Value: `notices ${holder}@${isoTime(given)}` };
    expect(intent?.input['Tags']).toContainEqual(noted);
    expect(JSON.stringify(result?.input)).not.toContain(NOTES);
    expect(changes()).toHaveLength(4);
    expect(stage.ledger(eni)).toMatchObject({ phase: 'steady', notices: [{ instanceId: holder, at: given }] });
  });

  it('should not move the group later, as long as the holder is well: in the tags anybody could have written it', async () => {
    const { stage, holder, first, notice, heldBy } = await trio();
    await stage.invoke({ action: 'pause', group: 'web', minutes: 1 });
    const news = expect.arrayContaining([`EC2 takes ${holder} back within two minutes.`]);
    expect(await notice(holder)).toMatchObject({ decision: 'blocked', code: 'paused', news });
    expect(heldBy()).toBe(holder);
    expect(await sweepAfter(stage, MINUTE_MS)).toMatchObject([{ analysis: 'holder-healthy', code: 'holder-healthy' }]);
    expect(heldBy()).toBe(holder);
    stage.world.stopInstance(holder);
    await sweepAfter(stage, MINUTE_MS);
    expect(heldBy()).toBe(first);
  });

  it('should be told once while it is held up', async () => {
    const { stage, holder, notice } = await trio();
    await stage.invoke({ action: 'pause', group: 'web', minutes: 10 });
    stage.announced.length = 0;
    await notice(holder);
    await sweepAfter(stage, MINUTE_MS);
    await sweepAfter(stage, MINUTE_MS);
    const told = () => stage.announced.map(({ code }) => code);
    expect(told()).toEqual(['paused']);
    // Once the three minutes are over, nothing speaks against the holder any more: that is told once as well.
    for (let nth = 0; nth < 3; nth += 1) await sweepAfter(stage, MINUTE_MS);
    expect(told()).toEqual(['paused', 'holder-healthy']);
  });

  it('should be over when three minutes passed and the holder is still there', async () => {
    const { stage, holder, eni, notice, heldBy } = await trio();
    await stage.invoke({ action: 'pause', group: 'web', minutes: 4 });
    await notice(holder);
    await sweepAfter(stage, 5 * MINUTE_MS);
    expect(heldBy()).toBe(holder);
    expect(stage.ledger(eni)?.condition).toBeUndefined();
  });
});

describe('a Spot notice from a clock that is ahead', () => {
  it('should not keep a member out for longer than three minutes', async () => {
    const { stage, holder, first, notice, heldBy } = await trio();
    await notice(first, -365 * 86_400_000);
    await stage.clock.advance(4 * MINUTE_MS);
    stage.world.stopInstance(holder);
    await stage.result(stage.lastEvent('EC2 Instance State-change Notification', holder));
    expect(heldBy()).toBe(first);
  });
});
