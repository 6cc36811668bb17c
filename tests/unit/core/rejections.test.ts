import type { Observation } from '../../../lib/core/model.ts';
import { type Electorate, verdictOn, verdictOnB, withLedger } from '../../support/election.ts';
import {
  A,
  alarmTrigger,
  B,
  C,
  decided,
  ENI,
  ENI2,
  floating,
  inAlarm,
  instanceCheck,
  member,
  moving,
  NOW,
  observation,
  request,
} from '../../support/observation.ts';

/** Who is not meant, whatever its state: the first question of an election. */

const ABC = [member(A), member(B), member(C)];
const detaching = (seen: Observation): Observation => withLedger({ ...seen, interfaces: [floating(ENI)] }, moving());

describe('failed-holder', () => {
  const verdicts = (seen: Observation) => {
    const decision = decided(alarmTrigger(A), seen);
    return [verdictOn(A, decision), verdictOn(B, decision)];
  };

  it('should rule out the holder that failed, and not the standby', () => {
    expect(verdicts(observation({ alarms: inAlarm(A) }))).toEqual([
      'failed-holder: it is the holder that failed',
      'eligible',
    ]);
  });

  it('should be said of nobody when only somebody else failed', () => {
    const decision = decided(request({ to: C }), observation({ members: ABC, alarms: inAlarm(B) }));
    expect(decision.rejected.map(({ code }) => code)).not.toContain('failed-holder');
  });

  it('should be said of the member an unfinished move leaves, failed or not', () => {
    const seen = detaching(observation({ members: ABC, now: NOW + 3_600_000, alarms: inAlarm(B) }));
    expect(verdictOn(A, decided(alarmTrigger(A), seen))).toBe('failed-holder: it is the holder that failed');
  });
});

describe('current-holder', () => {
  it('should rule out a holder that is well and is to be moved away from', () => {
    const decision = decided(request(), observation());
    expect([verdictOn(A, decision), verdictOn(B, decision)]).toEqual([
      'current-holder: it is the holder now',
      'eligible',
    ]);
  });

  it('should be said of a holder whose failure is only assumed', () => {
    const { succession } = decided({ kind: 'if-holder-failed' }, observation());
    const rejection = { instanceId: A, code: 'current-holder', reason: 'it is the holder now' };
    expect(succession.rejected).toEqual([rejection]);
  });

  it('should be said of a holder that is leaving, which has not failed yet', () => {
    const seen = observation({
      signals: [
        { instanceId: A, source: 'notice', verdict: 'leaving', because: 'leaves' },
        { instanceId: B, source: 'status', verdict: 'ok', because: 'is well' },
      ],
    });
    expect(verdictOn(A, decided(request(), seen))).toBe('current-holder: it is the holder now');
  });

  it('should be said of no part of a split group, any of which may be named', () => {
    const split = observation({ interfaces: [floating(ENI, A), floating(ENI2, B)] });
    expect(verdictOn(A, decided(request({ to: A }), split))).toBe('eligible');
  });
});

describe('not-requested', () => {
  it('should rule out everybody but the one that is named, and the holder for being that', () => {
    const decision = decided(request({ to: C }), observation({ members: ABC }));
    expect([A, B, C].map((id) => verdictOn(id, decision))).toEqual([
      'current-holder: it is the holder now',
      `not-requested: the request names ${C}`,
      'eligible',
    ]);
  });

  it('should rule out nobody when nobody is named', () => {
    expect(verdictOn(B, decided(request(), observation({ members: ABC })))).toBe('eligible');
  });
});

describe('not-a-member', () => {
  const said = (to: string, members = [member(A), member(B)]) => {
    const decision = decided(request({ to }), observation({ members }));
    return [decision.code, decision.reason, verdictOn(to, decision)];
  };

  it('should be said of a target that is not among the members', () => {
    expect(said(C)).toEqual([
      'target-not-eligible',
      `${C} cannot take over: it is not tagged as a member of the group.`,
      'not-a-member: it is not tagged as a member of the group',
    ]);
  });

  it('should not be said of a member that cannot take over for another reason', () => {
    const stopped = [member(A), member(B), member(C, { state: 'stopped' })];
    expect(said(C, stopped)).toEqual([
      'target-not-eligible',
      `${C} cannot take over: it is stopped.`,
      'not-running: it is stopped',
    ]);
  });
});

