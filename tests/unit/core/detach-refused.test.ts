import type { Ledger } from '../../../lib/core/ledger.ts';
import type { Memory } from '../../../lib/core/memory.ts';
import type { Trigger } from '../../../lib/core/model.ts';
import {
  A,
  alarmTrigger,
  attachment,
  B,
  decided,
  ENI,
  ENI2,
  floating,
  type Given,
  inAlarm,
  ledger,
  ledgerTags,
  member,
  MINUTE_MS,
  moving,
  NOW,
  observation,
  request,
  SWEEP,
} from '../../support/observation.ts';
import { outcome, recorded } from '../../support/words.ts';

const GO = `failover to ${B}`;

interface Around {
  readonly trigger?: Trigger;
  readonly on?: string;
  readonly given?: Given;
}

/** A failed holder that did not let its interface go, so many times, the last time so long ago. */
function kept(count: number, agoMs: number, { trigger = SWEEP, on = A, given = {} }: Around = {}) {
  const at = NOW - agoMs;
  const tried = { refused: [{ instanceId: on, at, code: 'kept' }], loose: { count, lastAt: at } };
  return decided(trigger, recorded(ledger(tried), { alarms: inAlarm(A), ...given }));
}

describe('detach-refused', () => {
  it.each([
    [1, 29_000, 'detach-refused'],
    [1, 30_000, GO],
    [2, 89_000, 'detach-refused'],
    [2, 90_000, GO],
    [3, 209_000, 'detach-refused'],
    [3, 210_000, GO],
    [4, 449_000, 'detach-refused'],
    [4, 450_000, GO],
    [99, 450_000, GO],
  ])('should hold sweeps for 1, 2, 4 and then 8 minutes: try %i, %i ms ago', (count, agoMs, expected) => {
    expect(outcome(kept(count, agoMs))).toBe(expected);
  });

  it('should say what was refused when, and when it is tried again', () => {
    const { kind, reason } = kept(2, MINUTE_MS);
    expect(kind).toBe('blocked');
    expect(reason).toContain(
      `ec2:DetachNetworkInterface, the detach of ${ENI} from ${A}, was denied or refused at 2026-08-20T09:59:00.000Z`,
    );
    expect(reason).toContain('tried again from 2026-08-20T10:00:30.000Z on, or when a person requests a failover');
  });

  it('should be what readiness says', () => {
    expect(kept(2, 1_000, { trigger: { kind: 'if-holder-failed' } }).code).toBe('detach-refused');
  });

  it.each<[string, Around]>([
    ['an event, which does not come for ever', { trigger: alarmTrigger(A) }],
    ['a person', { trigger: request() }],
    ['a move away from another holder', { on: B }],
    [
      'a holder that is gone',
      { given: { alarms: inAlarm(), members: [member(A, { state: 'terminated' }), member(B)] } },
    ],
  ])('should not hold %s', (_, given) => {
    expect(outcome(kept(4, 1_000, given))).toBe(GO);
  });
});

