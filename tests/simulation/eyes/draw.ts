import { Random } from '../../../lab/random.ts';
import type { Busy, Illness, Setup } from './setup.ts';

/** What may be wrong with the eyes, and nothing else, in a history. */
export const KINDS = [
  'blind',
  'the only one lies',
  'one of two lies',
  'late',
  'doubled',
  'dead',
  'starved',
  'a target down for an hour',
  'thirty targets',
  'concurrency of ten',
  'throttled confirmation',
  'missing starts',
  'storms of starts',
] as const;
export type Kind = (typeof KINDS)[number];

/** A history, as a seed draws it. */
export interface Drawn {
  readonly kinds: readonly Kind[];
  readonly setup: Setup;
  /** When all of it is over, in milliseconds from the beginning. */
  readonly overMs: number;
  readonly minutes: number;
  /** Moves that the world's truth allows, away from a holder that is well. */
  readonly allowed: 0 | 1;
}

const MINUTE_MS = 60_000;
const MOST_AT_ONCE = 3;
/** Where so many groups are looked at, a history is short: it costs as much as thirty. */
const MANY = 30;
/** Kinds by which a probe cannot be asked, or not in time: then the other one is the only one there is. */
const UNASKABLE: readonly Kind[] = ['dead', 'starved', 'late', 'throttled confirmation', 'concurrency of ten'];

/** Draws which kinds there are together, when each of them lasts, and whom it strikes. */
export function draw(seed: number): Drawn {
  const random = new Random(seed).fork('broken eyes');
  const kinds = drawKinds(random);
  const has = (kind: Kind): boolean => kinds.includes(kind);
  const probes = has('the only one lies') ? 1 : has('one of two lies') ? 2 : random.pick([1, 2] as const);
  const minutes = has('thirty targets') ? 4 : random.int(5, 8);
  const overMs = minutes * MINUTE_MS;
  const windows = new Windows(random, overMs);
  const liar = random.int(1, probes);
  const ills = kinds.flatMap((kind) => illsOf(kind, { random, windows, probes, liar, isMany: has('thirty targets') }));
  const extra = has('a target down for an hour') ? 2 : 1;
  const setup: Setup = {
    seed,
    probes,
    ills,
    members: random.pick([2, 2, 3] as const),
    groups: has('thirty targets') ? MANY : extra,
    tags: { probe: random.pick(['tcp:443', 'http:80/', 'alive:22']) },
    ...(has('doubled') && { oddSends: { every: random.int(1, 3), how: 'doubled' } }),
    ...(has('late') && random.chance(0.5) && { sendsTakeMs: random.int(3_000, 45_000), sendsTakeUntilMs: overMs }),
    ...(has('missing starts') && { missingStarts: someOf(random, minutes) }),
    ...(has('storms of starts') && { starts: random.int(3, 6), startsUntil: minutes }),
    ...(has('concurrency of ten') && { concurrency: { limit: 10, others: busy(random, overMs) } }),
  };
  const isAlone = has('the only one lies') || (has('one of two lies') && UNASKABLE.some(has));
  return { kinds, setup, overMs, minutes, allowed: isAlone ? 1 : 0 };
}

function drawKinds(random: Random): readonly Kind[] {
  const wanted = random.int(1, MOST_AT_ONCE);
  const drawn = new Set<Kind>();
  while (drawn.size < wanted) drawn.add(random.pick(KINDS));
  // There are either one or two.
  if (drawn.has('the only one lies')) drawn.delete('one of two lies');
  return [...drawn];
}

/** Times at which something begins and ends. */
class Windows {
  readonly #random: Random;
  readonly #overMs: number;

  constructor(random: Random, overMs: number) {
    this.#random = random;
    this.#overMs = overMs;
  }

  next(): Pick<Illness, 'fromMs' | 'untilMs'> {
    // Until then whoever is well has been heard.
    const fromMs = this.#random.int(30_000, this.#overMs - 90_000);
    return { fromMs, untilMs: Math.min(fromMs + this.#random.int(5_000, 240_000), this.#overMs) };
  }
}

interface Drawing {
  readonly random: Random;
  readonly windows: Windows;
  readonly probes: 1 | 2;
  readonly liar: number;
  readonly isMany: boolean;
}

function illsOf(kind: Kind, { random, windows, probes, liar, isMany }: Drawing): readonly Illness[] {
  const times = (most: number): readonly number[] => Array.from({ length: random.int(1, most) }, (_, nth) => nth);
  const someProbe = (): number => random.int(1, probes);
  const several = (ill: Illness['kind']): readonly Illness[] =>
    times(3).map(() => ({ kind: ill, probe: someProbe(), ...windows.next() }));
  switch (kind) {
    case 'blind':
    case 'dead':
    case 'starved':
      return several(kind);
    case 'throttled confirmation':
      return several(random.pick(['no-confirmation', 'throttled']));
    case 'late':
      return several('late').map((each) => ({ ...each, lateMs: random.int(500, 12_000) }));
    case 'the only one lies':
    case 'one of two lies':
      return [{ kind: 'liar', probe: liar, ...windows.next(), ...(isMany && random.chance(0.5) && { about: 'all' }) }];
    default:
      return [];
  }
}

function someOf(random: Random, minutes: number): readonly number[] {
  return Array.from({ length: minutes }, (_, minute) => minute).filter(() => random.chance(0.4));
}

/** What the rest of the account does, a few seconds or a minute at a time. */
function busy(random: Random, overMs: number): readonly Busy[] {
  const all: Busy[] = [];
  for (let fromMs = 20_000; fromMs < overMs; ) {
    const untilMs = Math.min(fromMs + random.int(2_000, 60_000), overMs);
    all.push({ fromMs, untilMs, runs: random.int(0, 10) });
    fromMs = untilMs;
  }
  return all;
}
