import { readLedger } from '../../../lib/core/ledger-codec.ts';
import { forceAfterMs } from '../../../lib/core/patience.ts';
import { triage } from '../../../lib/core/first-look.ts';
import { confirmation } from '../../../lib/core/probe.ts';
import { DEFAULT_SETTINGS } from '../../../lib/core/settings.ts';
import { begun } from '../../../lib/core/transitions.ts';
import {
  A,
  alarmOn,
  attachment,
  B,
  C,
  decided,
  ENI,
  ENI2,
  floating,
  intent,
  ledger,
  ledgerTags,
  member,
  NOW,
  settings,
  SWEEP,
} from '../../support/observation.ts';
import { withLedger } from '../../support/election.ts';
import { decidedFor, NOT_SERVING, probed, seenFor, verdictTrigger } from '../../support/probe.ts';

/** The newest note on the tags of a decision. */
function noteAfter(decision: ReturnType<typeof decidedFor>) {
  const tags = decision.write?.writes.at(0)?.tags ?? {};
  const whole = ledgerTags(ledger());
  const reading = readLedger([{ id: ENI, tags: { ...whole, ...tags } }], DEFAULT_SETTINGS.statePrefix);
  return reading.status === 'valid' ? reading.ledger : undefined;
}

describe('holder-unreachable, with a second look that agrees', () => {
  it('should move the group, whatever EC2 says of the checks, and say why', () => {
    const decision = decidedFor();
    expect(decision).toMatchObject({ analysis: 'holder-unreachable', code: 'failover' });
    expect(decision.plan).toMatchObject({ from: A, to: B, automatic: true, probed: true });
    expect(decision.reason).toBe(
      `The holder ${A} answers the probe neither on ${ENI} nor on its own address since 2026-08-20T09:59:56.000Z, while ${B} does. ${B} takes over.`,
    );
  });

  it('should not lift the cooldown, nor a pause, nor manual mode', () => {
    expect(decidedFor({}, { ledger: ledger({ moves: [NOW - 2, NOW - 1] }) }).code).toBe('cooldown');
    expect(decidedFor({}, { ledger: ledger({ pausedUntil: NOW + 1 }) }).code).toBe('paused');
    expect(decidedFor({}, {}, { settings: { mode: 'manual' } }).code).toBe('mode-manual');
  });

  it('should use force after two seconds, for nobody there lets go', () => {
    expect(forceAfterMs(decidedFor().facts, A)).toBe(2_000);
    expect(forceAfterMs(decidedFor().facts, B)).toBe(10_000);
  });

  it('should mark the old holder when the move begins, until it is launched anew', () => {
    const { facts } = decidedFor();
    const { silent } = begun(ledger(), facts, { intent: intent(), reason: 'it moves', now: NOW });
    expect(silent).toEqual([{ instanceId: A, launchedAt: member(A).launchedAt, at: NOW }]);
  });

  it('should go on in the run that began it, while the interface is on its way', () => {
    const trigger = verdictTrigger();
    const loose = { interfaces: [probed({}, { attachment: undefined as never })] };
    const { facts } = decided(trigger, seenFor(trigger, { found: 'agrees', ...loose }));
    expect(facts.signals.find(({ source }) => source === 'probe')).toMatchObject({ instanceId: A, unanswering: true });
  });

  it('should say nothing any more of an instance that has the interface anew', () => {
    const trigger = verdictTrigger();
    const anew = { interfaces: [probed({}, { attachment: attachment(ENI, A, { id: 'eni-attach-new' }) })] };
    const { code, facts } = decided(trigger, seenFor(trigger, { found: 'agrees', ...anew }));
    expect([code, facts.holderHealth?.code]).toEqual(['verdict-overtaken', 'healthy']);
  });
});

