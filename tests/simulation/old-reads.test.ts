import { at, Stage } from '../support/stage.ts';

/** Replies are as old as this at most. */
const OLDEST_READ_MS = 4_500;

/**
 * A run that believes a read older than its own detach (seed 151 of an earlier draw):
 * 1. The holder of two interfaces fails. The run detaches both, and EC2 lets them go.
 * 2. The standby refuses the anchor, for good.
 * 3. The run looks again. The reply is older than its detach: it shows both interfaces where they were, attached.
 * 4. By that picture all is as it was before the move, and a roll-back would have nothing to attach. The attachments
 *    in it are those that the run itself has ended, and attachment ids never come back: it is no picture at all.
 * 5. What is right: to look until reads have caught up, and to attach both to the old holder again.
 */
async function believesAnOldRead(seed: number) {
  const stage = new Stage({ seed, latencies: { detachMs: [300, 300] } });
  const { holder, interfaces, members } = stage.build('two-interfaces');
  const standby = at(members, 1);
  await stage.sweep();
  const event = await stage.fail(holder);
  stage.world.inject({
    action: 'AttachNetworkInterface',
    instanceId: standby,
    fault: { kind: 'refuse', code: 'UnsupportedOperation', message: 'Not to this instance.', status: 400 },
    times: 'always',
  });
  stage.world.onCall(({ action }) => {
    if (action === 'AttachNetworkInterface') Object.assign(stage.world, { staleReadsUpToMs: OLDEST_READ_MS });
  });
  const ended = await stage.invoke(event).then(
    () => 'returned',
    () => 'threw',
  );
  return { stage, holder, interfaces, ended };
}

const SEEDS = Array.from({ length: 6 }, (_, nth) => nth + 1);

describe('a run whose reads are older than its own detach', () => {
  it.each(SEEDS)('should not record as steady what it has left on nobody (%d)', async (seed) => {
    const { stage, interfaces, ended } = await believesAnOldRead(seed);
    const loose = interfaces.filter((id) => stage.world.interface(id)?.attachment === undefined);
    const phase = stage.ledger(interfaces[0])?.phase;
    expect(loose.length > 0 && phase === 'steady').toBe(false);
    expect(ended).toBe('threw');
  });

  it('should bring both interfaces back to the holder', async () => {
    const { stage, holder, interfaces } = await believesAnOldRead(1);
    for (const id of interfaces) {
      expect(stage.world.interface(id)?.attachment).toMatchObject({ instanceId: holder, status: 'attached' });
    }
  });
});
