import type { Ledger } from '../../../lib/core/ledger.ts';
import type { AttachmentView, Observation, Trigger } from '../../../lib/core/model.ts';
import {
  A,
  alarmTrigger,
  attachment,
  B,
  C,
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
  spotTrigger,
  stateTrigger,
  SWEEP,
} from '../../support/observation.ts';
import { outcome, passedOver } from '../../support/words.ts';

interface Half extends Given {
  /** Where the interface is; nowhere by default. */
  readonly on?: string | AttachmentView;
  readonly written?: Ledger;
}

/** A group in the middle of a move from A, which has failed, to B. */
function half({ on, written = moving(), ...given }: Half = {}): Observation {
  return observation({ interfaces: [floating(ENI, on, { tags: ledgerTags(written) })], alarms: inAlarm(A), ...given });
}

/** Runs that look at it: the one that began the move, and another. */
const OWN = { runId: 'run-1' };
const OTHER = { runId: 'run-2' };
const DENIED = 'ec2:DetachNetworkInterface failed (denied)';
const PAST = { deadlineAt: NOW - 1 };
const begun = `The failover op-1 to ${B} was begun and not finished`;
const later = 'until 2026-08-20T10:01:00.000Z its own run may still be at it.';
const decidedBy = (memory: object, seen: Observation, trigger: Trigger = alarmTrigger(A), settings = {}) =>
  decided(trigger, seen, { memory, settings });

describe('complete', () => {
  it.each([
    ['the run that began it', OWN, {}],
    ['another run, before its deadline', OTHER, {}],
    ['another run, at its deadline', OTHER, { deadlineAt: NOW }],
    ['another run, long after', OTHER, PAST],
  ])('should be what %s does', (_, memory, intent) => {
    const decision = decidedBy(memory, half({ written: moving(intent) }));
    expect(decision).toMatchObject({ kind: 'act', code: 'complete', reason: `${begun}. ${B} gets it.` });
    expect(decision.plan).toMatchObject({ kind: 'complete', action: 'failover', from: A, to: B, automatic: true });
    expect(decision.plan?.resources).toEqual([
      { kind: 'interface', id: ENI, enter: { deviceIndex: 1, networkCardIndex: 0 } },
    ]);
    expect(passedOver(decision)).toEqual([`${A} intent-pending`]);
  });

  it.each([
    ['a pause', { ...moving(), pausedUntil: NOW + MINUTE_MS }, {}],
    ['manual mode', moving(), { mode: 'manual' }],
    ['the cooldown', { ...moving(), moves: [NOW - 2, NOW - 1] }, {}],
  ])('should not be held up by %s', (_, written, settings) => {
    expect(outcome(decidedBy(OTHER, half({ written }), SWEEP, settings))).toBe(`complete to ${B}`);
  });

  it.each([SWEEP, stateTrigger(B), request({ to: A }), alarmTrigger(C), spotTrigger(A)])(
    'should follow from the state, whatever the trigger: %j',
    (trigger) => {
      expect(outcome(decidedBy(OWN, half(), trigger))).toBe(`complete to ${B}`);
    },
  );

  it('should carry on with the terms the move began on', () => {
    const written = moving({ automatic: false, ignoreHealth: true });
    const decision = decidedBy(OWN, half({ alarms: inAlarm(A, B), written }), request());
    expect(decision.plan).toMatchObject({ to: B, automatic: false, ignoreHealth: true });
  });

  it.each(['attaching', 'attached'] as const)(
    'should be left to its own run while it is %s where it began',
    (status) => {
      const begunAt = NOW - 10_000;
      const seen = (attachedAt: number, more = {}) =>
        half({ on: attachment(ENI, A, { status, attachedAt }), written: moving({ begunAt, ...more }) });
      expect(outcome(decidedBy(OTHER, seen(NOW - 1_000)))).toBe('operation-in-progress');
      // What never left is another matter.
      expect(outcome(decidedBy(OTHER, seen(begunAt - 1)))).toBe(`complete to ${B}`);
      expect(outcome(decidedBy(OWN, seen(NOW - 1_000)))).toBe(`complete to ${B}`);
    },
  );

  it('should wait for a detach that is under way, and not send another', () => {
    const leaving = attachment(ENI, A, { status: 'detaching' });
    const [move] = decidedBy(OWN, half({ on: leaving })).plan?.resources ?? [];
    expect(move?.leave).toEqual({ attachmentId: 'eni-attach-1a', instanceId: A, detaching: true, overdue: false });
    // However well the holder is by now: what leaves it has to arrive somewhere.
    expect(outcome(decidedBy(OTHER, half({ on: leaving, alarms: inAlarm() })))).toBe(`complete to ${B}`);
  });

  it('should only be written down when everything has arrived', () => {
    const decision = decidedBy(OTHER, half({ on: B }), SWEEP);
    expect(decision).toMatchObject({ code: 'complete', reason: `${begun}. ${B} holds it.` });
    expect(decision.plan).toMatchObject({ kind: 'complete', to: B, resources: [{ kind: 'interface', id: ENI }] });
    expect(decision.plan?.resources[0]).not.toHaveProperty('enter');
  });

  it('should take up a move that failed, as long as the group is not whole', () => {
    const failed: Ledger = { ...moving(PAST), phase: 'failed' };
    expect(outcome(decidedBy(OTHER, half({ written: failed }), SWEEP))).toBe(`complete to ${B}`);
    const whole = half({ on: A, written: failed, alarms: inAlarm() });
    expect(decidedBy(OTHER, whole, SWEEP)).toMatchObject({ analysis: 'holder-healthy', code: 'holder-healthy' });
  });
});

