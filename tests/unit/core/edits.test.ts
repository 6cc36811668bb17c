import { DEFAULT_PAUSE_MINUTES } from '../../../lib/core/edits.ts';
import type { Ledger } from '../../../lib/core/ledger.ts';
import { encodeOperation, readLedger } from '../../../lib/core/ledger-codec.ts';
import type { PersonRequest } from '../../../lib/core/model.ts';
import {
  A,
  attachment,
  B,
  decided,
  ENI,
  ENI2,
  floating,
  inAlarm,
  ledger,
  ledgerTags,
  member,
  MINUTE_MS,
  moving,
  NOW,
  observation,
  request,
  settings,
} from '../../support/observation.ts';

/** The decision, the keys it writes, and the ledger as it reads afterwards. */
function edited(asked: Partial<PersonRequest>, written?: Ledger) {
  const tags = written ? ledgerTags(written) : {};
  const decision = decided(request(asked), observation({ interfaces: [floating(ENI, A, { tags })] }));
  const [first, ...others] = decision.write?.writes ?? [];
  expect([first?.interfaceIds, others]).toEqual([[ENI], []]);
  const after = readLedger([{ id: ENI, tags: { ...tags, ...first?.tags } }], settings().statePrefix);
  return {
    decision,
    keys: Object.keys(first?.tags ?? {}).map((key) => key.replace('eni-failover-state:', '')),
    after: after.status === 'valid' ? after.ledger : undefined,
  };
}

describe('pause', () => {
  it('should be an act that says what automation does until when', () => {
    const { decision } = edited({ action: 'pause', minutes: 5 }, ledger());
    const reason = `Automation starts no new move until 2026-08-20T10:05:00.000Z; a move that has begun is finished, and people's requests still work.`;
    expect(decision).toMatchObject({ kind: 'act', code: 'pause', reason, rejected: [] });
    expect(decision.write?.news).toEqual([reason]);
    expect(decision.plan).toBeUndefined();
  });

  it('should say why in the words of whoever asked', () => {
    const reason = expect.stringMatching(/^On request: kernel update\. Automation starts no new move/);
    const { decision, after } = edited({ action: 'pause', reason: ' kernel update. ' });
    expect([decision.reason, decision.write?.news, after?.reason]).toEqual([reason, [reason], reason]);
    expect(edited({ action: 'pause', reason: 'until then - because so' }, ledger()).after?.pauseReason).toBe(
      'until then - because so',
    );
    expect(edited({ action: 'pause', reason: ' ' }, ledger()).decision.reason).toMatch(/^Automation/);
  });

  it.each([
    [undefined, DEFAULT_PAUSE_MINUTES],
    [5, 5],
  ])('should last as long as was asked for (%s minutes)', (minutes, expected) => {
    const { after } = edited({ action: 'pause', ...(minutes !== undefined && { minutes }) }, ledger());
    expect(after).toEqual(ledger({ pausedUntil: NOW + expected * MINUTE_MS }));
  });

  it('should write no other key, so that an operation under way keeps its intent', () => {
    const { keys, after } = edited({ action: 'pause' }, moving());
    expect(keys).toEqual(['pause']);
    expect(after).toMatchObject({ phase: 'moving', operation: moving().operation });
  });

  it('should begin a ledger where there is none, and name the members in it', () => {
    expect(edited({ action: 'pause' }).after).toEqual({
      phase: 'steady',
      holder: A,
      resources: [],
      reason: expect.stringMatching(/^Automation starts no new move until 2026-08-20T11:00/) as string,
      changedAt: NOW,
      epoch: 0,
      moves: [],
      members: [A, B],
      forced: [],
      stuck: [],
      refused: [],
      notices: [],
      pausedUntil: NOW + DEFAULT_PAUSE_MINUTES * MINUTE_MS,
    });
  });

  it('should be written to every interface of the group', () => {
    const second = floating(ENI2, attachment(ENI2, A, { deviceIndex: 2 }));
    const seen = observation({ interfaces: [floating(ENI, A), second] });
    const { write } = decided(request({ action: 'pause' }), seen);
    expect(write?.writes.map(({ interfaceIds }) => interfaceIds)).toEqual([[ENI, ENI2]]);
  });

  it('should be possible for a group that nobody can move', () => {
    const seen = observation({ alarms: inAlarm(A, B), members: [member(A), member(B)], unreadable: [] });
    expect(decided(request({ action: 'pause' }), seen)).toMatchObject({ analysis: 'holder-impaired', code: 'pause' });
    const stranger = observation({ members: [member(B)] });
    expect(decided(request({ action: 'pause' }), stranger)).toMatchObject({
      analysis: 'holder-not-member',
      code: 'pause',
    });
  });

  // An interface that cannot be understood still carries tags: the pause of its group has to be found there.
  it('should be written to an interface that could not be understood, too', () => {
    const unreadable = [{ id: ENI2, reason: 'odd', tags: {} }];
    const { write } = decided(request({ action: 'pause' }), observation({ unreadable }));
    expect(write?.writes.map(({ interfaceIds }) => interfaceIds)).toEqual([[ENI, ENI2]]);
  });
});