describe('holder-not-serving, with a second look that agrees', () => {
  it('should move the group, with the long patience: the host answers', () => {
    const decision = decidedFor(NOT_SERVING);
    expect(decision).toMatchObject({ analysis: 'holder-not-serving', code: 'failover' });
    expect(forceAfterMs(decision.facts, A)).toBe(10_000);
    const { silent } = begun(ledger(), decision.facts, { intent: intent(), reason: 'it moves', now: NOW });
    expect(silent).toBeUndefined();
  });

  it('should have the long patience even beside an alarm, for whoever answers lets go', () => {
    const alarms = { readable: true, inAlarm: [alarmOn(A)] } as const;
    expect(forceAfterMs(decidedFor(NOT_SERVING, { alarms }).facts, A)).toBe(10_000);
    expect(forceAfterMs(decidedFor({}, { alarms, found: 'answers' }).facts, A)).toBe(10_000);
  });
});

describe('verdict-overtaken, whatever the second look says', () => {
  const detaching = probed({}, { attachment: attachment(ENI, A, { status: 'detaching' }) });
  it.each([
    ['another attachment', { attachmentId: 'eni-attach-old' }, {}],
    ['another instance', { instanceId: B }, {}],
    ['another interface', { interfaceId: ENI2 }, {}],
    ['one that is on its way', {}, { interfaces: [detaching] }],
    ['31 seconds ago', { at: NOW - 30_001 }, {}],
    ['the future', { at: NOW + 10_001 }, {}],
  ])('should be what is about %s', (_, given, seen) => {
    const decision = decidedFor(given, seen);
    expect(decision.code).toBe('verdict-overtaken');
    expect([decision.plan, decision.write]).toEqual([undefined, undefined]);
  });

  it('should not be 30 seconds ago, and what clocks differ by', () => {
    expect(decidedFor({ at: NOW - 30_000 }).code).toBe('failover');
    expect(decidedFor({ at: NOW + 10_000 }).code).toBe('failover');
  });
});

describe('probe-answers, where the second look was answered', () => {
  it('should veto the verdict', () => {
    const decision = decidedFor({}, { found: 'answers' });
    expect(decision).toMatchObject({ code: 'probe-answers', kind: 'no-action', analysis: 'holder-healthy' });
    expect(decision.lookAgainAfterMs).toBeUndefined();
  });
});

describe('probe-unconfirmed, where no second look was had', () => {
  it('should move nothing, and be looked at again while the verdict is none of history', () => {
    expect(decidedFor({}, { found: 'unknown' })).toMatchObject({ code: 'probe-unconfirmed', lookAgainAfterMs: 2_000 });
    expect(decidedFor({ at: NOW - 25_000 }, { found: 'unknown' }).lookAgainAfterMs).toBeUndefined();
  });

  it('should be what is said where nobody was asked at all', () => {
    const trigger = verdictTrigger();
    expect(decided(trigger, seenFor(trigger)).code).toBe('probe-unconfirmed');
  });
});

describe('probe-reported, by which nothing moves', () => {
  it.each([
    ['a path that is cut', { ...NOT_SERVING, reason: 'path', acts: false }, {}, /own address answers/],
    ['a whole zone', { acts: false, reason: 'mass' }, {}, /one probe is not believed/],
    ['nobody better', { ...NOT_SERVING, acts: false }, {}, /nobody would serve it better/],
    ['report', {}, { 'probe-acts': 'report' }, /probe-acts is report/],
    ['unreachable-only', NOT_SERVING, { 'probe-acts': 'unreachable-only' }, /probe-acts is unreachable-only/],
    ['one that never answered', { lastAnswerAt: null }, {}, /nothing moves/],
  ] as const)('should be said for %s, once', (_, given, tags, words) => {
    const seen = { interfaces: [probed(tags)], ledger: ledger() };
    const decision = decidedFor(given, seen);
    expect([decision.code, decision.reason]).toEqual(['probe-reported', expect.stringMatching(words)]);
    expect(decision.write?.news).toEqual([decision.reason]);
    const noted = noteAfter(decision);
    expect(noted?.probe).toMatchObject([{ short: ENI.slice(-8), at: NOW }]);
    const again = decidedFor(given, { ...seen, ledger: noted ?? ledger() });
    expect(again.write).toBeUndefined();
    expect(again.facts.warnings).toEqual([expect.stringContaining('probe-reported: ')]);
  });

  it('should let unreachable move under unreachable-only', () => {
    expect(decidedFor({}, { interfaces: [probed({ 'probe-acts': 'unreachable-only' })] }).code).toBe('failover');
  });
});

