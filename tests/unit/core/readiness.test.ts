import type { Hypothesis } from '../../../lib/core/model.ts';
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
  instanceCheck,
  ledger,
  member,
  NOW,
  observation,
} from '../../support/observation.ts';
import { outcome, passedOver, recorded } from '../../support/words.ts';

/** Readiness is the decision about the holder that is assumed to have failed. */
const IF_FAILED: Hypothesis = { kind: 'if-holder-failed' };
const trio: Given = { members: [member(A), member(B), member(C, { tags: { 'eni-failover:priority': '1' } })] };
const ready = (given: Given = {}) => decided(IF_FAILED, observation(given));

describe('readiness', () => {
  it('should be the failover that a real failure would lead to', () => {
    const [assumed, real] = [ready(trio), decided(alarmTrigger(A), observation({ ...trio, alarms: inAlarm(A) }))];
    expect(assumed.plan).toEqual(real.plan);
    expect(outcome(assumed)).toBe(`failover to ${C}`);
    expect(assumed.reason).toBe(`The holder ${A} has failed, it is assumed. ${C} takes over.`);
  });

  it('should call the holder current, not failed, among those that were passed over', () => {
    const decision = ready({ ...trio, checks: { [C]: instanceCheck('impaired') } });
    expect(decision.rejected).toEqual([
      { instanceId: A, code: 'current-holder', reason: 'it is the holder now' },
      { instanceId: C, code: 'impaired', reason: 'it fails its instance status check' },
    ]);
  });

  it('should be nobody, with the reasons, when no failover could succeed', () => {
    const decision = ready({ alarms: inAlarm(B) });
    const reason = `The holder ${A} has failed, it is assumed. No member can take over.`;
    expect(decision).toMatchObject({ kind: 'blocked', code: 'no-candidate', reason });
    expect(passedOver(decision)).toEqual([`${A} current-holder`, `${B} own-alarm`]);
  });

  it('should be nobody when the holder is no member: such a group cannot be moved at all', () => {
    const decision = ready({ members: [member(B)] });
    const reason = `${ENI} is attached to ${A}, which is not tagged as a member of the group 'web'.`;
    expect(decision).toMatchObject({ kind: 'blocked', code: 'holder-not-member', reason });
    expect(decision.plan).toBeUndefined();
  });

  it('should be what holds automation up, with who could take over', () => {
    const decision = decided(IF_FAILED, recorded(ledger({ pausedUntil: NOW + 1 }), trio));
    expect([decision.code, ...passedOver(decision)]).toEqual(['paused', `${A} current-holder`]);
    expect(decision.succession.successor?.member.id).toBe(C);
  });

  it.each<[string, Given]>([
    ['in doubt', { checks: { [A]: instanceCheck('initializing') } }],
    ['stopped', { members: [member(A, { state: 'stopped' }), member(B)] }],
    ['failed already', { alarms: inAlarm(A) }],
  ])('should be the same when the holder is %s', (_, given) => {
    expect(outcome(ready(given))).toBe(`failover to ${B}`);
  });

  it('should be the same when the holder is starting', () => {
    expect(outcome(ready({ members: [member(A, { state: 'pending' }), member(B)] }))).toBe(`failover to ${B}`);
  });

  it('should bring what is loose elsewhere than to the holder of the rest, which is assumed to have failed', () => {
    const second = floating(ENI2, attachment(ENI2, A, { deviceIndex: 2 }));
    expect(outcome(ready({ interfaces: [floating(ENI), second] }))).toBe(`failover to ${B}`);
  });

  it('should leave no trace', () => {
    expect(ready({ alarms: inAlarm(A, B) }).write).toBeUndefined();
  });
});
