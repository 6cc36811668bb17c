import { type Drawn, draw } from './draw.ts';
import * as shipped from './product.ts';
import { type Product, Vpc } from './vpc.ts';

/** What one history came to. */
export interface Played extends Pick<Drawn, 'kinds' | 'allowed'> {
  readonly seed: number;
  /** Detaches that EC2 accepted from a holder that was well. */
  readonly moves: number;
  /** Verdicts that were told. */
  readonly told: number;
  /** What must not be, a sentence each. */
  readonly violations: readonly string[];
}

const MINUTE_MS = 60_000;
/** Whatever was remembered wrongly has this long to be learned anew: a throttled event may wait for minutes. */
const CALM_MINUTES = 2;
/** From a guest that hangs to a detach, once the eyes are well again: the watch may have to be started first. */
const SEEN_WITHIN_MS = 90_000;

/**
 * Plays a history in which only the eyes are broken, and counts by the world's truth what was taken from whom. Then
 * they are well, and the holder is not: that has to be noticed.
 */
export async function play(seed: number, product: Product = shipped): Promise<Played> {
  const { kinds, setup, overMs, minutes, allowed } = draw(seed);
  const vpc = new Vpc(setup, product);
  if (kinds.includes('a target down for an hour')) keepDown(vpc, seed);
  await vpc.play(minutes - 1);
  const wrong = vpc.taken.filter(({ wasDown }) => !wasDown);
  const violations = wrong.length > allowed ? [`${wrong.length} moves away from a holder that is well`] : [];
  const late = wrong.length > 0 || violations.length > 0 ? [] : await hangs(vpc, overMs);
  return { seed, kinds, allowed, moves: wrong.length, told: vpc.told.length, violations: [...violations, ...late] };
}

/** Another group's holder does not answer, for as long as the history lasts; and nothing, or everything, may follow. */
function keepDown(vpc: Vpc, seed: number): void {
  const { holder, interfaces } = vpc.scenes.at(-1) ?? vpc.scene;
  if (seed % 2 === 0) vpc.retag(interfaces[0] ?? '', { 'probe-acts': 'report' });
  vpc.host(holder, seed % 3 === 0 ? 'refused' : 'silent', MINUTE_MS);
}

/** @returns what became of a holder that hangs when the eyes are well. */
async function hangs(vpc: Vpc, overMs: number): Promise<readonly string[]> {
  const { holder = 'nobody', scene } = vpc;
  if (holder !== scene.holder) return [`the interface is on ${holder}, and nothing was taken from ${scene.holder}`];
  const hangsMs = overMs + CALM_MINUTES * MINUTE_MS + 10_000;
  vpc.host(holder, 'silent', hangsMs);
  await vpc.play(CALM_MINUTES + 1);
  const left = vpc.taken.find(({ from }) => from === holder);
  if (left === undefined) return [`${holder} hangs, and is not left`];
  const tookMs = left.at - hangsMs;
  return tookMs > SEEN_WITHIN_MS ? [`${holder} hangs, and is left after ${tookMs} ms`] : [];
}
