import { EVENTS } from '../../../lib/engine/event-names.ts';
import { EVENT_SOURCE } from '../../../lib/engine/events.ts';
import { member } from '../../../demo/scenarios.ts';
import { at, Stage } from '../../support/stage.ts';

const TOLD = { deployment: 'eni-failover-test', events: true };

const ours = (stage: Stage) =>
  stage.events
    .filter(({ source }) => source === EVENT_SOURCE)
    .map((event) => ({ name: event['detail-type'], ...event }));
const names = (stage: Stage): readonly string[] => ours(stage).map(({ name }) => name);
const wordsOf = (stage: Stage, name: string) => ours(stage).find((event) => event.name === name)?.detail['words'];

async function failedPair(options: ConstructorParameters<typeof Stage>[0] = {}) {
  const stage = new Stage({ announcing: TOLD, ...options });
  const scene = stage.build('pair');
  const event = await stage.fail(scene.holder);
  return { stage, event, holder: scene.holder, eni: at(scene.interfaces, 0), standby: at(scene.members, 1) };
}

describe('the events of a failover', () => {
  it('should tell its beginning before the interface is attached, and its end, in words', async () => {
    const { stage, event, holder, standby, eni } = await failedPair();
    await stage.invoke(event, { runId: 'run-x' });
    expect(names(stage)).toEqual(['Failover Started', 'Failover Completed']);
    const [started, completed] = ours(stage).map(({ detail }) => detail);
    expect(started).toMatchObject({
      version: 1,
      deployment: 'eni-failover-test',
      group: 'web',
      code: 'failover',
      trigger: 'alarm',
      runId: 'run-x',
      operation: { from: holder, to: standby, interfaces: [eni], automatic: true },
    });
    expect(completed).toMatchObject({
      group: 'web',
      operation: { from: holder, to: standby, interfaces: [eni], result: 'done' },
      words: { group: 'web', todo: expect.stringContaining(holder) },
    });
    const attached = stage.callsOf('AttachNetworkInterface')[0]?.atMs ?? 0;
    expect(stage.callsOf('PutEvents')[0]?.atMs).toBeLessThan(attached);
  });

  it('should not keep a single call of the move waiting, even where the bus never answers', async () => {
    const times = async (options: ConstructorParameters<typeof Stage>[0], hangs = false) => {
      const { stage, event } = await failedPair(options);
      if (hangs) stage.goesWrong('PutEvents', { kind: 'timeout' }, 'every');
      const { groups } = await stage.invoke(event);
      const calls = stage.world.calls.filter(({ action }) => action !== 'PutEvents');
      return { calls: calls.map(({ action }) => action), durationMs: groups[0]?.operation?.durationMs, stage };
    };
    const { stage: _, ...without } = await times({ announcing: { ...TOLD, events: false } });
    const { stage: told, ...withEvents } = await times({});
    const { stage: deaf, ...hanging } = await times({}, true);
    expect(withEvents).toEqual(without);
    expect(hanging).toEqual(without);
    expect(told.announced).toHaveLength(1);
    // Once, however many are lost.
    const lost = deaf.announced.filter(({ message }) => String(message).includes('could not be put on the bus'));
    expect(lost).toHaveLength(1);
  });

  it('should end a run in which the bus never answers within two seconds of its end', async () => {
    const { stage, event } = await failedPair();
    stage.goesWrong('PutEvents', { kind: 'timeout' }, 'every');
    const { groups } = await stage.invoke(event);
    const begunMs = stage.callsOf('CreateTags')[0]?.sentMs ?? 0;
    expect(stage.clock.now() - begunMs - (groups[0]?.operation?.durationMs ?? 0)).toBeLessThan(2_000);
  });

  it('should say that the bus is denied, and move the group', async () => {
    const { stage, event, eni, standby } = await failedPair();
    stage.deny('PutEvents');
    await stage.invoke(event);
    expect(stage.world.holderOf(eni)).toBe(standby);
    expect(stage.announced.map(({ message }) => message)).toContainEqual(expect.stringContaining('events:PutEvents'));
  });
});

describe('what is told on the bus', () => {
  it('should be a block once, with what stands in the way, and nothing of it until something changes', async () => {
    const stage = new Stage({ announcing: TOLD });
    const { holder } = stage.build('full');
    await stage.sweep();
    stage.world.failInstance(holder, { noticedAfterMs: 0 });
    for (let minute = 0; minute < 6; minute += 1) {
      await stage.clock.advance(60_000);
      await stage.sweep();
    }
    const blocked = ours(stage).filter(({ name }) => name === 'Failover Blocked');
    expect(blocked).toHaveLength(1);
    expect(blocked[0]?.detail).toMatchObject({
      code: 'no-candidate',
      rejected: expect.arrayContaining([expect.objectContaining({ code: 'no-free-slot' })]),
    });
    expect(wordsOf(stage, 'Failover Blocked')).toMatchObject({
      group: 'web',
      why: expect.stringMatching(/needs room for 1 more$/),
    });
  });

  it('should be a member that has joined, by its id', async () => {
    const stage = new Stage({ announcing: TOLD });
    stage.build('pair');
    await stage.sweep();
    const { id } = member(stage.world, 'web-3');
    await stage.sweep();
    await stage.sweep();
    expect(names(stage)).toEqual(['Failover Notice', 'Member Joined']);
    expect(ours(stage)[1]?.detail).toMatchObject({ group: 'web', joined: id });
  });

  it('should be nothing where nothing changes', async () => {
    const stage = new Stage({ announcing: TOLD });
    stage.build('pair');
    await stage.sweep();
    const before = ours(stage).length;
    for (let nth = 0; nth < 5; nth += 1) await stage.sweep();
    await stage.invoke({ action: 'status' });
    await stage.invoke({ action: 'plan', group: 'web' });
    expect(ours(stage)).toHaveLength(before);
  });

  it('should be a move that failed, and one that its run could not finish', async () => {
    const { stage, event } = await failedPair();
    stage.goesWrong(
      'AttachNetworkInterface',
      { kind: 'refuse', code: 'IncorrectState', message: 'no', status: 400 },
      'every',
    );
    await stage.invoke(event).catch(() => undefined);
    expect(names(stage).slice(1)).toEqual([expect.stringMatching(/^Failover (Failed|Interrupted)$/)]);
  });

  it('should have a name of the table, every word, and no double quote in any of them', async () => {
    const { stage, event } = await failedPair();
    await stage.invoke(event);
    await stage.sweep();
    for (const { name, detail } of ours(stage)) {
      expect(Object.keys(EVENTS)).toContain(name);
      expect(Object.keys(detail['words'] as object)).toEqual(['what', 'group', 'why', 'todo']);
      for (const text of Object.values(detail['words'] as object)) expect(text).toMatch(/^[^"\n]+$/);
    }
  });
});
