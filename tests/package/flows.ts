import { member } from '../../demo/scenarios.ts';
import type { Deployed } from './deployed.ts';
import { expectHeldBy, type Flow, MINUTE_MS, overFleet, pairIn } from './flow.ts';
import { INSPECT } from './inspections.ts';

const failover = (name: string, run: Flow['run'], denials?: readonly string[]): Flow => ({
  name,
  of: 'failover',
  run,
  ...(denials && { denials }),
});
const sweep = (name: string, run: Flow['run']): Flow => ({ name, of: 'sweep', run });

const FAILOVER: readonly Flow[] = [
  failover('an alarm', async (stage) => {
    const { holder, standby, interfaces } = pairIn(stage, 'two-interfaces');
    await stage.invoke(await stage.fail(holder));
    expectHeldBy(stage, standby, interfaces);
  }),
  failover('an instance that stops', async (stage) => {
    const { holder, standby, eni } = pairIn(stage);
    stage.world.stopInstance(holder);
    await stage.invoke(stage.lastEvent('EC2 Instance State-change Notification', holder));
    expectHeldBy(stage, standby, [eni]);
  }),
  failover('a Spot interruption warning', async (stage) => {
    const { holder, standby, eni } = pairIn(stage);
    stage.world.spotWarning(holder);
    await stage.invoke(stage.lastEvent('EC2 Spot Instance Interruption Warning', holder));
    expectHeldBy(stage, standby, [eni]);
  }),
  failover('one contributor to an alarm over a query', async (stage) => {
    const { holder, standby, eni } = pairIn(stage);
    overFleet(stage, holder);
    await stage.invoke(stage.lastEvent('CloudWatch Alarm Contributor State Change', holder));
    expectHeldBy(stage, standby, [eni]);
  }),
  failover('an event beside an alarm that may be muted', async (stage) => {
    const { holder, standby, eni } = pairIn(stage);
    await stage.fail(holder);
    stage.world.recoverInstance(holder);
    await stage.clock.advance(20_000);
    const detail = { 'instance-id': holder, state: 'stopping' };
    await stage.invoke({ source: 'aws.ec2', 'detail-type': 'EC2 Instance State-change Notification', detail });
    expectHeldBy(stage, standby, [eni]);
  }),
  failover('a forced detach from a holder that hangs', async (stage) => {
    const { holder, standby, eni } = pairIn(stage);
    const { operation } = await stage.result(await stage.fail(holder, { hangsDetach: true }));
    expect(operation?.steps.map(({ kind }) => kind)).toContain('force-detach');
    expectHeldBy(stage, standby, [eni]);
  }),
  failover(
    'an attachment that somebody else ends just before',
    async (stage) => {
      const { holder, standby, eni } = pairIn(stage);
      const event = await stage.fail(holder);
      stage.goesWrong('DetachNetworkInterface', { kind: 'apply-late', ms: 3_500 });
      stage.world.onCall(({ action }) => {
        if (action === 'CreateTags' && stage.world.holderOf(eni) === holder) stage.world.detachByHand(eni);
      });
      await stage.invoke(event);
      expectHeldBy(stage, standby, [eni]);
    },
    ['ec2:DetachNetworkInterface'],
  ),
  failover('a retry after the process died', async (stage) => {
    const { holder, standby, eni } = pairIn(stage);
    const event = await stage.fail(holder);
    await dieAfterDetach(stage, event);
    await stage.invoke(event, { runId: 'dead' });
    expectHeldBy(stage, standby, [eni]);
  }),
  failover('a request to fail over', async (stage) => {
    const { holder, standby, eni } = pairIn(stage);
    await stage.invoke({ action: 'failover', group: 'web', from: holder, to: standby });
    expectHeldBy(stage, standby, [eni]);
  }),
  failover('a check, which asks IAM about the next failover', async (stage) => {
    pairIn(stage);
    expect((await stage.invoke({ action: 'check', group: 'web' })).ready).toBe(true);
    expect(stage.dryRuns()).not.toEqual([]);
    expect(stage.changes()).toEqual([]);
  }),
  failover('a request for a plan, and for what automation would do', async (stage) => {
    pairIn(stage);
    for (const as of [{}, { as: 'automation' }])
      expect((await stage.result({ action: 'plan', group: 'web', ...as })).operation?.result).toBe('planned');
  }),
  failover('a switchover, and the way back to the preferred member', async (stage) => {
    const { holder, standby, eni } = pairIn(stage);
    await stage.invoke({ action: 'switchover', group: 'web', from: holder });
    expectHeldBy(stage, standby, [eni]);
    stage.world.retag(holder, { 'eni-failover:priority': '10' });
    await stage.invoke({ action: 'failback', group: 'web', from: standby });
    expectHeldBy(stage, holder, [eni]);
  }),
  failover('the history of a group', async (stage) => {
    const { holder } = pairIn(stage);
    await stage.invoke(await stage.fail(holder));
    await stage.clock.advance(10_000);
    const { history } = await stage.result({ action: 'history', group: 'web' });
    expect(history?.map(({ what, result }) => [what, result])).toEqual([['failover', 'done']]);
  }),
  failover('a drill', async (stage) => {
    const { holder, eni } = pairIn(stage);
    expect((await stage.result({ action: 'drill', group: 'web' })).drill?.back?.result).toBe('done');
    expectHeldBy(stage, holder, [eni]);
  }),
  failover('a request about a group that does not exist', async (stage) => {
    pairIn(stage);
    expect((await stage.result({ action: 'status', group: 'wbe' })).reason).toContain('web');
  }),
  failover('a request for the status, of all groups too', async (stage) => {
    pairIn(stage);
    expect((await stage.result({ action: 'status', group: 'web' })).status).toBeDefined();
    expect((await stage.result({ action: 'status' })).status).toBeDefined();
  }),
  failover('requests to pause, resume and acknowledge', async (stage) => {
    pairIn(stage);
    for (const action of ['pause', 'resume', 'acknowledge'])
      expect(await stage.result({ action, group: 'web' })).toMatchObject({ decision: 'act', code: action });
  }),
];

