import type { Evidence } from '../../../lib/probe/evidence.ts';
import type { OutcomeClass } from '../../../lib/probe/outcome.ts';
import type { TargetKind } from '../../../lib/probe/target.ts';
import { judge, type Judgement } from '../../../lib/probe/verdict.ts';
import { BEGIN, DOWN, evidence, floating, heard, looks, witness } from './evidence-of.ts';

const B = 'i-0b';
const RULES = { kind: 'tcp' as TargetKind, count: 3, serviceAfterMs: 10_000, standbys: [B] };

type Own = readonly [before: OutcomeClass, after: OutcomeClass] | null;
type Row = readonly [floating: OutcomeClass, own: Own, standby: Own, verdict: Partial<Judgement> | undefined];

const UNREACHABLE = { verdict: 'unreachable', acts: true, witness: B } as const;
const SERVICE = { verdict: 'not-serving', reason: 'service', acts: true } as const;
const PATH = { verdict: 'not-serving', reason: 'path', acts: false } as const;
const BLIND = { verdict: 'probe-blind', acts: false } as const;

/** Everybody answered before; this is what they say from then on, for as long as is asked. */
function seen([found, own, standby]: Row, seconds: number): Evidence {
  return evidence({
    floating: floating(looks(found, seconds)),
    own: own && witness(heard(...own, seconds)),
    witnesses: standby ? { [B]: witness(heard(...standby, seconds)) } : {},
  });
}

const rulesFor = ([, , standby]: Row) => ({ ...RULES, standbys: standby ? [B] : [] });

describe('the table', () => {
  /** At three misses. */
  it.each<Row>([
    ['silent', ['answered', 'silent'], ['answered', 'answered'], UNREACHABLE],
    ['silent', ['answered', 'silent'], ['refused', 'refused'], UNREACHABLE],
    ['silent', ['refused', 'silent'], ['answered', 'reset'], UNREACHABLE],
    ['silent', ['answered', 'silent'], ['answered', 'silent'], BLIND],
    ['silent', ['answered', 'silent'], ['silent', 'silent'], BLIND],
    ['silent', ['answered', 'silent'], null, BLIND],
    // An address that never answered is closed to the probe, or not what it is taken for: its silence is none.
    ['silent', ['silent', 'silent'], ['answered', 'answered'], { ...BLIND, reason: 'own-never-answered' }],
    ['silent', null, ['answered', 'answered'], { ...BLIND, reason: 'own-never-answered' }],
    // What has to last has not.
    ['silent', ['answered', 'answered'], ['answered', 'answered'], undefined],
    ['refused', ['answered', 'silent'], ['answered', 'answered'], undefined],
    // The probe itself could not ask: nothing changes.
    ['unsent', ['answered', 'silent'], ['answered', 'answered'], { verdict: 'serving', acts: false }],
    ['silent', ['answered', 'unsent'], ['answered', 'answered'], undefined],
    ['silent', ['answered', 'silent'], ['answered', 'unsent'], undefined],
    ['answered', ['answered', 'answered'], ['answered', 'answered'], { verdict: 'serving', acts: false }],
  ])('should make of %s, own %j, standby %j after 3 s: %j', (...row) => {
    expect(judge(seen(row, 3), rulesFor(row), DOWN + 3_000)).toEqual(row[3]);
  });

  /** At eleven misses. */
  it.each<Row>([
    ...(['refused', 'reset', 'wrong', 'slow', 'closed'] as const).flatMap((bad): Row[] => [
      [bad, ['answered', 'silent'], ['answered', 'answered'], SERVICE],
      [bad, ['answered', 'refused'], ['answered', 'answered'], SERVICE],
      [bad, null, ['answered', 'answered'], SERVICE],
      // A standby known to fail the same probe is nobody to move to; it is told all the same.
      [bad, ['answered', 'refused'], ['answered', 'refused'], { ...SERVICE, acts: false }],
      [bad, ['answered', 'refused'], ['refused', 'refused'], { ...SERVICE, acts: false }],
      [bad, ['answered', 'refused'], ['answered', 'silent'], { ...SERVICE, acts: false }],
      [bad, ['answered', 'refused'], null, { ...SERVICE, acts: false }],
      // The service listens on the floating address alone: that nobody listens on the standby's own says nothing.
      [bad, ['refused', 'refused'], ['refused', 'refused'], SERVICE],
    ]),
    ['silent', ['answered', 'answered'], ['answered', 'answered'], PATH],
    ['silent', ['refused', 'refused'], ['answered', 'answered'], PATH],
    // Its own address has ceased to pass the same probe: it is the service, as when it is stuck and its queue is full.
    ...(['slow', 'refused', 'reset', 'wrong', 'closed'] as const).flatMap((bad): Row[] => [
      ['silent', ['answered', bad], ['answered', 'answered'], SERVICE],
      ['silent', ['answered', bad], ['refused', 'refused'], { ...SERVICE, acts: false }],
      ['silent', ['answered', bad], ['answered', 'silent'], { ...SERVICE, acts: false }],
      ['silent', ['answered', bad], null, { ...SERVICE, acts: false }],
    ]),
  ])('should make of %s, own %j, standby %j after 11 s: %j', (...row) => {
    expect(judge(seen(row, 11), rulesFor(row), DOWN + 11_000)).toEqual(row[3]);
  });

  it.each([
    ['silent', ['answered', 'answered']],
    ['refused', ['answered', 'answered']],
  ] as const)('should say nothing of %s before it has lasted', (found, own) => {
    const at9 = seen([found, own, own, undefined], 9);
    expect(judge(at9, RULES, DOWN + 9_999)).toBeUndefined();
    expect(judge(at9, RULES, DOWN + 10_000)).toMatchObject({ verdict: 'not-serving' });
  });

  it('should take life for an answer where that is all that is asked', () => {
    const alive = { ...RULES, kind: 'alive' as const };
    const refused = evidence({
      floating: floating(looks('refused'), { kind: 'alive' }),
      witnesses: { [B]: witness(heard('refused', 'refused'), 'alive') },
    });
    expect(judge(refused, alive, DOWN + 3_000)).toEqual({ verdict: 'serving', acts: false });
    const silent = evidence({
      floating: floating(looks('silent'), { kind: 'alive' }),
      own: witness(heard('refused', 'silent'), 'alive'),
      witnesses: { [B]: witness(heard('refused', 'refused'), 'alive') },
    });
    expect(judge(silent, alive, DOWN + 3_000)).toEqual(UNREACHABLE);
  });
});

