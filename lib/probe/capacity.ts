import type { Watched } from './protocol.ts';
import { targetOf } from './protocol.ts';
import { witnessesOf } from './sight.ts';
import type { TargetKind } from './target.ts';

/**
 * Milliseconds of CPU for one attempt, answered: two to three times what `bench/probe-capacity.ts` measured, as a core
 * of Lambda is slower than most and a miss costs more than an answer.
 */
export const COST_MS: Readonly<Record<TargetKind, number>> = { tcp: 0.7, alive: 0.7, http: 0.9, https: 2.5 };
/** What the rounds cost by themselves, in milliseconds of CPU a second. */
const IDLE_MS = 4;
/** Lambda gives a whole CPU at 1,769 MB, and less in proportion (Lambda Developer Guide, "Configure memory"). */
const MB_OF_A_CPU = 1_769;
/** So much of it may be used while all is well: while something is missing, its witnesses are asked as often as it. */
const SHARE = 0.5;
/** How many times a second a witness is asked while all is well. */
const WITNESS_RATE = 1 / 5;
const STEP_MB = 64;

/** Milliseconds of CPU a second that looking at these takes while all is well. */
export function loadOf(targets: readonly Watched[]): number {
  // A witness of many is asked once for all of them that ask the same.
  const witnesses = new Set<string>();
  let loadMs = IDLE_MS;
  for (const watched of targets) {
    const cost = COST_MS[targetOf(watched.target).kind];
    loadMs += cost;
    for (const address of [watched.own, ...witnessesOf(watched).map((each) => each.address)]) {
      const key = `${address} ${watched.target}`;
      if (address !== null && !witnesses.has(key)) loadMs += cost * WITNESS_RATE;
      witnesses.add(key);
    }
  }
  return loadMs;
}

/** The least memory, in MB, with which a function can bear a load. @param loadMs of CPU a second. */
export function memoryFor(loadMs: number): number {
  const mb = ((loadMs / 1_000) * MB_OF_A_CPU) / SHARE;
  return Math.max(128, Math.ceil(mb / STEP_MB) * STEP_MB);
}

/** What a function with too little memory is told: `probe-over-capacity`, with the memory to set. */
export function overCapacity(
  targets: readonly Watched[],
  memoryMb: number,
): { readonly memoryMb: number; readonly neededMb: number } | undefined {
  const neededMb = memoryFor(loadOf(targets));
  return neededMb > memoryMb ? { memoryMb, neededMb } : undefined;
}
