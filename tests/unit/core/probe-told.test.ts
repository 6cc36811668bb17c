import { triage } from '../../../lib/core/first-look.ts';
import { confirmation } from '../../../lib/core/probe.ts';
import {
  A,
  alarmOn,
  attachment,
  B,
  C,
  decided,
  ENI,
  intent,
  ledger,
  member,
  NOW,
  settings,
  SWEEP,
} from '../../support/observation.ts';
import { withLedger } from '../../support/election.ts';
import { decidedFor, noteAfter, NOT_SERVING, probed, seenFor, verdictTrigger } from '../../support/probe.ts';

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

describe('probe-slow, which is about the probes', () => {
  it('should be told once, be among the warnings, and end when an address serves', () => {
    aboutTheProbes(
      { verdict: 'probe-slow' },
      /^probe-slow: A probe has lagged behind since .*: set probeMemoryMb higher\.$/,
    );
  });
});

describe('probe-over-capacity, which is about the probes', () => {
  it('should name the memory, be told once, be among the warnings, and end when an address serves', () => {
    const words = /^probe-over-capacity: The probes have had too much to look at since .*: set probeMemoryMb to 256\.$/;
    aboutTheProbes({ verdict: 'probe-over-capacity', neededMb: 256 }, words);
  });

  it('should only be noted where another group was told the same', () => {
    const given = { ...TELLS, verdict: 'probe-over-capacity', neededMb: 256, isOnlyNoted: true } as const;
    const { write } = decidedFor(given, { ledger: ledger() });
    expect(write?.news).toEqual([]);
    expect(write?.writes).toHaveLength(1);
  });
});

function aboutTheProbes(said: Parameters<typeof decidedFor>[0], words: RegExp): void {
  const given = { ...TELLS, ...said };
  const decision = decidedFor(given, { ledger: ledger() });
  expect(decision).toMatchObject({ code: said?.verdict, kind: 'no-action', write: { news: [decision.reason] } });
  const noted = noteAfter(decision) ?? ledger();
  const again = decidedFor(given, { ledger: noted });
  expect([again.write, again.facts.warnings]).toEqual([undefined, [expect.stringMatching(words)]]);
  const over = decidedFor({ ...TELLS, verdict: 'serving' }, { ledger: noted });
  expect(over.write?.news).toEqual([expect.stringContaining('keep up again')]);
  expect(noteAfter(over)?.probe).toBeUndefined();
}

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
