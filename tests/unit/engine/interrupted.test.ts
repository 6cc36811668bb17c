import { at, Stage } from '../../support/stage.ts';

async function failedPair(options: ConstructorParameters<typeof Stage>[0] = {}) {
  const stage = new Stage(options);
  const scene = stage.build('pair');
  const event = await stage.fail(scene.holder);
  return { stage, scene, event, eni: at(scene.interfaces, 0), standby: at(scene.members, 1) };
}

/** Too slow for the time the run has: `[what is slow, latencies, the changing calls made in time]`. */
const SLOW = [
  ['the detach', { detachMs: [30_000, 30_000] }, ['CreateTags', 'DetachNetworkInterface', 'CreateTags']],
  [
    'the attach',
    { attachMs: [30_000, 30_000] },
    ['CreateTags', 'DetachNetworkInterface', 'AttachNetworkInterface', 'CreateTags'],
  ],
] as const;

describe.each(SLOW)('a run whose time is up during %s', (_, latencies, calls) => {
  const TIME = { remainingMs: 12_000 };
  const settings = { forceAfterSeconds: 60, forceFailedAfterSeconds: 60 };

  it('should stop in good order: throw for an event, with the ledger still moving', async () => {
    const { stage, event, eni, standby } = await failedPair({ latencies, settings });
    const startMs = stage.clock.now();
    await expect(stage.invoke(event, TIME)).rejects.toMatchObject({ code: 'OperationInterrupted' });
    expect(stage.changes()).toEqual(calls);
    expect(stage.ledger(eni)).toMatchObject({ phase: 'moving', operation: { to: standby } });
    expect(stage.clock.now() - startMs).toBeLessThanOrEqual(TIME.remainingMs);
  });

  it('should return the same as a result for a request', async () => {
    const { stage } = await failedPair({ latencies, settings });
    const result = await stage.result({ action: 'failover', group: 'web' }, TIME);
    expect(result.operation?.result).toBe('interrupted');
    expect(result.operation?.reason).toContain("when the run's time was up");
  });

  it('should be completed by Lambda’s own retry of the event', async () => {
    const { stage, event, eni, standby } = await failedPair({ latencies, settings });
    await stage.invoke(event, { ...TIME, runId: 'same' }).catch(() => undefined);
    await stage.clock.advance(60_000);
    expect((await stage.result(event, { runId: 'same' })).operation?.result).toBe('done');
    expect(stage.ledger(eni)).toMatchObject({ phase: 'steady', holder: standby, epoch: 1 });
  });

  it('should be completed by any other run before the deadline of the intent', async () => {
    const { stage, event, eni, standby } = await failedPair({ latencies, settings });
    const before = stage.clock.now();
    await stage.invoke(event, { ...TIME, runId: 'first' }).catch(() => undefined);
    expect(stage.clock.now()).toBeLessThan(before + TIME.remainingMs);
    const result = await stage.result(event, { runId: 'second', remainingMs: 300_000 });
    expect(result).toMatchObject({
      analysis: 'operation-interrupted',
      code: 'complete',
      operation: { result: 'done' },
    });
    expect(stage.ledger(eni)).toMatchObject({ phase: 'steady', holder: standby, epoch: 1 });
  });

  it('should be completed long after the deadline, with the operation id that was recorded', async () => {
    const { stage, event, eni, standby } = await failedPair({ latencies, settings });
    await stage.invoke(event, TIME).catch(() => undefined);
    const id = stage.ledger(eni)?.operation?.id;
    await stage.clock.advance(10 * 60_000);
    const result = await stage.result({ action: 'failover', group: 'web' });
    expect(result.operation).toMatchObject({ id, result: 'done', to: standby });
  });
});

describe('a run with too little time to begin with', () => {
  it('should change nothing and throw for an event', async () => {
    const { stage, event } = await failedPair();
    await expect(stage.invoke(event, { remainingMs: 9_000 })).rejects.toMatchObject({ code: 'OperationInterrupted' });
    expect(stage.changes()).toEqual([]);
  });

  it('should change nothing and say so to a person', async () => {
    const { stage } = await failedPair();
    const { operation } = await stage.result({ action: 'failover', group: 'web' }, { remainingMs: 9_000 });
    expect(operation?.result).toBe('interrupted');
    expect(stage.changes()).toEqual([]);
  });
});

describe('a sandbox that dies without a word', () => {
  /** From the nth changing call on, the dead sandbox's calls never arrive. */
  async function diesAt(calls: number) {
    const found = await failedPair();
    const { stage, event } = found;
    let seen = 0;
    stage.world.onCall(({ action }) => {
      if (!action.startsWith('Describe')) seen += 1;
    });
    const before = stage.world.faults.before;
    stage.world.faults = {
      before: (call) => (call.caller === 'dead' && seen >= calls ? { kind: 'timeout' } : before(call)),
    };
    const dead = stage.begin(event, { runId: 'dead', remainingMs: 20_000 });
    dead.catch(() => undefined);
    await stage.clock.advance(25_000);
    return found;
  }

  it.each([1, 2, 3])(
    'should leave a group that the next run brings to rest (after %i changing calls)',
    async (calls) => {
      const { stage, event, eni, standby } = await diesAt(calls);
      await stage.invoke(event, { runId: 'next' });
      expect(stage.world.interface(eni)?.attachment).toMatchObject({ instanceId: standby, status: 'attached' });
      expect(stage.ledger(eni)).toMatchObject({ phase: 'steady', holder: standby, epoch: 1 });
      expect(stage.ledger(eni)?.moves).toHaveLength(1);
    },
  );

  // The sweep comes once a minute: the worst that can happen is that it came just before the crash.
  it.each([
    [1_000, 2_567],
    [30_000, 31_060],
    [60_000, 61_060],
  ])(
    'should be made good by a sweep that comes %i ms after the detach: it serves again after %i ms',
    async (gapMs, servesMs) => {
      const found = await failedPair();
      const { stage, event, eni, standby } = found;
      let [detachedMs, attachedMs] = [0, 0];
      stage.world.onFact(({ kind, atMs, text }) => {
        if (kind === 'transition' && text.startsWith(`${eni} attached`)) attachedMs = atMs;
      });
      stage.world.onCall(({ action, atMs }) => {
        if (action === 'DetachNetworkInterface') detachedMs ||= atMs;
      });
      stage.world.faults = {
        before: ({ caller }) => (caller === 'dead' && detachedMs > 0 ? { kind: 'timeout' } : undefined),
      };
      stage.begin(event, { runId: 'dead', remainingMs: 20_000 }).catch(() => undefined);
      await stage.clock.advance(500);
      await stage.clock.advance(detachedMs + gapMs - stage.clock.now());
      await stage.sweep();
      const { attachment } = stage.world.interface(eni) ?? {};
      expect(attachment).toMatchObject({ instanceId: standby, status: 'attached' });
      expect(attachedMs - detachedMs).toBe(servesMs);
      expect(servesMs).toBeLessThanOrEqual(90_000);
    },
  );

  it('should leave the interface to the holder that recovered before anything was detached', async () => {
    const { stage, scene, event, eni } = await diesAt(1);
    stage.world.recoverInstance(scene.holder);
    await stage.clock.advance(10 * 60_000);
    await stage.invoke(event, { runId: 'next' }).catch(() => undefined);
    expect(stage.world.holderOf(eni)).toBe(scene.holder);
    expect(stage.ledger(eni)).toMatchObject({ phase: 'steady', holder: scene.holder, epoch: 0 });
    expect(stage.callsOf('DetachNetworkInterface').filter(({ outcome }) => outcome === 'ok')).toEqual([]);
  });
});
