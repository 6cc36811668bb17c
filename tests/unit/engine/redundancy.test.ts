import { at, Stage } from '../../support/stage.ts';

const MINUTE_MS = 60_000;

/** A pair that sweeps know well. */
async function known() {
  const stage = new Stage();
  const scene = stage.build('pair');
  const warm = stage.app();
  const newsOf = async (count: number): Promise<readonly string[]> => {
    const news: string[] = [];
    for (let nth = 0; nth < count; nth += 1) {
      await stage.clock.advance(MINUTE_MS);
      news.push(
        ...(await stage.clock.run(warm.sweep({ runId: `warm-${nth}`, remainingMs: 55_000 }))).groups.flatMap(
          ({ news: told = [] }) => told,
        ),
      );
    }
    return news;
  };
  await newsOf(2);
  return { stage, scene, newsOf, eni: at(scene.interfaces, 0), standby: at(scene.members, 1) };
}

const LOST = "No redundancy: if the holder of the group 'web' failed now, nobody could be sure to take over.";
const AGAIN = "Redundant again: the group 'web' could fail over now.";

describe('a group that loses its only standby', () => {
  it('should be told by the next sweep, once, with what to do, and again when it is mended', async () => {
    const { stage, newsOf, eni, standby } = await known();
    stage.world.stopInstance(standby);
    expect(await newsOf(1)).toEqual([`${LOST} ${standby} cannot take over: it is stopped. Start it.`]);
    expect(stage.ledger(eni)?.unready).toMatchObject({ codes: ['not-running'] });
    expect(await newsOf(5)).toEqual([]);
    stage.world.startInstance(standby);
    expect(await newsOf(10)).toEqual([AGAIN]);
    expect(stage.ledger(eni)?.unready).toBeUndefined();
  });

  it('should be told again when something else is in the way, and not while nobody knows', async () => {
    const { stage, scene, newsOf, standby } = await known();
    stage.world.retag(standby, { 'eni-failover:exclude': 'yes' });
    expect(await newsOf(2)).toEqual([expect.stringContaining(`its tag eni-failover:exclude keeps it out`)]);
    stage.world.terminateInstance(standby);
    const alone = `${scene.holder} is the only member of the group 'web': nobody could take over from it.`;
    expect(await newsOf(3)).toEqual([expect.stringContaining(`${LOST} ${alone}`)]);
  });

  it('should be told once where it cannot be noted, in a warm process', async () => {
    const { stage, newsOf, standby } = await known();
    stage.deny('CreateTags');
    stage.world.stopInstance(standby);
    const news = await newsOf(6);
    expect(news.filter((text) => text.startsWith(LOST))).toHaveLength(1);
  });

  it('should cost a failover nothing: what it makes, and what it waits for, are what they were', async () => {
    const { stage, scene, newsOf } = await known();
    stage.world.stopInstance(scene.holder);
    const before = stage.world.calls.length;
    await stage.sweep();
    const calls = stage.world.calls.slice(before).map(({ action }) => action);
    expect(calls.filter((action) => action === 'CreateTags')).toHaveLength(2);
    expect(await newsOf(1)).toEqual([expect.stringContaining(LOST)]);
  });

  it('should be told with who it is, and what it is about, for machines', async () => {
    const { stage, standby } = await known();
    stage.world.stopInstance(standby);
    await stage.clock.advance(MINUTE_MS);
    const [result] = (await stage.sweep()).groups;
    expect(result?.readiness).toMatchObject({ ready: false, findings: [{ code: 'not-running', about: standby }] });
  });
});
