import { DEFAULT_SETTINGS, groupSettings, RANGES, readWholeNumber, type Settings } from '../../../lib/core/settings.ts';
import rows from '../../../lib/core/settings.json';
import { tagged as groupTagged } from '../../support/election.ts';
import {
  A,
  alarmTrigger,
  B,
  decided,
  ENI,
  floating,
  inAlarm,
  ledger,
  ledgerTags,
  NOW,
} from '../../support/observation.ts';

const tagged = (tags: Record<string, string>) => groupSettings(DEFAULT_SETTINGS, floating(ENI, undefined, { tags }));

describe('the settings of a group', () => {
  it('should be those of the deployment when the anchor has no such tag', () => {
    expect(tagged({})).toEqual({ settings: DEFAULT_SETTINGS, faults: [] });
    expect(groupSettings(DEFAULT_SETTINGS, undefined)).toEqual({ settings: DEFAULT_SETTINGS, faults: [] });
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
    expect(groupSettings(deployment, anchor).settings).toEqual({ ...deployment, cooldownSeconds: 1 });
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
