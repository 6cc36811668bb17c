import { decide } from '../../../lib/core/decide.ts';
import type { Intent, Ledger } from '../../../lib/core/ledger.ts';
import type { Rejection } from '../../../lib/core/elect.ts';
import type { AttachmentView, Observation, Trigger } from '../../../lib/core/model.ts';
import {
  A,
  alarmTrigger,
  attachment,
  B,
  C,
  ENI,
  ENI2,
  floating,
  inAlarm,
  instanceCheck,
  ledger,
  ledgerTags,
  member,
  MINUTE_MS,
  moving,
  NOW,
  observation,
  request,
  settings,
  stateTrigger,
  SWEEP,
} from '../../support/observation.ts';

const PAST: Partial<Intent> = { deadlineAt: NOW - 1 };
const DENIED = { abandoned: 'ec2:DetachNetworkInterface failed (denied)' };
const run = (runId: string, more: object = {}) => ({ runId, refused: {}, ...more });
const [OWN, OTHER] = [run('run-1'), run('run-2')];

interface Given extends Partial<Observation> {
  /** Where the interface is; nowhere by default. */
  readonly on?: string | AttachmentView;
  readonly written?: Ledger;
}

/** A group in the middle of a move from A, which failed, to B, seen by the run that began it. */
function half({ on, written = moving(), ...given }: Given = {}): Observation {
  return observation({
    interfaces: [floating(ENI, on, { tags: ledgerTags(written) })],
    alarms: inAlarm(A),
    experience: OWN,
    ...given,
  });
}

function outcome(seen: Observation, trigger = alarmTrigger(A), tuned = {}) {
  const decision = decide(trigger, seen, settings(tuned));
  const to = decision.decision === 'act' ? ` to ${decision.plan.to}` : '';
  return `${decision.code}${to}`;
}

const trio = [member(A), member(B), member(C)];

describe('a move that was begun', () => {
  it.each([
    ['by this run', OWN, {}],
    ['by another run, before its deadline', OTHER, {}],
    ['by another run, at its deadline', OTHER, { deadlineAt: NOW }],
    ['by another run, long ago', OTHER, PAST],
  ])('should be completed to where it was meant to go: %s', (_, experience, intent) => {
    expect(outcome(half({ experience, written: moving(intent) }))).toBe(`complete to ${B}`);
  });

  it.each([
    ['pause', { written: { ...moving(), pausedUntil: NOW + MINUTE_MS } }, {}],
    ['manual mode', {}, { mode: 'manual' }],
    ['cooldown', { written: { ...moving(), moves: [NOW - 2, NOW - 1] } }, {}],
  ])('should be completed in spite of %s', (_, given, tuned) => {
    expect(outcome(half(given), alarmTrigger(A), tuned)).toBe(`complete to ${B}`);
  });

  it.each([SWEEP, stateTrigger(B), request({ to: A }), alarmTrigger(C)])(
    'should be completed whatever the trigger: %j',
    (trigger) => {
      expect(outcome(half(), trigger)).toBe(`complete to ${B}`);
    },
  );

  it('should be described but not changed by a status request', () => {
    const { analysis, code } = decide(request({ action: 'status' }), half(), settings());
    expect([analysis, code]).toEqual(['operation-interrupted', 'status']);
  });

  it('should wait for a detach that is under way, and not send another', () => {
    const decision = decide(SWEEP, half({ on: attachment(ENI, A, { status: 'detaching' }) }), settings());
    expect(decision.decision === 'act' && decision.plan.interfaces[0]?.leave?.detaching).toBe(true);
  });

  it('should only be written down when the interface is where it should be', () => {
    const decision = decide(SWEEP, half({ on: B }), settings());
    expect(decision).toMatchObject({ code: 'complete', plan: { to: B, interfaces: [{ interfaceId: ENI }] } });
    expect(decision.decision === 'act' && decision.plan.interfaces[0]).toEqual({ interfaceId: ENI });
  });
});

describe('before anything was detached', () => {
  const recovered = { on: A, alarms: inAlarm() };

  it('should be gone on with while the holder is failed', () => {
    expect(outcome(half({ on: A }))).toBe(`complete to ${B}`);
    expect(outcome(half({ on: A, experience: OTHER }))).toBe(`complete to ${B}`);
  });

  it('should be left to its own run until the deadline when the holder has recovered', () => {
    expect(outcome(half({ ...recovered, experience: OTHER }))).toBe('operation-in-progress');
    const atDeadline = moving({ deadlineAt: NOW });
    expect(outcome(half({ ...recovered, experience: OTHER, written: atDeadline }))).toBe(`roll-back to ${A}`);
  });

  it('should be gone on with by the run of the person who asked for it, recovered or not', () => {
    expect(outcome(half({ ...recovered, written: moving({ automatic: false }) }), request())).toBe(`complete to ${B}`);
  });

  it('should be undone by a later run although a person had asked for it', () => {
    const written = moving({ automatic: false, ...PAST });
    expect(outcome(half({ ...recovered, written, experience: OTHER }))).toBe(`roll-back to ${A}`);
  });
});

