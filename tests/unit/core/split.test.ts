import type { Trigger } from '../../../lib/core/model.ts';
import { impairedOnly } from '../../../lib/core/split.ts';
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
  inAlarm,
  instanceCheck,
  intent,
  ledger,
  ledgerTags,
  member,
  MINUTE_MS,
  NOW,
  observation,
  request,
  stateTrigger,
  SWEEP,
  T3_SMALL,
} from '../../support/observation.ts';
import { outcome, passedOver } from '../../support/words.ts';

/** The anchor is on A and the other interface on B. */
function split(given: Parameters<typeof observation>[0] = {}, tags: object = {}) {
  const own = { tags: { ...tags } };
  return observation({
    interfaces: [floating(ENI, A, own), floating(ENI2, attachment(ENI2, B, { deviceIndex: 2 }), own)],
    members: [member(A), member(B), member(C)],
    ...given,
  });
}

const asked = (given: Parameters<typeof request>[0]) => decided(request(given), split());

describe('group-split', () => {
  const where = `The interfaces of the group are split between ${A} and ${B}, and no operation explains it.`;

  it.each([SWEEP, alarmTrigger(A), request(), request({ from: A })])(
    'should wait for a person who says where it belongs: %j',
    (trigger) => {
      const decision = decided(trigger, split());
      const reason = `${where} A person has to decide: request a failover and name 'to'.`;
      expect(decision).toMatchObject({ analysis: 'group-split', kind: 'blocked', code: 'group-split', reason });
      expect(decision.rejected).toEqual([]);
    },
  );

  it('should be moved to whom a person names', () => {
    const decision = asked({ to: B });
    expect(decision).toMatchObject({ analysis: 'group-split', code: 'failover', reason: `${where} ${B} takes over.` });
    expect(decision.plan?.resources).toEqual([
      {
        kind: 'interface',
        id: ENI,
        leave: { attachmentId: 'eni-attach-1a', instanceId: A, detaching: false, overdue: false },
        enter: { deviceIndex: 1, networkCardIndex: 0 },
      },
      { kind: 'interface', id: ENI2 },
    ]);
    expect(passedOver(decision)).toEqual([`${A} not-requested`, `${C} not-requested`]);
  });

  it.each([
    ['one holder', { to: B }, { from: A, to: B }],
    ['a third member', { to: C }, { from: A, to: C }],
    ['one holder, from the other', { from: B, to: A }, { to: A }],
    ['one holder, from itself', { from: B, to: B }, { from: A, to: B }],
  ])('should begin where its anchor is, unless it is to stay there: to %s', (_, named, plan) => {
    const { from, to } = asked(named).plan ?? {};
    expect({ ...(from !== undefined && { from }), to }).toEqual(plan);
  });

  it('should begin nowhere while its anchor is loose', () => {
    const third = 'eni-33333333';
    const parts = [
      floating(ENI2, attachment(ENI2, A, { deviceIndex: 2 })),
      floating(third, attachment(third, B, { deviceIndex: 3 })),
    ];
    const roomy = { ...T3_SMALL, maxInterfaces: 4, cards: [{ index: 0, maxInterfaces: 4 }] };
    const seen = split({ interfaces: [floating(ENI), ...parts], limits: { 't3.small': roomy } });
    const decision = decided(request({ to: C }), seen);
    expect([decision.analysis, outcome(decision)]).toEqual(['group-split', `failover to ${C}`]);
    expect(decision.plan).not.toHaveProperty('from');
  });

  it('should be moved from one of its holders only', () => {
    const decision = asked({ from: C, to: B });
    const reason = `${C} holds no part of the group any more; nothing is moved.`;
    expect(decision).toMatchObject({ kind: 'no-action', code: 'already-moved', reason });
  });

  it('should not be moved to somebody who cannot take it', () => {
    const seen = split({ alarms: inAlarm(B) });
    expect(decided(request({ to: B }), seen).code).toBe('target-not-eligible');
  });

  it('should not be an echo of an earlier request, whatever moved when', () => {
    const moved = ledgerTags(ledger({ movedAt: observation().now }));
    expect(outcome(decided(request({ to: B }), split({}, moved)))).toBe(`failover to ${B}`);
  });

  it('should be gone on with by the sweep once a person has begun to join it', () => {
    const byPerson = ledger({ phase: 'moving', operation: intent({ automatic: false, runId: 'person-1' }) });
    const excluded = [member(A, { tags: { 'eni-failover:exclude': 'true' } }), member(B)];
    const decision = decided(SWEEP, split({ members: excluded }, ledgerTags(byPerson)));
    expect([decision.analysis, outcome(decision)]).toEqual(['operation-interrupted', `complete to ${B}`]);
  });

  it.each([
    ['a target that was elected for a person', {}, NOW - MINUTE_MS, A],
    ['a target that a person named', { named: true as const }, NOW - MINUTE_MS, B],
    ['a target that a person named before', { named: true as const }, NOW - 1_000, A],
  ])('should, for %s and with its anchor attached elsewhere, be brought to one of them', (_, named, attachedAt, to) => {
    const begunAt = NOW - 10_000;
    const operation = intent({ from: C, to: B, automatic: false, runId: 'person-1', begunAt, ...named });
    const tags = ledgerTags(ledger({ phase: 'moving', operation }));
    const interfaces = [
      floating(ENI, attachment(ENI, A, { attachedAt }), { tags }),
      floating(ENI2, attachment(ENI2, C, { deviceIndex: 2 }), { tags }),
    ];
    const half = split({ members: [member(A), member(B), member(C)], interfaces });
    expect(outcome(decided(SWEEP, half))).toBe(`complete to ${to}`);
  });
});

