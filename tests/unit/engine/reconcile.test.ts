import { Stage } from '../../support/stage.ts';

describe('a failover', () => {
  it('should move the interface when the alarm of the holder is confirmed', async () => {
    const stage = new Stage();
    const scene = stage.build('pair');
    stage.world.failInstance(scene.holder, { noticedAfterMs: 0 });
    await stage.clock.advance(5 * 60_000);
    const event = stage.events.find((e) => e['detail-type'] === 'CloudWatch Alarm State Change');
    const result = await stage.invoke(event);
    console.log(JSON.stringify(result, null, 1), stage.world.interface(scene.interfaces[0]!)?.tags, stage.world.calls.map(c=>[c.atMs-c.sentMs,c.action,c.outcome,c.sentMs-stage.world.calls[0]!.sentMs]));
    expect(stage.world.holderOf(scene.interfaces[0] ?? '')).toBe(scene.members[1]);
  });
});