describe('request-not-kept', () => {
  const own = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, nth) => [`team:${nth}`, 'x']));
  const asked = (action: PersonRequest['action'], ...counts: readonly number[]) =>
    decided(
      request({ action }),
      observation({
        interfaces: counts.map((count, nth) =>
          floating(nth === 0 ? ENI : ENI2, attachment(nth === 0 ? ENI : ENI2, A, { deviceIndex: nth + 1 }), {
            tags: own(count),
          }),
        ),
      }),
    );

  it.each([
    ['pause', 'Automation is not paused.'],
    ['resume', 'The pause is not ended.'],
    ['acknowledge', 'What happened still counts.'],
  ] as const)('should say what is full, and what to do: %s', (action, sentence) => {
    const { kind, code, reason, write } = asked(action, 49);
    expect([kind, code, write]).toEqual(['blocked', 'request-not-kept', undefined]);
    expect(reason.startsWith(sentence)).toBe(true);
    expect(reason).toContain(`${ENI} has 50 of the 50 tags that EC2 allows; delete 1 of them.`);
  });

  it('should not be said where there is room for that one tag, which is all that is written', () => {
    const { code, write } = asked('pause', 48);
    expect(code).toBe('pause');
    expect(write?.writes.map(({ interfaceIds, tags }) => [interfaceIds, Object.keys(tags)])).toEqual([
      [[ENI], ['eni-failover-state:pause']],
    ]);
  });

  it('should not be said where one interface of the group has room: it counts on whichever it stands', () => {
    const { code, write } = asked('pause', 49, 0);
    expect([code, write?.writes.map(({ interfaceIds }) => interfaceIds)]).toEqual(['pause', [[ENI2]]]);
  });
});

describe('resume', () => {
  it('should end the pause and write no other key', () => {
    const { decision, keys, after } = edited({ action: 'resume' }, ledger({ pausedUntil: NOW + MINUTE_MS }));
    expect(decision).toMatchObject({ kind: 'act', code: 'resume', reason: 'Automation may move the group again.' });
    expect(keys).toEqual(['pause']);
    expect(after).toEqual(ledger());
  });
});

describe('acknowledge', () => {
  it('should forget moves, refusals, tries and the condition from before, and nothing else', () => {
    const before = ledger({
      moves: [1],
      condition: { what: 'holder-impaired/cooldown', since: 1 },
      refused: [{ instanceId: B, at: 1, code: 'denied' }],
      loose: { count: 2, lastAt: 1 },
      pausedUntil: NOW,
    });
    const { decision, keys, after } = edited({ action: 'acknowledge' }, before);
    const reason = 'The recent moves and the noted condition are acknowledged; the cooldown starts afresh.';
    expect(decision).toMatchObject({ kind: 'act', code: 'acknowledge', reason });
    expect(keys).toEqual(['pause']);
    expect(after).toEqual(ledger({ pausedUntil: NOW, acknowledgedAt: NOW }));
  });

  it('should outlast a pause and its end', () => {
    const acknowledged = ledger({ acknowledgedAt: NOW - 1 });
    expect(edited({ action: 'pause' }, acknowledged).after).toMatchObject({ acknowledgedAt: NOW - 1 });
    expect(edited({ action: 'resume' }, acknowledged).after).toMatchObject({ acknowledgedAt: NOW - 1 });
  });

  // The result of an operation writes its own tags, moves and all, and may do so after a person's word.
  it('should not be undone by what an operation under way writes afterwards', () => {
    const acknowledged = {
      ...ledgerTags(ledger({ acknowledgedAt: NOW })),
      ...encodeOperation(ledger({ moves: [NOW - 1] }), settings().statePrefix),
    };
    const reading = readLedger([{ id: ENI, tags: acknowledged }], settings().statePrefix);
    expect(reading).toMatchObject({ status: 'valid', ledger: { moves: [] } });
  });
});

describe('a request that looks at the group', () => {
  it.each(['failover', 'plan', 'status'] as const)('should edit nothing: %s', (action) => {
    expect(decided(request({ action }), observation()).write).toBeUndefined();
  });
});