describe('a split group of which not more than one part can be served', () => {
  const stopped = (...ids: readonly string[]) =>
    [A, B, C].map((id) => member(id, ids.includes(id) ? { state: 'stopped' } : {}));
  const both = { members: stopped(A, B) };

  it.each<[what: string, given: Parameters<typeof split>[0], trigger: Trigger, outcome: string]>([
    ['both holders are stopped', both, SWEEP, `failover to ${C}`],
    ['both are, and an event tells of the other one', both, stateTrigger(B), `failover to ${C}`],
    ['both are, and an event tells of a bystander', both, stateTrigger(C), 'not-the-holder'],
    ['both are, and a person asks', both, request(), `failover to ${C}`],
    ['both have failed', { alarms: inAlarm(A, B) }, SWEEP, `failover to ${C}`],
    ['one is stopped, the anchor’s', { members: stopped(A) }, SWEEP, `failover to ${B}`],
    ['one is stopped, not the anchor’s', { members: stopped(B) }, SWEEP, `failover to ${A}`],
    ['one has failed', { alarms: inAlarm(B) }, alarmTrigger(B), `failover to ${A}`],
    ['one is starting', { members: [member(A, { state: 'pending' }), member(B), member(C)] }, SWEEP, 'group-split'],
    ['one is not known', { checks: { [A]: instanceCheck('insufficient-data') } }, SWEEP, 'group-split'],
    ['every member is stopped', { members: stopped(A, B, C) }, SWEEP, 'no-candidate'],
    ['a holder is only assumed to have failed', {}, { kind: 'if-holder-failed' }, 'group-split'],
  ])('should be decided without a person where %s', (_, given, trigger, expected) => {
    expect(outcome(decided(trigger, split(given)))).toBe(expected);
  });

  it('should leave what serves where it is, and begin where the rest is', () => {
    const { plan } = decided(SWEEP, split({ members: stopped(B) }));
    expect([plan?.from, plan?.to, plan?.action]).toEqual([B, A, 'failover']);
    expect(plan?.resources.map(({ leave }) => leave?.instanceId)).toEqual([undefined, B]);
  });

  it.each<[what: string, given: Parameters<typeof split>[0], tags: object, expected: string]>([
    ['mode', both, { 'eni-failover:mode': 'manual' }, 'mode-manual'],
    ['pause', both, ledgerTags(ledger({ pausedUntil: NOW + MINUTE_MS })), 'paused'],
    [
      'bound, where a holder runs',
      { alarms: inAlarm(A, B) },
      ledgerTags(ledger({ moves: [NOW - 2, NOW - 1] })),
      'cooldown',
    ],
    ['bound, but not where they are off', both, ledgerTags(ledger({ moves: [NOW - 2, NOW - 1] })), `failover to ${C}`],
  ])('should be held up by the same %s as a whole group', (_, given, tags, expected) => {
    expect(outcome(decided(SWEEP, split(given, tags)))).toBe(expected);
  });

  it.each([
    ['by EC2’s word', NOW - MINUTE_MS, {}, `failover to ${A}`],
    ['not yet', NOW - MINUTE_MS + 1, {}, 'impaired-recently'],
    ['by what was noted', undefined, noted('group-split/impaired-recently'), `failover to ${A}`],
    ['by nobody’s word', undefined, {}, 'impaired-recently'],
    ['nor by a note of something else', undefined, noted('holder-impaired/paused'), 'impaired-recently'],
  ])('should wait until impaired checks have lasted: %s', (_, impairedSince, tags, expected) => {
    const checks = {
      [B]: { ...instanceCheck('impaired'), ...(impairedSince !== undefined && { impairedSince }) },
    };
    expect(outcome(decided(SWEEP, split({ checks }, tags)))).toBe(expected);
  });
});

describe('the time since which a holder is impaired', () => {
  const since = (what: string) =>
    impairedOnly(
      decided(SWEEP, observation({ ...recordedAs(what), checks: { [A]: instanceCheck('impaired') } })).facts,
    );

  it.each([
    ['holder-impaired/paused', NOW - 7_000],
    ['interface-unattached/paused', undefined],
    ['holder-impaired-not/paused', undefined],
  ])('should be the noted one when that is what was noted: %s', (what, expected) => {
    expect(since(what)).toEqual({ since: expected });
  });

  it('should rather be what EC2 says', () => {
    const checks = { [A]: { ...instanceCheck('impaired'), impairedSince: 5_000 } };
    const { facts } = decided(SWEEP, observation({ ...recordedAs('holder-impaired/paused'), checks }));
    expect(impairedOnly(facts)).toEqual({ since: 5_000 });
  });

  it('should be none where it is not impaired, or nobody holds the group', () => {
    expect(impairedOnly(decided(SWEEP, observation()).facts)).toBeUndefined();
    expect(impairedOnly(decided(SWEEP, observation({ interfaces: [floating(ENI)] })).facts)).toBeUndefined();
  });
});

function noted(what: string): object {
  return ledgerTags(ledger({ condition: { what, since: NOW - 10 * MINUTE_MS } }));
}

function recordedAs(what: string) {
  const tags = ledgerTags(ledger({ condition: { what, since: NOW - 7_000 } }));
  return { interfaces: [floating(ENI, A, { tags })] };
}
