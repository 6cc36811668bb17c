import { A, alarmTrigger, B, C, decided, ENI, inAlarm, member, observation } from '../../support/observation.ts';
import { outcome } from '../../support/words.ts';

const sick = { alarms: inAlarm(A) };
const trio = [member(A), member(B), member(C)];

describe('attach-denied', () => {
  const words = `the attach of ${ENI} to ${B} is denied: ec2:AttachNetworkInterface failed`;
  const memory = { denied: { [B]: { interfaceId: ENI, reason: words, denied: true } } };

  it('should say what is denied when nobody else can take over', () => {
    const decision = decided(alarmTrigger(A), observation(sick), { memory });
    const reason = `The holder ${A} has the alarm 'eni-failover/web/${A}' in ALARM. No member can take over: ${words}.`;
    expect(decision).toMatchObject({ kind: 'blocked', code: 'attach-denied', reason });
  });

  it('should be no reason as long as another member can take over', () => {
    expect(outcome(decided(alarmTrigger(A), observation({ members: trio, ...sick }), { memory }))).toBe(
      `failover to ${C}`,
    );
  });

  it('should be the answer to readiness', () => {
    expect(decided({ kind: 'if-holder-failed' }, observation(), { memory })).toMatchObject({ code: 'attach-denied' });
  });
});