describe('the count', () => {
  const parts = {
    own: witness(heard('answered', 'silent', 6)),
    witnesses: { [B]: witness(heard('answered', 'answered', 6)) },
  };

  it.each([
    [3, 2, undefined],
    [3, 3, UNREACHABLE],
    [6, 5, undefined],
    [6, 6, UNREACHABLE],
  ])('should be %d: %d misses are %j', (count, misses, verdict) => {
    const found = evidence({ ...parts, floating: floating(looks('silent', misses)) });
    expect(judge(found, { ...RULES, count }, DOWN + 6_000)).toEqual(verdict);
  });

  it('should begin again after an answer, whatever came before', () => {
    const broken = floating([
      ...looks('silent', 2),
      [DOWN + 2_000, 'answered', 1],
      [DOWN + 3_000, 'silent'],
      [DOWN + 4_000, 'silent'],
    ]);
    expect(broken.missed).toBe(2);
    expect(broken.missingSince).toBe(DOWN + 3_000);
  });

  it('should follow the order in which looks began, not that in which they ended', () => {
    // The slow look began before the one that was answered: it says nothing more.
    const late = floating([
      [DOWN + 1_000, 'answered', 1],
      [DOWN, 'slow', 3_000],
    ]);
    expect(late).toMatchObject({ missed: 0, missingSince: null });
    // The answer to an early look leaves what was missed after it.
    const early = floating([
      [DOWN + 1_000, 'silent'],
      [DOWN, 'answered', 2_900],
    ]);
    expect(early).toMatchObject({ missed: 1, missingSince: DOWN + 1_000, answers: 0 });
  });

  it('should not count what the probe could not ask', () => {
    expect(floating(looks('unsent', 5)).missed).toBe(0);
  });

  it('should take a mixture for an answer while one of the last three was one', () => {
    const both = { own: witness(heard('answered', 'silent', 12)), witnesses: parts.witnesses };
    const refusedFirst = evidence({
      ...both,
      floating: floating([...looks('refused', 2), [DOWN + 2_000, 'silent']]),
    });
    expect(judge(refusedFirst, RULES, DOWN + 3_000)).toBeUndefined();
    const silentSince = evidence({
      ...both,
      floating: floating([
        ...looks('refused', 2),
        [DOWN + 2_000, 'silent'],
        [DOWN + 3_000, 'silent'],
        [DOWN + 4_000, 'silent'],
      ]),
      witnesses: { [B]: witness(heard('answered', 'answered', 6)) },
    });
    expect(judge(silentSince, RULES, DOWN + 5_000)).toEqual(UNREACHABLE);
  });
});

