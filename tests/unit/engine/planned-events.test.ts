import { at, START_MS, Stage } from '../../support/stage.ts';

/** A pair that the sweep knows, and whose holder EC2 is to retire. */
async function retiring(code: 'instance-retirement' | 'system-reboot' = 'instance-retirement') {
  const stage = new Stage();
  const scene = stage.build('pair');
  await stage.sweep();
  const planned = { code, description: 'The instance is degraded.', notBeforeMs: START_MS + 86_400_000 };
  stage.world.scheduleEvent(scene.holder, planned);
  await stage.clock.advance(60_000);
  return { stage, scene, eni: at(scene.interfaces, 0) };
}

const newsOf = async (stage: Stage) => (await stage.sweep()).groups.flatMap(({ news = [] }) => news);

describe('what EC2 has planned for the holder', () => {
  it.each(['instance-retirement', 'system-reboot'] as const)('should be in the news once: %s', async (code) => {
    const { stage, scene, eni } = await retiring(code);
    const told = `The holder ${scene.holder} has ${code} scheduled: move the group before, by a failover request.`;
    expect(await newsOf(stage)).toEqual([told]);
    expect(stage.ledger(eni)?.due).toBe(scene.holder);
    await stage.clock.advance(60_000);
    const before = stage.world.calls.length;
    expect(await newsOf(stage)).toEqual([]);
    // The first look is enough, and what the types of the members take, which a process asks for once.
    expect(stage.world.calls.length - before).toBe(9);
  });

  it('should be a warning as long as it is planned, and move nothing', async () => {
    const { stage, scene, eni } = await retiring();
    const { warnings } = await stage.result({ action: 'status', group: 'web' });
    expect(warnings).toEqual([expect.stringMatching(/has instance-retirement scheduled/)]);
    await stage.sweep();
    expect(stage.world.holderOf(eni)).toBe(scene.holder);
    expect((await stage.result({ action: 'status', group: 'web' })).warnings).toEqual(warnings);
  });

  it('should be told of the next holder, too', async () => {
    const { stage, scene, eni } = await retiring();
    await stage.sweep();
    await stage.invoke({ action: 'failover', group: 'web', to: at(scene.members, 1) });
    await stage.clock.advance(60_000);
    await stage.sweep();
    expect(stage.ledger(eni)?.due).toBeUndefined();
    const planned = { code: 'instance-stop', description: '', notBeforeMs: START_MS } as const;
    stage.world.scheduleEvent(at(scene.members, 1), planned);
    await stage.clock.advance(60_000);
    expect(await newsOf(stage)).toEqual([expect.stringMatching(`${at(scene.members, 1)} has instance-stop scheduled`)]);
  });
});
