import { type Evidence, freshFloating, FRESH_WITNESS, type WitnessEvidence } from '../probe/evidence.ts';
import { Leads } from './leads.ts';

/**
 * What outlives a run in its process: that an attachment has answered, and who was heard and passed. Nothing is lost
 * with it but time: a run learns it in its first seconds where all is well. What was told is not in here: it counts as
 * told when the ledger says so.
 */
export interface Memory {
  readonly evidence: Map<string, Evidence>;
  /** What was said of the probes themselves, so that it is not said in each run. */
  readonly said: Set<string>;
  /** Which probe leads, and which did not answer lately. */
  readonly leads: Leads;
}

/** @param probes the names of the probe functions, one or two. */
export function freshMemory(probes: readonly string[]): Memory {
  return { evidence: new Map(), said: new Set(), leads: new Leads(probes) };
}

/** Evidence is about one attachment, and one holder. */
export const keyOf = (attachmentId: string, holder: string): string => `${attachmentId} ${holder}`;

/** What of earlier evidence is true for ever: what was missed since then is not. */
export function remembered({ floating, own, witnesses }: Evidence): Evidence {
  return {
    floating: {
      ...freshFloating(floating.since),
      lastAnswerAt: floating.lastAnswerAt,
      answeredLookAt: floating.answeredLookAt,
    },
    own: own && rememberedWitness(own),
    witnesses: Object.fromEntries(Object.entries(witnesses).map(([id, each]) => [id, rememberedWitness(each)])),
  };
}

const rememberedWitness = ({ lastAnswerAt, hasPassed }: WitnessEvidence): WitnessEvidence => ({
  ...FRESH_WITNESS,
  lastAnswerAt,
  hasPassed,
});

/** Keeps what is watched now, and forgets the rest. */
export function remember(memory: Memory, evidence: ReadonlyMap<string, Evidence>): void {
  memory.evidence.clear();
  for (const [key, each] of evidence) memory.evidence.set(key, remembered(each));
}
