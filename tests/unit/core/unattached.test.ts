import { decide } from '../../../lib/core/decide.ts';
import type { Ledger } from '../../../lib/core/ledger.ts';
import type { Observation, Trigger } from '../../../lib/core/model.ts';
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

const tagsOf = (written: Partial<Ledger> | undefined) => (written ? { tags: ledgerTags(ledger(written)) } : {});

function outcome(trigger: Trigger, written: Partial<Ledger> | undefined, given: Partial<Observation> = {}) {
  const interfaces = [floating(ENI, undefined, tagsOf(written))];
  const decision = decide(trigger, observation({ interfaces, ...given }), settings());
  const to = decision.decision === 'act' ? ` to ${decision.plan.to}` : '';
  return `${decision.code}${to}`;
}

const seenLoose = (since: number) => ({ condition: { what: 'interface-unattached/unattached-unconfirmed', since } });
const withA = (state: 'terminated' | 'shutting-down' | 'stopped') => ({ members: [member(A, { state }), member(B)] });

describe('an interface that nobody holds', () => {
  it.each([
    ['an alarm', alarmTrigger(A)],
    ['a stop', stateTrigger(A)],
    ['one sweep', SWEEP],
  ])('should be left alone on %s while its last holder exists', (_, trigger) => {
    expect(outcome(trigger, {})).toBe('unattached-unconfirmed');
  });

  it.each([
    [29_999, 'unattached-unconfirmed'],
    [30_000, `attach to ${A}`],
  ])('should be attached by a sweep once it has been loose for 30 seconds (%i ms)', (age, expected) => {
    expect(outcome(SWEEP, seenLoose(NOW - age))).toBe(expected);
  });

  it('should not be attached by an event for having been loose', () => {
    expect(outcome(alarmTrigger(B), seenLoose(NOW - MINUTE_MS))).toBe('unattached-unconfirmed');
  });

  it.each(['terminated', 'shutting-down'] as const)(
    'should be attached at once when its last holder is %s',
    (state) => {
      expect(outcome(stateTrigger(A, state), {}, withA(state))).toBe(`attach to ${B}`);
    },
  );

  it('should be attached at once when its last holder does not exist any more', () => {
    expect(outcome(SWEEP, {}, { members: [member(B)] })).toBe(`attach to ${B}`);
  });

  it('should be left alone when its last holder is only stopped', () => {
    expect(outcome(SWEEP, {}, withA('stopped'))).toBe('unattached-unconfirmed');
  });

  it('should, without a ledger, be attached on the word of the event that a member is gone', () => {
    expect(outcome(stateTrigger(A, 'terminated'), undefined, withA('terminated'))).toBe(`attach to ${B}`);
    expect(outcome(stateTrigger(A, 'stopped'), undefined, withA('stopped'))).toBe('unattached-unconfirmed');
  });

  it('should be attached when the last operation failed without an intent to go on with', () => {
    expect(outcome(SWEEP, { phase: 'failed' })).toBe(`attach to ${A}`);
  });

  it('should be attached for a person who asks, where the person says', () => {
    expect(outcome(request(), {})).toBe(`attach to ${A}`);
    expect(outcome(request({ to: B }), {})).toBe(`attach to ${B}`);
  });

  it('should go back to its last holder, sick as it is, rather than stay loose', () => {
    expect(outcome(request(), {}, { alarms: inAlarm(A, B) })).toBe(`attach to ${A}`);
    expect(outcome(request(), {}, { alarms: inAlarm(B), ...withA('stopped') })).toBe(`attach to ${A}`);
  });

  it('should not be given to a member the person did not name', () => {
    expect(outcome(request({ to: B }), {}, { alarms: inAlarm(B) })).toBe('target-not-eligible');
  });

  it.each([
    [{ pausedUntil: NOW + 1 }, 'paused'],
    [{ moves: [NOW - 2, NOW - 1] }, `attach to ${B}`],
  ])('should be held by a pause and not by the cooldown: %j', (written, expected) => {
    expect(outcome(stateTrigger(A, 'terminated'), written, withA('terminated'))).toBe(expected);
  });
});

