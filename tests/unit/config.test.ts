import { readProbeSettings, readSettings, readWatchSettings, readUpkeepSettings } from '../../lib/config.ts';
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
      failback: 'off',
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

describe('the configuration of a probe', () => {
  it('should be what Lambda says of the function, and private addresses', () => {
    const env = { AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256', AWS_LAMBDA_RUNTIME_API: '127.0.0.1:9001' };
    expect(readProbeSettings(env)).toEqual({ blocks: [], memoryMb: 256, runtime: '127.0.0.1:9001' });
    expect(readProbeSettings({})).toEqual({ blocks: [], memoryMb: 128 });
    expect(readProbeSettings({ PROBE_LAB: 'loopback' })).toEqual({ blocks: [], memoryMb: 128, isLab: true });
  });

  it('should have blocks of addresses besides', () => {
    expect(readProbeSettings({ PROBE_CIDRS: '203.0.113.0/24, 2001:db8::/32' }).blocks).toEqual([
      { network: '203.0.113.0', prefix: 24, family: 'ipv4' },
      { network: '2001:db8::', prefix: 32, family: 'ipv6' },
    ]);
  });

  it('should be refused with every fault', () => {
    expect(() => readProbeSettings({ PROBE_CIDRS: '10.0.0.0/40,web,10.0.0.0/8' })).toThrow(
      /10\.0\.0\.0\/40.*\(2\).*web/,
    );
  });
});

describe('the configuration of watch', () => {
  it('should be whom it asks, and whom it tells', () => {
    const env = { PROBE_FUNCTIONS: 'probe-1, probe-2', FAILOVER_FUNCTION: 'failover' };
    expect(readWatchSettings(env)).toEqual({ probes: ['probe-1', 'probe-2'], failover: 'failover' });
  });

  it.each([
    [{}, /one or two functions.*FAILOVER_FUNCTION/],
    [{ PROBE_FUNCTIONS: 'a,b,c', FAILOVER_FUNCTION: 'f' }, /one or two functions/],
  ])('should be refused with every fault: %j', (env, faults) => {
    expect(() => readWatchSettings(env)).toThrow(faults);
  });
});

describe('the configuration of upkeep', () => {
  it('should be whether members are to have alarms, and of which deployment those are', () => {
    expect(readUpkeepSettings({ DEPLOYMENT: 'x' })).toEqual({ memberAlarms: true, deployment: 'x' });
    expect(readUpkeepSettings({ DEPLOYMENT: 'x', MEMBER_ALARMS: 'off' }).memberAlarms).toBe(false);
  });

  it('should be refused with every fault', () => {
    expect(() => readUpkeepSettings({ MEMBER_ALARMS: 'no' })).toThrow(/MEMBER_ALARMS .* DEPLOYMENT must name/);
  });
});
