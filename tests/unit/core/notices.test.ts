import type { Ledger } from '../../../lib/core/ledger.ts';
import { readLedger } from '../../../lib/core/ledger-codec.ts';
import type { Trigger } from '../../../lib/core/model.ts';
import { NOTICE_LASTS_MS, NOTICE_MOVES_MS } from '../../../lib/core/readers.ts';
import {
  A,
  alarmTrigger,
  B,
  C,
  decided,
  ENI,
  floating,
  type Given,
  inAlarm,
  ledger,
  ledgerTags,
  member,
  MINUTE_MS,
  NOW,
  observation,
  request,
  settings,
  spotTrigger,
  stateTrigger,
  SWEEP,
} from '../../support/observation.ts';
import { outcome, passedOver, recorded } from '../../support/words.ts';

/** A Spot notice lasts three minutes from the event's time, in the ledger, for every run that looks. */

const STATE = 'eni-failover-state:';
const trio: Given = { members: [member(A), member(B), member(C)] };
const stopped: Given = { members: [member(A, { state: 'stopped' }), member(B), member(C)] };
const known = (given: Partial<Ledger> = {}) => ledger({ members: [A, B, C], ...given });
const under = (instanceId: string, ageMs: number) => ({ notices: [{ instanceId, at: NOW - ageMs }] });

/** The notices of the ledger as it reads after what was decided was written. */
function notedAfter(trigger: Trigger, written: Ledger = known(), given: Given = trio) {
  const { write } = decided(trigger, recorded(written, given));
  const tags = { ...ledgerTags(written), ...write?.writes[0]?.tags };
  const reading = readLedger([{ id: ENI, tags }], settings().statePrefix);
  return { write, notices: reading.status === 'valid' ? reading.ledger.notices : undefined };
}

describe('a notice for a standby', () => {
  it('should be noted although the event is not about the holder', () => {
    const decision = decided(spotTrigger(B, NOW - 1_000), recorded(known(), trio));
    expect([decision.kind, decision.code]).toEqual(['no-action', 'not-the-holder']);
    expect(decision.write).toEqual({
      writes: [{ interfaceIds: [ENI], tags: { [`${STATE}notes`]: `notices ${B}@2026-08-20T09:59:59Z` } }],
      news: [`EC2 takes ${B} back within two minutes.`],
      notices: [{ instanceId: B, at: NOW - 1_000 }],
    });
  });

  it('should not give way to what keeps news from being told twice, and be written once', () => {
    const shorts = ['00000001', '00000002', '00000003'];
    const strays = shorts.map((short) => ({ short, at: NOW - 1, code: 'stray-with-stranger' }));
    const full = known({ condition: { what: 'holder-impaired/no-candidate', since: NOW - 1 }, strays });
    const event = spotTrigger(B, NOW - 1_000);
    const sick = { ...trio, alarms: inAlarm(A, C) };
    const { write, notices } = notedAfter(event, full, sick);
    expect(notices).toEqual([{ instanceId: B, at: NOW - 1_000 }]);
    // What was written is all that there is room for: the same event has nothing to add.
    const tags = { ...ledgerTags(full), ...write?.writes[0]?.tags };
    expect(decided(event, observation({ ...sick, interfaces: [floating(ENI, A, { tags })] })).write).toBeUndefined();
  });

  it('should count as given now when it does not say when', () => {
    expect(notedAfter(spotTrigger(B)).notices).toEqual([{ instanceId: B, at: NOW }]);
  });

  it('should not be noted twice when it comes twice', () => {
    const event = spotTrigger(B, NOW - 1_000);
    expect(decided(event, recorded(known(under(B, 1_000)), trio)).write).toBeUndefined();
    // A newer notice for the same member takes the place of the older one; one for another member stands beside it.
    expect(notedAfter(event, known(under(B, 2_000))).notices).toEqual([{ instanceId: B, at: NOW - 1_000 }]);
    // One that does not say when it was given is the one that is known.
    expect(decided(spotTrigger(B), recorded(known(under(B, 2_000)), trio)).write).toBeUndefined();
    expect(notedAfter(event, known(under(C, 1_000))).notices).toEqual([
      { instanceId: C, at: NOW - 1_000 },
      { instanceId: B, at: NOW - 1_000 },
    ]);
  });

  it('should take the place of those that are over', () => {
    const written = known({
      notices: [
        { instanceId: C, at: NOW - NOTICE_LASTS_MS - 1 },
        { instanceId: A, at: NOW - NOTICE_LASTS_MS },
      ],
    });
    expect(notedAfter(spotTrigger(B, NOW), written).notices).toEqual([
      { instanceId: A, at: NOW - NOTICE_LASTS_MS },
      { instanceId: B, at: NOW },
    ]);
  });

  it('should begin a ledger where there is none', () => {
    const { write } = decided(spotTrigger(B, NOW), observation(trio));
    expect(write?.writes[0]?.tags).toMatchObject({
      [`${STATE}notes`]: `notices ${B}@2026-08-20T10:00:00Z`,
      [`${STATE}reason`]: 'A member is under notice.',
      [`${STATE}members`]: `${A} ${B} ${C}`,
    });
    expect(write?.news).toEqual([`EC2 takes ${B} back within two minutes.`]);
  });

  it.each<[string, Trigger]>([
    ['a stranger', spotTrigger('i-dddddddd', NOW)],
    ['a time that is over', spotTrigger(B, NOW - NOTICE_LASTS_MS - 1)],
    ['another kind of event', stateTrigger(B, NOW)],
  ])('should be noted for members only, and in time: not for %s', (_, trigger) => {
    expect(decided(trigger, recorded(known(), trio)).write).toBeUndefined();
  });

  it('should be noted for each member that one event names', () => {
    const trigger: Trigger = { kind: 'interruption', instanceIds: [B, C], happenedAt: NOW };
    const { write, notices } = notedAfter(trigger);
    expect(notices).toEqual([
      { instanceId: B, at: NOW },
      { instanceId: C, at: NOW },
    ]);
    expect(write?.news).toEqual([`EC2 takes ${B} back within two minutes.`, `EC2 takes ${C} back within two minutes.`]);
  });
});

