import { at, Stage } from '../../support/stage.ts';

const MINUTE_MS = 60_000;

/** A pair that a sweep has seen, whose holder loses its group tag. */
async function untagged(options: ConstructorParameters<typeof Stage>[0] = {}) {
  const stage = new Stage(options);
  const scene = stage.build('pair');
  await stage.sweep();
  stage.world.retag(scene.holder, { 'eni-failover:group': undefined });
  // What the roles say: a detach is allowed on tagged instances only.
  stage.world.policy = ({ action, resources }) =>
    action !== 'DetachNetworkInterface' || resources.every(({ tags }) => 'eni-failover:group' in tags);
  const { holder } = scene;
  const reads = () => stage.callsOf('DescribeInstances').filter(({ input }) => JSON.stringify(input).includes(holder));
  return { stage, holder, standby: at(scene.members, 1), eni: at(scene.interfaces, 0), reads };
}

describe('a holder that lost its tags', () => {
  it('should be known by its id as gone, and be left as soon as EC2 lets go, within the run', async () => {
    const { stage, holder, standby, eni } = await untagged({ latencies: { shuttingDownMs: [30_000, 30_000] } });
    stage.world.terminateInstance(holder);
    const startMs = stage.clock.now();
    const [group] = (await stage.sweep()).groups;
    expect(group).toMatchObject({ analysis: 'holder-gone', code: 'failover', operation: { result: 'done' } });
    expect(stage.world.holderOf(eni)).toBe(standby);
    expect((stage.callsOf('AttachNetworkInterface')[0]?.sentMs ?? 0) - startMs).toBeLessThan(33_000);
  });

  it('should be waited for over several runs', async () => {
    const { stage, holder, standby, eni } = await untagged({ latencies: { shuttingDownMs: [100_000, 100_000] } });
    stage.world.terminateInstance(holder);
    for (let nth = 0; nth < 3 && stage.world.holderOf(eni) !== standby; nth += 1) {
      const nextMs = stage.clock.now() + MINUTE_MS;
      await stage.sweep();
      await stage.clock.runUntil(nextMs);
    }
    expect(stage.world.holderOf(eni)).toBe(standby);
    expect(stage.ledger(eni)).toMatchObject({ phase: 'steady', holder: standby, epoch: 1 });
  });

  it('should be gone, too, when EC2 has forgotten it', async () => {
    const { stage, holder } = await untagged();
    stage.misreport(holder, { Tags: [] });
    stage.world.instances.delete(holder);
    expect((await stage.sweep()).groups).toMatchObject([{ analysis: 'holder-gone' }]);
  });

  it('should be a stranger that keeps the interface as long as it runs, or cannot be read', async () => {
    const { stage, holder, reads } = await untagged();
    expect((await stage.sweep()).groups).toMatchObject([{ code: 'holder-not-member' }]);
    expect(reads()).toHaveLength(1);
    stage.world.terminateInstance(holder);
    stage.goesWrong('DescribeInstances', { kind: 'deny' }, 3);
    expect((await stage.sweep()).groups).toMatchObject([{ code: 'holder-not-member' }]);
  });

  it('should not be read where the ledger does not name it', async () => {
    const stage = new Stage();
    const scene = stage.build('pair');
    stage.world.retag(scene.holder, { 'eni-failover:group': undefined });
    stage.world.terminateInstance(scene.holder);
    expect((await stage.sweep()).groups).toMatchObject([{ code: 'holder-not-member' }]);
    expect(JSON.stringify(stage.callsOf('DescribeInstances'))).not.toContain(scene.holder);
  });
});
