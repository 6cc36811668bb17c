import type { BusEvent } from '../../../lab/world/model.ts';
import { parseInvocation } from '../../../lib/triggers/parse.ts';
import { at, Stage } from '../../support/stage.ts';

const STATE = 'EC2 Instance State-change Notification';

/** A pair beside a crowd of instances that are nobody's business; one warm process takes all events. */
function crowd(count: number) {
  const stage = new Stage();
  const scene = stage.build('pair');
  const app = stage.app('warm');
  const strangers = Array.from({ length: count }, () => stage.world.addInstance({}).id);
  const take = async (event: BusEvent) => {
    const parsed = parseInvocation(event, 'eni-failover/');
    const { groups } = await stage.clock.run(app.handle(parsed, { runId: 'run', remainingMs: 55_000 }));
    return at(groups, 0);
  };
  const stop = (id: string) => {
    stage.world.stopInstance(id);
    return take(stage.lastEvent(STATE, id));
  };
  return { stage, scene, strangers, stop, take };
}

const reads = (stage: Stage) => stage.world.calls.filter(({ action }) => action.startsWith('Describe')).length;

describe('events about many instances that are none of ours', () => {
  it('should cost two reads together while a warm process remembers who is', async () => {
    const { stage, strangers, stop } = crowd(30);
    for (const id of strangers) expect(await stop(id)).toMatchObject({ code: 'in-no-group' });
    expect(reads(stage)).toBe(2);
  });

  it('should be found out anew after ten seconds', async () => {
    const { stage, strangers, stop } = crowd(2);
    await stop(at(strangers, 0));
    await stage.clock.advance(10_001);
    await stop(at(strangers, 1));
    expect(reads(stage)).toBe(4);
  });

  it('should not hide that of a member', async () => {
    const { scene, strangers, stop } = crowd(1);
    await stop(at(strangers, 0));
    expect(await stop(scene.holder)).toMatchObject({ code: 'failover', operation: { result: 'done' } });
  });

  it('should not hide that of a holder whose tags are gone already', async () => {
    const { stage, scene, strangers, stop } = crowd(1);
    stage.world.retag(scene.holder, { 'eni-failover:group': undefined });
    await stage.clock.advance(10_000);
    await stop(at(strangers, 0));
    expect(await stop(scene.holder)).toMatchObject({ group: scene.group });
  });

  it('should be left to the sweep where a cold process cannot read, and throw nothing', async () => {
    const { stage, strangers, stop } = crowd(1);
    stage.goesWrong('DescribeInstances', { kind: 'throttle' }, 'every');
    expect(await stop(at(strangers, 0))).toMatchObject({ analysis: 'not-observed', code: 'members-unread' });
  });

  it('should be thrown all the same where the call is denied, and where the event is an alarm', async () => {
    const { stage, scene, strangers, stop, take } = crowd(1);
    const alarm = await stage.fail(scene.holder);
    stage.goesWrong('DescribeInstances', { kind: 'throttle' }, 'every');
    await expect(take(alarm)).rejects.toMatchObject({ failure: 'throttled' });
    stage.heal();
    stage.deny('DescribeInstances');
    await expect(stop(at(strangers, 0))).rejects.toMatchObject({ failure: 'denied' });
  });
});
