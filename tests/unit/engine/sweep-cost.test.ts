import { Stage } from '../../support/stage.ts';
import { enterIntoTheBooks, pairs } from './pairs.ts';

const DESCRIBE = /^(Describe|List)/;

describe('a sweep of healthy groups', () => {
  it('should make the same few calls for one group and for a thousand', async () => {
    const started: (readonly string[])[] = [];
    const upkeep = { start: async (groups: readonly string[]) => void started.push(groups) };
    const stage = new Stage({ probe: { upkeep } });
    for (const scene of pairs(stage, 1_000)) enterIntoTheBooks(stage, scene);
    await stage.sweep();
    expect(stage.world.calls.length).toBeLessThanOrEqual(12);
    expect(stage.world.calls.filter((call) => DESCRIBE.test(call.action))).toHaveLength(10);
    expect(stage.changes()).toEqual([]);
    expect(started).toEqual([]);
  });
});
