import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { COMMANDS, run } from './run.ts';

it('should find the commands', () => {
  expect([...COMMANDS.keys()].toSorted()).toEqual([
    'case',
    'cli-start',
    'cold-start',
    'demo',
    'failover-overhead',
    'instance-types',
    'lab',
    'package',
    'probe-capacity',
    'probe-detection',
    'probe-outage',
    'simulate',
    'trace',
  ]);
});

describe.each([...COMMANDS.keys()])('%s', (name) => {
  it('should explain itself, and refuse an option it does not have in one sentence', async () => {
    const [help, wrong] = await Promise.all([run(name, '--help'), run(name, '--nonsense')]);
    expect(help).toEqual({ status: 0, out: expect.stringMatching(/^Usage: .*\n\n[A-Z].*\n/) as string, err: '' });
    expect(wrong).toEqual({ status: 2, out: '', err: "error: unknown option '--nonsense'\n" });
  });
});

describe('a wrong value', () => {
  const NUMBER = 'Give a whole number.';
  const COUNT = 'Give a whole number, at least 1.';

  it.each([
    ['case', ['--seed', 'x', 'file'], `option '--seed <number>' argument 'x' is invalid. ${NUMBER}`],
    ['case', [], "missing required argument 'file'"],
    ['demo', ['--seed', 'x'], `option '--seed <number>' argument 'x' is invalid. ${NUMBER}`],
    [
      'demo',
      ['--scenario', 'volcano'],
      /^option '--scenario <name>' argument 'volcano' is invalid\. .*crash, probe\.$/,
    ],
    ['demo', ['--fault', 'flood'], /^option '--fault <name>' argument 'flood' is invalid\. .*switchover/],
    ['demo', ['--profile', 'slow'], /^option '--profile <name>' argument 'slow' is invalid\. .*instant/],
    ['demo', ['--datapath', '--runs', '0'], `option '--runs <number>' argument '0' is invalid. ${COUNT}`],
    [
      'demo',
      ['--name', 'a-b'],
      `option '--name <name>' argument 'a-b' is invalid. Give up to 12 small letters and digits.`,
    ],
    ['demo', ['extra'], /^too many arguments/],
    ['lab', ['--port', 'http'], `option '--port <number>' argument 'http' is invalid. ${NUMBER}`],
    ['lab', ['--scenario', 'crash'], /^option '--scenario <name>' argument 'crash' is invalid\. .*full\.$/],
    ['package', ['extra'], /^too many arguments/],
    ['simulate', ['--seeds', '0'], `option '--seeds <number>' argument '0' is invalid. ${COUNT}`],
    ['simulate', ['--jobs', '-1'], /^option '--jobs <number>' argument/],
    ['simulate', ['--only', '3,x'], `option '--only <numbers>' argument '3,x' is invalid. ${NUMBER}`],
    ['failover-overhead', ['many'], `command-argument value 'many' is invalid for argument 'seeds'. ${NUMBER}`],
    ['instance-types', ['one', 'two'], /^too many arguments/],
    ['trace', ['one', 'two'], /^too many arguments/],
    ['cold-start', ['functions/nobody.ts'], /^command-argument value .* There is no such file\.$/],
  ])('should be refused in one sentence: %s %j', async (name, args, sentence) => {
    const { status, out, err } = await run(name, ...args);
    expect([status, out]).toEqual([2, '']);
    const [line = '', ...more] = err.split('\n');
    expect(more).toEqual(['']);
    expect(line.slice(0, 'error: '.length)).toBe('error: ');
    expect(line.slice('error: '.length)).toEqual(
      typeof sentence === 'string' ? sentence : expect.stringMatching(sentence),
    );
  });
});

describe('what the system refuses', () => {
  it('should be told in one sentence', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const { status, err } = await run('lab', '--port', `${port}`);
    server.close();
    expect([status, err]).toEqual([1, `error: listen EADDRINUSE: address already in use 127.0.0.1:${port}\n`]);
  });
});
