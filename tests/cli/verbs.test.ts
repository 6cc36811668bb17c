import { once } from 'node:events';
import { VERBS } from '../../bin/verbs.ts';
import { packageOnce } from '../../build/packaging.ts';
import { buildScenario, floating, member, type Scene } from '../../demo/scenarios.ts';
import { RealClock } from '../../lab/clock.ts';
import { deploy, type Deployment } from '../../lab/package/deploy.ts';
import { World } from '../../lab/world/world.ts';
import type { GroupResult, InvocationResult } from '../../lib/app.ts';
import { cli, documentOf, endOf, environmentOf, startCli } from './support.ts';

const clock = new RealClock();
const world = new World({ clock, seed: 1, profile: 'instant' });
let scene: Scene;
let lab: Deployment;

beforeAll(async () => {
  scene = buildScenario('pair', world);
  const tags = { 'eni-failover:group': 'app' };
  floating(world, 'app', [member(world, 'app-1', { tags }), member(world, 'app-2', { tags })]);
  lab = await deploy(world, await packageOnce());
});

afterAll(async () => {
  clock.stop();
  await lab.close();
});

const holder = (): string | undefined => world.holderOf(scene.interfaces[0] ?? '');
const changes = (): number =>
  world.calls.filter(({ action }) => /^(Attach|Detach|Create|Delete|Modify)/.test(action)).length;

/** What both ways have in common: not the times, and not the ids of operations. */
function comparable({ groups }: InvocationResult): unknown {
  // A history grows: the later one has what could not be found a moment ago.
  const told = groups.map((group) => (group.history ? { ...group, history: [], reason: '' } : group));
  const text = JSON.stringify(told, (key, value: unknown) => (key.endsWith('Ms') ? 0 : value));
  return JSON.parse(
    text
      .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'then')
      .replace(/op-\w+-\w+/g, 'op')
      .replace(/"id":"planned"/g, '"id":"op"'),
  );
}

const only = (result: InvocationResult): GroupResult => {
  const [first] = result.groups;
  if (!first) throw new Error('no group');
  return first;
};

/** What is typed of each verb that there is, and what comes of it; played once straight and once through Lambda. */
const PLAYED: Readonly<
  Record<string, { readonly args: readonly string[]; readonly code: string; readonly status?: number }>
> = {
  status: { args: [], code: 'status' },
  check: { args: [], code: 'status' },
  plan: { args: ['--to', 'web-2'], code: 'failover' },
  pause: { args: ['--minutes', '5', '--reason', 'a drill'], code: 'pause' },
  resume: { args: [], code: 'resume' },
  // Nobody is preferred in this group.
  failback: { args: ['--reason', 'done'], code: 'nobody-preferred', status: 1 },
  history: { args: [], code: 'status' },
  acknowledge: { args: ['--reason', 'seen'], code: 'acknowledge' },
};

describe('a drill', () => {
  // Not twice within five minutes: each way has a group of its own.
  it.each([
    ['straight', 'web', []],
    ['through Lambda', 'app', ['--via-lambda']],
  ])('should go there and back, and say how long both took: %s', async (_, group, way) => {
    const { status, out, err } = await cli(lab, 'drill', group, '--yes', ...way);
    expect([status, err.split('\n').filter((line) => line.includes('✓ attached')).length]).toEqual([0, 2]);
    expect(out).toMatch(
      new RegExp(`^${group}-1 to ${group}-2: detach \\d.*\n${group}-2 to ${group}-1: detach \\d`, 'm'),
    );
  });
});

/** Played there and back: straight to the standby, and back through Lambda. */
const MOVES = ['failover', 'switchover'];

describe('every verb', () => {
  it('should be played here', () => {
    expect(
      VERBS.map(({ action }) => action).filter(
        (action) => ![...MOVES, 'drill'].includes(action) && !(action in PLAYED),
      ),
    ).toEqual([]);
  });

  it.each(VERBS.filter(({ action }) => action in PLAYED))(
    'should give one document both ways: $action',
    async ({ action }) => {
      const { args = [], code, status = 0 } = PLAYED[action] ?? { code: '' };
      const common = [action, 'web', ...args, '--json', '--yes'];
      const straight = await cli(lab, ...common);
      const through = await cli(lab, ...common, '--via-lambda');
      expect([straight.status, through.status]).toEqual([status, status]);
      expect(only(documentOf(straight)).code).toBe(code);
      expect(comparable(documentOf(through))).toEqual(comparable(documentOf(straight)));
    },
  );

  it.each(VERBS.filter(({ action }) => MOVES.includes(action)))(
    'should move the group straight, with a line for each step, and back through Lambda: $action',
    async ({ action }) => {
      const straight = await cli(lab, action, 'web', '--to', 'web-2', '--yes');
      expect(straight.status).toBe(0);
      expect(straight.out).toMatch(new RegExp(`^web: ${action} done in \\d+\\.\\d s\\n`));
      const lines = straight.err.split('\n').filter((line) => line.includes('✓'));
      expect(lines.map((line) => line.replaceAll(/[\d.]+ s/g, 's').trim())).toEqual([
        's  ✓ wrote down what is about to happen (s)',
        's  ✓ detached web-floating-1 from web-1 (s)',
        's  ✓ attached web-floating-1 to web-2 (s)',
        's  ✓ wrote down the result (s)',
      ]);
      expect(holder()).toBe(scene.members[1]);
      const back = documentOf(await cli(lab, action, 'web', '--json', '--yes', '--via-lambda'));
      expect(only(back).operation).toMatchObject({ from: scene.members[1], to: scene.members[0], result: 'done' });
      expect(holder()).toBe(scene.members[0]);
    },
  );
});

