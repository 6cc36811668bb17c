import type { DecisionCode } from '../../../lib/core/codes.ts';
import type { Trigger } from '../../../lib/core/model.ts';
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
  ledgerTags,
  member,
  moving,
  NOW,
  observation,
  request,
  settings,
  stateTrigger,
  SWEEP,
} from '../../support/observation.ts';
import { loose, outcome, passedOver, recorded } from '../../support/words.ts';

const STATUS = request({ action: 'status' });
const sick = { alarms: inAlarm(A) };
const trio = [member(A), member(B), member(C)];

describe('status', () => {
  it.each<[string, Given]>([
    ['a sick holder', sick],
    ['a group nobody knows', { interfaces: [] }],
    ['a half-done move', { interfaces: [floating(ENI, undefined, { tags: ledgerTags(moving()) })] }],
    ['a split group', { interfaces: [floating(ENI, A), floating(ENI2, B)] }],
  ])('should describe the group, and change nothing: %s', (_, given) => {
    const decision = decided(STATUS, observation(given));
    expect(decision).toMatchObject({ kind: 'no-action', code: 'status', reason: decision.facts.summary });
    expect([decision.plan, decision.write]).toEqual([undefined, undefined]);
  });
});

describe('failover', () => {
  it('should be what a failed holder leads to', () => {
    const decision = decided(alarmTrigger(A), observation(sick));
    expect(decision).toMatchObject({
      analysis: 'holder-impaired',
      kind: 'act',
      code: 'failover',
      reason: `The holder ${A} has the alarm 'eni-failover/web/${A}' in ALARM. ${B} takes over.`,
      rejected: [{ instanceId: A, code: 'failed-holder', reason: 'it is the holder that failed' }],
    });
    expect(decision.plan).toEqual({
      kind: 'new',
      action: 'failover',
      from: A,
      to: B,
      automatic: true,
      ignoreHealth: false,
      resources: [
        {
          kind: 'interface',
          id: ENI,
          leave: { attachmentId: 'eni-attach-1a', instanceId: A, detaching: false, overdue: false },
          enter: { deviceIndex: 1, networkCardIndex: 0 },
        },
      ],
    });
  });

  it('should be planned by a plan in the same words', () => {
    const { facts: _, ...real } = decided(request(), observation());
    const { facts: __, ...planned } = decided(request({ action: 'plan' }), observation());
    expect(planned).toEqual(real);
    expect(outcome(real as ReturnType<typeof decided>)).toBe(`failover to ${B}`);
  });

  it.each<[string, Trigger]>([
    ['an alarm', alarmTrigger(A)],
    ['a stop', stateTrigger(A)],
    ['the sweep', SWEEP],
    ['readiness', { kind: 'if-holder-failed' }],
  ])('should be automatic for %s', (_, trigger) => {
    expect(decided(trigger, observation(sick)).plan).toMatchObject({ automatic: true, ignoreHealth: false });
  });

  it('should go where a person says, on the person’s word about its health', () => {
    const seen = observation({ checks: { [B]: instanceCheck('impaired') } });
    const decision = decided(request({ to: B, ignoreHealth: true }), seen);
    expect(decision.plan).toMatchObject({ to: B, automatic: false, ignoreHealth: true });
    expect(decided(request({ to: B }), seen).plan).toBeUndefined();
    // Without a name there is nothing the word could be about.
    expect(outcome(decided(request({ ignoreHealth: true }), seen))).toBe('no-candidate');
  });

  it('should not care whose groups else the members are in', () => {
    const both = { tags: { 'eni-failover:group': 'web db' } };
    const seen = observation({ members: [member(A, both), member(B, both)], ...sick });
    expect(outcome(decided(alarmTrigger(A), seen))).toBe(`failover to ${B}`);
  });
});

describe('no-candidate', () => {
  it.each<[string, Given, readonly string[]]>([
    ['the standby is sick, too', { alarms: inAlarm(A, B) }, [`${A} failed-holder`, `${B} own-alarm`]],
    ['there is no standby', { members: [member(A)], ...sick }, [`${A} failed-holder`]],
  ])('should say why for each member: %s', (_, given, rejected) => {
    const decision = decided(alarmTrigger(A), observation(given));
    const reason = `The holder ${A} has the alarm 'eni-failover/web/${A}' in ALARM. No member can take over.`;
    expect(decision).toMatchObject({ kind: 'blocked', code: 'no-candidate', reason });
    expect(passedOver(decision)).toEqual(rejected);
  });

  it('should be told to a person, too, who names nobody', () => {
    const decision = decided(request(), observation({ alarms: inAlarm(B) }));
    expect([decision.code, ...passedOver(decision)]).toEqual(['no-candidate', `${A} current-holder`, `${B} own-alarm`]);
  });
});

