import { VirtualClock, withRandom } from '../../../lab/clock.ts';
import { Random } from '../../../lab/random.ts';
import type { AttachmentView, InterfaceView, Listing } from '../../../lib/core/model.ts';
import type { ResourceMove } from '../../../lib/core/plan.ts';
import { DEFAULT_SETTINGS } from '../../../lib/core/settings.ts';
import { attachAll } from '../../../lib/engine/attach.ts';
import { detachAll } from '../../../lib/engine/detach.ts';
import type { Cloud } from '../../../lib/engine/ports.ts';
import { Released } from '../../../lib/engine/released.ts';
import { freshProcess, type Run } from '../../../lib/engine/run.ts';
import { StepLog } from '../../../lib/engine/steps.ts';
import { AwsCallError, type AwsFailure } from '../../../lib/errors.ts';
import { A, attachment, B, C, ENI, floating, NOW } from '../../support/observation.ts';

const failure = (kind: AwsFailure, code = 'Code') => new AwsCallError(kind, 'ec2:Action', code, 'message');

interface Script {
  readonly attach?: Error;
  readonly detach?: Error;
  /** What each look shows, the last one for ever; undefined: EC2 does not report the interface. */
  readonly looks?: readonly (AttachmentView | 'loose' | undefined)[];
}

/** A run against a cloud that answers at once and as written. */
function scripted({ attach, detach, looks = ['loose'] }: Script) {
  const clock = new VirtualClock(NOW);
  const calls: string[] = [];
  let seen = 0;
  const cloud = {
    attach: async () => {
      calls.push('attach');
      if (attach) throw attach;
      return ARRIVED.id;
    },
    detach: async (_: string, force: boolean) => {
      calls.push(force ? 'force' : 'detach');
      if (detach) throw detach;
    },
    interfacesById: async (): Promise<Listing<InterfaceView>> => {
      const look = looks[Math.min(seen, looks.length - 1)];
      seen += 1;
      const views = look === undefined ? [] : [floating(ENI, look === 'loose' ? undefined : look)];
      return { views, unreadable: [] };
    },
  } as unknown as Cloud;
  const run: Run = {
    cloud,
    clock: { ...withRandom(clock, new Random(1)), random: () => 0.5 },
    settings: DEFAULT_SETTINGS,
    id: 'run',
    confirmed: new Set(),
    log: () => undefined,
    process: freshProcess(),
    deadlineAt: NOW + 60_000,
  };
  return { run, clock, calls, log: new StepLog(run.clock) };
}

const enter = { deviceIndex: 1, networkCardIndex: 0 };
const ref = { kind: 'interface', id: ENI } as const;
const entering: ResourceMove = { ...ref, enter };
const leaving: ResourceMove = {
  ...ref,
  leave: { attachmentId: 'eni-attach-1a', instanceId: A, detaching: false, overdue: false },
  enter,
};

async function attached(script: Script, move: ResourceMove = entering) {
  const { run, clock, calls, log } = scripted(script);
  const plan = {
    kind: 'new',
    action: 'failover',
    to: B,
    automatic: true,
    ignoreHealth: false,
    resources: [move],
  } as const;
  const arrival = { log, released: new Released(), stuckAfterMs: 30_000, isSuperseded: () => false };
  const outcome = await clock.run(attachAll(run, plan, arrival));
  return { outcome, calls, log: log.steps(), tookMs: clock.now() - NOW };
}

async function detached(script: Script, forceAfterSeconds = 10) {
  const { run, clock, calls, log } = scripted(script);
  const parting = {
    log,
    released: new Released(),
    forceAfterMs: () => forceAfterSeconds * 1000,
    since: () => NOW,
    isSuperseded: () => false,
    isGone: () => false,
  };
  const outcome = await clock.run(detachAll(run, [leaving], parting));
  return {
    outcome,
    calls,
    forcedHolders: [...log.forcedDevices().keys()],
    log: log.steps(),
    tookMs: clock.now() - NOW,
  };
}

const HELD = attachment(ENI, A);
const ARRIVED = attachment(ENI, B);
const ARRIVING = attachment(ENI, B, { status: 'attaching' });