describe('a check', () => {
  it('should have the function ask what IAM says to it, and ask nothing of that straight', async () => {
    const dryRuns = (): number => world.calls.filter(({ input }) => input['DryRun'] === true).length;
    const before = dryRuns();
    await cli(lab, 'check', 'web');
    expect(dryRuns()).toBe(before);
    await cli(lab, 'check', 'web', '--via-lambda');
    expect(dryRuns()).toBeGreaterThan(before);
  });
});

describe('what a person reads', () => {
  it('should fit 80 columns, without colors in a pipe', async () => {
    const [all, one] = await Promise.all([cli(lab, 'status'), cli(lab, 'status', 'web')]);
    for (const { out, status } of [all, one]) {
      expect(status).toBe(0);
      expect(out).toContain('web-1');
      expect(out.split('\n').filter((line) => line.length > 80 || line.includes('\u001B'))).toEqual([]);
    }
    expect(all.out).toMatch(/^GROUP +READY +HOLDER +STANDBYS +NOW\n/);
    expect(all.out).toMatch(/^web +yes +web-1 +web-2 /m);
    expect(one.out).toMatch(/^web {2}ready: yes {2}holder: web-1\n/);
  });

  it('should say whose settings count, where those of the deployment cannot be read', async () => {
    const { status, out, err } = await cli(lab, 'status', 'web', '--stage', 'trial', '--json');
    expect([status, only(JSON.parse(out) as InvocationResult).code]).toEqual([0, 'status']);
    expect(err).toContain('the defaults, for eni-failover-trial-failover cannot be read (ResourceNotFoundException)');
  });

  it('should end quietly when nobody reads it', async () => {
    const child = startCli(environmentOf(lab), 'status');
    child.stdout?.destroy();
    expect(await endOf(child)).toEqual({ status: 0, out: '', err: '' });
  });
});

describe('bad input', () => {
  it.each([
    ['an unknown verb', ['stauts'], /unknown command 'stauts'.*The verbs are status, /],
    [
      'no group',
      ['failover', '--yes'],
      /missing required argument 'group'. Name a group; 'eni-failover status' lists them\./,
    ],
    [
      'an unknown option',
      ['pause', 'web', '--to', 'web-2'],
      /unknown option '--to'\. 'pause' takes --reason, --minutes;/,
    ],
    ['an unknown group', ['failover', 'wbe', '--yes'], /The groups that there are: app, web\./],
    ['an unknown group in a question', ['status', 'wbe'], /The groups that there are: app, web\./],
    [
      'an unknown member',
      ['failover', 'web', '--to', 'web-9', '--yes'],
      /'web-9' is no member of 'web'\. Its members are web-1 \(i-\w+\), web-2 \(i-\w+\)\./,
    ],
    [
      'health vouched for of nobody',
      ['failover', 'web', '--ignore-health', '--yes'],
      /--ignore-health needs --to, the member whose health you vouch for\./,
    ],
    [
      'a pause of half a minute',
      ['pause', 'web', '--minutes', '0.5', '--yes'],
      /--minutes must be a whole number from 1 to/,
    ],
    ['from and to the same', ['plan', 'web', '--to', 'web-2', '--from', 'web-2'], /--to must differ from --from\./],
    ['a prefix that is none', ['status', '--tag-prefix', 'a*'], /--tag-prefix must be 1 to 64 letters/],
    ['nobody to ask', ['failover', 'web'], /'failover' changes something, and nobody can be asked here: give --yes\./],
  ])('should be refused in a sentence, with nothing changed: %s', async (_, args, sentence) => {
    const before = changes();
    const { status, out, err } = await cli(lab, ...args);
    expect([status, out]).toEqual([2, '']);
    expect(err).toMatch(/^(Straight .*\n)?error: /);
    expect(err.replaceAll('\n', ' ')).toMatch(sentence);
    expect(changes()).toBe(before);
  });
});

describe('Ctrl-C in a move', () => {
  it('should say what is left, and the next run should complete it', async () => {
    const from = holder() ?? '';
    world.hangDetach(from);
    const child = startCli(environmentOf(lab), 'failover', 'web', '--yes');
    const ended = endOf(child);
    let heard = '';
    while (!heard.includes('wrote down')) heard += String((await once(child.stderr ?? child, 'data'))[0]);
    await clock.sleep(300);
    child.kill('SIGINT');
    const { status, err } = await ended;
    expect(status).toBe(130);
    expect(err).toMatch(
      /Interrupted: wrote down what is about to happen; under way: detaching\s+web-floating-1 from\s+web-1\./,
    );
    expect(err).toMatch(/The next run completes\s+it/);
    world.hangDetach(from, false);
    const again = /^ {2}eni-failover (.*)$/m.exec(err)?.[1]?.split(' ') ?? [];
    const { status: then, out } = await cli(lab, ...again, '--yes');
    expect([then, out]).toEqual([0, expect.stringMatching(/^web: \S+ done/)]);
    expect(holder()).not.toBe(from);
    expect(world.interface(scene.interfaces[0] ?? '')?.attachment?.status).toBe('attached');
  });
});