const SWEEP: readonly Flow[] = [
  sweep('a drill that was cut short', async (stage) => {
    const { holder, eni } = pairIn(stage);
    await stage.invoke({ action: 'drill', group: 'web' }, { remainingMs: 16_000 });
    await sweepAfterMinutes(stage, 1);
    expectHeldBy(stage, holder, [eni]);
  }),
  sweep('a group seen for the first time, then one more member', async (stage) => {
    const { holder, eni } = pairIn(stage);
    await sweepAfterMinutes(stage, 1);
    const { id } = member(stage.world, 'web-3');
    await sweepAfterMinutes(stage, 1);
    expect(stage.ledger(eni)?.members).toContain(id);
    expectHeldBy(stage, holder, [eni]);
  }),
  sweep('a holder that failed without an event', async (stage) => {
    const { holder, standby, eni } = pairIn(stage);
    await stage.fail(holder);
    await stage.sweep();
    expectHeldBy(stage, standby, [eni]);
  }),
  sweep('one contributor to an alarm over a query', async (stage) => {
    const { holder, standby, eni } = pairIn(stage);
    overFleet(stage, holder);
    await stage.sweep();
    expectHeldBy(stage, standby, [eni]);
  }),
  sweep('a holder that failed and hangs', async (stage) => {
    const { holder, standby, eni } = pairIn(stage);
    await stage.fail(holder, { hangsDetach: true });
    await stage.sweep();
    expect(stage.callsOf('DetachNetworkInterface').map(({ input }) => input['Force'])).toContain(true);
    expectHeldBy(stage, standby, [eni]);
  }),
  sweep('a move whose process died', async (stage) => {
    const { holder, standby, eni } = pairIn(stage);
    const event = await stage.fail(holder);
    await dieAfterDetach(stage, event);
    await stage.sweep();
    expectHeldBy(stage, standby, [eni]);
    // Lambda's own retry comes as well, later, and finds nothing left to do.
    expect((await stage.result(event, { runId: 'dead' })).decision).toBe('no-action');
  }),
  sweep('an interface that nobody holds', async (stage) => {
    const { eni } = pairIn(stage);
    await sweepAfterMinutes(stage, 1);
    stage.world.detachByHand(eni);
    await sweepAfterMinutes(stage, 2);
    expectHeldBy(stage, stage.world.holderOf(eni) ?? 'nobody', [eni]);
  }),
  sweep('an interface that was moved by hand', async (stage) => {
    const { standby, eni } = pairIn(stage);
    await sweepAfterMinutes(stage, 1);
    stage.world.detachByHand(eni);
    await stage.clock.advance(10_000);
    stage.world.attachByHand(eni, { instanceId: standby, deviceIndex: 1 });
    await sweepAfterMinutes(stage, 1);
    expectHeldBy(stage, standby, [eni]);
  }),
  sweep('an interface that would be deleted with its holder', async (stage) => {
    const { holder } = pairIn(stage);
    const slot = { instanceId: holder, deviceIndex: 2, deleteOnTermination: true };
    const { id } = stage.world.addInterface({ tags: { [`${stage.options.settings?.tagPrefix}group`]: 'web' } }, slot);
    await stage.sweep();
    expect(stage.world.interface(id)?.attachment?.deleteOnTermination).toBe(false);
  }),
];

/** Every call of the product happens in one of these. */
export const FLOWS: readonly Flow[] = [...FAILOVER, ...SWEEP, ...INSPECT];

/** From the accepted detach on, no call of the process arrives. */
async function dieAfterDetach(stage: Deployed, event: object): Promise<void> {
  const isOver = (): boolean => stage.callsOf('DetachNetworkInterface').length > 0;
  const { before } = stage.world.faults;
  stage.world.faults = {
    before: (call) => (call.caller === 'dead' && isOver() ? { kind: 'timeout' } : before(call)),
  };
  stage.begin(event, { runId: 'dead', remainingMs: 20_000 }).catch(() => undefined);
  await stage.clock.advance(25_000);
  stage.world.faults = { before };
}

async function sweepAfterMinutes(stage: Deployed, count: number): Promise<void> {
  for (let nth = 0; nth < count; nth += 1) {
    await stage.clock.advance(MINUTE_MS);
    await stage.sweep();
  }
}
