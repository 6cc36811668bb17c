import { only, Stage } from '../../support/stage.ts';
import { enterIntoTheBooks, pairs } from './pairs.ts';

/** Three groups in the books, and one sandbox whose sweeps may start upkeep. */
function swept(fails: () => boolean = () => false) {
  const started: (readonly string[])[] = [];
  const start = async (groups: readonly string[]) => {
    if (fails()) throw new Error('TooManyRequestsException');
    started.push(groups);
  };
  const stage = new Stage({ probe: { upkeep: { start } } });
  const scenes = pairs(stage, 3);
  for (const scene of scenes) enterIntoTheBooks(stage, scene);
  const app = stage.app('sweep');
  const sweep = () => stage.clock.run(app.sweep({ runId: 'sweep', remainingMs: 55_000 }));
  return { stage, scenes, started, sweep };
}

describe('the start of upkeep by a sweep', () => {
  it('should not be where nothing has changed, in a process that is new or not', async () => {
    const { started, sweep } = swept();
    await sweep();
    await sweep();
    expect(started).toEqual([]);
  });

  it('should be once, with the groups that a member has joined or left', async () => {
    const { stage, scenes, started, sweep } = swept();
    await sweep();
    stage.world.addInstance({ tags: { 'eni-failover:group': 'g1 g2' } });
    stage.world.terminateInstance(scenes[0]?.members[1] ?? '');
    await stage.clock.advance(60_000);
    await sweep();
    expect(started.map((groups) => [...groups].sort())).toEqual([['g0', 'g1', 'g2']]);
    await stage.clock.advance(60_000);
    await sweep();
    expect(started).toHaveLength(1);
  });

  it('should be where a member stops only if it is gone with that', async () => {
    const { stage, scenes, started, sweep } = swept();
    await sweep();
    stage.world.stopInstance(scenes[0]?.members[1] ?? '');
    await stage.clock.advance(120_000);
    await sweep();
    expect(started).toEqual([]);
  });

  it('should be, in a new process, for the groups that are new', async () => {
    const { stage, started, sweep } = swept();
    stage.build('pair');
    await sweep();
    expect(started).toEqual([['web']]);
  });

  it('should be tried again with the next sweep where it fails, and told once', async () => {
    let broken = true;
    const { stage, started, sweep } = swept(() => broken);
    await sweep();
    stage.world.addInstance({ tags: { 'eni-failover:group': 'g1' } });
    const { groups } = await sweep();
    const told = groups.filter(({ group }) => group === null);
    expect(only(told)).toMatchObject({ code: 'aws-call-failed', decision: 'blocked' });
    expect(only(told).news?.[0]).toContain('TooManyRequestsException');
    expect((await sweep()).groups.filter(({ group }) => group === null)).toEqual([]);
    broken = false;
    await sweep();
    expect(started).toEqual([['g1']]);
  });
});