describe('a target that cannot take it', () => {
  const failedTarget = { alarms: inAlarm(A, B), members: trio };

  it('should be replaced by the next best by its own run, or after the deadline', () => {
    expect(outcome(half(failedTarget))).toBe(`complete to ${C}`);
    expect(outcome(half({ ...failedTarget, experience: OTHER, written: moving(PAST) }))).toBe(`complete to ${C}`);
  });

  it('should not be held up by a deadline that no run can have written', () => {
    const stopped = { members: [member(A), member(B, { state: 'stopped' }), member(C)], experience: OTHER };
    const until = (deadlineAt: number) => outcome(half({ ...stopped, written: moving({ deadlineAt }) }));
    expect(until(NOW + 15 * 60_000)).toBe('operation-in-progress');
    expect(until(NOW + 15 * 60_000 + 1)).toBe(`complete to ${C}`);
  });

  it('should not be replaced by another run before the deadline', () => {
    expect(outcome(half({ ...failedTarget, experience: OTHER }))).toBe('operation-in-progress');
  });

  it('should make the interface go back when nobody else can take it, even to a failed or stopped holder', () => {
    expect(outcome(half({ alarms: inAlarm(A, B) }))).toBe(`roll-back to ${A}`);
    const members = [member(A, { state: 'stopped' }), member(B)];
    expect(outcome(half({ alarms: inAlarm(B), members }))).toBe(`roll-back to ${A}`);
  });

  it('should be no-candidate when the old holder cannot take it either', () => {
    const members = [member(A, { state: 'terminated' }), member(B)];
    expect(outcome(half({ alarms: inAlarm(B), members }))).toBe('no-candidate');
  });

  it('should be taken all the same when a person vouched for it', () => {
    const written = moving({ automatic: false, ignoreHealth: true });
    expect(outcome(half({ alarms: inAlarm(A, B), written }), request())).toBe(`complete to ${B}`);
  });
});

describe('the anchor', () => {
  it('should settle where the group goes, whatever the intent says', () => {
    expect(outcome(half({ on: C, members: trio }))).toBe(`complete to ${C}`);
    expect(outcome(half({ on: C, members: trio, experience: OTHER }))).toBe(`complete to ${C}`);
  });

  it('should draw the others to it', () => {
    const tags = ledgerTags(moving());
    const interfaces = [floating(ENI, B, { tags }), floating(ENI2, attachment(ENI2, A, { deviceIndex: 2 }), { tags })];
    const decision = decide(SWEEP, half({ interfaces }), settings());
    expect(decision).toMatchObject({ code: 'complete', plan: { to: B } });
    const [first, second] = decision.decision === 'act' ? decision.plan.interfaces : [];
    expect(first).toEqual({ interfaceId: ENI });
    expect(second).toMatchObject({ leave: { instanceId: A }, enter: { deviceIndex: 2 } });
  });

  // Unknown is not failed: the move is done but for its record, and it would be undone onto the failed holder.
  it.each(['insufficient-data', 'initializing', 'unreadable'] as const)(
    'should stay where it arrived when that member’s checks are %s',
    (status) => {
      expect(outcome(half({ on: B, checks: { [B]: instanceCheck(status) } }))).toBe(`complete to ${B}`);
    },
  );

  // From one failed member to another: nothing is gained, and the service is away for as long as it takes.
  it('should stay where it arrived when that member has failed and nobody else is fit', () => {
    const decision = decide(SWEEP, half({ on: B, alarms: inAlarm(A, B) }), settings());
    const leaves = decision.decision === 'act' ? decision.plan.interfaces.filter(({ leave }) => leave) : [];
    expect(leaves).toEqual([]);
  });
});

describe('a move that must not go on', () => {
  it('should be undone by its own run', () => {
    expect(outcome(half({ experience: run('run-1', DENIED) }))).toBe(`roll-back to ${A}`);
    expect(outcome(half({ on: A, experience: run('run-1', DENIED) }))).toBe(`roll-back to ${A}`);
  });

  // Rule 5: before the deadline another run may only complete that same move.
  it('should not be undone by another run before the deadline', () => {
    expect(outcome(half({ experience: run('run-2', DENIED) }))).toBe('operation-in-progress');
  });

  it('should be undone by another run after the deadline', () => {
    const given = { experience: run('run-2', DENIED), written: moving(PAST) };
    expect(outcome(half(given))).toBe(`roll-back to ${A}`);
  });
});

describe('a move that failed', () => {
  const failed: Ledger = { ...moving(PAST), phase: 'failed' };

  it('should be taken up again while the group is not whole', () => {
    expect(outcome(half({ written: failed, experience: OTHER }), SWEEP)).toBe(`complete to ${B}`);
  });

  it('should be history once a person has made the group whole', () => {
    const seen = half({ on: A, written: failed, experience: OTHER, alarms: inAlarm() });
    expect(decide(SWEEP, seen, settings()).analysis).toBe('holder-healthy');
  });
});

