import { DEFAULT_SETTINGS, groupSettings, RANGES, readWholeNumber, type Settings } from '../../../lib/core/settings.ts';
import rows from '../../../lib/core/settings.json';
import { tagged as groupTagged } from '../../support/election.ts';
import {
  A,
  alarmTrigger,
  B,
  decided,
  ENI,
  ENI2,
  floating,
  inAlarm,
  ledger,
  ledgerTags,
  NOW,
} from '../../support/observation.ts';

const tagged = (tags: Record<string, string>) => groupSettings(DEFAULT_SETTINGS, [floating(ENI, undefined, { tags })]);

describe('the settings of a group', () => {
  it('should be those of the deployment when no interface has such a tag', () => {
    expect(tagged({})).toEqual({ settings: DEFAULT_SETTINGS, faults: [] });
    expect(groupSettings(DEFAULT_SETTINGS, [])).toEqual({ settings: DEFAULT_SETTINGS, faults: [] });
  });

  it.each([
    ['force-after', '0', 'forceAfterSeconds', 0],
    ['force-after', '600', 'forceAfterSeconds', 600],
    ['force-failed-after', '0', 'forceFailedAfterSeconds', 0],
    ['stuck-after', '10', 'stuckAfterSeconds', 10],
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
    expect(groupSettings(deployment, [anchor]).settings).toEqual({ ...deployment, cooldownSeconds: 1 });
  });
});

describe('settings that are not the same on every interface of a group', () => {
  const both = (first: Record<string, string>, second: Record<string, string>) =>
    groupSettings(DEFAULT_SETTINGS, [floating(ENI, A, { tags: first }), floating(ENI2, A, { tags: second })]);
  const differ = (key: string, counts: string | number) =>
    `settings-differ: Tag eni-failover:${key} should be the same on every interface of the group. The safest value counts: ${counts}.`;

  it.each([
    ['mode', 'auto', 'manual', 'mode', 'manual'],
    ['cooldown', '60', '1800', 'cooldownSeconds', 1_800],
    ['max-moves', '1', '5', 'maxMoves', 1],
    ['impaired-after', '60', '300', 'impairedAfterSeconds', 300],
    ['force-after', '0', '20', 'forceAfterSeconds', 20],
  ])('should be the safest, and a fault that is told: %s', (key, low, high, name, safest) => {
    for (const [first, second] of [
      [low, high],
      [high, low],
    ] as const) {
      const { settings, faults } = both({ [`eni-failover:${key}`]: first }, { [`eni-failover:${key}`]: second });
      expect([settings[name as keyof Settings], faults]).toEqual([safest, [differ(key, safest)]]);
    }
  });

  // Whoever tags a further interface with the group must not switch off what the others say.
  it('should be what one of them says when the others say nothing, which is told', () => {
    const { settings, faults } = both({}, { 'eni-failover:mode': 'manual', 'eni-failover:cooldown': '60' });
    expect(settings).toEqual({ ...DEFAULT_SETTINGS, mode: 'manual', cooldownSeconds: 60 });
    expect(faults).toEqual([differ('cooldown', 60), differ('mode', 'manual')]);
  });

  it('should not count where they make no sense', () => {
    const { settings, faults } = both({ 'eni-failover:cooldown': 'x' }, { 'eni-failover:cooldown': '60' });
    expect(settings.cooldownSeconds).toBe(60);
    expect(faults[0]).toContain("not 'x'. It is left out.");
  });
});

describe('the defaults', () => {
  it('should be those of the table, and the prefixes that the pages name', () => {
    const { tagPrefix, statePrefix, alarmPrefix, mode } = DEFAULT_SETTINGS;
    expect([tagPrefix, statePrefix, alarmPrefix]).toEqual(['eni-failover:', 'eni-failover-state:', 'eni-failover/']);
    expect(mode).toBe('auto');
    for (const row of rows) expect(DEFAULT_SETTINGS[row.setting as keyof typeof RANGES]).toBe(row.default);
  });

  it.each(Object.keys(RANGES) as (keyof typeof RANGES)[])('should be in range: %s', (name) => {
    expect(readWholeNumber(name, `${DEFAULT_SETTINGS[name]}`, name)).toBe(DEFAULT_SETTINGS[name]);
  });
});

describe('a group with tags of its own', () => {
  const told = (tags: Record<string, string>, settings: Partial<Settings> = {}) => {
    const seen = groupTagged(tags, { alarms: inAlarm(A) });
    const { code, reason, facts } = decided(alarmTrigger(A), seen, { settings });
    return { code, reason, warnings: facts.warnings };
  };
  const failed = `The holder ${A} has the alarm 'eni-failover/web/${A}' in ALARM.`;

  it('should be left alone in manual mode', () => {
    const tags = { mode: 'manual', cooldown: '60', 'force-after': '0', 'max-moves': '1' };
    expect(told(tags)).toEqual({
      code: 'mode-manual',
      reason: `The group is in manual mode: ${failed}`,
      warnings: [],
    });
  });

  it('should be moved in auto mode, though the deployment says manual', () => {
    expect(told({ mode: 'auto' }, { mode: 'manual' })).toMatchObject({ code: 'failover' });
    expect(told({}, { mode: 'manual' })).toMatchObject({ code: 'mode-manual' });
  });

  it('should be held to its own number of moves', () => {
    const tags = { ...ledgerTags(ledger({ moves: [NOW - 300_000] })), 'eni-failover:max-moves': '1' };
    const seen = { ...groupTagged({}, { alarms: inAlarm(A) }), interfaces: [floating(ENI, A, { tags })] };
    const { code, reason } = decided(alarmTrigger(A), seen);
    const until = 'Automation has moved the group once lately and moves it again from 2026-08-20T10:10:00.000Z on.';
    expect([code, reason]).toEqual(['cooldown', `${failed} ${until}`]);
  });

  it('should be moved by the deployment’s settings, and told, where its own make no sense', () => {
    expect(told({ mode: 'off', cooldown: '-1', 'force-after': '1.5', 'max-moves': '11' })).toEqual({
      code: 'failover',
      reason: `${failed} ${B} takes over.`,
      warnings: [
        "Tag eni-failover:force-after must be a whole number from 0 to 600, not '1.5'. The deployment's 10 is used.",
        "Tag eni-failover:cooldown must be a whole number from 0 to 86400, not '-1'. The deployment's 900 is used.",
        "Tag eni-failover:max-moves must be a whole number from 1 to 10, not '11'. The deployment's 2 is used.",
        "Tag eni-failover:mode must be auto or manual, not 'off'. 'auto' is used.",
      ],
    });
  });
});
