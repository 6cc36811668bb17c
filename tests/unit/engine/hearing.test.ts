import { isoTime } from '../../../lib/core/tag-text.ts';
import { leftSince } from '../../../lib/engine/hearing.ts';
import { Released } from '../../../lib/engine/released.ts';
import { A, attachment, B, ENI, floating, NOW, observation } from '../../support/observation.ts';
import { trio } from '../../support/notices.ts';

const NOTES = 'eni-failover-state:notes';

const on = (holder?: string) => observation({ interfaces: [floating(ENI, holder && attachment(ENI, holder))] });

describe('what others have left', () => {
  it('should be the holders of the first look that hold nothing any more', () => {
    expect(leftSince(on(A), on(B), new Released())).toEqual([A]);
    expect(leftSince(on(A), on(), new Released())).toEqual([A]);
    expect(leftSince(on(A), on(A), new Released())).toEqual([]);
    expect(leftSince(on(), on(B), new Released())).toEqual([]);
  });

  it('should not be what this run has taken off by itself', () => {
    const released = new Released();
    released.ask(attachment(ENI, A).id, NOW);
    expect(leftSince(on(A), on(B), released)).toEqual([]);
  });
});

describe('a notice about the standby that comes while the group is on its way there', () => {
  /** A notice about the holder; another run notes one about the first standby when this call has taken effect. */
  async function overtaken(action: string) {
    const found = await trio();
    const { stage, first, eni, holder } = found;
    stage.world.onCall((call) => {
      if (call.action !== action || call.input['DryRun'] === true) return;
      const noted = `notices ${holder}@${isoTime(stage.clock.now())} ${first}@${isoTime(stage.clock.now())}`;
      stage.world.retag(eni, { [NOTES]: noted });
    });
    const result = await found.notice(holder);
    const attaches = stage.callsOf('AttachNetworkInterface').map(({ input }) => input['InstanceId']);
    return { ...found, result, attaches };
  }

  it.each([
    ['before the first detach', 'CreateTags'],
    ['while the detach is waited for', 'DetachNetworkInterface'],
  ])('should send it to the next one, %s', async (_, action) => {
    const { third, heldBy, attaches, result, stage } = await overtaken(action);
    expect([heldBy(), attaches]).toEqual([third, [third]]);
    expect(stage.callsOf('DetachNetworkInterface')).toHaveLength(1);
    expect(result.operation).toMatchObject({ result: 'done', to: third });
  });

  it('should make no difference where nobody else runs', async () => {
    const found = await trio();
    found.stage.world.stopInstance(found.third);
    await found.stage.clock.advance(120_000);
    const { stage, first, eni, holder, heldBy } = found;
    stage.world.onCall(({ action }) => {
      if (action !== 'DetachNetworkInterface') return;
      stage.world.retag(eni, { [NOTES]: `notices ${first}@${isoTime(stage.clock.now())}` });
    });
    await found.notice(holder);
    expect(heldBy()).toBe(first);
  });
});
