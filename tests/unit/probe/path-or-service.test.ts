import { addWitness, type Evidence, FRESH_WITNESS } from '../../../lib/probe/evidence.ts';
import { judge } from '../../../lib/probe/verdict.ts';
import { DOWN, evidence, floating, heard, looks, witness } from './evidence-of.ts';

const B = 'i-0b';
const RULES = { kind: 'http', count: 3, serviceAfterMs: 10_000, standbys: [B] } as const;
const SERVICE = { verdict: 'not-serving', reason: 'service', acts: true } as const;
const PATH = { verdict: 'not-serving', reason: 'path', acts: false } as const;

describe('a floating address that is silent while the holder is there', () => {
  /** Its own address begins to fail so long after the floating one; both are looked at each second. */
  const failsLater = (ms: number, seconds: number): Evidence =>
    evidence({
      floating: floating(looks('silent', seconds)),
      own: witness([
        ...heard('answered', 'answered', ms / 1_000),
        ...looks('slow', seconds - ms / 1_000).map(([at, found]) => [at + ms, found, 3_000] as const),
      ]),
      witnesses: { [B]: witness(heard('answered', 'answered', seconds)) },
    });

  it('should wait until its own address has failed for as long, be it for a restart behind a closed path', () => {
    expect(judge(failsLater(8_000, 9), RULES, DOWN + 11_000)).toBeUndefined();
    expect(judge(failsLater(8_000, 18), RULES, DOWN + 17_999)).toBeUndefined();
    expect(judge(failsLater(8_000, 18), RULES, DOWN + 18_000)).toEqual(SERVICE);
  });

  it('should call it the path again when its own address passes again', () => {
    const { floating: missed, own, witnesses } = failsLater(0, 12);
    const back = addWitness(own ?? FRESH_WITNESS, 'http', { class: 'answered', ms: 1 }, DOWN + 12_000);
    expect(judge({ floating: missed, own: back, witnesses }, RULES, DOWN + 12_500)).toEqual(PATH);
    // A slow look that began earlier says nothing more.
    const late = addWitness(back, 'http', { class: 'slow', ms: 3_000 }, DOWN + 11_000);
    expect(late.failingSince).toBeNull();
  });
});
