import { notedSince } from '../../../lib/core/ledger.ts';
import { NOW } from '../../support/observation.ts';

describe('since when a condition is noted', () => {
  const noted = (what: string) => ({ what, since: NOW });

  it.each<[what: string, since: number | undefined]>([
    ['holder-impaired/paused', NOW],
    ['holder-impaired/impaired-recently', NOW],
    ['holder-unknown/paused', undefined],
    ['holder-impaired-twice/paused', undefined],
    ['the-holder-impaired/paused', undefined],
  ])('should be told of the analysis, whatever stood in the way: %s', (what, since) => {
    expect(notedSince(noted(what), 'holder-impaired')).toBe(since);
  });

  it('should be told of none that is not noted', () => {
    expect(notedSince(undefined, 'holder-impaired')).toBeUndefined();
  });
});
