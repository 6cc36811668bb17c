import {
  A,
  alarmTrigger,
  B,
  C,
  decided,
  type Given,
  inAlarm,
  instanceCheck,
  ledger,
  member,
  moving,
  NOW,
  observation,
  request,
  stateTrigger,
  SWEEP,
  UNREAD_CHECKS,
} from '../../support/observation.ts';
import { loose, recorded } from '../../support/words.ts';

const unread = (given: Given = {}): Given => ({
  checks: { [A]: undefined, [B]: undefined, [C]: undefined },
  missing: [UNREAD_CHECKS],
  ...given,
});
const sick = (given: Given = {}) => observation({ alarms: inAlarm(A), ...given });

describe('candidates-unknown', () => {
  it('should be said where nobody is known to be fit because the status checks could not be read', () => {
    const decision = decided(alarmTrigger(A), sick(unread()));
    expect(decision).toMatchObject({ kind: 'blocked', code: 'candidates-unknown' });
    expect(decision.reason).toMatch(
      new RegExp(`Whether ${B} can take over is not known\\. ec2:DescribeInstanceStatus`),
    );
  });

  it('should not be said of members that something else rules out', () => {
    const ruledOut = { alarms: inAlarm(A, B) };
    expect(decided(alarmTrigger(A), sick(unread(ruledOut))).code).toBe('no-candidate');
    expect(decided(alarmTrigger(A), sick({ checks: { [B]: undefined } })).code).toBe('no-candidate');
  });

  it('should not be said where another read is missing: a member may take over without its alarms', () => {
    const missing = [{ ...UNREAD_CHECKS, source: 'alarms' as const }];
    const checks = { [A]: instanceCheck('impaired'), [B]: instanceCheck('impaired') };
    expect(decided(stateTrigger(A), observation({ checks, missing })).code).toBe('no-candidate');
  });
});

describe('the read that a decision waits for', () => {
  const DENIED = [{ ...UNREAD_CHECKS, mayPass: false }];

  it('should be the one that may be answered yet, for an event', () => {
    expect(decided(alarmTrigger(A), sick(unread())).waitsFor).toEqual(UNREAD_CHECKS);
    expect(decided(stateTrigger(A), observation(unread())).waitsFor).toEqual(UNREAD_CHECKS);
  });

  it.each([
    ['one that is denied', decided(alarmTrigger(A), sick(unread({ missing: DENIED })))],
    ['a sweep, which comes again', decided(SWEEP, sick(unread()))],
    ['a person, who is told', decided(request(), sick(unread()))],
    ['an event about somebody else', decided(stateTrigger(B), observation(unread()))],
    ['a decision that did not need it', decided(alarmTrigger(A), sick({ missing: [UNREAD_CHECKS] }))],
  ])('should not be %s', (_, decision) => {
    expect(decision.waitsFor).toBeUndefined();
  });
});

describe('what could not be read', () => {
  it('should be a warning in whatever is said of the group', () => {
    expect(decided(request({ action: 'status' }), observation(unread())).facts.warnings).toEqual([
      UNREAD_CHECKS.reason,
    ]);
  });
});

describe('a running member whose checks could not be read', () => {
  const gone = (members: NonNullable<Given['members']>): Given => ({ members, ...unread() });
  const target = (decision: ReturnType<typeof decided>) => decision.plan?.to;

  it('should be better than nobody, for an interface that nobody holds', () => {
    const decision = decided(SWEEP, loose(ledger({ holder: A }), gone([member(B)])));
    expect([decision.code, target(decision)]).toEqual(['attach', B]);
  });

  it('should come before the old holder, where that is stopped', () => {
    const stopped = member(A, { state: 'stopped' });
    expect(target(decided(SWEEP, loose(moving(), gone([stopped, member(B)]))))).toBe(B);
  });

  it('should come after every member that is known to be well', () => {
    const known = { members: [member(B), member(C)], checks: { [B]: undefined }, missing: [UNREAD_CHECKS] };
    expect(target(decided(SWEEP, loose(ledger({ holder: A }), known)))).toBe(C);
  });

  it('should be given what a run has already detached, instead of a roll-back to the failed holder', () => {
    const memory = { runId: 'run-1' };
    const decision = decided(alarmTrigger(A), loose(moving(), { ...unread(), alarms: inAlarm(A) }), { memory });
    expect([decision.code, target(decision)]).toEqual(['complete', B]);
  });

  it.each([
    [29_999, 'candidates-unknown'],
    [30_000, 'failover'],
  ])('should be better than a holder that is stopped, once that is known for %i ms', (knownMs, code) => {
    const condition = { what: 'holder-stopped/candidates-unknown', since: NOW - knownMs };
    const seen = recorded(ledger({ condition }), gone([member(A, { state: 'stopped' }), member(B)]));
    expect(decided(SWEEP, seen).code).toBe(code);
    // Where the tags cannot say so, the process may.
    const noted = { memory: { noted: condition } };
    expect(decided(SWEEP, recorded(ledger(), gone([member(A, { state: 'stopped' }), member(B)])), noted).code).toBe(
      code,
    );
  });

  it('should take nothing from anybody', () => {
    expect(decided(alarmTrigger(A), sick(unread())).plan).toBeUndefined();
  });
});
