import { encodeLedger, readLedger } from '../../../lib/core/ledger-codec.ts';
import { DEFAULT_SETTINGS } from '../../../lib/core/settings.ts';
import { intent, ledger as ledgerOf } from '../../support/observation.ts';
import { at, Stage } from '../../support/stage.ts';

/** Somebody who may tag only resources of their own: one instance, and one spare interface. */

const GROUP = { 'eni-failover:group': 'web' };
const { statePrefix } = DEFAULT_SETTINGS;

async function sweeps(stage: Stage, count: number) {
  const said = [];
  for (let nth = 0; nth < count; nth += 1) {
    await stage.clock.advance(60_000);
    said.push(...(await stage.sweep()).groups);
  }
  return said;
}

/** A known group, and a forger's instance and interface with the group's tag; `forge` gives the tags of the latter. */
async function robbed(forge: (ids: { eni: string; holder: string; theirs: string; own: string }) => object) {
  const stage = new Stage();
  const scene = stage.build('pair');
  await stage.sweep();
  const eni = at(scene.interfaces, 0);
  const theirs = stage.world.addInstance({ tags: GROUP }).id;
  const spare = stage.world.addInterface({ tags: GROUP }, { instanceId: theirs, deviceIndex: 1 });
  stage.world.retag(spare.id, { ...forge({ eni, holder: scene.holder, theirs, own: spare.id }) });
  return { stage, scene, eni, theirs, spare: spare.id };
}

const moving = (from: string, to: string, named: readonly string[], changedAt: number) =>
  encodeLedger(
    ledgerOf({
      phase: 'moving',
      holder: from,
      changedAt,
      operation: intent({ from, to, deadlineAt: changedAt, automatic: false, ignoreHealth: true }),
      resources: named.map((id, nth) => ({ kind: 'interface', id, deviceIndex: nth + 1, networkCardIndex: 0 })),
    }),
    statePrefix,
  );

describe('a forged ledger on a stranger’s own interface', () => {
  it.each([
    ['names its own interface', (own: string) => [own]],
    ['names the victim’s, too', (own: string, eni: string) => [own, eni]],
    ['names the victim’s only', (_: string, eni: string) => [eni]],
  ])('should not take the address from its healthy holder when it %s', async (_, named) => {
    const now = Date.UTC(2026, 7, 20, 10, 0, 30);
    const { stage, scene, eni } = await robbed((ids) => moving(ids.holder, ids.theirs, named(ids.own, ids.eni), now));
    await sweeps(stage, 4);
    expect(stage.world.holderOf(eni)).toBe(scene.holder);
    expect(stage.callsOf('DetachNetworkInterface')).toEqual([]);
    expect(stage.ledger(eni)).toMatchObject({ phase: 'steady', holder: scene.holder });
  });

  it.each([
    ['names its own interface', (own: string) => [own]],
    ['names the victim’s, too', (own: string, eni: string) => [own, eni]],
  ])('should not be written to the group’s own while EC2 describes that oddly, when it %s', async (_, named) => {
    const now = Date.UTC(2026, 7, 20, 10, 0, 30);
    const { stage, scene, eni } = await robbed((ids) => moving(ids.holder, ids.theirs, named(ids.own, ids.eni), now));
    stage.misreport(eni, { AvailabilityZone: undefined });
    await sweeps(stage, 2);
    expect(stage.ledger(eni)).toMatchObject({
      phase: 'steady',
      condition: { what: 'group-unreadable/group-unreadable' },
    });
    stage.heal();
    await sweeps(stage, 4);
    expect(stage.world.holderOf(eni)).toBe(scene.holder);
    expect(stage.callsOf('DetachNetworkInterface')).toEqual([]);
  });

  it('should be told of, and neither switch automation off nor hold it up', async () => {
    const { stage, scene, eni, theirs, spare } = await robbed(() => ({ 'eni-failover:mode': 'manual' }));
    stage.world.retag(theirs, { 'eni-failover:exclude': 'yes' });
    const [told] = await sweeps(stage, 1);
    expect(told?.warnings).toEqual([expect.stringMatching(new RegExp(`^stray-on-member: ${spare} `))]);
    stage.world.stopInstance(scene.holder);
    await sweeps(stage, 1);
    expect(stage.world.holderOf(eni)).toBe(scene.members[1]);
    expect(stage.world.holderOf(spare)).toBe(theirs);
  });
});