describe('a group of which a part is loose', () => {
  const members = [member(A), member(B), member(C)];
  const part = (holder: string, given: Partial<Observation> = {}) => ({
    members,
    interfaces: [
      floating(ENI, holder, tagsOf({ holder })),
      floating(ENI2, undefined, { tags: { 'eni-failover:device-index': '2' } }),
    ],
    ...given,
  });

  it('should be brought together on the member that holds the rest', () => {
    expect(outcome(request(), {}, part(B))).toBe(`attach to ${B}`);
  });

  it('should be brought together elsewhere when that member has failed', () => {
    expect(outcome(request(), {}, part(B, { alarms: inAlarm(B) }))).toBe(`attach to ${A}`);
  });

  it('should be brought together elsewhere when a person says so', () => {
    expect(outcome(request({ to: C }), {}, part(B))).toBe(`attach to ${C}`);
  });

  it('should count the follower’s holder as the holder when the anchor is the loose one', () => {
    const interfaces = [
      floating(ENI, undefined, tagsOf({ holder: B })),
      floating(ENI2, attachment(ENI2, B, { deviceIndex: 2 })),
    ];
    expect(outcome(request(), {}, { members, interfaces })).toBe(`attach to ${B}`);
  });

  // Rules 4 and 5: the failure of the holder is confirmed; that a part is loose as well is no reason to stay on it.
  it.each([alarmTrigger(B), SWEEP])('should fail over when its holder is confirmed to have failed: %j', (trigger) => {
    expect(outcome(trigger, {}, part(B, { alarms: inAlarm(B) }))).toMatch(/^(failover|attach) to /);
  });
});

describe('a person who asks for a loose interface', () => {
  const rest = [floating(ENI), floating(ENI2, attachment(ENI2, A, { deviceIndex: 2 }))];
  const asked = (given: Parameters<typeof request>[0], more: Partial<Observation> = {}) =>
    decide(request(given), observation({ interfaces: rest, ...more }), settings());

  it('should get it where the rest is, or where they say', () => {
    expect(asked({})).toMatchObject({ code: 'attach', plan: { to: A, ignoreHealth: false } });
    expect(asked({ from: A })).toMatchObject({ code: 'attach', plan: { to: B } });
    expect(asked({ to: B })).toMatchObject({ code: 'attach', plan: { to: B } });
  });

  it('should not get it to a holder of the rest that has failed', () => {
    expect(asked({}, { alarms: inAlarm(A) })).toMatchObject({ code: 'attach', plan: { to: B } });
  });

  it('should have their word for the health of the target written down', () => {
    const vouched = asked({ to: B, ignoreHealth: true }, { alarms: inAlarm(B) });
    expect(vouched).toMatchObject({ code: 'attach', plan: { to: B, ignoreHealth: true, automatic: false } });
  });
});

describe('an event about an instance that is gone', () => {
  it('should have a loose interface attached only when no ledger says who held it', () => {
    const members = [member(A), member(B), member(C, { state: 'terminated' })];
    expect(outcome(stateTrigger(C, 'terminated'), undefined, { members })).toBe(`attach to ${A}`);
    expect(outcome(stateTrigger(C, 'terminated'), {}, { members })).toBe('unattached-unconfirmed');
    expect(outcome(alarmTrigger(C), undefined, { members })).toBe('unattached-unconfirmed');
  });

  it('should not be believed about the holder of the rest', () => {
    const interfaces = [floating(ENI), floating(ENI2, attachment(ENI2, A, { deviceIndex: 2 }))];
    expect(outcome(stateTrigger(B), undefined, { interfaces, alarms: inAlarm(A) })).toBe('unattached-unconfirmed');
    expect(outcome(stateTrigger(A), undefined, { interfaces, alarms: inAlarm(A) })).toBe(`attach to ${B}`);
  });
});
