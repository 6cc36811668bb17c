import { at, only, Stage } from '../../support/stage.ts';
import { heldBy, pairs, said } from './pairs.ts';

/** Replies that lack what everybody relies on without asking for it. */

const MINUTE_MS = 60_000;

async function sweepAfter(stage: Stage, ms = MINUTE_MS) {
  await stage.clock.advance(ms);
  return (await stage.sweep()).groups;
}

describe('an interface whose reply does not show its tags', () => {
  it('should not be left behind by the other one', async () => {
    const stage = new Stage();
    const scene = stage.build('two-interfaces');
    await stage.sweep();
    stage.misreport(at(scene.interfaces, 0), { TagSet: undefined });
    stage.world.stopInstance(scene.holder);
    const event = stage.lastEvent('EC2 Instance State-change Notification', scene.holder);
    expect(await stage.result(event)).toMatchObject({ decision: 'blocked', code: 'group-unreadable' });
    expect(said(await sweepAfter(stage))).toEqual([['web', 'group-unreadable']]);
    expect(stage.callsOf('DetachNetworkInterface')).toEqual([]);
    stage.heal();
    expect(said(await sweepAfter(stage))).toEqual([['web', 'failover']]);
  });

  it('should keep no other group from being looked after', async () => {
    const stage = new Stage();
    const [odd, second] = pairs(stage, 3);
    await stage.sweep();
    stage.misreport(at(odd?.interfaces ?? [], 0), { TagSet: undefined });
    for (const scene of [odd, second]) stage.world.stopInstance(scene?.holder ?? '');
    const groups = await sweepAfter(stage);
    expect(said(groups)).toContainEqual(['g1', 'failover']);
    expect(second && heldBy(stage, second)).toEqual([second?.members[1]]);
    expect(odd && heldBy(stage, odd)).toEqual([odd?.holder]);
  });
});

describe('an interface in use that does not say by whom', () => {
  it('should not be taken for a loose one', async () => {
    const stage = new Stage();
    const scene = stage.build('pair');
    await stage.sweep();
    stage.misreport(at(scene.interfaces, 0), { Attachment: undefined });
    for (let nth = 0; nth < 3; nth += 1) await sweepAfter(stage);
    expect(stage.callsOf('AttachNetworkInterface')).toEqual([]);
    expect(stage.ledger(scene.interfaces[0])?.condition?.what).toBe('group-unreadable/group-unreadable');
  });
});

describe('a standby that does not show what it has', () => {
  it('should not be taken for one with room', async () => {
    const stage = new Stage();
    const scene = stage.build('full');
    await stage.sweep();
    stage.misreport(at(scene.members, 1), { NetworkInterfaces: undefined });
    stage.world.stopInstance(scene.holder);
    await sweepAfter(stage);
    expect(stage.callsOf('DetachNetworkInterface')).toEqual([]);
  });
});

describe('a group that could not be understood for a while', () => {
  it('should have the ledger it had before, and no new members', async () => {
    const stage = new Stage();
    const scene = stage.build('pair');
    await stage.sweep();
    const eni = at(scene.interfaces, 0);
    const before = stage.ledger(eni);
    stage.misreport(at(scene.members, 1), { State: { Name: 'hibernating' } });
    await sweepAfter(stage);
    expect(stage.ledger(eni)?.members).toEqual(before?.members);
    stage.heal();
    const [after] = await sweepAfter(stage);
    expect(after?.news).toEqual([expect.stringContaining('passes its status checks')]);
    expect(stage.ledger(eni)).toEqual(before);
  });

  it('should keep DeleteOnTermination as it is until then', async () => {
    const stage = new Stage();
    const scene = stage.build('two-interfaces');
    const [one, other] = scene.interfaces;
    const view = stage.world.interface(one ?? '');
    if (!view?.attachment) throw new Error('not attached');
    stage.world.interfaces.put(view.id, { ...view, attachment: { ...view.attachment, deleteOnTermination: true } });
    stage.misreport(other ?? '', { AvailabilityZone: undefined });
    await sweepAfter(stage);
    expect(stage.callsOf('ModifyNetworkInterfaceAttribute')).toEqual([]);
    stage.heal();
    await sweepAfter(stage);
    expect(only(stage.callsOf('ModifyNetworkInterfaceAttribute')).outcome).toBe('ok');
  });
});
