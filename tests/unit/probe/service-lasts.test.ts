import type { OutcomeClass } from '../../../lib/probe/outcome.ts';
import { judge } from '../../../lib/probe/verdict.ts';
import { DOWN, evidence, floating, heard, looks, witness } from './evidence-of.ts';

const B = 'i-0b';
const RULES = { kind: 'tcp', count: 3, serviceAfterMs: 10_000, standbys: [B] } as const;
const SERVICE = { verdict: 'not-serving', reason: 'service', acts: true } as const;

describe('the ten seconds of a service', () => {
  const others = { witnesses: { [B]: witness(heard('answered', 'answered', 40)) } };
  const silence = looks('silent', 20);
  const then = (found: OutcomeClass, count: number) =>
    Array.from({ length: count }, (_, i) => [DOWN + 20_000 + i * 1_000, found, 1] as const);
  const after = (count: number) => DOWN + 20_000 + count * 1_000;

  it.each([
    ['a path that was closed', witness(heard('answered', 'answered', 40))],
    ['an own address that was never heard', witness(heard('silent', 'silent', 40))],
  ])('should not count silence before the first sign of life: %s', (_, own) => {
    const found = (count: number) =>
      evidence({ ...others, own, floating: floating([...silence, ...then('refused', count)]) });
    expect(judge(found(2), RULES, after(2))).toBeUndefined();
    expect(judge(found(10), RULES, after(10) - 1)).toBeUndefined();
    expect(judge(found(11), RULES, after(10))).toEqual(SERVICE);
  });

  it('should begin anew after silence', () => {
    const mixed = [...looks('refused', 3), ...silence.slice(3), ...then('refused', 1)];
    const own = witness(heard('answered', 'answered', 40));
    expect(judge(evidence({ ...others, own, floating: floating(mixed) }), RULES, after(1))).toBeUndefined();
  });
});