describe('a move of an interface that nobody held', () => {
  const written = () => {
    const { from: _, ...operation } = moving().operation ?? {};
    return ledger({ phase: 'moving', operation: { ...operation, action: 'attach' } as Intent });
  };

  it('should be completed by any run, having nowhere to go back to', () => {
    const free = { written: written(), alarms: inAlarm() };
    expect(outcome(half(free))).toBe(`complete to ${B}`);
    expect(outcome(half({ ...free, experience: OTHER }))).toBe(`complete to ${B}`);
  });

  it('should end where it is when nobody can take it, and say that there is no way back', () => {
    const seen = half({ written: written(), alarms: inAlarm(A, B) });
    const decision = decide(SWEEP, seen, settings());
    expect(decision).toMatchObject({ code: 'no-candidate' });
    expect(decision.reason).toContain('nobody cannot take it back');
  });
});

describe('a detach that is under way', () => {
  const leaving = attachment(ENI, A, { status: 'detaching' });

  it('should have to be followed by an attach, however well the holder is by now', () => {
    expect(outcome(half({ on: leaving, alarms: inAlarm(), experience: OTHER }))).toBe(`complete to ${B}`);
    const tags = ledgerTags(moving());
    const interfaces = [
      floating(ENI, leaving, { tags }),
      floating(ENI2, attachment(ENI2, A, { deviceIndex: 2 }), { tags }),
    ];
    expect(outcome(half({ interfaces, alarms: inAlarm(), experience: OTHER }))).toBe(`complete to ${B}`);
    expect(outcome(half({ interfaces: [...interfaces].reverse(), alarms: inAlarm(), experience: OTHER }))).toBe(
      `complete to ${B}`,
    );
  });
});

describe('a Spot notice in the middle of a move', () => {
  const spot = (instanceId: string): Trigger => ({ kind: 'spot-interruption', instanceId });
  const untouched = { on: A, alarms: inAlarm(), members: trio, experience: OTHER };

  it('should let the move from that very member begin, and no other', () => {
    expect(outcome(half(untouched), spot(A))).toBe(`complete to ${B}`);
    expect(outcome(half(untouched), spot(C))).toBe('operation-in-progress');
    expect(outcome(half(untouched), stateTrigger(A))).toBe('operation-in-progress');
  });

  it('should keep the interface from the member that is about to go', () => {
    expect(outcome(half({ members: trio }), spot(B))).toBe(`complete to ${C}`);
    expect(outcome(half({ members: trio }), spot(C))).toBe(`complete to ${B}`);
    expect(outcome(half({ members: trio }), stateTrigger(B))).toBe(`complete to ${B}`);
  });
});

describe('what the ledger remembers', () => {
  const written = { ...moving(), devices: { [ENI]: { deviceIndex: 2, networkCardIndex: 0 } } };
  const place = (given: Given) => {
    const decision = decide(SWEEP, half({ written, ...given }), settings());
    return decision.decision === 'act' ? [decision.plan.to, decision.plan.interfaces[0]?.enter] : [];
  };
  const second = { deviceIndex: 2, networkCardIndex: 0 };

  it('should give a detached interface its place back, on the new holder and on the old one', () => {
    expect(place({})).toEqual([B, second]);
    expect(place({ experience: { ...OWN, ...DENIED } })).toEqual([A, second]);
  });

  it('should rank an old holder that was detached by force last', () => {
    const forced = [{ instanceId: B, launchedAt: NOW - 86_400_000 }];
    const to = { ...moving({ to: 'i-dddddddd', deadlineAt: NOW - 1 }), forced };
    expect(outcome(half({ written: to, members: trio, experience: OTHER }))).toBe(`complete to ${C}`);
  });
});

describe('a member that won the anchor', () => {
  const tags = ledgerTags(moving());
  const interfaces = [floating(ENI, C, { tags }), floating(ENI2, undefined, { tags })];

  it('should get the rest although it is excluded', () => {
    const members = [member(A), member(B), member(C, { tags: { 'eni-failover:exclude': 'true' } })];
    expect(outcome(half({ interfaces, members }))).toBe(`complete to ${C}`);
  });

  it('should lose it again when it has failed and the target of the move is well', () => {
    expect(outcome(half({ interfaces, members: trio, alarms: inAlarm(A, C) }))).toBe(`complete to ${B}`);
  });
});

describe('the members that were passed over', () => {
  it('should be told once each, with the first reason', () => {
    const seen = half({ members: trio, alarms: inAlarm(B, C), limits: {} });
    const { rejected } = decide(SWEEP, { ...seen, experience: OWN }, settings()) as { rejected: readonly Rejection[] };
    expect(rejected.map(({ instanceId, code }) => `${instanceId} ${code}`).sort()).toEqual([
      `${A} intent-pending`,
      `${B} own-alarm`,
      `${C} intent-pending`,
    ]);
  });
});
