import type { Scene } from '../../../demo/scenarios.ts';
import type { GroupResult } from '../../../lib/app.ts';
import { at, Stage } from '../../support/stage.ts';
import { heldBy, lastStop, pairs, said, threeGroups, twoGroupsOnOneHolder } from './pairs.ts';

const MINUTE_MS = 60_000;

/** One sweep a minute; what each of them had to say. */
async function sweeps(stage: Stage, count: number): Promise<readonly (readonly GroupResult[])[]> {
  const said = [];
  for (let nth = 0; nth < count; nth += 1) {
    await stage.clock.advance(MINUTE_MS);
    said.push((await stage.sweep()).groups);
  }
  return said;
}

const linesAbout = (stage: Stage, group: string) => stage.announced.filter((line) => line['group'] === group);

/** What EC2 says of a resource and nobody can understand, and how it spoils it. */
const MISREPORTS: readonly (readonly [string, (stage: Stage, odd: Scene) => void])[] = [
  [
    'an interface without a zone',
    (stage, odd) => stage.misreport(at(odd.interfaces, 0), { AvailabilityZone: undefined }),
  ],
  ['a holder in an unknown state', (stage, odd) => stage.misreport(odd.holder, { State: { Name: 'hibernating' } })],
  [
    'a standby in an unknown state',
    (stage, odd) => stage.misreport(at(odd.members, 1), { State: { Name: 'hibernating' } }),
  ],
];

describe.each(MISREPORTS)('a group with %s', (_, misreport) => {
  function unreadableGroup() {
    const all = threeGroups();
    misreport(all.stage, all.odd);
    return all;
  }

  it('should be named as unreadable while the others are looked after', async () => {
    const { stage, odd, second, third } = unreadableGroup();
    stage.world.stopInstance(second.holder);
    const { groups } = await stage.sweep();
    // Whom nobody serves comes first.
    expect(said(groups)).toEqual([
      ['g1', 'failover'],
      ['g0', 'group-unreadable'],
    ]);
    expect(groups[1]).toMatchObject({ analysis: 'group-unreadable', decision: 'blocked' });
    expect(groups[1]?.reason).toMatch(/could not be read \(.+\)\. Nothing is moved on a guess\.$/);
    expect(heldBy(stage, second)).toEqual([second.members[1]]);
    expect([...heldBy(stage, odd), ...heldBy(stage, third)]).toEqual([odd.holder, third.holder]);
  });

  it('should be told of once, and once more when it can be read again', async () => {
    const { stage, eni } = unreadableGroup();
    await sweeps(stage, 4);
    expect(linesAbout(stage, 'g0')).toHaveLength(1);
    expect(stage.changes()).toEqual(['CreateTags']);
    expect(stage.ledger(eni)?.condition?.what).toBe('group-unreadable/group-unreadable');
    stage.heal();
    await sweeps(stage, 2);
    expect(linesAbout(stage, 'g0')).toHaveLength(2);
    expect(stage.ledger(eni)).toMatchObject({ phase: 'steady' });
    expect(stage.ledger(eni)?.condition).toBeUndefined();
  });

  it('should not be moved although its holder stops, and be moved once it can be read again', async () => {
    const { stage, odd } = unreadableGroup();
    stage.world.stopInstance(odd.holder);
    await sweeps(stage, 2);
    expect(await stage.result(lastStop(stage, odd.holder))).toMatchObject({ group: 'g0', code: 'group-unreadable' });
    expect(stage.callsOf('DetachNetworkInterface')).toEqual([]);
    stage.heal();
    await sweeps(stage, 1);
    expect(heldBy(stage, odd)).toEqual([odd.members[1]]);
  });

  it('should not be moved for a person', async () => {
    const { stage } = unreadableGroup();
    const result = await stage.result({ action: 'failover', group: 'g0' });
    expect(result).toMatchObject({ decision: 'blocked', code: 'group-unreadable' });
    expect(stage.changes()).toEqual([]);
  });

  it('should not keep an event about an instance of another group from being acted on', async () => {
    const { stage, second } = unreadableGroup();
    stage.world.stopInstance(second.holder);
    expect((await stage.result(lastStop(stage, second.holder))).operation?.result).toBe('done');
  });

  it('should be among the answers of status, next to the others', async () => {
    const { stage } = unreadableGroup();
    const { groups } = await stage.invoke({ action: 'status' });
    expect(groups.map(({ group, analysis }) => [group, analysis])).toEqual([
      ['g0', 'group-unreadable'],
      ['g1', 'holder-healthy'],
      ['g2', 'holder-healthy'],
    ]);
    expect(groups[0]?.status?.readiness).toMatchObject({ ready: false, code: 'group-unreadable' });
  });
});