describe('an attach', () => {
  it('should be done when EC2 shows it attached, not while it is attaching', async () => {
    const { outcome, tookMs, log } = await attached({ looks: [ARRIVING, ARRIVING, ARRIVED] });
    expect([outcome.kind, tookMs, log[0]?.result]).toEqual(['done', 400, 'done']);
  });

  it('should be waited for, but not sent, when the interface is on its way there already', async () => {
    const { outcome, calls } = await attached({ looks: [ARRIVING, ARRIVED] }, ref);
    expect([outcome.kind, calls]).toEqual(['done', []]);
  });

  it('should bear a read that is behind, for 5 seconds', async () => {
    const behind = await attached({ looks: [...Array<'loose'>(20).fill('loose'), ARRIVED] });
    expect(behind.outcome.kind).toBe('done');
    const lost = await attached({ looks: ['loose'] });
    expect(lost.outcome).toMatchObject({ kind: 'stuck', instanceId: B });
    expect(lost.tookMs).toBeGreaterThanOrEqual(5_000);
    expect(lost.log[0]?.reason).toContain('attached to nothing');
  });

  it.each([
    ['elsewhere', attachment(ENI, C), C],
    ['there, but by another attach than ours', { ...ARRIVED, id: 'eni-attach-old' }, B],
  ])('should be looked at anew when EC2 goes on showing the interface %s', async (_, look, named) => {
    const { outcome, tookMs, log } = await attached({ looks: [look] });
    expect(outcome.kind).toBe('look-again');
    expect(tookMs).toBeGreaterThanOrEqual(5_000);
    expect(log[0]).toMatchObject({ result: 'unknown', reason: expect.stringContaining(named) });
  });

  it('should not be taken for lost because a read still shows the attachment from before', async () => {
    const { outcome, log } = await attached({ looks: [HELD, 'loose', ARRIVED] });
    expect([outcome.kind, log[0]?.result]).toEqual(['done', 'done']);
  });

  it.each<[AwsFailure, string, string]>([
    ['refused', 'AttachmentLimitExceeded', 'refused'],
    ['denied', 'UnauthorizedOperation', 'refused'],
    ['invalid', 'MissingParameter', 'refused'],
    ['gone', 'InvalidInstanceID.NotFound', 'refused'],
    ['gone', 'InvalidNetworkInterfaceID.NotFound', 'look-again'],
    ['in-use', 'InvalidNetworkInterface.InUse', 'look-again'],
    ['conflict', 'ConcurrentTagAccess', 'look-again'],
    ['ambiguous', 'TimeoutError', 'look-again'],
    ['throttled', 'RequestLimitExceeded', 'look-again'],
    ['unavailable', 'NoTimeLeft', 'look-again'],
  ])('should, when it is %s (%s), be followed by: %s', async (kind, code, expected) => {
    const { outcome, calls } = await attached({ attach: failure(kind, code) });
    expect([outcome.kind, calls]).toEqual([expected, ['attach']]);
  });

  it('should not swallow a mistake of ours', async () => {
    await expect(attached({ attach: new TypeError('oops') })).rejects.toThrow('oops');
  });
});

describe('a detach', () => {
  it('should be done when EC2 shows no attachment', async () => {
    const { outcome, calls, tookMs } = await detached({ looks: [HELD, 'loose'] });
    expect([outcome.kind, calls, tookMs]).toEqual(['done', ['detach'], 200]);
  });

  it('should be looked at anew when the interface has another attachment or is not reported', async () => {
    for (const look of [attachment(ENI, C), undefined]) {
      expect((await detached({ looks: [look] })).outcome.kind).toBe('look-again');
    }
  });

  it.each<[AwsFailure, string, string, readonly string[]]>([
    ['gone', 'InvalidAttachmentID.NotFound', 'done', ['detach']],
    ['conflict', 'Code', 'done', ['detach']],
    ['in-use', 'Code', 'done', ['detach']],
    ['refused', 'IncorrectState', 'done', ['detach']],
    ['refused', 'OperationNotPermitted', 'abandon', ['detach']],
    ['invalid', 'MissingParameter', 'abandon', ['detach']],
    ['ambiguous', 'TimeoutError', 'look-again', ['detach']],
    ['throttled', 'RequestLimitExceeded', 'look-again', ['detach']],
    ['unavailable', 'NoTimeLeft', 'look-again', ['detach']],
  ])('should, when it is %s (%s) and the interface soon free, end as: %s', async (kind, code, expected, sent) => {
    const { outcome, calls } = await detached({ detach: failure(kind, code), looks: [HELD, 'loose'] });
    expect([outcome.kind, calls]).toEqual([expected, sent]);
  });

  it.each([
    ['is there', HELD, 'abandon'],
    ['has vanished', 'loose', 'done'],
    ['is another one', attachment(ENI, C), 'look-again'],
    ['is not reported', undefined, 'abandon'],
  ] as const)('should, when it is denied, be judged by a look: the attachment %s', async (_, look, expected) => {
    const { outcome } = await detached({ detach: failure('denied'), looks: [look] });
    expect(outcome.kind).toBe(expected);
  });

  it('should be called done already when somebody else had done it', async () => {
    const { log } = await detached({ detach: failure('gone'), looks: ['loose'] });
    expect(log[0]?.result).toBe('already-done');
  });

  it.each([
    [2, ['detach', 'force'], [A]],
    [0, ['force'], [A]],
    [60, ['detach'], []],
  ])('should be forced after %i seconds, and remembered', async (seconds, calls, holders) => {
    const hung = Array<AttachmentView>(20).fill(attachment(ENI, A, { status: 'detaching' }));
    const result = await detached({ looks: [...hung, 'loose'] }, seconds);
    expect([result.outcome.kind, result.calls, result.forcedHolders]).toEqual(['done', calls, holders]);
  });

  it('should be interrupted when the run’s time is up', async () => {
    const { outcome, tookMs } = await detached({ looks: [HELD] }, 600);
    expect(outcome.kind).toBe('interrupted');
    expect(tookMs).toBeLessThanOrEqual(60_000 - 2_500);
  });
});

describe('a listener', () => {
  it('should hear of a step when it begins, and how it ended', async () => {
    const clock = new VirtualClock(NOW);
    const heard: unknown[] = [];
    const log = new StepLog(withRandom(clock, new Random(1)), ({ kind, result }, phase, sinceMs) =>
      heard.push([kind, result, phase, sinceMs]),
    );
    const finish = log.begin('detach', ENI, A);
    await clock.advance(2_000);
    finish('done');
    expect(heard).toEqual([
      ['detach', 'unknown', 'begun', 0],
      ['detach', 'done', 'ended', 2_000],
    ]);
  });
});
