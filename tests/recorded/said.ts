import type { Rejection } from '../../lib/core/elect.ts';

/** An answer in the words of the recording, as JSON: what is left out is absent. */
export interface Said {
  readonly kind?: unknown;
  readonly code?: string;
  readonly reason?: string;
  readonly rejected?: readonly Rejection[] | undefined;
  readonly plan?: { readonly kind: string };
  readonly note?: Note | undefined;
  readonly tags?: Readonly<Record<string, string>>;
}

/** What was said before and what is said now, in the same words, so that they can be compared. */
export interface Compared {
  readonly before: Said;
  readonly now: Said;
}

export interface Write {
  readonly interfaceIds: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

export interface Note {
  readonly writes: readonly Write[];
  readonly news: readonly string[];
}

/** Absent and undefined are the same in JSON, and so here. */
export const plain = (value: unknown): Said => JSON.parse(JSON.stringify(value)) as Said;