describe('target-not-eligible', () => {
  const asked = (given: Given, more = {}) => decided(request({ to: B, ...more }), observation(given));

  it('should give the reason of the member that was asked for', () => {
    const decision = asked({ members: trio, checks: { [B]: instanceCheck('impaired') } });
    const reason = `${B} cannot take over: it fails its instance status check.`;
    expect(decision).toMatchObject({ kind: 'blocked', code: 'target-not-eligible', reason });
    expect(passedOver(decision)).toEqual([`${A} current-holder`, `${B} impaired`, `${C} not-requested`]);
  });

  it('should be a stranger', () => {
    const decision = asked({}, { to: C });
    expect(decision).toMatchObject({
      code: 'target-not-eligible',
      reason: `${C} cannot take over: it is not tagged as a member of the group.`,
    });
    expect(decision.rejected).toEqual([
      { instanceId: A, code: 'current-holder', reason: 'it is the holder now' },
      { instanceId: B, code: 'not-requested', reason: `the request names ${C}` },
      { instanceId: C, code: 'not-a-member', reason: 'it is not tagged as a member of the group' },
    ]);
  });

  it('should be another zone, whatever a person says about health', () => {
    const decision = asked(
      { members: [member(A), member(B, { zone: 'us-east-1b' }), member(C)] },
      { ignoreHealth: true },
    );
    expect(decision.reason).toBe(`${B} cannot take over: it is in us-east-1b and ${ENI} is in us-east-1a.`);
  });

  it('should be so for a loose interface, too', () => {
    const decision = decided(request({ to: B }), loose(ledger(), { alarms: inAlarm(B) }));
    expect(decision.code).toBe('target-not-eligible');
  });
});

/** Of two questions that both have an answer, the one that is asked first decides. */
describe('the order of the questions', () => {
  const unreadable = [{ id: ENI2, reason: 'odd', tags: {} }];
  const paused = ledger({ pausedUntil: NOW + 1 });
  const split = [floating(ENI, A), floating(ENI2, attachment(ENI2, B, { deviceIndex: 2 }))];
  const parked = [member(A, { state: 'stopped' }), member(B, { state: 'stopped' })];

  it.each<[string, Trigger, ReturnType<typeof observation>, DecisionCode]>([
    ['status, before whether there is a group', STATUS, observation({ interfaces: [] }), 'status'],
    [
      'whether there is a group, before an edit',
      request({ action: 'pause' }),
      observation({ interfaces: [] }),
      'group-unknown',
    ],
    [
      'an edit, before whether it can be moved at all',
      request({ action: 'pause' }),
      observation({ unreadable }),
      'pause',
    ],
    [
      'whether it can be moved, before a move that is unfinished',
      SWEEP,
      recorded(moving(), { unreadable }),
      'group-unreadable',
    ],
    [
      'an unfinished move, before whose event it is',
      alarmTrigger(C),
      recorded(moving(), { ...sick, members: trio }),
      'complete',
    ],
    ['a split, before whose event it is', alarmTrigger(C), observation({ interfaces: split }), 'group-split'],
    ['a loose interface, before whose event it is', alarmTrigger(C), loose(ledger()), 'unattached-unconfirmed'],
    ['whose event it is, before how the holder is', alarmTrigger(B), observation(sick), 'not-the-holder'],
    ['how the holder is, before a pause', SWEEP, recorded(paused), 'holder-healthy'],
    ['a parked group, before a pause', SWEEP, recorded(paused, { members: parked }), 'group-parked'],
    ['a pause, before who could take over', SWEEP, recorded(paused, { alarms: inAlarm(A, B) }), 'paused'],
  ])('should be %s', (_, trigger, seen, code) => {
    expect(decided(trigger, seen).code).toBe(code);
  });

  it('should move a parked group for a person who asks, if it can', () => {
    const seen = observation({ members: parked });
    expect(decided(request(), seen)).toMatchObject({ analysis: 'group-parked', code: 'no-candidate' });
  });
});

describe('what comes with a decision', () => {
  it('should be who would get the interfaces, although nothing moves', () => {
    const { code, succession, rejected } = decided(SWEEP, observation());
    expect([code, succession.successor?.member.id, succession.way, rejected]).toEqual([
      'holder-healthy',
      B,
      'onward',
      [],
    ]);
  });

  it('should be when to look again, where reads may be behind the event', () => {
    expect(decided(stateTrigger(A, NOW), observation()).lookAgainAfterMs).toBe(1_000);
    expect(decided(SWEEP, observation())).not.toHaveProperty('lookAgainAfterMs');
  });

  it('should be no write beside a plan: the move writes its own', () => {
    expect(decided(alarmTrigger(A), observation(sick))).not.toHaveProperty('write');
    expect(decided(alarmTrigger(A), observation({ alarms: inAlarm(A, B) }))).toHaveProperty('write');
  });

  it('should be the settings of the group, not only those of the deployment', () => {
    const tags = { 'eni-failover:mode': 'auto' };
    const seen = observation({ interfaces: [floating(ENI, A, { tags })], ...sick });
    expect(outcome(decided(alarmTrigger(A), seen, { settings: settings({ mode: 'manual' }) }))).toBe(
      `failover to ${B}`,
    );
  });
});