describe('a group whose only interface cannot be read', () => {
  it('should be paused when a person says so', async () => {
    const { stage, eni } = threeGroups();
    stage.misreport(eni, { AvailabilityZone: undefined });
    expect(await stage.result({ action: 'pause', group: 'g0' })).toMatchObject({ code: 'pause' });
    expect(stage.ledger(eni)?.pausedUntil).toBeDefined();
  });
});

describe('a group of two interfaces, one of which cannot be read', () => {
  it.each([0, 1])('should be left alone, and say so on both (the one at index %i)', async (index) => {
    const stage = new Stage();
    const scene = stage.build('two-interfaces');
    await stage.sweep();
    stage.misreport(at(scene.interfaces, index), { AvailabilityZone: undefined });
    stage.world.stopInstance(scene.holder);
    await sweeps(stage, 3);
    expect(stage.callsOf('DetachNetworkInterface')).toEqual([]);
    expect(stage.callsOf('CreateTags')).toHaveLength(2);
    const conditions = scene.interfaces.map((id) => stage.ledger(id)?.condition?.what);
    expect(conditions).toEqual(Array<string>(2).fill('group-unreadable/group-unreadable'));
  });
});

describe('a group whose name EC2 refuses in a filter', () => {
  function refuseIn(stage: Stage, name: string): void {
    const fault = { kind: 'refuse', code: 'InvalidParameterValue', message: 'not a value', status: 400 } as const;
    stage.world.faults = {
      before: ({ action, input }) =>
        action === 'DescribeNetworkInterfaces' && JSON.stringify(input).includes(`"${name}"`) ? fault : undefined,
    };
  }

  it('should not keep the sweep from looking after the others', async () => {
    const { stage, odd, second } = threeGroups();
    refuseIn(stage, 'g0');
    for (const { holder } of [odd, second]) stage.world.stopInstance(holder);
    const { groups } = await stage.sweep();
    expect(said(groups)).toEqual([
      ['g0', 'aws-call-failed'],
      ['g1', 'failover'],
    ]);
    expect(groups[0]?.reason).toContain('ec2:DescribeNetworkInterfaces');
    expect(heldBy(stage, second)).toEqual([second.members[1]]);
  });

  it('should end its own turn only when nothing else is amiss, too', async () => {
    const { stage, odd } = threeGroups();
    const [fresh] = pairs(stage, 1);
    stage.world.retag(at(fresh?.interfaces ?? [], 0), { 'eni-failover:group': 'fresh' });
    for (const id of fresh?.members ?? []) stage.world.retag(id, { 'eni-failover:group': 'fresh' });
    refuseIn(stage, 'g0');
    stage.world.stopInstance(odd.holder);
    expect(said((await stage.sweep()).groups)).toEqual([
      ['g0', 'aws-call-failed'],
      ['fresh', 'holder-healthy'],
    ]);
  });

  it('should not keep an event from moving the other group of its instance', async () => {
    const { stage, holder, standby, web, db } = twoGroupsOnOneHolder();
    refuseIn(stage, 'web');
    stage.world.stopInstance(holder);
    await expect(stage.invoke(lastStop(stage, holder))).rejects.toMatchObject({ code: 'AwsCallFailed' });
    expect([stage.world.holderOf(web), stage.world.holderOf(db)]).toEqual([holder, standby]);
  });
});
