import {
  addLook,
  addWitness,
  type Evidence,
  FRESH_WITNESS,
  type FloatingEvidence,
  freshFloating,
  type WitnessEvidence,
} from '../../../lib/probe/evidence.ts';
import type { OutcomeClass } from '../../../lib/probe/outcome.ts';
import type { TargetKind } from '../../../lib/probe/target.ts';

/** When the floating address was first looked at. The fifth look, at {@link DOWN}, is the first that may be missed. */
export const BEGIN = 1_000_000;
export const DOWN = BEGIN + 60_000;

/** A look that begins at a moment and ends so much later. */
export type Look = readonly [at: number, found: OutcomeClass, ms?: number];

/** What a floating address is known by: it answered, unless it is said that it never did; then these looks. */
export function floating(
  looks: readonly Look[],
  { kind = 'tcp', never = false }: { kind?: TargetKind; never?: boolean } = {},
): FloatingEvidence {
  const before: Look[] = never ? [] : [-3_000, -2_000, -1_000].map((at): Look => [DOWN + at, 'answered', 1]);
  return [...before, ...looks].reduce(
    (evidence, [at, found, ms = 1_000]) => addLook(evidence, kind, { class: found, ms }, at),
    freshFloating(BEGIN),
  );
}

export function witness(looks: readonly Look[], kind: TargetKind = 'tcp'): WitnessEvidence {
  return looks.reduce(
    (evidence, [at, found, ms = found === 'silent' ? 1_000 : 1]) =>
      addWitness(evidence, kind, { class: found, ms }, at),
    FRESH_WITNESS,
  );
}

/** Looks at a witness: before everything, and then in each second from the first miss on. */
export function heard(before: OutcomeClass, after: OutcomeClass, seconds = 3): readonly Look[] {
  const later = Array.from({ length: seconds }, (_, i): Look => [DOWN + i * 1_000, after]);
  return [[DOWN - 2_000, before], ...later];
}

/** The same result in each of so many seconds. */
export function looks(found: OutcomeClass, count = 3): readonly Look[] {
  return Array.from({ length: count }, (_, i): Look => [DOWN + i * 1_000, found, found === 'silent' ? 1_000 : 1]);
}

export function evidence(parts: Partial<Evidence>): Evidence {
  return { floating: floating([]), own: null, witnesses: {}, ...parts };
}