describe('a detach that hangs and may not be ended', () => {
  /** A move from A to B, of which nothing can be ended on A by force: at so many tries, the last so long ago. */
  function hanging(
    count: number,
    agoMs: number,
    trigger: Trigger = SWEEP,
    state: 'running' | 'terminated' = 'running',
  ) {
    const at = NOW - agoMs;
    const tried = { refused: [{ instanceId: A, at, code: 'kept' }], loose: { count, lastAt: at } };
    const written = { ...moving({ deadlineAt: NOW - 1 }), phase: 'failed' as const, ...tried };
    const on = attachment(ENI, A, { status: 'detaching' });
    const members = [member(A, { state }), member(B)];
    const seen = observation({ interfaces: [floating(ENI, on, { tags: ledgerTags(written) })], members });
    return { seen, decision: decided(trigger, seen) };
  }

  it('should be tried by sweeps as seldom as any other, and say what was refused', () => {
    const { decision } = hanging(2, 89_000);
    expect(decision).toMatchObject({ code: 'detach-refused', analysis: 'operation-interrupted' });
    expect(decision.reason).toContain(`the detach of ${ENI} from ${A}, was denied or refused at`);
    expect(hanging(2, 90_000).decision.plan).toMatchObject({ kind: 'complete', to: B });
  });

  it.each<[string, Trigger, 'running' | 'terminated']>([
    ['an event', alarmTrigger(A), 'running'],
    ['a person', request(), 'running'],
    ['what is gone, of which EC2 lets go by itself', SWEEP, 'terminated'],
  ])('should not hold %s', (_, trigger, state) => {
    expect(hanging(4, 1_000, trigger, state).decision.plan).toMatchObject({ to: B });
  });

  it('should be what readiness says, whenever it is asked', () => {
    for (const agoMs of [1_000, 600_000])
      expect(hanging(2, agoMs, { kind: 'if-holder-failed' }).decision.code).toBe('detach-refused');
  });

  it('should be tried once in a run', () => {
    const { seen } = hanging(1, 600_000);
    const denied = 'ec2:DetachNetworkInterface failed (denied)';
    const decision = decided(SWEEP, seen, { memory: { abandoned: denied, kept: [attachment(ENI, A).id] } });
    expect([decision.code, decision.plan]).toEqual(['detach-refused', undefined]);
    expect(decision.reason).toContain(`begun and not finished: ${denied}.`);
  });

  it('should not keep on nobody what is loose beside it', () => {
    const at = NOW - 1_000;
    const tried = { refused: [{ instanceId: A, at, code: 'kept' }], loose: { count: 4, lastAt: at } };
    const tags = ledgerTags({ ...moving({ deadlineAt: NOW - 1 }), phase: 'failed', ...tried });
    const interfaces = [floating(ENI, undefined, { tags }), floating(ENI2, attachment(ENI2, A), { tags })];
    const { code, plan } = decided(SWEEP, observation({ interfaces, alarms: inAlarm(A) }));
    expect([code, plan?.to]).toEqual(['roll-back', A]);
    expect(plan?.resources.map(({ id, leave, enter }) => [id, leave, enter !== undefined])).toEqual([
      [ENI, undefined, true],
      [ENI2, undefined, false],
    ]);
  });

  const DENIED = 'ec2:DetachNetworkInterface failed (denied)';
  const refused = { [A]: { interfaceId: ENI, reason: 'EC2 withholds the index' } };
  const forced = [{ instanceId: A, launchedAt: NOW - 86_400_000, devices: [{ deviceIndex: 1, networkCardIndex: 0 }] }];
  const well = { alarms: inAlarm() };

  it.each<[string, Partial<Memory>, Partial<Ledger>, Given, string]>([
    ['back, where the holder has not refused it', {}, {}, {}, `roll-back to ${A}`],
    ['on, where the holder has refused it', { refused }, {}, {}, `complete to ${B}`],
    ['on, where the holder is well and has refused it', { refused }, {}, well, `complete to ${B}`],
    ['on, where EC2 may withhold the place on a failed holder', {}, { forced }, {}, `complete to ${B}`],
    ['back first, where that holder is well', {}, { forced }, well, `roll-back to ${A}`],
    [
      'back, where EC2 may withhold the place and nobody else is fit',
      {},
      { forced },
      { alarms: inAlarm(A, B) },
      `roll-back to ${A}`,
    ],
  ])('should let what is loose beside it go %s', (_, memory, written, given, expected) => {
    const tags = { ...ledgerTags({ ...moving(), ...written }), 'eni-failover:device-index': '1' };
    const kept = attachment(ENI2, A, { deviceIndex: 2 });
    const seen = observation({
      interfaces: [floating(ENI, undefined, { tags }), floating(ENI2, kept, { tags: ledgerTags(moving()) })],
      alarms: inAlarm(A),
      ...given,
    });
    const known = { runId: 'run-1', abandoned: DENIED, kept: [kept.id], ...memory };
    const decision = decided(SWEEP, seen, { memory: known });
    expect(outcome(decision)).toBe(expected);
    // What the holder does not let go is not asked for once more.
    expect(decision.plan?.resources[1]).toEqual({ kind: 'interface', id: ENI2 });
  });
});
