import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { unzipSync } from 'fflate';
import { type Package, packageOnce } from '../../build/packaging.ts';
import { readBundles, translated } from '../../build/stack-trace.ts';
import { readTemplate } from '../../lab/package/template.ts';
import { functionOf } from './deployed.ts';

const ROOT = path.join(__dirname, '..', '..');

/** Invokes a packaged handler in a process of its own, where no AWS is, and prints the stack of what it throws. */
const INVOKE = `
const { handler } = require(process.argv[1]);
const context = { awsRequestId: 'run-1', getRemainingTimeInMillis: () => 900 };
new Promise((done) => done(handler(JSON.parse(process.argv[2]), context))).catch((error) => console.log(error.stack));`;

describe('a stack trace of the packaged function', () => {
  const taskRoot = mkdtempSync(path.join(tmpdir(), 'trace-test-'));
  let pkg: Package;
  let folder: string;
  let environment: Readonly<Record<string, string>>;

  beforeAll(async () => {
    pkg = await packageOnce();
    folder = path.dirname(pkg.zipPath);
    environment = functionOf(readTemplate(pkg.templatePath), 'failover').environment;
    for (const [name, content] of Object.entries(unzipSync(readFileSync(pkg.zipPath)))) {
      mkdirSync(path.dirname(path.join(taskRoot, name)), { recursive: true });
      writeFileSync(path.join(taskRoot, name), content);
    }
  }, 120_000);
  afterAll(() => rmSync(taskRoot, { recursive: true, force: true }));

  /** What the packaged function throws. */
  function stackOf(name: string, event: object): string {
    const env = {
      ...environment,
      PATH: process.env['PATH'] ?? '',
      HOME: taskRoot,
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'x',
      AWS_SECRET_ACCESS_KEY: 'x',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
    };
    const args = ['-e', INVOKE, path.join(taskRoot, `functions/${name}.js`), JSON.stringify(event)];
    const { stdout } = spawnSync(process.execPath, args, { cwd: taskRoot, env, encoding: 'utf8' });
    expect(stdout).toContain(`functions/${name}.js:`);
    return stdout;
  }

  /** The frames of a stack that are in the source, translated. */
  function framesOf(stack: string): readonly string[] {
    const found = translated(stack, readBundles(folder)).matchAll(/^ +at (.* \((?:lib|functions)\/.*)$/gm);
    return [...found].map(([, frame = '']) => frame);
  }

  /** The text of the source at the place of a frame. */
  function sourceAt(frame: string): string {
    const [, file = '', line, column] = /\(([^:]+):(\d+):(\d+)\)$/.exec(frame) ?? [];
    const text = readFileSync(path.join(ROOT, file), 'utf8').split('\n')[Number(line) - 1] ?? '';
    return text.slice(Number(column) - 1);
  }

  it('should lead to file, line and function', () => {
    const frames = framesOf(stackOf('failover', { action: 'explode' }));
    expect(frames.map((frame) => frame.split(':')[0])).toEqual([
      'parseRequest (lib/triggers/request.ts',
      'parseInvocation (lib/triggers/parse.ts',
      expect.stringMatching(/^(\w+\.)?handler( \[as handler\])? \(functions\/failover.ts$/),
    ]);
    expect(sourceAt(frames[0] ?? '')).toMatch(/^new FailoverError\('InvalidRequest'/);
    expect(sourceAt(frames[1] ?? '')).toMatch(/^parseRequest\(/);
    expect(sourceAt(frames[2] ?? '')).toMatch(/^parseInvocation\(/);
  });

  it('should lead through awaits and methods, in the other function, too', () => {
    const frames = framesOf(stackOf('sweep', {}));
    expect(frames[0]).toMatch(/^classify \(lib\/aws\/errors\.ts:/);
    expect(frames).toContainEqual(expect.stringMatching(/^Ec2\w*Gateway\.call \(lib\/aws\/call\.ts:/));
    expect(frames).toContainEqual(expect.stringMatching(/^async Ec2\w*Gateway\.\w+ \(lib\/aws\/ec2-[\w-]+\.ts:/));
    // Node keeps ten frames, and how many of them are its own or the SDK's is not ours to say.
    expect(frames).toContainEqual(expect.stringMatching(/^async (lookAtAll|sweep) \(lib\/engine\/sweep\.ts:/));
  });

  it('should be translated wherever it stands', () => {
    const stack = stackOf('failover', { action: 'explode' });
    const line = JSON.stringify({ errorType: 'InvalidRequest', stack: stack.split('\n') });
    expect(translated(line, readBundles(folder))).toBe(
      JSON.stringify({ errorType: 'InvalidRequest', stack: translated(stack, readBundles(folder)).split('\n') }),
    );
    expect(translated(line, readBundles(folder))).not.toContain('functions/failover.js');
  });

  it('should stay as it is where it is not of the package', () => {
    const other = ' at kt (/var/task/functions/nobody.js:1:1)\n at Module._load (node:internal/modules/cjs/loader:1:1)';
    expect(translated(other, readBundles(folder))).toBe(other);
  });

  it('should be asked for where the package is', () => {
    expect(() => readBundles(path.join(taskRoot, 'nowhere'))).toThrow('There is no package in');
    expect(() => readBundles(taskRoot)).toThrow('There is no package in');
  });

  it('should have maps beside the zip that name the files of the repository and nothing of this machine', () => {
    for (const name of ['failover', 'sweep', 'inspect']) {
      const { sources, sourcesContent } = JSON.parse(
        readFileSync(path.join(folder, `functions/${name}.js.map`), 'utf8'),
      ) as { sources: string[]; sourcesContent?: unknown };
      expect(sourcesContent).toBeUndefined();
      expect(sources).toContain(`functions/${name}.ts`);
      expect(sources.filter((file) => !/^(data|functions|lib|node_modules)\//.test(file))).toEqual([]);
      expect(sources.filter((file) => !existsSync(path.join(ROOT, file)))).toEqual([]);
    }
  });
});