describe('a standby that was noted as under notice', () => {
  const holderSick: Given = { ...trio, alarms: inAlarm(A) };

  it.each<[string, Trigger, Given]>([
    ['a stop of the holder', stateTrigger(A), stopped],
    ['an alarm of the holder', alarmTrigger(A), holderSick],
    ['the sweep', SWEEP, stopped],
    ['a person', request(), trio],
    ['readiness', { kind: 'if-holder-failed' }, trio],
    ['a notice for the holder', spotTrigger(A, NOW), trio],
  ])('should be passed over for three minutes, and not longer, on %s', (_, trigger, given) => {
    const after = (ageMs: number) => decided(trigger, recorded(known(under(B, ageMs)), given));
    expect(outcome(after(NOTICE_LASTS_MS))).toBe(`failover to ${C}`);
    expect(passedOver(after(NOTICE_LASTS_MS))).toContain(`${B} spot-interruption`);
    expect(outcome(after(NOTICE_LASTS_MS + 1))).toBe(`failover to ${B}`);
    expect(NOTICE_LASTS_MS).toBe(180_000);
  });

  it('should be told as the reason for which nobody can take over', () => {
    const members = [member(A, { state: 'stopped' }), member(B)];
    const decision = decided(stateTrigger(A), recorded(known(under(B, 1_000)), { members }));
    expect(decision.code).toBe('no-candidate');
    expect(decision.rejected).toContainEqual({
      instanceId: B,
      code: 'spot-interruption',
      reason: 'it is an instance that EC2 takes back within two minutes',
    });
  });
});

describe('a notice for the holder', () => {
  it.each([
    ['at once', 0, `failover to ${B}`],
    ['within its two minutes', NOTICE_MOVES_MS, `failover to ${B}`],
    ['not a moment later', NOTICE_MOVES_MS + 1, 'holder-healthy'],
    ['not five minutes later', 5 * MINUTE_MS, 'holder-healthy'],
    ['not from an archive of 30 days', 30 * 24 * 60 * MINUTE_MS, 'holder-healthy'],
  ])('should move the group %s, by the event; in the ledger it moves nobody', (_, ageMs, expected) => {
    expect(outcome(decided(spotTrigger(A, NOW - ageMs), recorded(known(), trio)))).toBe(expected);
    expect(outcome(decided(SWEEP, recorded(known(under(A, ageMs)), trio)))).toBe('holder-healthy');
  });

  it('should be noted beside what keeps the group from moving', () => {
    const { write, notices } = notedAfter(spotTrigger(A, NOW), known({ pausedUntil: NOW + MINUTE_MS }));
    expect(notices).toEqual([{ instanceId: A, at: NOW }]);
    expect(Object.keys(write?.writes[0]?.tags ?? {}).sort()).toEqual([`${STATE}notes`]);
    expect(write?.news[1]).toBe(`EC2 takes ${A} back within two minutes.`);
  });

  it('should keep a sweep, which does not hear it, from unsaying what it has led to', () => {
    const condition = { what: 'holder-leaving/paused', since: NOW - MINUTE_MS };
    const noted = (ageMs: number) => known({ ...under(A, ageMs), condition, pausedUntil: NOW + MINUTE_MS });
    const sweep = (written: Ledger) => decided(SWEEP, recorded(written, trio)).write;
    expect(sweep(noted(MINUTE_MS))).toBeUndefined();
    // Once the notice is over, or about another member, nothing speaks against the holder any more.
    const well = expect.stringContaining('passes its status checks');
    expect(sweep(noted(NOTICE_LASTS_MS + 1))?.news).toEqual([well]);
    expect(sweep({ ...noted(MINUTE_MS), ...under(B, MINUTE_MS) })?.news).toEqual([well]);
  });
});
