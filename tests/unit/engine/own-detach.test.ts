import { Stage } from '../../support/stage.ts';

const SEEDS = Array.from({ length: 20 }, (_, n) => n + 1);
const NO_SLOT = { kind: 'refuse', code: 'AttachmentLimitExceeded', message: 'no slot left', status: 400 } as const;
const NOT_NOW = { kind: 'refuse', code: 'OperationNotPermitted', message: 'no', status: 400 } as const;

/** A group whose reads lag by up to 4.5 seconds from now on. */
async function lagging(seed: number, scenario: 'pair' | 'two-interfaces') {
  const stage = new Stage({ seed, latencies: { detachMs: [1_500, 3_000], attachMs: [500, 4_000] } });
  const scene = stage.build(scenario);
  await stage.clock.advance(10_000);
  (stage.world as { staleReadsUpToMs: number }).staleReadsUpToMs = 4_500;
  return { stage, scene };
}

/** What really happened, whatever was read: each interface of the group, and where it is attached. */
const truth = (stage: Stage, interfaces: readonly string[]) =>
  interfaces.map((id) => {
    const { instanceId, status } = stage.world.interface(id)?.attachment ?? {};
    return status === 'attached' ? instanceId : 'nowhere';
  });

describe('a run whose reads are older than its own detach', () => {
  it.each(SEEDS)('should bring the interface back when the standby refuses it (seed %i)', async (seed) => {
    const { stage, scene } = await lagging(seed, 'pair');
    stage.goesWrong('AttachNetworkInterface', NO_SLOT);
    const result = await stage.result({ action: 'failover', group: 'web', reason: 'drill' });
    expect(result.operation?.result).toBe('failed');
    expect(truth(stage, scene.interfaces)).toEqual([scene.holder]);
    expect(stage.ledger(scene.interfaces[0])).toMatchObject({ phase: 'steady', holder: scene.holder });
  });

  it.each(SEEDS)('should bring back the one of two that was detached (seed %i)', async (seed) => {
    const { stage, scene } = await lagging(seed, 'two-interfaces');
    stage.goesWrong('DetachNetworkInterface', NOT_NOW, 2);
    const result = await stage.result({ action: 'failover', group: 'web', reason: 'drill' });
    expect(result.operation?.result).toBe('failed');
    expect(truth(stage, scene.interfaces)).toEqual([scene.holder, scene.holder]);
  });

  it.each(SEEDS)('should not end before it knows what became of a detach without a reply (seed %i)', async (seed) => {
    const { stage, scene } = await lagging(seed, 'pair');
    stage.goesWrong('DetachNetworkInterface', { kind: 'lost' });
    const result = await stage.result({ action: 'failover', group: 'web', reason: 'drill' });
    expect(truth(stage, scene.interfaces)).toEqual([result.operation?.to]);
    expect(stage.ledger(scene.interfaces[0])?.phase).toBe('steady');
  });
});
