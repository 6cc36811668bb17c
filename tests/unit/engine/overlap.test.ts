import type { Quirks } from '../../../lab/world/model.ts';
import type { InvocationResult } from '../../../lib/app.ts';
import { at, Stage } from '../../support/stage.ts';

interface Given {
  readonly seed?: number;
  readonly quirks?: Partial<Quirks>;
  readonly scenario?: 'pair' | 'two-interfaces';
  readonly gapMs?: number;
}

/** Two sandboxes work on the same event, the second beginning `gapMs` later; both run to their end. */
async function overlap({ seed = 1, quirks, scenario = 'pair', gapMs = 0 }: Given) {
  const stage = new Stage({ seed, latencies: { callMs: [20, 120] }, ...(quirks && { quirks }) });
  const scene = stage.build(scenario);
  const event = await stage.fail(scene.holder);
  const first = stage.begin(event, { runId: 'first' });
  const outcomes = Promise.allSettled([
    first,
    stage.clock.sleep(gapMs).then(() => stage.begin(event, { runId: 'second' })),
  ]);
  const ended: PromiseSettledResult<InvocationResult>[] = await stage.clock.run(outcomes);
  return { stage, scene, standby: at(scene.members, 1), ended };
}

const GAPS = [0, 20, 50, 100, 400, 2_000, 3_300, 4_200];

describe.each([
  ['accepted', { plainDetachWhileDetaching: 'accepted' }],
  // Whether EC2 accepts it is unknown (aws-facts): both have to end well.
  ['refused', { plainDetachWhileDetaching: 'refused' }],
] as const)('two runs on one event, when a second detach is %s', (_, quirks) => {
  it('should end with one holder, the standby, whatever the gap between them', async () => {
    for (const [index, gapMs] of GAPS.entries()) {
      const { stage, scene, standby } = await overlap({ seed: index + 1, quirks, gapMs });
      const { attachment, tags } = stage.world.interface(at(scene.interfaces, 0)) ?? {};
      expect([gapMs, attachment?.instanceId, attachment?.status]).toEqual([gapMs, standby, 'attached']);
      expect([gapMs, tags?.['eni-failover-state:state']]).toEqual([
        gapMs,
        expect.stringMatching(/^v1 steady .* epoch=1 /),
      ]);
    }
  });
});

describe('two runs on one event', () => {
  const quirks = { plainDetachWhileDetaching: 'accepted' } as const;

  it.each(['accepted', 'refused'] as const)(
    'should bring both interfaces of a group to one holder (a second detach is %s)',
    async (plainDetachWhileDetaching) => {
      for (const [index, gapMs] of GAPS.slice(0, 6).entries()) {
        const given = {
          seed: index + 1,
          quirks: { plainDetachWhileDetaching },
          scenario: 'two-interfaces',
          gapMs,
        } as const;
        const { stage, scene, standby } = await overlap(given);
        const holders = scene.interfaces.map((id) => stage.world.holderOf(id));
        expect([gapMs, ...holders]).toEqual([gapMs, standby, standby]);
        const { phase, holder, epoch } = stage.ledger(at(scene.interfaces, 0)) ?? {};
        expect([gapMs, phase, holder, epoch]).toEqual([gapMs, 'steady', standby, 1]);
      }
    },
  );

  it('should count one move', async () => {
    const { stage, scene } = await overlap({ quirks, gapMs: 200 });
    expect(stage.ledger(at(scene.interfaces, 0))?.moves).toHaveLength(1);
  });

  it('should both say that the move is done', async () => {
    const { ended } = await overlap({ quirks, gapMs: 200 });
    expect(ended.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
  });

  it('should attach each interface successfully exactly once', async () => {
    const { stage } = await overlap({ quirks, gapMs: 100 });
    expect(stage.callsOf('AttachNetworkInterface').filter(({ outcome }) => outcome === 'ok')).toHaveLength(1);
  });

  it('should end well for a person and an event at once', async () => {
    const stage = new Stage({ quirks });
    const scene = stage.build('pair');
    const event = await stage.fail(scene.holder);
    const request = { action: 'failover', group: 'web', from: scene.holder };
    await stage.clock.run(Promise.allSettled([stage.begin(event), stage.begin(request)]));
    expect(stage.world.holderOf(at(scene.interfaces, 0))).toBe(scene.members[1]);
    expect(stage.ledger(at(scene.interfaces, 0))).toMatchObject({ phase: 'steady', epoch: 1 });
  });
});

describe('a person who joins a split group while the sweep runs', () => {
  it('should get what was asked for, and the sweep should only help', async () => {
    for (const gapMs of [200, 600, 1_500, 3_300, 4_500]) {
      const stage = new Stage();
      const scene = stage.build('two-interfaces');
      const [first, second, wanted] = [at(scene.interfaces, 0), at(scene.interfaces, 1), at(scene.members, 1)];
      stage.world.retag(scene.holder, { 'eni-failover:exclude': 'yes' });
      stage.world.detachByHand(second);
      await stage.clock.advance(5_000);
      stage.world.attachByHand(second, { instanceId: wanted, deviceIndex: 2 });
      await stage.clock.advance(5_000);
      const request = { action: 'failover', group: 'web', to: wanted };
      const later = stage.clock.sleep(gapMs).then(() => stage.app('sweep').sweep({ runId: 's', remainingMs: 55_000 }));
      const before = stage.world.interface(second)?.attachment?.id;
      await stage.clock.run(Promise.all([stage.begin(request), later]));
      expect([gapMs, ...[first, second].map((id) => stage.world.holderOf(id))]).toEqual([gapMs, wanted, wanted]);
      // It was where it belongs, so nobody has any business to take it off there.
      expect([gapMs, stage.world.interface(second)?.attachment?.id]).toEqual([gapMs, before]);
    }
  });
});
