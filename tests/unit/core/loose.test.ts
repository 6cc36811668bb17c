import type { Ledger } from '../../../lib/core/ledger.ts';
import type { InstanceState, Trigger } from '../../../lib/core/model.ts';
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
  ledger,
  ledgerTags,
  member,
  MINUTE_MS,
  NOW,
  observation,
  request,
  spotTrigger,
  stateTrigger,
  SWEEP,
} from '../../support/observation.ts';
import { loose, outcome, passedOver } from '../../support/words.ts';

/** What is decided for one interface that nobody holds; `undefined`: it has no ledger. */
const about = (trigger: Trigger, written: Ledger | undefined, given: Given = {}) =>
  decided(trigger, loose(written, given));

const WAIT = 'unattached-unconfirmed';
const seenLoose = (since: number) => ledger({ condition: { what: `interface-unattached/${WAIT}`, since } });
/** The ledger of a group at rest on A. */
const REST = ledger();
const withA = (state: InstanceState): Given => ({ members: [member(A, { state }), member(B)] });
const { holder: _, ...NAMELESS } = REST;

describe('unattached-unconfirmed', () => {
  it.each<[string, Trigger]>([
    ['an alarm', alarmTrigger(A)],
    ['a stop of the last holder', stateTrigger(A)],
    ['a Spot notice', spotTrigger(A)],
    ['one sweep', SWEEP],
  ])('should be all there is to say while the last holder exists: %s', (__, trigger) => {
    const decision = about(trigger, REST);
    const reason = `${ENI} is not attached to any instance. Nothing says that its holder is gone, so nothing is done yet.`;
    expect(decision).toMatchObject({ kind: 'blocked', code: WAIT, reason, rejected: [] });
  });

  it.each<[string, Trigger, Ledger | undefined, Given]>([
    ['its last holder is only stopped', SWEEP, REST, withA('stopped')],
    ['an event says, without a ledger, that a member stopped', stateTrigger(A), undefined, withA('stopped')],
    ['an event comes after it has been loose for long', alarmTrigger(B), seenLoose(NOW - MINUTE_MS), {}],
    [
      'it was something else that was noted long ago',
      SWEEP,
      ledger({ condition: { what: 'holder-impaired/paused', since: 1 } }),
      {},
    ],
    ['an alarm, without a ledger, is about a member that is gone', alarmTrigger(A), undefined, withA('terminated')],
    [
      'only one of those that an event is about is gone',
      { kind: 'instance-state', instanceIds: [A, B] },
      undefined,
      withA('terminated'),
    ],
    ['a sweep finds no ledger', SWEEP, undefined, withA('terminated')],
  ])('should be so, too, when %s', (__, trigger, written, given) => {
    expect(outcome(about(trigger, written, given))).toBe(WAIT);
  });

  it('should not believe an event about another instance than the last holder', () => {
    const members = [member(A), member(B), member(C, { state: 'terminated' })];
    expect(outcome(about(stateTrigger(C), REST, { members }))).toBe(WAIT);
    expect(outcome(about(stateTrigger(C), undefined, { members }))).toBe(`attach to ${A}`);
  });
});

describe('attach', () => {
  it('should be one move of its own kind', () => {
    const { code, kind, reason, plan } = about(SWEEP, REST, { members: [member(B)] });
    expect([kind, code, reason]).toEqual(['act', 'attach', `${ENI} is not attached to any instance. ${B} takes it.`]);
    expect(plan).toEqual({
      kind: 'new',
      action: 'attach',
      from: A,
      to: B,
      automatic: true,
      ignoreHealth: false,
      resources: [{ kind: 'interface', id: ENI, enter: { deviceIndex: 1, networkCardIndex: 0 } }],
    });
  });

  it.each([
    [29_999, WAIT],
    [30_000, `attach to ${A}`],
  ])('should follow at the second sweep that sees it loose, 30 seconds later (%i ms)', (age, expected) => {
    expect(outcome(about(SWEEP, seenLoose(NOW - age)))).toBe(expected);
  });

  it.each<[string, Trigger, Ledger | undefined, Given, string]>([
    ['its last holder is terminated', stateTrigger(A), REST, withA('terminated'), B],
    ['its last holder is shutting down', SWEEP, REST, withA('shutting-down'), B],
    ['its last holder does not exist any more', SWEEP, REST, { members: [member(B)] }, B],
    ['no ledger is there and the event says that a member is gone', stateTrigger(A), undefined, withA('terminated'), B],
    ['the ledger names nobody and the event says so', stateTrigger(A), NAMELESS, withA('terminated'), B],
    ['the last operation failed and left nothing to go on with', SWEEP, ledger({ phase: 'failed' }), {}, A],
    ['that is asked for readiness', { kind: 'if-holder-failed' }, REST, {}, A],
  ])('should follow at once when %s', (__, trigger, written, given, to) => {
    expect(outcome(about(trigger, written, given))).toBe(`attach to ${to}`);
  });

  it('should not say that it comes from the member it goes to', () => {
    expect(about(SWEEP, ledger({ phase: 'failed' })).plan).not.toHaveProperty('from');
    expect(about(stateTrigger(A), undefined, withA('terminated')).plan).not.toHaveProperty('from');
  });

  it.each<[string, Ledger, string]>([
    ['held by a pause', ledger({ pausedUntil: NOW + 1 }), 'paused'],
    ['not held by the cooldown', ledger({ moves: [NOW - 2, NOW - 1] }), `attach to ${B}`],
  ])('should be %s', (__, written, expected) => {
    expect(outcome(about(stateTrigger(A), written, withA('terminated')))).toBe(expected);
  });

  it('should pass over a standby under notice', () => {
    const decision = about(spotTrigger(B), REST, withA('terminated'));
    expect(decision.code).toBe('no-candidate');
    expect(passedOver(decision)).toEqual([`${A} not-running`, `${B} spot-interruption`]);
  });
});

