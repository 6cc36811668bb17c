import { at, Stage } from '../../support/stage.ts';

const MINUTE_MS = 60_000;

/** A pair whose holder has failed, while EC2 throttles every attach. */
async function throttledPair() {
  const stage = new Stage();
  const scene = stage.build('pair');
  const event = await stage.fail(scene.holder);
  stage.goesWrong('AttachNetworkInterface', { kind: 'throttle' }, 'every');
  const attaches = () => stage.callsOf('AttachNetworkInterface').length;
  return { stage, event, attaches, eni: at(scene.interfaces, 0), standby: at(scene.members, 1) };
}

describe('an attach that is throttled for long', () => {
  it('should be sent in three rounds of five by the run that began the move, and in one by each later one', async () => {
    const { stage, event, attaches, eni } = await throttledPair();
    await expect(stage.invoke(event)).rejects.toMatchObject({ code: 'OperationInterrupted' });
    expect(attaches()).toBe(15);
    expect(stage.ledger(eni)?.loose).toMatchObject({ count: 1, throttled: true });
    // Ten more minutes: at once, then after 1 and 2 minutes, and so on.
    const sent: number[] = [];
    for (let minute = 1; minute <= 10; minute += 1) {
      const before = attaches();
      await stage.sweep();
      sent.push(attaches() - before);
      await stage.clock.advance(MINUTE_MS - 5_000);
    }
    expect(sent).toEqual([5, 5, 0, 5, 0, 5, 0, 5, 0, 5]);
  });

  it('should be sent in one round beside the run that is at it', async () => {
    const { stage, event, attaches } = await throttledPair();
    const run = stage.begin(event).catch(() => undefined);
    await stage.clock.advance(30_000);
    const before = attaches();
    const { groups } = await stage.sweep();
    expect(groups).toMatchObject([{ operation: { result: 'superseded' } }]);
    expect(
      stage.world.calls.filter(
        ({ action, caller }) => action === 'AttachNetworkInterface' && caller?.startsWith('sweep'),
      ).length,
    ).toBe(5);
    expect(attaches()).toBeGreaterThanOrEqual(before + 5);
    await stage.clock.run(run);
  });

  it('should bring the interface home with the first run after it has passed, and be forgotten', async () => {
    const { stage, event, eni, standby } = await throttledPair();
    await stage.invoke(event).catch(() => undefined);
    stage.heal();
    await stage.sweep();
    expect(stage.world.holderOf(eni)).toBe(standby);
    expect(stage.ledger(eni)?.loose).toBeUndefined();
  });
});

describe('an intent that had to wait for a throttle', () => {
  /** The reads of the group between its intent and its first detach, after so many attempts that were throttled. */
  async function readsBetween(throttles: number) {
    const stage = new Stage();
    const scene = stage.build('pair');
    const event = await stage.fail(scene.holder);
    for (let nth = 1; nth <= throttles; nth += 1) stage.goesWrong('CreateTags', { kind: 'throttle' }, nth);
    await stage.invoke(event);
    expect(stage.world.holderOf(at(scene.interfaces, 0))).toBe(scene.members[1]);
    const actions = stage.world.calls.filter(({ outcome }) => outcome === 'ok').map(({ action }) => action);
    const [from, to] = [actions.indexOf('CreateTags'), actions.indexOf('DetachNetworkInterface')];
    return actions.slice(from + 1, to).filter((action) => action === 'DescribeNetworkInterfaces').length;
  }

  it('should be acted upon after another look, where it had to wait for long', async () => {
    expect(await readsBetween(4)).toBe(1);
    expect(await readsBetween(1)).toBe(0);
  });
});
