import { decide } from '../../../lib/core/decide.ts';
import { readiness } from '../../../lib/core/readiness.ts';
import {
  A,
  alarmTrigger,
  B,
  C,
  inAlarm,
  instanceCheck,
  member,
  observation,
  settings,
} from '../../support/observation.ts';

const members = [member(A), member(B), member(C, { tags: { 'eni-failover:priority': '1' } })];

describe('readiness', () => {
  it('should name whoever a failover would choose', () => {
    const ready = readiness(observation({ members }), settings());
    const failover = decide(alarmTrigger(A), observation({ members, alarms: inAlarm(A) }), settings());
    expect(ready.eligible[0]?.member.id).toBe(C);
    expect(failover.decision === 'act' && failover.plan.to).toBe(C);
  });

  it('should give each rejection with its reason', () => {
    const seen = observation({ members, checks: { [C]: instanceCheck('impaired') } });
    expect(readiness(seen, settings()).rejected).toEqual([
      { instanceId: A, code: 'current-holder', reason: 'it is the holder now' },
      { instanceId: C, code: 'impaired', reason: 'it fails its instance status check' },
    ]);
  });

  it('should be empty when no failover could succeed', () => {
    expect(readiness(observation({ alarms: inAlarm(B) }), settings()).eligible).toEqual([]);
  });
});
