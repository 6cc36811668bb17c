import type { LooseTries } from '../../../lib/core/ledger.ts';
import type { Memory } from '../../../lib/core/memory.ts';
import type { Trigger } from '../../../lib/core/model.ts';
import {
  A,
  alarmTrigger,
  B,
  decided,
  inAlarm,
  ledger,
  MINUTE_MS,
  NOW,
  request,
  SWEEP,
} from '../../support/observation.ts';
import { outcome, recorded } from '../../support/words.ts';

const GO = `failover to ${B}`;

/** A group whose holder has failed, after so many runs that AWS throttled, the last so long ago. */
function throttled(count: number, agoMs: number, trigger: Trigger = SWEEP, memory: Partial<Memory> = {}) {
  const loose: LooseTries = { count, lastAt: NOW - agoMs, throttled: true };
  return decided(trigger, recorded(ledger({ loose }), { alarms: inAlarm(A) }), { memory });
}

describe('change-throttled', () => {
  it.each([
    [1, 0, GO],
    [2, 29_999, 'change-throttled'],
    [2, 30_000, GO],
    [3, 89_999, 'change-throttled'],
    [3, 90_000, GO],
    [99, 90_000, GO],
  ])('should hold automation not at all, for 1 and then for 2 minutes: run %i, %i ms ago', (count, agoMs, expected) => {
    expect(outcome(throttled(count, agoMs))).toBe(expected);
    expect(outcome(throttled(count, agoMs, alarmTrigger(A)))).toBe(expected);
  });

  it('should say until when it was throttled, and when it is tried again', () => {
    const { kind, reason } = throttled(3, MINUTE_MS);
    expect(kind).toBe('blocked');
    expect(reason).toContain('AWS throttled the changes that it needs until 2026-08-20T09:59:00.000Z');
    expect(reason).toContain("tries again from 2026-08-20T10:00:30.000Z on, a 'failover' request at once.");
  });

  it.each<[string, Trigger, Partial<Memory>]>([
    ['a person', request(), {}],
    ['readiness', { kind: 'if-holder-failed' }, {}],
    ['a run that is at it', SWEEP, { isAtIt: true }],
  ])('should not hold %s', (_, trigger, memory) => {
    expect(throttled(9, 1, trigger, memory).plan).toMatchObject({ to: B });
  });

  it('should not hold what came to nothing for another reason', () => {
    const loose = { count: 9, lastAt: NOW - 1 };
    expect(outcome(decided(SWEEP, recorded(ledger({ loose }), { alarms: inAlarm(A) })))).toBe(GO);
  });
});
