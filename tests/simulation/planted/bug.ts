import type { DrawnFeature } from '../features.ts';

/** A defect planted into one file of the product: `find` occurs there exactly once and becomes `replace`. */
export interface PlantedBug {
  readonly name: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** A second line of defence in the same file, which has to fall as well. */
  readonly also?: Pick<PlantedBug, 'find' | 'replace'>;
  /** Only seeds that draw this can catch it. */
  readonly needs?: DrawnFeature;
}
