import { DEFAULT_SETTINGS } from '../../lib/core/settings.ts';
import { at, Stage } from '../support/stage.ts';

const MINUTE_MS = 60_000;
/** For so long nothing is taken off a holder for a member that refused it. */
const REMEMBERED_MINUTES = DEFAULT_SETTINGS.cooldownSeconds / 60;
const ATTACH = 'AttachNetworkInterface';

/**
 * A stopped holder, and a standby that refuses (seed 2262 of an earlier draw):
 * 1. A forced detach has left the guest of the standby with a device index that it refuses until it is launched anew.
 *    No read shows that. A tag on the interface asks for that very index, so that no other one is tried.
 * 2. The holder is stopped. A move begins: the interface is detached, the standby refuses it, and it goes back.
 * 3. The next sweeps find the holder stopped. A stopped holder serves nobody, so the bound of moves does not protect
 *    it; but nothing is taken off it for the standby, as long as its refusal is remembered.
 * 4. The standby is launched anew, and takes the interface with the first sweep that tries: what was refused has used
 *    up no move.
 */
async function stoppedHolder() {
  const stage = new Stage({
    latencies: { stoppingMs: [5_000, 5_000], pendingMs: [5_000, 5_000], initializingMs: [0, 0] },
  });
  const { world, clock } = stage;
  const { holder, interfaces, members } = stage.build('pair');
  const eni = at(interfaces, 0);
  const standby = at(members, 1);
  refuseIndex(stage, standby);
  askForIndex(stage, eni);
  await stage.sweep();
  world.stopInstance(holder);
  await clock.advance(10_000);
  const sweepFor = async (minutes: number): Promise<void> => {
    for (let nth = 0; nth < minutes; nth += 1) {
      await stage.sweep();
      await clock.advance(MINUTE_MS);
    }
  };
  return { stage, eni, holder, standby, sweepFor };
}

function refuseIndex({ world }: Stage, instanceId: string): void {
  const guest = world.instance(instanceId);
  if (!guest) throw new Error(`${instanceId} is not there`);
  world.instances.put(instanceId, { ...guest, refusedSlots: ['0:1'] });
}

function askForIndex({ world }: Stage, interfaceId: string): void {
  const view = world.interface(interfaceId);
  if (!view) throw new Error(`${interfaceId} is not there`);
  world.interfaces.put(interfaceId, { ...view, tags: { ...view.tags, 'eni-failover:device-index': '1' } });
}

describe('a stopped holder whose only standby refuses the device index', () => {
  it('should be tried, and have its interface back after each refusal', async () => {
    const { stage, eni, holder, standby, sweepFor } = await stoppedHolder();
    await sweepFor(1);
    const refused = stage.callsOf(ATTACH).filter(({ input }) => input['InstanceId'] === standby);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.every(({ outcome }) => outcome === 'InvalidParameterValue')).toBe(true);
    expect(stage.world.interface(eni)?.attachment).toMatchObject({ instanceId: holder, status: 'attached' });
  });

  it('should not have used up the moves of its group when the standby is launched anew', async () => {
    const { stage, eni, standby, sweepFor } = await stoppedHolder();
    await sweepFor(6);
    expect(stage.ledger(eni)).toMatchObject({ moves: [], refused: [{ instanceId: standby }] });
    stage.world.stopInstance(standby);
    await stage.clock.advance(10_000);
    stage.world.startInstance(standby);
    await stage.clock.advance(30_000);
    expect(stage.world.instance(standby)).toMatchObject({ state: 'running', refusedSlots: [] });
    await sweepFor(REMEMBERED_MINUTES);
    expect(stage.world.interface(eni)?.attachment).toMatchObject({ instanceId: standby, status: 'attached' });
  });
});
