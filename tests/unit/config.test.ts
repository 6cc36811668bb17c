import { readSettings } from '../../lib/config.ts';
import { DEFAULT_SETTINGS, RANGES } from '../../lib/core/settings.ts';
import { FailoverError } from '../../lib/errors.ts';

/** The faults of a configuration that must be refused. */
function faultsOf(env: Record<string, string>): readonly string[] {
  try {
    readSettings(env);
  } catch (error) {
    if (error instanceof FailoverError && error.code === 'InvalidConfiguration') return error.faults;
    throw error;
  }
  throw new Error(`was accepted: ${JSON.stringify(env)}`);
}

describe('the configuration', () => {
  it('should be the defaults in an empty environment', () => {
    expect(readSettings({})).toEqual(DEFAULT_SETTINGS);
  });

  it('should be read from the environment', () => {
    const lowest = Object.entries(RANGES).map(([setting, [min]]) => ({ setting, min }));
    const numbers = Object.fromEntries(lowest.map(({ setting, min }) => [setting, min]));
    const variables = Object.fromEntries(
      lowest.map(({ setting, min }) => [setting.replace(/[A-Z]/g, '_$&').toUpperCase(), `${min}`]),
    );
    const env = {
      TAG_PREFIX: 'acme:',
      STATE_PREFIX: 'acme-state:',
      ALARM_PREFIX: 'acme/',
      ...variables,
      MAX_MOVES: '10',
      MODE: 'manual',
    };
    expect(readSettings(env)).toEqual({
      tagPrefix: 'acme:',
      statePrefix: 'acme-state:',
      alarmPrefix: 'acme/',
      ...numbers,
      maxMoves: 10,
      mode: 'manual',
    });
  });

  it.each([
    ['TAG_PREFIX', ''],
    ['TAG_PREFIX', 'x'.repeat(65)],
    ['TAG_PREFIX', 'a b:'],
    ['TAG_PREFIX', 'a*'],
    ['TAG_PREFIX', 'aws:x'],
    ['TAG_PREFIX', 'AWS:x'],
    ['STATE_PREFIX', ''],
    ['STATE_PREFIX', 'a$'],
    ['ALARM_PREFIX', ''],
    ['ALARM_PREFIX', 'a?'],
    ['FORCE_AFTER_SECONDS', '-1'],
    ['FORCE_AFTER_SECONDS', '601'],
    ['FORCE_AFTER_SECONDS', '1.5'],
    ['FORCE_AFTER_SECONDS', 'ten'],
    ['FORCE_AFTER_SECONDS', ''],
    ['COOLDOWN_SECONDS', '86401'],
    ['MAX_MOVES', '0'],
    ['MAX_MOVES', '11'],
    ['IMPAIRED_AFTER_SECONDS', '3601'],
    ['MODE', 'off'],
    ['MODE', ''],
  ])('should be refused, with the variable and its value named, for %s=%j', (name, value) => {
    const faults = faultsOf({ [name]: value });
    expect(faults[0]).toContain(name);
    if (!/^aws:/i.test(value)) expect(faults[0]).toContain(`'${value}'`);
  });

  it.each([
    ['eni-failover:', 'eni-failover:state:'],
    ['eni-failover-state:x', 'eni-failover-state:'],
    ['same:', 'same:'],
  ])('should be refused when one tag prefix begins with the other: %s, %s', (tags, state) => {
    expect(faultsOf({ TAG_PREFIX: tags, STATE_PREFIX: state })).toEqual([expect.stringContaining('STATE_PREFIX')]);
  });

  it('should be refused with every fault in one error', () => {
    const env = { TAG_PREFIX: '*', ALARM_PREFIX: '', FORCE_AFTER_SECONDS: '-1', MAX_MOVES: 'x', MODE: 'maybe' };
    const faults = faultsOf(env);
    expect(faults).toHaveLength(5);
    for (const name of Object.keys(env)) expect(faults.join(' ')).toContain(name);
  });

  it('should take the environment of the process when none is given', () => {
    const before = process.env['MAX_MOVES'];
    process.env['MAX_MOVES'] = '7';
    try {
      expect(readSettings().maxMoves).toBe(7);
    } finally {
      if (before === undefined) delete process.env['MAX_MOVES'];
      else process.env['MAX_MOVES'] = before;
    }
  });
});
