import { member } from '../../../demo/scenarios.ts';
import { Stage } from '../../support/stage.ts';

const MINUTE_MS = 60_000;

/** Lets a minute pass and runs the sweep, so many times; returns what each had to say. */
async function sweeps(stage: Stage, count: number, everyMs = MINUTE_MS) {
  const said = [];
  for (let i = 0; i < count; i += 1) {
    await stage.clock.advance(everyMs);
    said.push((await stage.sweep()).groups);
  }
  return said;
}

describe('a sweep of a healthy group', () => {
  it('should enter a new group into the books once and then be silent', async () => {
    const stage = new Stage();
    const scene = stage.build('pair');
    const said = await sweeps(stage, 3);
    expect(said.map((groups) => groups.length)).toEqual([1, 0, 0]);
    expect(stage.changes()).toEqual(['CreateTags']);
    expect(stage.ledger(scene.interfaces[0])).toMatchObject({ phase: 'steady', holder: scene.holder, epoch: 0 });
  });
});

describe('a holder that failed without an event reaching us', () => {
  it('should be left as soon as a sweep sees it stopped', async () => {
    const stage = new Stage();
    const scene = stage.build('pair');
    await sweeps(stage, 1);
    stage.world.stopInstance(scene.holder);
    await sweeps(stage, 1);
    expect(stage.world.holderOf(scene.interfaces[0] ?? '')).toBe(scene.members[1]);
  });

  it('should be left for its alarm at once, and for impaired checks alone after impairedAfterSeconds', async () => {
    const stage = new Stage();
    const scene = stage.build('pair');
    await sweeps(stage, 1);
    for (const alarm of stage.world.alarms.all()) stage.world.alarms.delete(alarm.config.AlarmName);
    stage.world.failInstance(scene.holder, { noticedAfterMs: 30_000 });
    // The one after the move clears away the note of what stood in its way.
    const said = await sweeps(stage, 4);
    const codes = ['impaired-recently', 'failover', 'holder-healthy', undefined];
    expect(said.map((groups) => groups[0]?.code)).toEqual(codes);
    expect(said[2]?.[0]?.news).toEqual([expect.stringContaining('No redundancy')]);
    expect(stage.world.holderOf(scene.interfaces[0] ?? '')).toBe(scene.members[1]);
  });

  it('should be kept while its alarm is muted', async () => {
    const stage = new Stage({ settings: { impairedAfterSeconds: 3_600 } });
    const scene = stage.build('pair');
    await sweeps(stage, 1);
    stage.world.mutes.add(`eni-failover/web/${scene.holder}`);
    await stage.fail(scene.holder);
    const [first] = await sweeps(stage, 1);
    expect(first?.[0]?.code).toBe('impaired-recently');
    stage.world.mutes.clear();
    const [second] = await sweeps(stage, 1);
    expect(second?.[0]?.code).toBe('failover');
  });
});

describe('an interface that nobody holds', () => {
  it('should be attached at the second sweep that sees it', async () => {
    const stage = new Stage();
    const scene = stage.build('pair');
    await sweeps(stage, 1);
    stage.world.detachByHand(scene.interfaces[0] ?? '');
    const said = await sweeps(stage, 4);
    const codes = ['unattached-unconfirmed', 'attach', 'holder-healthy', undefined];
    expect(said.map((groups) => groups[0]?.code)).toEqual(codes);
    expect(stage.world.holderOf(scene.interfaces[0] ?? '')).toBeDefined();
  });

  it('should be attached at once when its holder was terminated', async () => {
    const stage = new Stage();
    const scene = stage.build('pair');
    await sweeps(stage, 1);
    stage.world.terminateInstance(scene.holder);
    await stage.clock.advance(5 * MINUTE_MS);
    const said = await sweeps(stage, 1);
    expect(said[0]?.[0]?.code).toBe('attach');
    expect(stage.world.holderOf(scene.interfaces[0] ?? '')).toBe(scene.members[1]);
  });
});

describe('a group whose holder has a muted alarm', () => {
  it('should be entered into the books all the same', async () => {
    const stage = new Stage();
    const scene = stage.build('pair');
    stage.world.mutes.add(`eni-failover/web/${scene.holder}`);
    await stage.fail(scene.holder);
    stage.world.recoverInstance(scene.holder);
    await stage.sweep();
    expect(stage.ledger(scene.interfaces[0])).toMatchObject({ phase: 'steady', holder: scene.holder });
  });
});

describe('a trouble that lasts', () => {
  it('should be announced once, and once more when it is over', async () => {
    const stage = new Stage();
    const scene = stage.build('other-az');
    await sweeps(stage, 1);
    stage.announced.length = 0;
    stage.world.stopInstance(scene.holder);
    await sweeps(stage, 5);
    expect(stage.announced).toHaveLength(1);
    stage.world.startInstance(scene.holder);
    await sweeps(stage, 5);
    expect(stage.announced).toHaveLength(2);
  });

  it('should be told once of a group that is parked, with who stopped its members', async () => {
    const stage = new Stage();
    const scene = stage.build('pair');
    await sweeps(stage, 1);
    stage.announced.length = 0;
    for (const id of scene.members) stage.world.stopInstance(id);
    const said = await sweeps(stage, 4);
    expect(said.flat().flatMap(({ news }) => news)).toEqual([
      expect.stringContaining(`${scene.members[0]} (Client.UserInitiatedShutdown: shutdown by the owner)`),
    ]);
    expect(stage.announced).toHaveLength(1);
    for (const id of scene.members) stage.world.startInstance(id);
    const again = await sweeps(stage, 10);
    expect(again.flat().flatMap(({ news = [] }) => news)).toEqual([
      "Redundant again: the group 'web' could fail over now.",
    ]);
  });
});

describe('what the books say', () => {
  it('should be set right when somebody moved the interface by hand', async () => {
    const stage = new Stage();
    const scene = stage.build('pair');
    await sweeps(stage, 1);
    stage.world.detachByHand(scene.interfaces[0] ?? '');
    await stage.clock.advance(10_000);
    stage.world.attachByHand(scene.interfaces[0] ?? '', { instanceId: scene.members[1] ?? '', deviceIndex: 1 });
    const said = await sweeps(stage, 2);
    expect(said.map((groups) => groups[0]?.code)).toEqual(['ledger-drift', undefined]);
    expect(stage.ledger(scene.interfaces[0])?.holder).toBe(scene.members[1]);
  });

  it('should announce a new member', async () => {
    const stage = new Stage();
    const scene = stage.build('pair');
    await sweeps(stage, 1);
    const added = member(stage.world, 'web-3');
    const said = await sweeps(stage, 2);
    expect(said[0]?.[0]?.news).toEqual([`${added.id} is a new member of the group and may receive its interfaces.`]);
    expect(said[1]).toEqual([]);
    expect(stage.ledger(scene.interfaces[0])?.members).toContain(added.id);
  });
});

describe('DeleteOnTermination on a floating interface', () => {
  it('should be switched off', async () => {
    const stage = new Stage();
    const scene = stage.build('pair');
    const id = stage.world.addInterface(
      { tags: { 'eni-failover:group': 'web' } },
      { instanceId: scene.holder, deviceIndex: 2, deleteOnTermination: true },
    ).id;
    await sweeps(stage, 2);
    expect(stage.world.interface(id)?.attachment?.deleteOnTermination).toBe(false);
    expect(stage.changes().filter((action) => action === 'ModifyNetworkInterfaceAttribute')).toHaveLength(1);
  });
});
