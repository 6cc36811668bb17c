import { Ec2Changes } from '../../../lib/aws/ec2-changes.ts';
import { Stage } from '../../support/stage.ts';
import { heldBy, lastStop, pairs, said, threeGroups, twoGroupsOnOneHolder } from './pairs.ts';

/** A value that passes as one and breaks the sentence it is put into: a mistake of ours, met at one group only. */
const stumbleOver = (stage: Stage, id: string): void => stage.misreport(id, { OwnerId: Symbol('odd') });

describe('a group that a defect of ours is met at', () => {
  it('should end as an internal error while the sweep looks after the others', async () => {
    const { stage, odd, second, eni } = threeGroups();
    stumbleOver(stage, eni);
    for (const { holder } of [odd, second]) stage.world.stopInstance(holder);
    const { groups } = await stage.sweep();
    expect(said(groups)).toEqual([
      ['g0', 'internal-error'],
      ['g1', 'failover'],
    ]);
    expect(groups[0]).toMatchObject({ analysis: 'not-observed', decision: 'blocked' });
    expect(groups[0]?.reason).toContain('TypeError');
    expect(heldBy(stage, second)).toEqual([second.members[1]]);
    expect(stage.announced.filter(({ group }) => group === 'g0')).toHaveLength(1);
  });

  it('should not keep the other groups of a request for all of them from being told', async () => {
    const { stage, eni } = threeGroups();
    stumbleOver(stage, eni);
    const { groups } = await stage.invoke({ action: 'status' });
    expect(said(groups)).toEqual([
      ['g0', 'internal-error'],
      ['g1', 'status'],
      ['g2', 'status'],
    ]);
  });

  it('should be thrown at the person who asked about that group alone', async () => {
    const { stage, eni } = threeGroups();
    stumbleOver(stage, eni);
    for (const action of ['status', 'failover'])
      await expect(stage.invoke({ action, group: 'g0' })).rejects.toThrow(TypeError);
  });

  it('should be thrown for an event when every group of the event has had its turn', async () => {
    const { stage, holder, standby, db, web } = twoGroupsOnOneHolder();
    stumbleOver(stage, web);
    stage.world.stopInstance(holder);
    const ended = stage.invoke(lastStop(stage, holder));
    await expect(ended).rejects.toMatchObject({ code: 'InternalError', message: expect.stringContaining('web: ') });
    expect([stage.world.holderOf(web), stage.world.holderOf(db)]).toEqual([holder, standby]);
    expect(stage.announced.map(({ group, code }) => [group, code])).toEqual([
      ['db', 'failover'],
      ['web', 'internal-error'],
    ]);
  });
});

describe('a gateway that breaks for one group', () => {
  const { writeTags } = Ec2Changes.prototype;
  afterEach(() => jest.restoreAllMocks());

  function breakFor(interfaceId: string): void {
    jest.spyOn(Ec2Changes.prototype, 'writeTags').mockImplementation(function (this: Ec2Changes, ids, tags) {
      if (ids.includes(interfaceId)) throw new TypeError('oops');
      return writeTags.call(this, ids, tags);
    });
  }

  it('should not keep the sweep from moving another one', async () => {
    const { stage, odd, second, eni } = threeGroups();
    breakFor(eni);
    for (const { holder } of [odd, second]) stage.world.stopInstance(holder);
    expect(said((await stage.sweep()).groups)).toEqual([
      ['g0', 'internal-error'],
      ['g1', 'failover'],
    ]);
    expect(heldBy(stage, odd)).toEqual([odd.holder]);
  });

  it('should not keep the sweep from telling of the others when that group is new', async () => {
    const stage = new Stage();
    const [odd, second] = pairs(stage, 2);
    breakFor(odd?.interfaces[0] ?? '');
    stage.world.stopInstance(second?.holder ?? '');
    expect(said((await stage.sweep()).groups)).toEqual([
      ['g1', 'failover'],
      ['g0', 'internal-error'],
    ]);
  });
});
