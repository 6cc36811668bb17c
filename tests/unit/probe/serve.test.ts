import { VirtualClock, withRandom } from '../../../lab/clock.ts';
import { Random } from '../../../lab/random.ts';
import { refusals } from '../../../lib/probe/address.ts';
import type { Attempt } from '../../../lib/probe/attempt.ts';
import type { OutcomeClass } from '../../../lib/probe/outcome.ts';
import { readConfirmReply, readWatchReply } from '../../../lib/probe/protocol.ts';
import { serve } from '../../../lib/probe/serve.ts';
import { Network } from '../../support/network.ts';
import { watchRequest } from './watching.ts';

const START = Date.UTC(2026, 7, 20, 10);

function scene(sees?: (address: string) => OutcomeClass) {
  const time = new VirtualClock(START);
  const clock = withRandom(time, new Random(1));
  const network = new Network(clock);
  const attempt: Attempt = network.attempt(sees);
  const ports = { clock, attempt, refusalOf: refusals({ blocks: [] }), memoryMb: 128 };
  const call = (input: unknown, remainingMs = 30_000): Promise<unknown> => time.run(serve(input, ports, remainingMs));
  return { time, network, call };
}

const watched = (id: string, address: string, target = 'tcp:443') => ({
  id,
  address,
  target,
  own: '10.0.0.1',
  standbys: [{ id: 'i-b', address: '10.0.0.2' }],
  serviceAfterMs: 10_000,
});

describe('a call of the probe', () => {
  it('should leave out what may not be probed, and say so', async () => {
    const { network, call } = scene();
    network.set('10.0.0.10', 'answered');
    const reply = readWatchReply(
      await call(
        watchRequest([watched('eni-1', '169.254.169.254'), watched('eni-2', '10.0.0.10'), watched('eni-3', '8.8.8.8')]),
      ),
    );
    expect(reply.refused.map(({ id }) => id)).toEqual(['eni-1', 'eni-3']);
    expect(reply.refused[0]?.reason).toContain('link-local');
    expect(reply.targets.map(({ id }) => id)).toEqual(['eni-2']);
    expect(network.looksAt('169.254.169.254')).toEqual([]);
  });

  it.each([
    [30_000, 20_000],
    [8_000, 7_500],
    [300, 0],
  ])('should end in time for its reply: %d ms are left', async (remainingMs, endedAfter) => {
    const { time, network, call } = scene();
    network.set('10.0.0.10', 'answered').set('10.0.0.1', 'answered').set('10.0.0.2', 'answered');
    await call(watchRequest([watched('eni-2', '10.0.0.10')]), remainingMs);
    expect(time.now() - START).toBe(endedAfter);
  });

  it('should name the memory to set when it has too many targets', async () => {
    const { call } = scene();
    const many = Array.from({ length: 60 }, (_, i) => watched(`eni-${i}`, `10.0.1.${i}`, 'https:443/'));
    const reply = readWatchReply(await call({ ...watchRequest(many), runMs: 1_000 }));
    expect(reply.overCapacity).toMatchObject({ memoryMb: 128 });
    expect(reply.overCapacity?.neededMb).toBeGreaterThan(128);
  });

  it('should refuse what is no request', async () => {
    await expect(scene().call({ action: 'failover', group: 'web' })).rejects.toMatchObject({ code: 'InvalidRequest' });
  });
});

describe('one more look', () => {
  const confirm = (...targets: readonly object[]) => ({ version: 1, kind: 'confirm', targets });

  it('should be at all addresses at once, each once, and take a second', async () => {
    const { time, network, call } = scene();
    network.set('10.0.0.2', 'refused');
    const reply = readConfirmReply(await call(confirm(watched('eni-1', '10.0.0.10'), watched('eni-2', '10.0.0.11'))));
    const witnesses = [{ id: 'i-b', seen: 'refused' }];
    expect(reply).toEqual({
      version: 1,
      kind: 'confirm',
      at: START,
      isSlow: false,
      targets: ['eni-1', 'eni-2'].map((id) => ({ id, floating: 'silent', own: 'silent', witnesses })),
    });
    expect(time.now() - START).toBe(1_000);
    expect(network.looks.map(({ at }) => at)).toEqual([START, START, START, START]);
  });

  it('should leave out an own address that nobody knows', async () => {
    const { call } = scene();
    const reply = readConfirmReply(await call(confirm({ ...watched('eni-1', '10.0.0.10'), own: null, standbys: [] })));
    expect(reply.targets).toEqual([{ id: 'eni-1', floating: 'silent', witnesses: [] }]);
  });
});
