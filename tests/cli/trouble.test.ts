import { spawn, spawnSync } from 'node:child_process';
import path from 'node:path';
import { buildScenario } from '../../demo/scenarios.ts';
import { RealClock } from '../../lab/clock.ts';
import { type HttpServer, serveHttp } from '../../lab/wire/http.ts';
import { World } from '../../lab/world/world.ts';
import { endOf, environmentOf, startCli } from './support.ts';

const clock = new RealClock();
const world = new World({ clock, seed: 1, profile: 'instant' });
const { interfaces } = buildScenario('pair', world);
let lab: HttpServer;

beforeAll(async () => {
  lab = await serveHttp(world, { port: 0 });
});

afterAll(async () => {
  clock.stop();
  await lab.close();
});

afterEach(() => {
  world.faults = { before: () => undefined };
});

const without = (...names: readonly string[]): Record<string, string> =>
  Object.fromEntries(Object.entries(environmentOf(lab)).filter(([name]) => !names.includes(name)));
const refused = (code: string, status: number) => () => {
  world.faults = { before: () => ({ kind: 'refuse', code, message: 'No.', status }) };
};

describe('what keeps the command from AWS', () => {
  it.each<[string, () => Record<string, string>, () => void, RegExp]>([
    ['no Region', () => without('AWS_REGION'), () => undefined, /No Region is given\.\nGive --region/],
    [
      'no credentials',
      () => without('AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'),
      () => undefined,
      /There are no AWS credentials\.\nGive --profile/,
    ],
    [
      'expired credentials',
      () => without(),
      refused('RequestExpired', 400),
      /credentials have expired\.\nSign in again/,
    ],
    [
      'no permission',
      () => without(),
      refused('UnauthorizedOperation', 403),
      /These credentials may not ec2:Describe\w+\.\nAsk for what docs\/cli\.md lists/,
    ],
    [
      'an endpoint where nobody is',
      () => ({ ...without(), AWS_ENDPOINT_URL: 'http://127.0.0.1:1' }),
      () => undefined,
      /Nobody listens at the endpoint\./,
    ],
  ])('should be told with its mend, and no stack: %s', async (_, environment, prepare, said) => {
    prepare();
    const { status, out, err } = await endOf(startCli(environment(), 'status'));
    expect([status, out]).toEqual([1, '']);
    expect(err).toMatch(said);
    expect(err).not.toMatch(/\n\s+at /);
  });
});

/** `script` gives the command a terminal of its own. */
const hasScript = spawnSync('script', ['--version']).status === 0;

(hasScript ? describe : describe.skip)('on a terminal', () => {
  it.each([
    ['y', 0, true],
    ['n', 1, false],
  ])('should ask, and take %s for an answer', async (key, status, moves) => {
    const before = world.holderOf(interfaces[0] ?? '');
    const launcher = path.join(__dirname, '../../build/eni-failover.cjs');
    // It has no size by itself.
    const command = `stty cols 80 rows 24; ${process.execPath} ${launcher} failover web`;
    const child = spawn('script', ['-qec', command, '/dev/null'], {
      env: { ...environmentOf(lab), TERM: 'xterm' },
      timeout: 30_000,
    });
    let isAsked = false;
    let seen = '';
    child.stdout.on('data', (chunk: Buffer) => {
      seen += chunk.toString();
      if (isAsked || !seen.includes('Go on?')) return;
      isAsked = true;
      child.stdin.write(key);
    });
    const ended = await endOf(child);
    expect([isAsked, ended.status]).toEqual([true, status]);
    expect(world.holderOf(interfaces[0] ?? '') !== before).toBe(moves);
  });
});
