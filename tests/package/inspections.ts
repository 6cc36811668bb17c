import { type Flow, overFleet, pairIn } from './flow.ts';

const inspect = (name: string, run: Flow['run']): Flow => ({ name, of: 'inspect', run });

/** What the function says that may only look, to whom everything is answered and nothing changed. */
export const INSPECT: readonly Flow[] = [
  inspect('the status and a check, of a group and of all', async (stage) => {
    pairIn(stage);
    for (const which of [{ group: 'web' }, {}]) {
      expect((await stage.inspect({ action: 'status', ...which })).groups[0]?.status).toBeDefined();
      expect((await stage.inspect({ action: 'check', ...which })).groups[0]?.ready).toBe(true);
    }
  }),
  inspect('plans of a group whose holder has failed, by each kind of alarm', async (stage) => {
    const { holder, standby } = pairIn(stage);
    await stage.fail(holder);
    overFleet(stage, holder);
    for (const as of [{}, { as: 'automation' }]) {
      const { groups } = await stage.inspect({ action: 'plan', group: 'web', ...as });
      expect(groups[0]).toMatchObject({ operation: { to: standby, result: 'planned' } });
      expect(groups[0]?.warnings?.join()).toContain('may only look');
    }
    expect(stage.changes()).toEqual([]);
  }),
  inspect('the health of a holder that nothing but an alarm speaks against', async (stage) => {
    const { holder } = pairIn(stage);
    overFleet(stage, holder);
    const { groups } = await stage.inspect({ action: 'status', group: 'web' });
    expect(groups[0]?.status?.members.find(({ id }) => id === holder)?.health).toBe('failed');
  }),
  inspect('a group that does not exist', async (stage) => {
    pairIn(stage);
    expect((await stage.inspect({ action: 'status', group: 'wbe' })).groups[0]?.reason).toContain('web');
  }),
];
