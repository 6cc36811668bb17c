import type { Ledger } from '../../../lib/core/ledger.ts';
import type { Trigger } from '../../../lib/core/model.ts';
import {
  A,
  alarmOn,
  alarmTrigger,
  B,
  decided,
  type Given,
  inAlarm,
  instanceCheck,
  ledger,
  NOW,
  request,
  spotTrigger,
  stateTrigger,
  SWEEP,
} from '../../support/observation.ts';
import { outcome, passedOver, recorded } from '../../support/words.ts';

/** Status checks that EC2 has called impaired since then; or impaired, and nobody knows since when. */
const impaired = (since?: number): Given => ({
  checks: { [A]: { ...instanceCheck('impaired'), ...(since !== undefined && { impairedSince: since }) } },
});

function about(trigger: Trigger, given: Given, written: Partial<Ledger> = {}) {
  return decided(trigger, recorded(ledger(written), given));
}

const GO = `failover to ${B}`;
const noticed = (instanceId: string) => ({ notices: [{ instanceId, at: NOW - 1_000 }] });

describe('impaired-recently', () => {
  it.each([
    [59_999, 'impaired-recently'],
    [60_000, GO],
  ])('should hold the sweep until they have lasted for impairedAfterSeconds (%i ms)', (age, expected) => {
    expect(outcome(about(SWEEP, impaired(NOW - age)))).toBe(expected);
  });

  it('should say when that will be, and who was passed over', () => {
    const decision = about(SWEEP, impaired(NOW - 20_000));
    const reason = `The holder ${A} fails its instance status check. The sweep moves the group when that still holds at 2026-08-20T10:00:40.000Z.`;
    expect(decision).toMatchObject({ kind: 'blocked', code: 'impaired-recently', reason });
    expect(passedOver(decision)).toEqual([`${A} failed-holder`]);
  });

  it('should count from the first sight of it when EC2 does not say since when', () => {
    const noted = (at: number) => ({ condition: { what: 'holder-impaired/impaired-recently', since: at } });
    expect(outcome(about(SWEEP, impaired()))).toBe('impaired-recently');
    expect(outcome(about(SWEEP, impaired(), noted(NOW - 59_999)))).toBe('impaired-recently');
    expect(outcome(about(SWEEP, impaired(), noted(NOW - 60_000)))).toBe(GO);
  });

  it('should be patience for nothing when nobody can take over: that is told at the first sweep', () => {
    const decision = about(SWEEP, { ...impaired(NOW), alarms: inAlarm(B) });
    const reason = `The holder ${A} fails its instance status check. No member can take over.`;
    expect(decision).toMatchObject({ kind: 'blocked', code: 'no-candidate', reason });
    expect(decision.rejected).toEqual([
      { instanceId: A, code: 'failed-holder', reason: 'it is the holder that failed' },
      { instanceId: B, code: 'own-alarm', reason: `it has the alarm 'eni-failover/web/${B}' in ALARM` },
    ]);
  });

  it.each<[string, Trigger]>([
    ['an alarm that is not in ALARM any more', alarmTrigger(A)],
    ['a state of the holder that it is not in', stateTrigger(A, NOW)],
    [
      'a hint that several members are to be looked at',
      { kind: 'alarm', alarm: 'any', instanceIds: [A, B], isHint: true },
    ],
  ])('should hold an event, too: %s', (_, trigger) => {
    expect(outcome(about(trigger, impaired(NOW)))).toBe('impaired-recently');
    expect(outcome(about(trigger, impaired(NOW - 60_000)))).toBe(GO);
  });

  it.each<[string, Trigger]>([
    ['a person', request()],
    ['a Spot notice that comes with it', spotTrigger(A, NOW)],
    ['readiness', { kind: 'if-holder-failed' }],
  ])('should not hold %s', (_, trigger) => {
    expect(outcome(about(trigger, impaired(NOW)))).toBe(GO);
  });

  it.each<[string, Given, Partial<Ledger>, string]>([
    ['there is an alarm as well', { ...impaired(NOW), alarms: inAlarm(A) }, {}, GO],
    ['a notice is noted as well', impaired(NOW), noticed(A), 'impaired-recently'],
    [
      'the alarm is muted',
      { ...impaired(NOW), alarms: { readable: true, inAlarm: [alarmOn(A, { muted: true })] } },
      {},
      'impaired-recently',
    ],
  ])('should be about checks alone: %s', (_, given, written, expected) => {
    expect(outcome(about(SWEEP, given, written))).toBe(expected);
  });
});
