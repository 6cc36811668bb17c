import { faultOf, I, J, parse, sampleOf } from './events.ts';

const fieldsOf = (input: unknown) => {
  const { code, faults } = faultOf(input);
  expect(code).toBe('InvalidRequest');
  return faults.map((fault) => fault.split(':')[0]);
};

describe('a request', () => {
  it('should be read from the sample in the docstring', () => {
    expect(parse(sampleOf('request.ts'))).toEqual({
      kind: 'trigger',
      trigger: {
        kind: 'request',
        action: 'failover',
        group: 'web',
        to: I,
        reason: 'kernel update',
        ignoreHealth: false,
      },
    });
  });

  it.each([
    [{ action: 'status' }, { action: 'status', ignoreHealth: false }],
    [
      { action: 'plan', group: 'web' },
      { action: 'plan', group: 'web', ignoreHealth: false },
    ],
    [
      { action: 'failover', group: 'web', from: I, to: J, ignoreHealth: true },
      { action: 'failover', group: 'web', from: I, to: J, ignoreHealth: true },
    ],
    [
      { action: 'pause', group: 'web', reason: 'kernel update' },
      { action: 'pause', group: 'web', reason: 'kernel update', ignoreHealth: false },
    ],
    [
      { action: 'failover', group: 'web', ignoreHealth: false },
      { action: 'failover', group: 'web', ignoreHealth: false },
    ],
    [
      { action: 'pause', group: 'web', minutes: 30 },
      { action: 'pause', group: 'web', minutes: 30, ignoreHealth: false },
    ],
    [
      { action: 'resume', group: 'web' },
      { action: 'resume', group: 'web', ignoreHealth: false },
    ],
    [
      { action: 'switchover', group: 'web', to: I, from: J, reason: 'kernel', force: true },
      { action: 'switchover', group: 'web', to: I, from: J, reason: 'kernel', force: true, ignoreHealth: false },
    ],
    [
      { action: 'failback', group: 'web', from: J },
      { action: 'failback', group: 'web', from: J, ignoreHealth: false },
    ],
    [
      { action: 'plan', group: 'web', as: 'automation' },
      { action: 'plan', group: 'web', as: 'automation', ignoreHealth: false },
    ],
    [
      { action: 'acknowledge', group: 'web' },
      { action: 'acknowledge', group: 'web', ignoreHealth: false },
    ],
  ])('should carry what was asked for and nothing else: %j', (input, expected) => {
    expect(parse(input)).toEqual({ kind: 'trigger', trigger: { kind: 'request', ...expected } });
  });

  it('should take an id of the old, short form', () => {
    expect(parse({ action: 'failover', group: 'web', to: 'i-01234567' })).toMatchObject({ kind: 'trigger' });
  });
});

describe('a request that is wrong', () => {
  it.each([
    [{ action: 'explode', group: 'web' }, ['request.action']],
    [{ group: 'web' }, ['request.action']],
    [{ action: 'Failover', group: 'web' }, ['request.action']],
    [{ action: 'failover' }, ['request.group']],
    [{ action: 'plan' }, ['request.group']],
    [{ action: 'pause' }, ['request.group']],
    [{ action: 'failover', group: '' }, ['request.group']],
    [{ action: 'failover', group: 'w*b' }, ['request.group']],
    [{ action: 'failover', group: 'x'.repeat(65) }, ['request.group']],
    [{ action: 'failover', group: 7 }, ['request.group']],
    [{ action: 'failover', group: 'web', from: 'web-1' }, ['request.from']],
    [{ action: 'failover', group: 'web', to: 'i-012345678' }, ['request.to']],
    [{ action: 'failover', group: 'web', to: 'I-01234567' }, ['request.to']],
    [{ action: 'failover', group: 'web', to: 7 }, ['request.to']],
    [{ action: 'failover', group: 'web', from: I, to: I }, ['request.to']],
    [{ action: 'failover', group: 'web', ignoreHealth: 'yes' }, ['request.ignoreHealth']],
    [{ action: 'failover', group: 'web', reason: 'x'.repeat(201) }, ['request.reason']],
    [{ action: 'failover', group: 'web', force: true }, ['request.force']],
    [{ action: 'failover', group: 'web', minutes: 5 }, ['request.minutes']],
    [{ action: 'status', group: 'web', to: I }, ['request.to']],
    [{ action: 'status', ignoreHealth: true }, ['request.ignoreHealth']],
    [{ action: 'pause', group: 'web', minutes: 0 }, ['request.minutes']],
    [{ action: 'pause', group: 'web', minutes: 10_081 }, ['request.minutes']],
    [{ action: 'pause', group: 'web', minutes: 1.5 }, ['request.minutes']],
    [{ action: 'pause', group: 'web', from: I }, ['request.from']],
    [{ action: 'failover', group: 'web', ignoreHealth: true }, ['request.ignoreHealth']],
    [{ action: 'plan', group: 'web', from: I, ignoreHealth: true }, ['request.ignoreHealth']],
    [{ action: 'status', group: 'web', reason: 'why' }, ['request.reason']],
    [{ action: 'switchover' }, ['request.group']],
    [{ action: 'switchover', group: 'web', ignoreHealth: true }, ['request.ignoreHealth']],
    [{ action: 'switchover', group: 'web', force: 'yes' }, ['request.force']],
    [{ action: 'failback', group: 'web', to: I }, ['request.to']],
    [{ action: 'failover', group: 'web', as: 'automation' }, ['request.as']],
    [{ action: 'plan', group: 'web', as: 'me' }, ['request.as']],
    [{ action: 'plan', group: 'web', as: 'automation', to: I }, ['request.to']],
  ])('should be refused for the one thing that is wrong: %j', (input, fields) => {
    expect(fieldsOf(input)).toEqual(fields);
  });

  it('should be refused with every fault in one error', () => {
    const input = {
      action: 'explode',
      from: 'web-1',
      to: 'web-2',
      reason: 5,
      ignoreHealth: 1,
      forced: true,
      now: 'yes',
    };
    const fields = ['action', 'forced', 'from', 'group', 'ignoreHealth', 'now', 'reason', 'to'];
    expect(new Set(fieldsOf(input))).toEqual(new Set(fields.map((field) => `request.${field}`)));
    expect(fieldsOf(input)).toHaveLength(fields.length);
  });

  it('should show every fault, numbered, in the message', () => {
    const { message, faults } = faultOf({ action: 'explode', forced: true });
    expect(faults).toHaveLength(3);
    for (const [index, fault] of faults.entries()) expect(message).toContain(`(${index + 1}) ${fault}`);
  });

  it('should name what is allowed', () => {
    expect(faultOf({ action: 'explode', group: 'web' }).faults[0]).toContain(
      'failover, switchover, failback, drill, plan, status, check',
    );
  });

  it.each([null, undefined, 'failover', 7, [], [{ action: 'status' }], true])(
    'should be refused when it is %j',
    (input) => {
      const { code, faults } = faultOf(input);
      expect(code).toBe('InvalidRequest');
      expect(faults[0]).toContain('must be a JSON object');
    },
  );
});
