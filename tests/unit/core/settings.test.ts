import { DEFAULT_SETTINGS, groupSettings, RANGES, readWholeNumber } from '../../../lib/core/settings.ts';
import { floating, ENI } from '../../support/observation.ts';

const tagged = (tags: Record<string, string>) => groupSettings(DEFAULT_SETTINGS, floating(ENI, undefined, { tags }));

describe('the settings of a group', () => {
  it('should be those of the deployment when the anchor has no such tag', () => {
    expect(tagged({})).toEqual({ settings: DEFAULT_SETTINGS, faults: [] });
    expect(groupSettings(DEFAULT_SETTINGS, undefined)).toEqual({ settings: DEFAULT_SETTINGS, faults: [] });
  });

  it.each([
    ['force-after', '0', 'forceAfterSeconds', 0],
    ['force-after', '600', 'forceAfterSeconds', 600],
    ['cooldown', '86400', 'cooldownSeconds', 86_400],
    ['max-moves', '1', 'maxMoves', 1],
    ['max-moves', '10', 'maxMoves', 10],
    ['impaired-after', '3600', 'impairedAfterSeconds', 3_600],
    ['mode', 'manual', 'mode', 'manual'],
  ] as const)('should take %s=%s from the tag', (key, text, setting, value) => {
    const { settings, faults } = tagged({ [`eni-failover:${key}`]: text });
    expect([settings[setting], faults]).toEqual([value, []]);
  });

  it.each([
    ['force-after', '601', 'forceAfterSeconds'],
    ['force-after', '-1', 'forceAfterSeconds'],
    ['force-after', '', 'forceAfterSeconds'],
    ['force-after', '1e2', 'forceAfterSeconds'],
    ['cooldown', '86401', 'cooldownSeconds'],
    ['cooldown', ' 5', 'cooldownSeconds'],
    ['max-moves', '0', 'maxMoves'],
    ['max-moves', '11', 'maxMoves'],
    ['max-moves', '1.0', 'maxMoves'],
    ['impaired-after', '3601', 'impairedAfterSeconds'],
    ['impaired-after', 'soon', 'impairedAfterSeconds'],
    ['mode', 'Manual', 'mode'],
  ] as const)('should stay as deployed, with one sentence, for %s=%j', (key, text, setting) => {
    const { settings, faults } = tagged({ [`eni-failover:${key}`]: text });
    expect(settings[setting]).toBe(DEFAULT_SETTINGS[setting]);
    expect(faults).toEqual([expect.stringContaining(`eni-failover:${key}`)]);
    expect(faults[0]).toContain(`'${text}'`);
  });

  it('should name every tag that is wrong and take every one that is right', () => {
    const { settings, faults } = tagged({
      'eni-failover:cooldown': 'x',
      'eni-failover:mode': 'y',
      'eni-failover:max-moves': '5',
    });
    expect(faults).toHaveLength(2);
    expect(settings).toEqual({ ...DEFAULT_SETTINGS, maxMoves: 5 });
  });

  it('should be read under the prefix of the deployment only', () => {
    const deployment = { ...DEFAULT_SETTINGS, tagPrefix: 'acme:' };
    const anchor = floating(ENI, undefined, { tags: { 'acme:cooldown': '1', 'eni-failover:max-moves': '9' } });
    expect(groupSettings(deployment, anchor).settings).toEqual({ ...deployment, cooldownSeconds: 1 });
  });
});

describe('the defaults', () => {
  it.each(Object.keys(RANGES) as (keyof typeof RANGES)[])('should be in range: %s', (name) => {
    expect(readWholeNumber(name, `${DEFAULT_SETTINGS[name]}`, name)).toBe(DEFAULT_SETTINGS[name]);
  });
});
