import type { Outage } from './outages.ts';

/** What the outages of one cause came to. */
export interface Entry {
  /** Of each, the time in which some member could have had the interface, in milliseconds. */
  readonly fits: readonly number[];
  /** The longest time on nobody, whether or not somebody could have had it. */
  readonly looseMs: number;
  /** The seed with the longest time in which somebody could. */
  readonly seed: number;
}

/** By cause. */
export type Account = Readonly<Record<string, Entry>>;

/** The account of one seed. */
export function accountOf(seed: number, outages: readonly Outage[]): Account {
  return mergedAccounts(outages.map(({ cause, fitMs, looseMs }) => ({ [cause]: { fits: [fitMs], looseMs, seed } })));
}

export function mergedAccounts(accounts: readonly Account[]): Account {
  const merged: Record<string, Entry> = {};
  for (const [cause, entry] of accounts.flatMap((account) => Object.entries(account))) {
    merged[cause] = joined(merged[cause], entry);
  }
  return merged;
}

function joined(one: Entry | undefined, other: Entry): Entry {
  if (!one) return other;
  const seed = Math.max(0, ...other.fits) > Math.max(0, ...one.fits) ? other.seed : one.seed;
  return { fits: [...one.fits, ...other.fits], looseMs: Math.max(one.looseMs, other.looseMs), seed };
}