const TELLS = { acts: false, standbys: [] } as const;
const told = (verdict: 'probe-blind' | 'probe-no-witness' | 'probe-never-answered' | 'serving') =>
  decidedFor({ ...TELLS, verdict }, { ledger: ledger() });

describe('probe-blind, of which nothing follows', () => {
  it('should be told once, and be among the warnings', () => {
    const decision = told('probe-blind');
    expect(decision).toMatchObject({ code: 'probe-blind', kind: 'no-action' });
    expect(decision.write?.news).toEqual([decision.reason]);
    const { write, facts } = decidedFor(
      { ...TELLS, verdict: 'probe-blind' },
      { ledger: noteAfter(decision) ?? ledger() },
    );
    expect(write).toBeUndefined();
    expect(facts.warnings[0]).toMatch(/^probe-blind: /);
  });

  it('should be forgotten with the attachment that it was about', () => {
    const noted = noteAfter(told('probe-blind')) ?? ledger();
    const anew = probed({}, { attachment: attachment(ENI, A, { attachedAt: NOW + 1_000 }) });
    const { write, facts } = decided(SWEEP, withLedger({ ...seenFor(verdictTrigger()), interfaces: [anew] }, noted));
    expect([facts.warnings, write?.news]).toEqual([[], []]);
  });
});

describe('probe-no-witness, which is said beforehand', () => {
  it('should name what to put right', () => {
    expect(told('probe-no-witness')).toMatchObject({
      code: 'probe-no-witness',
      reason: expect.stringContaining('security groups of the standbys'),
    });
  });
});

describe('probe-never-answered, which is never a failure', () => {
  it('should be told of an interface that nobody has moved', () => {
    expect(told('probe-never-answered').code).toBe('probe-never-answered');
  });
});

describe('moved-not-serving, after a move by the word of the probe', () => {
  const moved = { operation: intent({ from: B, to: A, probed: true }), movedAt: NOW - 31_000 };
  it('should be told instead, once, and be among the warnings', () => {
    const given = { ...TELLS, verdict: 'probe-never-answered', lastAnswerAt: null } as const;
    const decision = decidedFor(given, { ledger: ledger(moved) });
    expect([decision.code, decision.plan]).toEqual(['moved-not-serving', undefined]);
    const noted = { ...noteAfter(decision), ...moved } as ReturnType<typeof ledger>;
    const again = decidedFor(given, { ledger: noted });
    expect([again.code, again.write]).toEqual(['moved-not-serving', undefined]);
    expect(again.facts.warnings[0]).toMatch(/^moved-not-serving: /);
  });

  it('should not be told where a person has moved it', () => {
    const given = { ...TELLS, verdict: 'probe-never-answered', lastAnswerAt: null } as const;
    const byHand = ledger({ ...moved, operation: intent({ from: B, to: A }) });
    expect(decidedFor(given, { ledger: byHand }).code).toBe('probe-never-answered');
  });
});

describe('probe-serving, which ends what was told', () => {
  const noted = ledger({ probe: [{ short: ENI.slice(-8), at: NOW - 60_000, code: 'probe-blind' }] });
  it('should be told, and forgotten', () => {
    const decision = decidedFor({ ...TELLS, verdict: 'serving' }, { ledger: noted });
    expect(decision).toMatchObject({ code: 'probe-serving', write: { news: [decision.reason] } });
    expect(noteAfter(decision)?.probe).toBeUndefined();
  });

  it('should be no news where nothing was told', () => {
    expect(told('serving').write).toBeUndefined();
  });

  it('should clear the mark of an old holder that answers again, which a sweep does not', () => {
    const launchedAt = member(B).launchedAt;
    const marked = ledger({ silent: [{ instanceId: B, launchedAt, at: NOW - 60_000 }] });
    const standbys = [{ instanceId: B, answers: true }];
    const decision = decidedFor({ ...TELLS, verdict: 'serving', standbys }, { ledger: marked });
    expect(decision.write?.news).toEqual([expect.stringContaining(`${B} answers the probe again`)]);
    expect(noteAfter(decision)?.silent).toBeUndefined();
    expect(decided(SWEEP, seenFor(verdictTrigger(), { ledger: marked })).write).toBeUndefined();
  });
});

