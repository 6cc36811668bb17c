import type { Decision } from '../../../lib/core/decide.ts';
import type { Ledger } from '../../../lib/core/ledger.ts';
import type { Trigger } from '../../../lib/core/model.ts';
import type { Settings } from '../../../lib/core/settings.ts';
import {
  A,
  alarmTrigger,
  B,
  decided,
  type Given,
  inAlarm,
  intent,
  ledger,
  member,
  MINUTE_MS,
  NOW,
  request,
  stateTrigger,
  SWEEP,
} from '../../support/observation.ts';
import { loose, outcome, passedOver, recorded } from '../../support/words.ts';

/** A failed holder whose ledger says this, and what is decided about it. */
function held(trigger: Trigger, written: Partial<Ledger> = {}, given: Given = {}, settings: Partial<Settings> = {}) {
  return decided(trigger, recorded(ledger(written), { alarms: inAlarm(A), ...given }), { settings });
}

const GO = `failover to ${B}`;
const NOBODY_ELSE = { alarms: inAlarm(A, B) };
const SICK = `The holder ${A} has the alarm 'eni-failover/web/${A}' in ALARM.`;
const STOPPED: Given = { alarms: inAlarm(), members: [member(A, { state: 'stopped' }), member(B)] };
const GONE: Given = { alarms: inAlarm(), members: [member(A, { state: 'shutting-down' }), member(B)] };
const at = (ms: number) => new Date(ms).toISOString();
const TWICE = { moves: [NOW - 10 * MINUTE_MS, NOW - 5 * MINUTE_MS] };

describe('mode-manual', () => {
  const manual = { mode: 'manual' } as const;

  it('should hold automation, and nobody else', () => {
    const decision = held(alarmTrigger(A), {}, {}, manual);
    expect(decision).toMatchObject({
      kind: 'blocked',
      code: 'mode-manual',
      reason: `The group is in manual mode: ${SICK}`,
    });
    expect(outcome(held(SWEEP, {}, STOPPED, manual))).toBe('mode-manual');
    expect(outcome(held(request(), {}, {}, manual))).toBe(GO);
  });

  it('should be said before a pause', () => {
    expect(held(alarmTrigger(A), { pausedUntil: NOW + 1 }, {}, manual).code).toBe('mode-manual');
  });
});

describe('paused', () => {
  it('should say why in the words of whoever paused it, until somebody pauses or resumes it anew', () => {
    const paused = { pausedUntil: NOW + MINUTE_MS, pauseReason: 'kernel update' };
    const { reason } = held(SWEEP, paused);
    expect(reason).toMatch(/^Automation is paused until 2026-08-20T10:01:00.000Z \(kernel update\): /);
  });

  it.each([
    [1, 'paused'],
    [0, GO],
    [-1, GO],
  ])('should hold automation until the pause ends (%i ms left)', (left, expected) => {
    expect(outcome(held(alarmTrigger(A), { pausedUntil: NOW + left }))).toBe(expected);
  });

  it('should be told with its end', () => {
    const decision = held(alarmTrigger(A), { pausedUntil: NOW + MINUTE_MS });
    const reason = `Automation is paused until 2026-08-20T10:01:00.000Z: ${SICK}`;
    expect(decision).toMatchObject({ kind: 'blocked', code: 'paused', reason });
  });

  it.each<[string, Trigger, Decision['code']]>([
    ['a stop of the holder', stateTrigger(A), 'paused'],
    ['the sweep', SWEEP, 'paused'],
    ['readiness', { kind: 'if-holder-failed' }, 'paused'],
    ['a person', request(), 'failover'],
  ])('should hold automation, and nobody else: %s', (_, trigger, code) => {
    expect(held(trigger, { pausedUntil: NOW + 1 }, STOPPED).code).toBe(code);
  });

  it('should be said before the cooldown', () => {
    expect(held(alarmTrigger(A), { pausedUntil: NOW + 1, ...TWICE }).code).toBe('paused');
  });
});

describe('vouched-for', () => {
  const operation = intent({ from: B, to: A, automatic: false, ignoreHealth: true });
  const moved = { operation, movedAt: NOW - MINUTE_MS };

  it('should leave the group where a person has put it in spite of its alarm', () => {
    expect(outcome(held(SWEEP, moved))).toBe('vouched-for');
  });

  it('should not hold for what has failed since, by the word of an event', () => {
    expect(outcome(held({ kind: 'alarm', instanceIds: [A], happenedAt: NOW - 1_000 }, moved))).toBe(GO);
  });

  it('should end with the cooldown, and not be said of an ordinary move', () => {
    expect(outcome(held(SWEEP, { ...moved, movedAt: NOW - 15 * MINUTE_MS }))).toBe(GO);
    expect(outcome(held(SWEEP, { ...moved, operation: { ...operation, ignoreHealth: false } }))).toBe(GO);
  });
});

