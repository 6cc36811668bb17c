import { historyOf } from '../../../lib/engine/history.ts';
import { at, Stage } from '../../support/stage.ts';

const MINUTE_MS = 60_000;
const HISTORY = { action: 'history', group: 'web' } as const;

/** A night: a failure, a pause, what is in the way then, and a switchover back. */
async function night() {
  const stage = new Stage();
  const scene = stage.build('pair');
  await stage.invoke(await stage.fail(scene.holder));
  stage.world.recoverInstance(scene.holder);
  await stage.invoke({ action: 'pause', group: 'web', minutes: 60, reason: 'kernel update' });
  const other = at(scene.members, 1);
  await stage.invoke(await stage.fail(other));
  stage.world.recoverInstance(other);
  await stage.clock.advance(2 * MINUTE_MS);
  await stage.invoke({ action: 'switchover', group: 'web', reason: 'the night is over' });
  await stage.invoke({ action: 'status', group: 'web' });
  await stage.invoke({ action: 'plan', group: 'web' });
  await stage.clock.advance(10_000);
  return { stage, home: scene.holder, other };
}

describe('the history of a group', () => {
  it('should be what moved it, what was in the way and what people have said, the newest first', async () => {
    const { stage, home, other } = await night();
    const { history = [], reason, code } = await stage.result(HISTORY);
    expect(history.map(({ what, result, by }) => [what, result, by])).toEqual([
      ['switchover', 'done', 'request'],
      ['paused', 'blocked', 'alarm'],
      ['pause', 'done', 'request'],
      ['failover', 'done', 'alarm'],
    ]);
    expect(history[0]).toMatchObject({
      from: other,
      to: home,
      durationMs: expect.any(Number),
      why: expect.stringMatching(/^On request: the night is over\. /),
    });
    expect(history[1]?.why).toContain('(kernel update)');
    expect(history.map((line) => Date.parse(line.at))).toEqual(
      history.map((line) => Date.parse(line.at)).toSorted((a, b) => b - a),
    );
    expect(code).toBe('status');
    expect(reason).toContain('4 things');
  });

  it('should be answered by the function that only looks, through the real wire too', async () => {
    const { stage } = await night();
    const { groups } = await stage.inspect(HISTORY);
    expect(groups[0]?.history).toHaveLength(4);
  });

  it('should be no more than ten lines, and not tell the same twice in a row', () => {
    const line = (minute: number, code: string) => ({
      at: minute * MINUTE_MS,
      message: JSON.stringify({ code, decision: 'blocked', reason: `${code}.`, trigger: 'sweep' }),
    });
    const told = historyOf([line(1, 'paused'), line(2, 'paused'), line(3, 'cooldown'), line(4, 'paused')]);
    expect(told.map(({ at: time, what }) => [Date.parse(time) / MINUTE_MS, what])).toEqual([
      [4, 'paused'],
      [3, 'cooldown'],
      [1, 'paused'],
    ]);
  });

  it.each([
    'REPORT RequestId: 1 Duration: 3 ms',
    '{"group":"web"',
    '[1]',
    '2026 x INFO {"message":"no result"}',
    '{"code":"holder-healthy","decision":"no-action","reason":"All is well."}',
    '{"code":"failover","decision":"act","reason":"x","operation":{"action":"failover","result":"planned"}}',
  ])('should leave out what tells of nothing: %s', (message) => {
    expect(historyOf([{ at: 0, message }])).toEqual([]);
  });

  it('should say how a move has ended that has not come to its good end', () => {
    const operation = {
      id: 'op',
      action: 'failover',
      to: 'b',
      result: 'failed',
      reason: 'nobody took it',
      durationMs: 7,
    };
    const message = `2026-01-01T00:00:00Z\tid\tINFO\t${JSON.stringify({ code: 'failover', decision: 'act', reason: 'The holder is stopped.', trigger: 'sweep', operation })}\n`;
    expect(historyOf([{ at: 0, message }])).toEqual([
      {
        at: '1970-01-01T00:00:00.000Z',
        by: 'sweep',
        what: 'failover',
        id: 'op',
        to: 'b',
        result: 'failed',
        durationMs: 7,
        why: 'The holder is stopped. failed: nobody took it',
      },
    ]);
  });

  it('should be empty where nothing has happened, and name the call that is denied', async () => {
    const stage = new Stage();
    stage.build('pair');
    expect(await stage.result(HISTORY)).toMatchObject({ history: [], reason: expect.stringContaining('Nothing') });
    stage.deny('GetQueryResults');
    await expect(stage.invoke(HISTORY)).rejects.toThrow(/logs:GetQueryResults/);
  });

  it('should not be confused with that of a group whose name begins alike', async () => {
    const { stage } = await night();
    stage.world.logs.write('/aws/lambda/eni-failover-prod-sweep', {
      atMs: stage.clock.now() - MINUTE_MS,
      message: JSON.stringify({ group: 'web-2', code: 'no-candidate', decision: 'blocked', reason: 'x.' }),
    });
    expect((await stage.result(HISTORY)).history).toHaveLength(4);
  });
});
