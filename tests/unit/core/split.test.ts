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
  intent,
  ledger,
  ledgerTags,
  member,
  MINUTE_MS,
  NOW,
  observation,
  request,
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
      const decision = decided(trigger, split({ alarms: inAlarm(A) }));
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