describe('complete, before anything was detached', () => {
  const recovered = { on: A, alarms: inAlarm() };

  it('should be what follows while the holder is failed', () => {
    for (const memory of [OWN, OTHER]) expect(outcome(decidedBy(memory, half({ on: A })))).toBe(`complete to ${B}`);
  });

  it('should be what a person gets who asked for it, holder recovered or not', () => {
    const written = moving({ automatic: false });
    expect(outcome(decidedBy(OWN, half({ ...recovered, written }), request()))).toBe(`complete to ${B}`);
  });

  it('should be what a Spot notice for the holder leads to, and no other notice', () => {
    const members = [member(A), member(B), member(C)];
    const seen = half({ ...recovered, members });
    expect(outcome(decidedBy(OTHER, seen, spotTrigger(A)))).toBe(`complete to ${B}`);
    expect(outcome(decidedBy(OTHER, seen, spotTrigger(C)))).toBe('operation-in-progress');
    const noted = { ...moving(), notices: [{ instanceId: A, at: NOW - 1_000 }] };
    expect(outcome(decidedBy(OTHER, half({ ...recovered, members, written: noted }), SWEEP))).toBe(
      'operation-in-progress',
    );
  });
});

describe('close', () => {
  const recovered = { on: A, alarms: inAlarm() };
  const reason = `${begun}. It is closed: the holder is not failed any more, and nothing was detached.`;

  it.each([
    ['its own run', OWN, {}],
    ['another run at the deadline', OTHER, { deadlineAt: NOW }],
    ['another run after the deadline', OTHER, PAST],
    ['a later run, although a person had asked for it', OTHER, { automatic: false, ...PAST }],
  ])('should be what %s does about a move nobody wants any more', (_, memory, intent) => {
    const decision = decidedBy(memory, half({ ...recovered, written: moving(intent) }));
    expect(decision).toMatchObject({ kind: 'act', code: 'close', reason, rejected: [] });
    expect(decision.plan).toMatchObject({ kind: 'close', from: A, to: A, resources: [{ kind: 'interface', id: ENI }] });
    expect(decision.plan?.resources[0]).toEqual({ kind: 'interface', id: ENI });
  });
});