describe('attach, for a person', () => {
  it.each<[string, Partial<Parameters<typeof request>[0]>, Given, string]>([
    ['to the best of all', {}, {}, `attach to ${A}`],
    ['to whom the person names', { to: B }, {}, `attach to ${B}`],
    ['to the last holder, sick as everybody is', {}, { alarms: inAlarm(A, B) }, `attach to ${A}`],
    ['to the last holder, stopped as it is', {}, { alarms: inAlarm(B), ...withA('stopped') }, `attach to ${A}`],
    [
      'to nobody when nobody is left',
      {},
      { members: [member(A, { state: 'terminated' }), member(B, { state: 'stopped' })] },
      'no-candidate',
    ],
    ['not to a sick one, named as it is', { to: B }, { alarms: inAlarm(B) }, 'target-not-eligible'],
  ])('should go %s', (__, asked, given, expected) => {
    expect(outcome(about(request(asked), REST, given))).toBe(expected);
  });

  it('should have the person’s word for the health of the target written down', () => {
    const vouched = about(request({ to: B, ignoreHealth: true }), REST, { alarms: inAlarm(B) });
    expect(vouched.plan).toMatchObject({ from: A, to: B, automatic: false, ignoreHealth: true });
    expect(about(request(), REST).plan).toMatchObject({ automatic: false, ignoreHealth: false });
  });

  it.each([
    [
      'what the ledger remembers',
      loose(ledger({ resources: [{ kind: 'interface', id: ENI, deviceIndex: 2, networkCardIndex: 0 }] })),
      2,
    ],
    [
      'what its tag says',
      observation({ interfaces: [floating(ENI, undefined, { tags: { 'eni-failover:device-index': '2' } })] }),
      2,
    ],
    ['the lowest free index', loose(undefined), 1],
  ])('should go to %s', (__, seen, deviceIndex) => {
    expect(decided(request({ to: B }), seen).plan?.resources[0]?.enter).toEqual({ deviceIndex, networkCardIndex: 0 });
  });
});

describe('a group of which a part is loose', () => {
  const trio = [member(A), member(B), member(C)];
  const DEVICE = { tags: { 'eni-failover:device-index': '2' } };
  /** One holds the anchor; the other interface is loose. */
  const anchorOn = (holder: string, given: Given = {}) => {
    const tags = ledgerTags(ledger({ holder }));
    const interfaces = [floating(ENI, holder, { tags }), floating(ENI2, undefined, DEVICE)];
    return observation({ members: trio, interfaces, ...given });
  };
  /** The anchor is loose; A holds the other interface, and no ledger says anything. */
  const anchorLoose = (given: Given = {}) =>
    observation({ interfaces: [floating(ENI), floating(ENI2, attachment(ENI2, A, { deviceIndex: 2 }))], ...given });

  it.each<[string, Trigger, ReturnType<typeof observation>, string]>([
    ['on the member that holds the rest', request(), anchorOn(B), `attach to ${B}`],
    ['elsewhere, when that member has failed', request(), anchorOn(B, { alarms: inAlarm(B) }), `failover to ${A}`],
    ['on whom a person names', request({ to: C }), anchorOn(B), `failover to ${C}`],
    ['on the holder of the rest, whom a person names', request({ to: B }), anchorOn(B), `attach to ${B}`],
    ['away from whom a person names', request({ from: B }), anchorOn(B), `failover to ${A}`],
    ['on the holder of the rest, the anchor being loose', request(), anchorLoose(), `attach to ${A}`],
    ['elsewhere, the anchor being loose', request({ from: A }), anchorLoose(), `failover to ${B}`],
    [
      'elsewhere than on a failed holder of the rest',
      request(),
      anchorLoose({ alarms: inAlarm(A) }),
      `failover to ${B}`,
    ],
  ])('should be brought together %s', (__, trigger, seen, expected) => {
    expect(outcome(decided(trigger, seen))).toBe(expected);
  });

  it.each([alarmTrigger(B), SWEEP, stateTrigger(B)])(
    'should be moved when the holder of the rest has failed: %j',
    (trigger) => {
      expect(outcome(decided(trigger, anchorOn(B, { alarms: inAlarm(B) })))).toBe(`failover to ${A}`);
    },
  );

  it('should not be moved for an event about somebody else, whatever became of the holder', () => {
    expect(outcome(decided(stateTrigger(B), anchorLoose({ alarms: inAlarm(A) })))).toBe(WAIT);
    expect(outcome(decided(stateTrigger(A), anchorLoose({ alarms: inAlarm(A) })))).toBe(`failover to ${B}`);
  });

  it('should have refuge with the holder of the rest when nobody is well', () => {
    const members = [member(A, { state: 'stopped' }), member(B)];
    const decision = decided(request(), anchorOn(B, { members, alarms: inAlarm(B) }));
    expect([outcome(decision), passedOver(decision)]).toEqual([
      `attach to ${B}`,
      [`${A} not-running`, `${B} failed-holder`],
    ]);
    expect(decision.plan?.resources).toEqual([
      { kind: 'interface', id: ENI },
      { kind: 'interface', id: ENI2, enter: { deviceIndex: 2, networkCardIndex: 0 } },
    ]);
  });
});
