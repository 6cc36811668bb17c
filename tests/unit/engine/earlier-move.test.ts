import { member } from '../../../demo/scenarios.ts';
import { setAlarmState } from '../../../lab/world/alarms.ts';
import { at, Stage } from '../../support/stage.ts';

/** A group of three whose failover to the second member was cut off after the detach. */
async function cutOff() {
  const stage = new Stage();
  const scene = stage.build('pair');
  const third = member(stage.world, 'web-3', { tags: { 'eni-failover:priority': '-1' } });
  const event = await stage.fail(scene.holder);
  stage.goesWrong('AttachNetworkInterface', { kind: 'throttle' }, 'every');
  await expect(stage.invoke(event, { remainingMs: 20_000 })).rejects.toMatchObject({ code: 'OperationInterrupted' });
  stage.heal();
  return { stage, scene, third: third.id, second: at(scene.members, 1), floating: at(scene.interfaces, 0) };
}

describe('a trigger that meets a half-done move', () => {
  it('should replace it when a person names another target', async () => {
    const { stage, third, floating } = await cutOff();
    const result = await stage.result({ action: 'failover', group: 'web', to: third });
    expect(result.operation).toMatchObject({ to: third, result: 'done' });
    expect(stage.world.holderOf(floating)).toBe(third);
    expect(stage.ledger(floating)).toMatchObject({ phase: 'steady', epoch: 1 });
  });

  it('should report the finished move when nothing else is left to do', async () => {
    const { stage, scene, second, floating } = await cutOff();
    const result = await stage.result({ action: 'failover', group: 'web', from: scene.holder });
    expect(result).toMatchObject({ code: 'complete', operation: { to: second, result: 'done' } });
    expect(stage.world.holderOf(floating)).toBe(second);
    expect(stage.ledger(floating)?.epoch).toBe(1);
  });

  it('should not be led on by a muted alarm of the new holder when it is the sweep', async () => {
    const stage = new Stage();
    const scene = stage.build('pair');
    const [second, floating] = [at(scene.members, 1), at(scene.interfaces, 0)];
    const event = await stage.fail(scene.holder);
    // The group has moved, but the run could not say so.
    stage.goesWrong('CreateTags', { kind: 'deny' }, 2);
    await stage.invoke(event);
    stage.heal();
    stage.world.recoverInstance(scene.holder);
    await stage.clock.advance(5 * 60_000);
    const alarm = `eni-failover/web/${second}`;
    setAlarmState(stage.world, alarm, 'ALARM', 'No heartbeat', '');
    stage.world.mutes.add(alarm);
    const { groups } = await stage.sweep();
    expect(groups.map(({ code }) => code)).toEqual(['complete']);
    expect(stage.world.holderOf(floating)).toBe(second);
    expect(stage.ledger(floating)).toMatchObject({ phase: 'steady', holder: second, epoch: 1 });
  });
});