describe('roll-back', () => {
  const back = `roll-back to ${A}`;

  it.each<[string, Half, object]>([
    ['failed', { alarms: inAlarm(A, B) }, OWN],
    ['stopped', { alarms: inAlarm(B), members: [member(A, { state: 'stopped' }), member(B)] }, OWN],
    ['well', { alarms: inAlarm(B), written: moving(PAST) }, OTHER],
  ])('should bring it back to where it was when nobody else can take it, even if that is %s', (_, given, memory) => {
    const decision = decidedBy(memory, half(given));
    const reason = `${begun}. It is rolled back to ${A}: no member could take over.`;
    expect(decision).toMatchObject({ kind: 'act', code: 'roll-back', reason });
    expect(decision.plan).toMatchObject({ kind: 'roll-back', from: A, to: A });
    expect(decision.plan?.resources[0]?.enter).toEqual({ deviceIndex: 1, networkCardIndex: 0 });
  });

  it('should be what the run does that must not go on', () => {
    const decision = decidedBy({ ...OWN, abandoned: DENIED }, half());
    expect(decision.reason).toBe(`${begun}. It is rolled back to ${A}: ${DENIED}.`);
    expect([outcome(decision), passedOver(decision)]).toEqual([back, []]);
    expect(outcome(decidedBy({ ...OWN, abandoned: DENIED }, half({ on: A })))).toBe(back);
    // Not closed, although the holder has recovered: a detach may have been sent.
    expect(outcome(decidedBy({ ...OWN, abandoned: DENIED }, half({ on: A, alarms: inAlarm() })))).toBe(back);
    expect(outcome(decidedBy({ ...OTHER, abandoned: DENIED }, half({ written: moving(PAST) })))).toBe(back);
  });

  it('should be impossible when the old holder cannot take it either', () => {
    const members = [member(A, { state: 'terminated' }), member(B)];
    const decision = decidedBy(OWN, half({ alarms: inAlarm(B), members }));
    const reason = `${begun}: no member could take over, and ${A} cannot take it back.`;
    expect(decision).toMatchObject({ kind: 'blocked', code: 'no-candidate', reason });
    expect(passedOver(decision)).toEqual([`${A} intent-pending`, `${B} own-alarm`]);
  });

  it('should have nowhere to go for an interface that nobody held', () => {
    const { from: _, ...operation } = moving().operation as NonNullable<Ledger['operation']>;
    const written = ledger({ phase: 'moving', operation: { ...operation, action: 'attach' } });
    expect(outcome(decidedBy(OTHER, half({ written, alarms: inAlarm() })))).toBe(`complete to ${B}`);
    const { reason } = decidedBy(OWN, half({ written, alarms: inAlarm(A, B) }));
    expect(reason).toBe(
      `The attach op-1 to ${B} was begun and not finished: no member could take over, and nobody had it before.`,
    );
  });
});

describe('operation-in-progress', () => {
  const recovered = { on: A, alarms: inAlarm() };

  it.each<[string, Half, object, string, readonly string[]]>([
    ['a holder that has recovered', recovered, OTHER, 'nothing has been detached yet', []],
    [
      'a target that cannot take it now',
      { alarms: inAlarm(A, B), members: [member(A), member(B), member(C)] },
      OTHER,
      `${B} cannot take it now`,
      [`${A} intent-pending`, `${B} own-alarm`, `${C} intent-pending`],
    ],
    ['a move that another run must not go on with', {}, { ...OTHER, abandoned: DENIED }, DENIED, []],
  ])('should leave to its own run, until the deadline, %s', (_, given, memory, because, rejected) => {
    const decision = decidedBy(memory, half(given));
    expect(decision).toMatchObject({
      kind: 'blocked',
      code: 'operation-in-progress',
      reason: `${begun}: ${because}; ${later}`,
    });
    expect(passedOver(decision)).toEqual(rejected);
  });

  it('should not be held up by a deadline that no run can have written', () => {
    const stopped = { members: [member(A), member(B, { state: 'stopped' }), member(C)] };
    const until = (deadlineAt: number) =>
      outcome(decidedBy(OTHER, half({ ...stopped, written: moving({ deadlineAt }) })));
    expect(until(NOW + 15 * MINUTE_MS)).toBe('operation-in-progress');
    expect(until(NOW + 15 * MINUTE_MS + 1)).toBe(`complete to ${C}`);
  });

  it('should be nothing of the kind where part of it is on its way off', () => {
    const tags = ledgerTags(moving());
    const second = floating(ENI2, attachment(ENI2, A, { deviceIndex: 2 }), { tags });
    const leaving = floating(ENI, attachment(ENI, A, { status: 'detaching' }), { tags });
    for (const interfaces of [
      [leaving, second],
      [second, leaving],
    ]) {
      expect(outcome(decidedBy(OTHER, half({ interfaces, alarms: inAlarm() })))).toBe(`complete to ${B}`);
    }
  });
});
