import { massSilence } from '../../../lib/probe/mass.ts';
import type { OutcomeClass } from '../../../lib/probe/outcome.ts';
import { confirms, isHistory, type SecondLook, standing } from '../../../lib/probe/verdict.ts';
import { BEGIN, evidence, heard, witness } from './evidence-of.ts';

const B = 'i-0b';

describe('a standby', () => {
  const own = witness(heard('answered', 'refused'));

  it.each([
    [undefined, {}],
    [witness([]), {}],
    [witness(heard('answered', 'answered')), { answers: true, passes: true }],
    [witness(heard('answered', 'refused')), { answers: true, passes: false }],
    [witness(heard('refused', 'refused')), { answers: true, passes: false }],
    [witness(heard('answered', 'silent')), { answers: false, passes: false }],
    [witness(heard('refused', 'silent')), { answers: false, passes: false }],
    [witness(heard('silent', 'silent')), { passes: false }],
  ])('should stand as %#', (seen, known) => {
    const found = evidence({ own, witnesses: seen ? { [B]: seen } : {} });
    expect(standing(found, 'tcp', B)).toEqual({ instanceId: B, ...known });
  });

  it('should not be known to fail where nobody is known to serve on an own address', () => {
    const found = evidence({
      own: witness(heard('refused', 'refused')),
      witnesses: { [B]: witness(heard('refused', 'refused')) },
    });
    expect(standing(found, 'tcp', B)).toEqual({ instanceId: B, answers: true });
  });
});

describe('many at once', () => {
  const silence = (zone: string, i: number, since = 0) => ({ zone, instanceId: `i-${i}`, since });
  const holders = new Map([
    ['a', 6],
    ['b', 9],
  ]);

  it.each([
    ['two of six', [1, 2].map((i) => silence('a', i)), []],
    ['three of six', [1, 2, 3].map((i) => silence('a', i)), ['a']],
    ['three of nine', [1, 2, 3].map((i) => silence('b', i)), []],
    ['four of nine', [1, 2, 3, 4].map((i) => silence('b', i)), ['b']],
    ['three in two zones', [silence('a', 1), silence('a', 2), silence('b', 3)], []],
    ['one with three interfaces', [1, 1, 1].map((i) => silence('a', i)), []],
    ['three within 10 s', [silence('a', 1), silence('a', 2, 4_000), silence('a', 3, 10_000)], ['a']],
    ['three within 11 s', [silence('a', 1), silence('a', 2, 4_000), silence('a', 3, 11_000)], []],
    ['three that follow an early one', [silence('a', 1), ...[2, 3, 4].map((i) => silence('a', i, 60_000))], ['a']],
  ] as const)('should be %s: zones %#', (_, silences, zones) => {
    expect([...massSilence(silences, holders)]).toEqual(zones);
  });
});

describe('one more look', () => {
  const look = (
    floating: OutcomeClass,
    own: OutcomeClass | undefined,
    standby: OutcomeClass,
    isSlow = false,
  ): SecondLook => ({
    floating,
    ...(own !== undefined && { own }),
    witnesses: [standby],
    isSlow,
  });

  it.each([
    ['unreachable', look('silent', 'silent', 'answered'), 'agrees'],
    ['unreachable', look('silent', 'silent', 'refused'), 'agrees'],
    ['unreachable', look('answered', 'silent', 'answered'), 'answers'],
    ['unreachable', look('refused', 'silent', 'answered'), 'answers'],
    ['unreachable', look('silent', 'answered', 'answered'), 'answers'],
    ['unreachable', look('silent', 'refused', 'answered'), 'answers'],
    ['unreachable', look('silent', 'silent', 'silent'), 'unknown'],
    ['unreachable', look('silent', 'unsent', 'answered'), 'unknown'],
    ['unreachable', look('unsent', 'silent', 'answered'), 'unknown'],
    ['unreachable', look('silent', undefined, 'answered'), 'unknown'],
    ['unreachable', look('silent', 'silent', 'answered', true), 'unknown'],
    // An answer is an answer, however slow the probe is.
    ['unreachable', look('answered', 'silent', 'answered', true), 'answers'],
    ['not-serving', look('refused', 'refused', 'answered'), 'agrees'],
    ['not-serving', look('wrong', undefined, 'silent'), 'agrees'],
    ['not-serving', look('answered', 'refused', 'answered'), 'answers'],
    ['not-serving', look('silent', 'silent', 'answered'), 'unknown'],
    ['not-serving', look('slow', 'refused', 'answered'), 'unknown'],
    ['serving', look('refused', 'refused', 'answered'), 'unknown'],
    ['probe-blind', look('silent', 'silent', 'answered'), 'unknown'],
  ] as const)('should make of %s and %j: %s', (verdict, look, expected) => {
    expect(confirms({ verdict, found: 'refused' }, 'tcp', look)).toBe(expected);
  });

  it.each([
    ['slow', look('silent', 'slow', 'answered'), 'agrees'],
    ['slow', look('silent', 'refused', 'silent'), 'agrees'],
    ['refused', look('silent', 'refused', 'answered'), 'agrees'],
    // The queue has room for a moment.
    ['slow', look('slow', 'slow', 'answered'), 'agrees'],
    ['slow', look('slow', 'refused', 'answered'), 'unknown'],
    ['slow', look('slow', 'slow', 'answered', true), 'unknown'],
    // Its own address answers as asked again: then only the path is cut, and nothing follows.
    ['slow', look('silent', 'answered', 'answered'), 'unknown'],
    ['answered', look('silent', 'refused', 'answered'), 'unknown'],
    [undefined, look('silent', 'refused', 'answered'), 'unknown'],
    // Only what was slow before is slow now.
    ['refused', look('silent', 'slow', 'answered'), 'unknown'],
    ['slow', look('silent', 'silent', 'answered'), 'unknown'],
    ['slow', look('silent', 'unsent', 'answered'), 'unknown'],
    ['slow', look('silent', undefined, 'answered'), 'unknown'],
    ['slow', look('silent', 'slow', 'answered', true), 'unknown'],
    ['slow', look('answered', 'slow', 'answered'), 'answers'],
  ] as const)(
    'should tell the service from the path by the own address, which was %s: %j is %s',
    (own, look, expected) => {
      expect(confirms({ verdict: 'not-serving', found: 'silent', own }, 'http', look)).toBe(expected);
    },
  );

  it('should find slow again only what was slow, for it is shorter, and not while the probe itself is', () => {
    const slow = { verdict: 'not-serving', found: 'slow' } as const;
    expect(confirms(slow, 'http', look('slow', undefined, 'answered'))).toBe('agrees');
    expect(confirms(slow, 'http', look('slow', undefined, 'answered', true))).toBe('unknown');
  });
});

describe('a verdict', () => {
  it.each([
    [30_000, false],
    [30_001, true],
  ])('should be history after 30 s: %d is %s', (age, history) => {
    expect(isHistory(BEGIN, BEGIN + age)).toBe(history);
  });
});
