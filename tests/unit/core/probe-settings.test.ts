import { probeSettings } from '../../../lib/core/probe-settings.ts';
import { A, ENI, ENI2, floating } from '../../support/observation.ts';

const prefixed = (tags: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(tags).map(([key, text]) => [`eni-failover:${key}`, text]));
const read = (...each: readonly Readonly<Record<string, string>>[]) =>
  probeSettings(
    each.map((tags, nth) => floating(nth === 0 ? ENI : ENI2, A, { tags: prefixed(tags) })),
    'eni-failover:',
  );

describe("a group's settings about the probe", () => {
  it('should be none where nobody asks for one', () => {
    const { targets, malformed, ...rest } = read({});
    expect([targets.size, malformed.size]).toEqual([0, 0]);
    expect(rest).toEqual({ acts: 'failover', serviceAfterSeconds: 10, faults: [] });
  });

  it('should be a target for each interface that has one, without a word about those that have none', () => {
    const { targets, faults } = read({ probe: 'tcp:443' }, {});
    expect([[...targets], faults]).toEqual([[[ENI, 'tcp:443']], []]);
  });

  it.each(['htp:80', 'tcp:0', 'tcp:65536', 'tcp:80/x', '', 'http:80/a b'])(
    'should be a fault and no target, for %j, and leave the other interface its own',
    (text) => {
      const { targets, malformed } = read({ probe: text }, { probe: 'alive:22' });
      expect([...targets]).toEqual([[ENI2, 'alive:22']]);
      expect([...malformed.keys()]).toEqual([ENI]);
      expect(malformed.get(ENI)).toMatch(new RegExp(`^Tag eni-failover:probe of ${ENI} must .*without a probe\\.$`));
    },
  );

  it.each([
    ['probe-acts', 'failover', 'unreachable-only', 'unreachable-only'],
    ['probe-acts', 'unreachable-only', 'report', 'report'],
    ['probe-service-after', '0', '600', 600],
  ])('should be the safer one where they differ, and that is told: %s', (key, one, other, safest) => {
    for (const [first, second] of [
      [one, other],
      [other, one],
    ] as const) {
      const { acts, serviceAfterSeconds, faults } = read({ [key]: first }, { [key]: second });
      expect(key === 'probe-acts' ? acts : serviceAfterSeconds).toBe(safest);
      expect(faults).toEqual([expect.stringMatching(`^settings-differ: Tag eni-failover:${key} .*: ${safest}\\.$`)]);
    }
  });

  it.each([
    ['probe-acts', 'move'],
    ['probe-service-after', '601'],
    ['probe-service-after', '-1'],
    ['probe-service-after', 'soon'],
  ])('should stay as they are by default, with one sentence, for %s=%s', (key, text) => {
    const { acts, serviceAfterSeconds, faults } = read({ [key]: text });
    expect([acts, serviceAfterSeconds]).toEqual(['failover', 10]);
    expect(faults).toEqual([expect.stringContaining(`'${text}'`)]);
  });
});
