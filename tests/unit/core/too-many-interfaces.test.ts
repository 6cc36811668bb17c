import { A, decided, floating, observation, request, SWEEP } from '../../support/observation.ts';

describe('too-many-interfaces', () => {
  const ids = Array.from({ length: 16 }, (_, nth) => `eni-000000${10 + nth}`);
  const of = (count: number) => ids.slice(0, count).map((id) => floating(id, A));

  it('should be a group that its ledger cannot hold, and name the interfaces that are too many', () => {
    const sentence = `Too many interfaces: a group has at most 15, and this one has 16. Take the group's tag off ${ids[15]}, or off others.`;
    const { analysis, facts } = decided(SWEEP, observation({ interfaces: of(16) }));
    expect([analysis, facts.summary]).toEqual(['too-many-interfaces', sentence]);
    expect(decided(request(), observation({ interfaces: of(16) }))).toMatchObject({
      kind: 'blocked',
      code: 'too-many-interfaces',
      reason: sentence,
    });
    expect(decided(SWEEP, observation({ interfaces: of(15) })).analysis).toBe('holder-healthy');
  });
});