describe('intent-pending', () => {
  const verdicts = (seen: Observation) => {
    const decision = decided(alarmTrigger(A), seen);
    return [A, B, C].map((id) => verdictOn(id, decision));
  };
  const pending = `intent-pending: another run is moving the group to ${B}`;

  it('should keep everybody out of a move to somebody who cannot take it now, until its deadline', () => {
    const seen = observation({ members: ABC, checks: { [B]: instanceCheck('impaired') } });
    expect(verdicts(detaching(seen))).toEqual([pending, 'impaired: it fails its instance status check', pending]);
  });

  it('should keep the others out of a move that goes on, too', () => {
    expect(verdicts(detaching(observation({ members: ABC })))).toEqual([pending, 'eligible', pending]);
  });

  it('should be lifted from whoever can take it once the deadline has passed', () => {
    const late = observation({ members: ABC, now: NOW + 60_000, checks: { [B]: instanceCheck('impaired') } });
    expect(verdicts(detaching(late))).toEqual([
      'failed-holder: it is the holder that failed',
      'impaired: it fails its instance status check',
      'eligible',
    ]);
  });
});

describe('refused-by-ec2', () => {
  const refused = (instanceId: string, interfaceId: string) => ({
    memory: { refused: { [instanceId]: { interfaceId, reason: 'AttachmentLimitExceeded: no slot is free' } } },
  });
  const split = { interfaces: [floating(ENI, A), floating(ENI2, B)] };
  const elsewhere = { interfaces: [floating(ENI, A), floating(ENI2, C)] };
  const loose = { interfaces: [floating(ENI)] };
  const passedOver = 'refused-by-ec2: AttachmentLimitExceeded: no slot is free';

  it.each([
    ['was not allowed to take the interface', refused(B, ENI), passedOver],
    ['was not allowed to take what is attached to nothing', { ...loose, ...refused(B, ENI) }, passedOver],
    ['was not allowed to take what another member has now', { ...elsewhere, ...refused(B, ENI2) }, passedOver],
    ['was not allowed to take one, and has another', { ...split, ...refused(B, ENI) }, passedOver],
    ['has that very interface by now', { ...split, ...refused(B, ENI2) }, 'eligible'],
    ['is not the one that was refused', refused(C, ENI), 'eligible'],
    ['was refused, though a person vouches for it', { ...refused(B, ENI), terms: { ignoreHealthOf: B } }, passedOver],
    ['was refused, though it was its own', { ...refused(B, ENI), terms: { asOldHolder: true } }, passedOver],
  ])('should judge a member that %s', (_, given, verdict) => {
    expect(verdictOnB(given)).toBe(verdict);
  });
});

describe('attach-denied', () => {
  const refusal = { interfaceId: ENI, reason: 'the attach is denied', denied: true };
  const learnt = { memory: { denied: { [B]: refusal } } };
  const passedOver = 'attach-denied: the attach is denied';

  it.each<[string, Electorate, string]>([
    ['was denied in this run', { memory: { refused: { [B]: refusal } } }, passedOver],
    ['was denied in an earlier run', learnt, passedOver],
    ['is not running, besides', { ...learnt, b: { state: 'stopped' } }, 'not-running: it is stopped'],
    ['was denied earlier, for an interface that nobody holds', { ...learnt, interfaces: [floating(ENI)] }, 'eligible'],
    ['was denied earlier, and a person insists', { ...learnt, terms: { asked: 'for-this-member' } }, 'eligible'],
    ['was denied earlier, and it is its own', { ...learnt, terms: { asOldHolder: true } }, 'eligible'],
  ])('should judge a member that %s', (_, given, verdict) => {
    expect(verdictOnB(given)).toBe(verdict);
  });
});

describe('holder-serves', () => {
  it('should rule out everybody but the member that is well and holds part of the group', () => {
    const interfaces = [floating(ENI, A), floating(ENI2)];
    const decision = decided(request(), observation({ interfaces }));
    expect([verdictOn(A, decision), verdictOn(B, decision)]).toEqual([
      'eligible',
      `holder-serves: ${A} is well and holds part of the group, which is not taken off it`,
    ]);
  });
});

describe('excluded', () => {
  const exclude = (text: string) => ({ b: { tags: { 'eni-failover:exclude': text } } });
  const keptOut = 'excluded: its tag eni-failover:exclude keeps it out';

  it.each([
    ['', {}, keptOut],
    ['true', {}, keptOut],
    ['no', {}, 'eligible'],
    ['true', { terms: { ignoreHealthOf: B } }, keptOut],
    ['true', { terms: { asOldHolder: true } }, 'eligible'],
    // It is asked before where the member is and how it is.
    ['true', { b: { zone: 'us-east-1b', state: 'stopped', ...exclude('true').b } }, keptOut],
  ] as const)('should follow from the tag %j, given %j: %s', (text, given, verdict) => {
    expect(verdictOnB({ ...exclude(text), ...given })).toBe(verdict);
  });
});