describe('a new interface of a group', () => {
  it('should move with the group once two sweeps have seen it on the holder', async () => {
    const stage = new Stage();
    const scene = stage.build('pair');
    await stage.sweep();
    const added = stage.world.addInterface({ tags: GROUP }, { instanceId: scene.holder, deviceIndex: 2 });
    const said = await sweeps(stage, 4);
    expect(said.flatMap(({ news }) => news ?? [])).toEqual([
      `${added.id} is a new interface of the group, and will move with it.`,
      `${added.id} belongs to the group from now on.`,
    ]);
    stage.world.stopInstance(scene.holder);
    await sweeps(stage, 1);
    const both = [at(scene.interfaces, 0), added.id];
    expect(both.map((id) => stage.world.holderOf(id))).toEqual([scene.members[1], scene.members[1]]);
    const then = (await sweeps(stage, 2)).flatMap(({ news }) => news ?? []);
    expect(then).toEqual([expect.stringContaining('No redundancy')]);
  });
});

describe('an operation that is recorded on one interface of a group only', () => {
  it('should not take the others from a healthy holder', async () => {
    const stage = new Stage();
    const scene = stage.build('two-interfaces');
    await stage.sweep();
    const [first, second] = [at(scene.interfaces, 0), at(scene.interfaces, 1)];
    const now = stage.clock.now();
    stage.world.retag(first, moving(scene.holder, at(scene.members, 1), scene.interfaces, now));
    stage.world.detachByHand(first);
    await sweeps(stage, 4);
    expect(stage.world.holderOf(second)).toBe(scene.holder);
    expect(stage.callsOf('DetachNetworkInterface')).toEqual([]);
    expect(stage.world.holderOf(first)).toBe(scene.holder);
  });
});

describe('a ledger that is dated in the future', () => {
  it.each([
    [10_000, 'valid'],
    [10_001, 'damaged'],
  ])('should be damaged beyond what clocks differ: %i ms', (ahead, status) => {
    const now = Date.UTC(2026, 7, 20, 10);
    const tags = encodeLedger(ledgerOf({ changedAt: now + ahead }), statePrefix);
    expect(readLedger([{ id: 'eni-11111111', tags }], statePrefix, now)).toMatchObject({ status });
  });
});

describe('a group tag that does not say what it seems to', () => {
  it('should be told with the group it seems to mean', async () => {
    const stage = new Stage();
    const scene = stage.build('pair');
    stage.world.retag(at(scene.members, 1), { 'eni-failover:group': 'web,db' });
    const { warnings } = await stage.result({ action: 'status', group: 'web' });
    expect(warnings).toEqual([
      `group-tag-malformed: The group tag of ${scene.members[1]} is 'web,db'; names are separated by single spaces, and an interface has one.`,
    ]);
  });
});

describe('tags under the prefix that mean nothing', () => {
  it('should be told, on interfaces and members', async () => {
    const stage = new Stage();
    const scene = stage.build('pair');
    stage.world.retag(at(scene.interfaces, 0), { 'eni-failover:cool-down': '60' });
    stage.world.retag(at(scene.members, 1), { 'eni-failover:mode': 'manual' });
    const { warnings } = await stage.result({ action: 'status', group: 'web' });
    expect(warnings).toEqual([
      `unknown-tag: Tag eni-failover:cool-down means nothing on ${scene.interfaces[0]}.`,
      `unknown-tag: Tag eni-failover:mode means nothing on ${scene.members[1]}.`,
    ]);
  });
});