describe('the mark of an old holder that nobody answered for', () => {
  const launchedAt = member(B).launchedAt;
  const marked = ledger({ silent: [{ instanceId: B, launchedAt, at: NOW - 60_000 }] });
  const three = { members: [member(A), member(B, { tags: { 'eni-failover:priority': '9' } }), member(C)] };
  const alarms = { readable: true, inAlarm: [alarmOn(A)] } as const;
  const sweep = (led: typeof marked, given = {}) =>
    decided(SWEEP, seenFor(verdictTrigger(), { ledger: led, alarms, ...three, ...given }));

  it('should rank it last for whatever else moves the group, and not rule it out', () => {
    expect(sweep(ledger()).plan?.to).toBe(B);
    expect(sweep(marked).plan?.to).toBe(C);
    expect(sweep(marked, { members: [member(A), member(B)] }).plan?.to).toBe(B);
  });

  it('should be void after a new launch, and when a person has acknowledged it', () => {
    const anew = { members: [member(A), member(B, { ...three.members[1], launchedAt: NOW }), member(C)] };
    expect(sweep(marked, anew).plan?.to).toBe(B);
    expect(sweep({ ...marked, acknowledgedAt: NOW - 1_000 }).plan?.to).toBe(B);
  });
});

describe('what a verdict has found out', () => {
  const condition = { what: 'holder-unreachable/cooldown', since: NOW - 60_000 };
  const found = ledger({ condition });
  it('should not be unsaid by a sweep, to which EC2 says that all is well', () => {
    expect(decided(SWEEP, seenFor(verdictTrigger(), { ledger: found })).write).toBeUndefined();
  });

  it('should not be told again by the next verdict', () => {
    const held = { ...found, moves: [NOW - 2, NOW - 1] };
    expect(decidedFor({}, { ledger: held })).toMatchObject({ code: 'cooldown' });
    expect(decidedFor({}, { ledger: held }).write).toBeUndefined();
  });

  it('should be unsaid by an answer, and where the interface has no probe any more', () => {
    const answered = decidedFor({}, { ledger: found, found: 'answers' });
    expect(answered.write?.news).toEqual([answered.reason]);
    const serving = decidedFor({ ...TELLS, verdict: 'serving' }, { ledger: found });
    expect(serving.write?.news).toEqual([serving.reason]);
    const without = { ledger: found, interfaces: [floating(ENI, A)] };
    expect(decided(SWEEP, seenFor(verdictTrigger(), without)).write?.news).toHaveLength(1);
  });

  it('should leave alone what sweeps have found out', () => {
    const other = ledger({ condition: { what: 'holder-impaired/cooldown', since: NOW - 60_000 } });
    expect(decidedFor({}, { ledger: other, found: 'answers' }).write).toBeUndefined();
  });
});

describe('a malformed tag', () => {
  const interfaces = [probed({ probe: 'htp:80' })];
  it('should be told once, by a sweep that looks for it, and be among the warnings', () => {
    const seen = seenFor(verdictTrigger(), { interfaces, ledger: ledger() });
    expect(triage(seen, settings()).kind).toBe('look');
    const decision = decided(SWEEP, seen);
    expect(decision.code).toBe('holder-healthy');
    expect(decision.write?.news).toEqual([expect.stringMatching(/must begin with tcp.*without a probe\.$/)]);
    const after = seenFor(verdictTrigger(), { interfaces, ledger: noteAfter(decision) ?? ledger() });
    expect(triage(after, settings()).kind).toBe('quiet');
    expect(decided(SWEEP, after).facts.warnings).toEqual([expect.stringMatching(/^probe-malformed: /)]);
  });
});

describe('the looks of several probes', () => {
  it.each([
    [['agrees', 'answers'], 'answers'],
    [['answers', 'unknown'], 'answers'],
    [['agrees', 'agrees'], 'agrees'],
    [['agrees', 'unknown'], 'agrees'],
    [['unknown', 'unknown'], 'unknown'],
    [[], 'unknown'],
  ] as const)('should amount, %j, to %s', (looks, all) => {
    expect(confirmation(looks)).toBe(all);
  });
});