describe('witnesses', () => {
  const silent = { floating: floating(looks('silent')), own: witness(heard('answered', 'silent')) };

  it.each([
    [2_000, UNREACHABLE],
    [2_001, undefined],
  ])('should have answered within 2 s: %d ms ago is %j', (ago, verdict) => {
    const found = evidence({ ...silent, witnesses: { [B]: witness([[DOWN + 3_000 - ago, 'answered', 0]]) } });
    // One that answered before that is not silent either: it is asked again.
    expect(judge(found, RULES, DOWN + 3_000)).toEqual(verdict);
  });

  it('should be waited for while they were not asked since the first miss', () => {
    const found = evidence({ ...silent, witnesses: { [B]: witness([[DOWN - 4_000, 'answered']]) } });
    expect(judge(found, RULES, DOWN + 3_000)).toBeUndefined();
  });

  it('should not be one whose newest look met silence, though an older look ended later', () => {
    const cut = witness([
      [DOWN - 1_000, 'slow', 3_000],
      [DOWN + 1_000, 'silent'],
      [DOWN + 2_000, 'silent'],
    ]);
    expect(judge(evidence({ ...silent, witnesses: { [B]: cut } }), RULES, DOWN + 3_000)).toEqual(BLIND);
  });

  it('should be any of them, a neighbour too', () => {
    const witnesses = { [B]: witness(heard('answered', 'silent')), neighbour: witness(heard('refused', 'refused')) };
    expect(judge(evidence({ ...silent, witnesses }), RULES, DOWN + 3_000)).toEqual({
      ...UNREACHABLE,
      witness: 'neighbour',
    });
  });

  it('should not be outweighed by an own address that answered a moment ago: it is asked again', () => {
    const own = witness([
      [DOWN - 2_000, 'answered'],
      [DOWN + 1_500, 'answered'],
      [DOWN + 1_900, 'silent'],
    ]);
    const found = evidence({ ...silent, own, witnesses: { [B]: witness(heard('answered', 'answered')) } });
    expect(judge(found, RULES, DOWN + 3_000)).toBeUndefined();
  });

  it('should be said to be missing beforehand, once none of them ever answered', () => {
    const well = floating(looks('answered'));
    const never = witness(heard('silent', 'silent'));
    expect(judge(evidence({ floating: well, witnesses: { [B]: never } }), RULES, DOWN)).toEqual({
      verdict: 'probe-no-witness',
      acts: false,
    });
    expect(judge(evidence({ floating: well }), RULES, DOWN)).toMatchObject({ verdict: 'probe-no-witness' });
    const twice = witness([
      [DOWN, 'silent'],
      [DOWN + 5_000, 'silent'],
    ]);
    expect(judge(evidence({ floating: well, witnesses: { [B]: twice } }), RULES, DOWN)).toMatchObject({
      verdict: 'serving',
    });
  });
});

describe('what never answered', () => {
  it.each<OutcomeClass>(['silent', 'refused', 'wrong'])('should never be a failure: %s', (bad) => {
    const found = evidence({
      floating: floating(looks(bad, 40), { never: true }),
      own: witness(heard('answered', 'silent', 40)),
      witnesses: { [B]: witness(heard('answered', 'answered', 40)) },
    });
    expect(judge(found, RULES, BEGIN + 29_999)).toBeUndefined();
    expect(judge(found, RULES, DOWN + 40_000)).toEqual({ verdict: 'probe-never-answered', acts: false });
  });
});
