import type { DrawnFeature } from '../features.ts';

/** A defect planted into one file of the product: `find` occurs there exactly once and becomes `replace`. */
export interface PlantedBug {
  readonly name: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** Only seeds that draw this can catch it. */
  readonly needs?: DrawnFeature;
}
