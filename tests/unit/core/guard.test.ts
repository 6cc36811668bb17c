import { decide } from '../../../lib/core/decide.ts';
import type { Ledger } from '../../../lib/core/ledger.ts';
import type { Observation, Trigger } from '../../../lib/core/model.ts';
import {
  A,
  alarmTrigger,
  B,
  checks,
  ENI,
  floating,
  inAlarm,
  ledger,
  ledgerTags,
  member,
  MINUTE_MS,
  NOW,
  observation,
  request,
  settings,
  stateTrigger,
  SWEEP,
} from '../../support/observation.ts';

const WINDOW_MS = 15 * MINUTE_MS;

/** What is decided for a failed holder whose ledger says this. */
function code(
  trigger: Trigger,
  written: Partial<Ledger>,
  given: Partial<Observation> = {},
  tuned: Parameters<typeof settings>[0] = {},
) {
  const interfaces = [floating(ENI, A, { tags: ledgerTags(ledger(written)) })];
  const decision = decide(trigger, observation({ alarms: inAlarm(A), interfaces, ...given }), settings(tuned));
  return `${decision.decision} ${decision.code}`;
}

const GO = 'act failover';
const stopped = { alarms: inAlarm(), members: [member(A, { state: 'stopped' }), member(B)] };

describe('a failover request without from and to', () => {
  it.each([
    [0, 'blocked repeated-request'],
    [5 * MINUTE_MS - 1, 'blocked repeated-request'],
    [5 * MINUTE_MS, GO],
  ])('should be taken for an echo within 5 minutes of the last move (%i ms)', (age, expected) => {
    expect(code(request(), { movedAt: NOW - age })).toBe(expected);
  });

  it('should go ahead when the group has never moved', () => {
    expect(code(request(), {})).toBe(GO);
  });

  it.each([{ from: A }, { to: B }])('should go ahead at any time when it names %j', (named) => {
    expect(code(request(named), { movedAt: NOW })).toBe(GO);
  });
});

describe('a pause', () => {
  it.each([
    [1, 'blocked paused'],
    [0, GO],
    [-1, GO],
  ])('should hold automation until it ends (%i ms left)', (left, expected) => {
    expect(code(alarmTrigger(A), { pausedUntil: NOW + left })).toBe(expected);
  });

  it('should hold automation even when the holder is stopped', () => {
    expect(code(stateTrigger(A), { pausedUntil: NOW + 1 }, stopped)).toBe('blocked paused');
  });

  it('should not hold a person', () => {
    expect(code(request(), { pausedUntil: NOW + 1 })).toBe(GO);
  });

  it('should be told with its end', () => {
    const interfaces = [floating(ENI, A, { tags: ledgerTags(ledger({ pausedUntil: NOW + 1 })) })];
    const { reason } = decide(alarmTrigger(A), observation({ alarms: inAlarm(A), interfaces }), settings());
    expect(reason).toContain('2026-08-20T10:00:00.001Z');
  });
});

describe('manual mode', () => {
  it('should hold automation and not a person', () => {
    expect(code(alarmTrigger(A), {}, {}, { mode: 'manual' })).toBe('blocked mode-manual');
    expect(code(request(), {}, {}, { mode: 'manual' })).toBe(GO);
  });
});

describe('the cooldown', () => {
  it.each([
    [[], GO],
    [[NOW - 1], GO],
    [[NOW - WINDOW_MS, NOW - 1], GO],
    [[NOW - WINDOW_MS + 1, NOW - 1], 'blocked cooldown'],
    [[NOW - 3, NOW - 2, NOW - 1], 'blocked cooldown'],
  ])('should allow two moves within its window: %j', (moves, expected) => {
    expect(code(alarmTrigger(A), { moves })).toBe(expected);
  });

  it.each([
    [1, [NOW - 10 * MINUTE_MS], NOW + 5 * MINUTE_MS],
    [2, [NOW - 10 * MINUTE_MS, NOW - 4 * MINUTE_MS], NOW + 5 * MINUTE_MS],
    [1, [NOW - 10 * MINUTE_MS, NOW - 4 * MINUTE_MS], NOW + 11 * MINUTE_MS],
  ])('should tell, for at most %i moves, exactly when it lets go', (maxMoves, moves, until) => {
    const interfaces = [floating(ENI, A, { tags: ledgerTags(ledger({ moves })) })];
    const seen = observation({ alarms: inAlarm(A), interfaces });
    expect(decide(alarmTrigger(A), seen, settings({ maxMoves })).reason).toContain(new Date(until).toISOString());
    const before = { ...seen, now: until - 1 };
    expect(decide(alarmTrigger(A), before, settings({ maxMoves })).code).toBe('cooldown');
    expect(decide(alarmTrigger(A), { ...seen, now: until }, settings({ maxMoves })).decision).toBe('act');
  });

  it('should not hold a move away from a holder that serves nobody', () => {
    const moves = [NOW - 2, NOW - 1];
    expect(code(stateTrigger(A), { moves }, stopped)).toBe(GO);
    const gone = { alarms: inAlarm(), members: [member(A, { state: 'shutting-down' }), member(B)] };
    expect(code(stateTrigger(A), { moves }, gone)).toBe(GO);
  });

  it('should not hold a person', () => {
    expect(code(request(), { moves: [NOW - 2, NOW - 1] })).toBe(GO);
  });

  it('should be off with a window of 0', () => {
    expect(code(alarmTrigger(A), { moves: [NOW, NOW] }, {}, { cooldownSeconds: 0 })).toBe(GO);
  });
});

describe('a sweep that sees impaired checks and no alarm', () => {
  const since = (impairedSince?: number) => ({
    alarms: inAlarm(),
    checks: { [A]: checks({ instance: 'impaired', ...(impairedSince !== undefined && { impairedSince }) }) },
  });

  it.each([
    [119_999, 'blocked impaired-recently'],
    [120_000, GO],
  ])('should wait until they have lasted for impairedAfterSeconds (%i ms)', (age, expected) => {
    expect(code(SWEEP, {}, since(NOW - age))).toBe(expected);
  });

  it('should count from its own first sight when EC2 does not say since when', () => {
    expect(code(SWEEP, {}, since())).toBe('blocked impaired-recently');
    const noted = (at: number) => ({ condition: { what: 'holder-impaired/impaired-recently', since: at } });
    expect(code(SWEEP, noted(NOW - 119_999), since())).toBe('blocked impaired-recently');
    expect(code(SWEEP, noted(NOW - 120_000), since())).toBe(GO);
  });

  it('should not make an alarm’s event wait', () => {
    expect(code(alarmTrigger(A), {}, since(NOW))).toBe(GO);
  });

  it('should not wait when there is an alarm as well', () => {
    expect(code(SWEEP, {}, { ...since(NOW), alarms: inAlarm(A) })).toBe(GO);
  });
});

describe('from and to', () => {
  it.each([
    [{ from: B }, 'no-action already-moved'],
    [{ from: B, to: A }, 'no-action already-moved'],
    [{ to: A }, 'no-action already-there'],
    [{ from: A }, GO],
  ])('should be compared with the holder: %j', (named, expected) => {
    expect(code(request(named), {})).toBe(expected);
  });
});
