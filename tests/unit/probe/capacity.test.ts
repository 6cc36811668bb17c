import { COST_MS, loadOf, memoryFor, overCapacity } from '../../../lib/probe/capacity.ts';
import type { Watched } from '../../../lib/probe/protocol.ts';

const watched = (count: number, target: string): Watched[] =>
  Array.from({ length: count }, (_, i) => ({
    id: `eni-${i}`,
    address: `10.0.1.${i}`,
    target,
    own: `10.0.2.${i}`,
    standbys: [{ id: 'i-b', address: `10.0.3.${i}` }],
    serviceAfterMs: 10_000,
  }));

describe('what a probe can bear', () => {
  it('should be counted from its targets, and from their witnesses every five seconds', () => {
    const idle = loadOf([]);
    expect(loadOf(watched(10, 'tcp:443')) - idle).toBeCloseTo(10 * COST_MS.tcp * (1 + 2 / 5));
    expect(loadOf(watched(10, 'https:443/')) - idle).toBeCloseTo(10 * COST_MS.https * (1 + 2 / 5));
  });

  it('should count a witness of many once', () => {
    const many = watched(10, 'tcp:443').map((each) => ({ ...each, own: '10.0.2.1', standbys: [] }));
    expect(loadOf(many) - loadOf([])).toBeCloseTo(10 * COST_MS.tcp + COST_MS.tcp / 5);
  });

  it.each([
    [0, 128],
    [36, 128],
    [37, 192],
    [500, 1_792],
  ])('should need memory for %d ms a second: %d MB', (loadMs, mb) => {
    expect(memoryFor(loadMs)).toBe(mb);
  });

  it('should be named when it is too little, with the memory to set', () => {
    expect(overCapacity(watched(20, 'tcp:443'), 128)).toBeUndefined();
    const over = overCapacity(watched(100, 'https:443/'), 128);
    expect(over?.memoryMb).toBe(128);
    expect(overCapacity(watched(100, 'https:443/'), over?.neededMb ?? 0)).toBeUndefined();
  });
});