describe('cooldown', () => {
  const WINDOW_MS = 15 * MINUTE_MS;

  it.each([
    [[], GO],
    [[NOW - 1], GO],
    [[NOW - WINDOW_MS, NOW - 1], GO],
    [[NOW - WINDOW_MS + 1, NOW - 1], 'cooldown'],
    [[NOW - 3, NOW - 2, NOW - 1], 'cooldown'],
  ])('should allow two moves within its window: %j', (moves, expected) => {
    expect(outcome(held(alarmTrigger(A), { moves }))).toBe(expected);
  });

  it.each([
    [1, [NOW - 10 * MINUTE_MS], 'once', NOW + 5 * MINUTE_MS],
    [2, TWICE.moves, '2 times', NOW + 5 * MINUTE_MS],
    [1, TWICE.moves, '2 times', NOW + 10 * MINUTE_MS],
  ])('should tell, for at most %i moves, when it lets go: %j', (maxMoves, moves, times, until) => {
    const seen = recorded(ledger({ moves }), { alarms: inAlarm(A) });
    const when = (now: number) => decided(alarmTrigger(A), { ...seen, now }, { settings: { maxMoves } });
    expect(when(NOW)).toMatchObject({
      kind: 'blocked',
      code: 'cooldown',
      reason: `${SICK} Automation has moved the group ${times} lately and moves it again from ${at(until)} on.`,
    });
    expect([when(until - 1).code, when(until).code]).toEqual(['cooldown', 'failover']);
  });

  it.each<[string, Given]>([
    ['stopped', STOPPED],
    ['gone', GONE],
  ])('should not hold a move away from a holder that is %s', (_, given) => {
    expect(outcome(held(stateTrigger(A), TWICE, given))).toBe(GO);
  });

  it('should not hold what is attached to nothing', () => {
    expect(outcome(decided(SWEEP, loose(ledger(TWICE), { members: [member(B)] })))).toBe(`attach to ${B}`);
  });

  it('should not hold a person, and be off with a window of 0', () => {
    expect(outcome(held(request(), TWICE))).toBe(GO);
    expect(outcome(held(alarmTrigger(A), { moves: [NOW, NOW] }, {}, { cooldownSeconds: 0 }))).toBe(GO);
  });
});

describe('whatever holds automation up', () => {
  it.each<[Decision['code'], Partial<Ledger>, Partial<Settings>]>([
    ['mode-manual', {}, { mode: 'manual' }],
    ['paused', { pausedUntil: NOW + 1 }, {}],
    ['cooldown', TWICE, {}],
  ])('should say whether anybody could have taken over: %s', (code, written, tuned) => {
    const somebody = held(alarmTrigger(A), written, {}, tuned);
    expect([somebody.code, passedOver(somebody)]).toEqual([code, [`${A} failed-holder`]]);
    expect(somebody.reason).not.toContain('Nobody could');

    const nobody = held(alarmTrigger(A), written, NOBODY_ELSE, tuned);
    expect(nobody).toMatchObject({
      kind: 'blocked',
      code,
      reason: `${somebody.reason} Nobody could take over, either.`,
    });
    expect(passedOver(nobody)).toEqual([`${A} failed-holder`, `${B} own-alarm`]);
  });
});

describe('repeated-request', () => {
  it.each([
    [0, 'repeated-request'],
    [5 * MINUTE_MS - 1, 'repeated-request'],
    [5 * MINUTE_MS, GO],
  ])('should be a nameless request within 5 minutes of the last move (%i ms)', (age, expected) => {
    expect(outcome(held(request(), { movedAt: NOW - age }))).toBe(expected);
  });

  it('should say how long ago that was, and who could have taken over', () => {
    const decision = held(request(), { movedAt: NOW - 239_600 }, NOBODY_ELSE);
    const reason = "The group moved 240 seconds ago; to move it again now, name 'from' or 'to'.";
    expect(decision).toMatchObject({ kind: 'blocked', code: 'repeated-request', reason });
    expect(passedOver(decision)).toEqual([`${A} failed-holder`, `${B} own-alarm`]);
  });

  it.each([{ from: A }, { to: B }])('should not be one that names %j', (named) => {
    expect(outcome(held(request(named), { movedAt: NOW }))).toBe(GO);
  });

  it('should never be a plan, which moves nothing', () => {
    expect(outcome(held(request({ action: 'plan' }), { movedAt: NOW }))).toBe(GO);
  });

  it('should not be one for a group that has never moved', () => {
    expect(outcome(held(request()))).toBe(GO);
  });
});

describe('already-moved', () => {
  it.each([{ from: B }, { from: B, to: A }])('should be a request whose from is not the holder: %j', (named) => {
    const reason = `The holder is ${A}, no longer ${B}; nothing is moved.`;
    expect(held(request(named))).toMatchObject({ kind: 'no-action', code: 'already-moved', reason, rejected: [] });
  });

  it('should be one when nobody holds the group, too', () => {
    const reason = `The holder is nobody, no longer ${B}; nothing is moved.`;
    expect(decided(request({ from: B }), loose(ledger()))).toMatchObject({ code: 'already-moved', reason });
  });

  it('should not be one whose from is the holder', () => {
    expect(outcome(held(request({ from: A })))).toBe(GO);
  });
});

describe('already-there', () => {
  it('should be a request whose to is the holder', () => {
    const reason = `${A} holds the group already.`;
    expect(held(request({ to: A }))).toMatchObject({ kind: 'no-action', code: 'already-there', reason });
    expect(held(request({ from: A, to: A }), { movedAt: NOW }).code).toBe('already-there');
  });
});
