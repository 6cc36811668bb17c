import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { createRunner, type Runner } from '../../lab/package/runner.ts';
import type { PackagedFunction } from '../../lab/package/template.ts';

const HANDLER = `
let calls = 0;
exports.handler = async (event, context) => {
  calls += 1;
  if (event.do === 'throw') throw Object.assign(new RangeError('too far'), { name: 'OperationFailed' });
  if (event.do === 'hang') console.log('hanging');
  if (event.do === 'hang') return new Promise(() => { setInterval(() => {}, 1000); });
  if (event.do === 'exit') process.exit(3);
  if (event.do === 'wait') await new Promise((done) => setTimeout(done, 200));
  if (event.do === 'log') { console.log('one\\ntwo'); console.error('three'); }
  if (event.do === 'nothing') return undefined;
  const remaining = context.getRemainingTimeInMillis();
  return { calls, pid: process.pid, env: process.env, function: context.functionName, remaining, argv: process.execArgv };
};`;

const FUNCTION: PackagedFunction = {
  logicalId: 'Fn',
  name: 'fn',
  arn: 'arn:aws:lambda:eu-west-1:123456789012:function:fn',
  handler: 'functions/fn.handler',
  runtime: 'nodejs22.x',
  environment: { SETTING: 'value' },
  timeoutMs: 55_000,
  memoryMb: 512,
  roleArn: 'arn:aws:iam::123456789012:role/fn',
  async: { retries: 2, maximumAgeMs: 900_000 },
};

interface Reply {
  calls: number;
  pid: number;
  env: Record<string, string>;
  function: string;
  remaining: number;
  argv: string[];
}

describe('the runner', () => {
  const dir = mkdtempSync(join(tmpdir(), 'runner-test-'));
  const runners: Runner[] = [];
  const logs: string[] = [];

  function runnerFor(target: Partial<PackagedFunction> = {}, code = HANDLER, inside?: readonly string[]): Runner {
    const zipPath = join(dir, `${runners.length}.zip`);
    writeFileSync(zipPath, zipSync({ 'functions/fn.js': strToU8(code) }));
    const runner = createRunner({
      zipPath,
      target: { ...FUNCTION, ...target },
      endpointUrl: 'http://127.0.0.1:1',
      region: 'eu-west-1',
      credentials: { accessKeyId: 'fn-role', secretAccessKey: 'secret' },
      onLog: (line) => logs.push(line),
      inside,
    });
    runners.push(runner);
    return runner;
  }

  const payloadOf = async (runner: Runner, event: object = {}): Promise<Reply> => {
    const invocation = await runner.invoke(event);
    if (!invocation.ok) throw new Error(invocation.errorMessage);
    return invocation.payload as Reply;
  };

  afterAll(() => {
    for (const runner of runners) runner.close();
    rmSync(dir, { recursive: true, force: true });
  });

  it('should give the function the environment of the template and of Lambda, and nothing else', async () => {
    process.env['SECRET_OF_THIS_MACHINE'] = 'x';
    const { env, argv } = await payloadOf(runnerFor());
    expect(env).toMatchObject({
      SETTING: 'value',
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'fn-role',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
      AWS_LAMBDA_FUNCTION_NAME: 'fn',
    });
    const foreign = Object.keys(env).filter(
      (name) => !/^(AWS_|LAMBDA_TASK_ROOT$|_HANDLER$|TZ$|LANG$|HOME$|SETTING$)/.test(name),
    );
    expect(foreign).toEqual([]);
    expect(argv).toEqual([]);
  });

  it('should start its processes by the command it is given', async () => {
    const { env, pid } = await payloadOf(runnerFor({}, HANDLER, ['/usr/bin/env', 'STARTED_BY=env']));
    expect(env).toMatchObject({ STARTED_BY: 'env', SETTING: 'value' });
    expect(pid).not.toBe(process.pid);
  });

  it('should tell the handler who it is and how long it has', async () => {
    const reply = await payloadOf(runnerFor());
    expect(reply.function).toBe('fn');
    expect(reply.remaining).toBeGreaterThan(0);
    expect(reply.remaining).toBeLessThanOrEqual(55_000);
  });

  it('should start cold once and stay warm', async () => {
    const runner = runnerFor();
    const [cold, warm] = [await runner.invoke({}), await runner.invoke({})];
    expect(cold.coldStart).toEqual({ importMs: expect.any(Number) as number, processMs: expect.any(Number) as number });
    expect(warm.coldStart).toBeUndefined();
    expect(warm).toMatchObject({ ok: true, payload: { calls: 2 } });
  });

  it('should run one invocation at a time in a sandbox', async () => {
    const runner = runnerFor();
    const [one, two] = await Promise.all([payloadOf(runner, { do: 'wait' }), payloadOf(runner, { do: 'wait' })]);
    expect(one.pid).not.toBe(two.pid);
    expect([one.calls, two.calls]).toEqual([1, 1]);
  });

  it('should report what the handler threw, and keep the sandbox', async () => {
    const runner = runnerFor();
    expect(await runner.invoke({ do: 'throw' })).toMatchObject({
      ok: false,
      errorType: 'OperationFailed',
      errorMessage: 'too far',
    });
    expect(await payloadOf(runner)).toMatchObject({ calls: 2 });
  });

  it('should kill an invocation at the timeout, and start anew', async () => {
    const runner = runnerFor({ timeoutMs: 300 });
    expect(await runner.invoke({ do: 'hang' })).toMatchObject({
      ok: false,
      errorType: 'Sandbox.Timedout',
      errorMessage: 'Task timed out after 0.30 seconds',
    });
    expect((await runner.invoke({})).coldStart).toBeDefined();
  });

  it('should report an invocation that is killed, and start anew', async () => {
    const runner = runnerFor();
    logs.length = 0;
    const cold = runner.invoke({ do: 'hang' });
    while (logs.at(-1) !== 'hanging') await new Promise((resolve) => setImmediate(resolve));
    runner.kill();
    expect(await cold).toMatchObject({ ok: false, errorMessage: 'Runtime exited by signal SIGKILL' });
    expect(await payloadOf(runner)).toMatchObject({ calls: 1 });
  });

  it('should survive a process that ends', async () => {
    const runner = runnerFor();
    expect(await runner.invoke({ do: 'exit' })).toMatchObject({ ok: false, errorType: 'Runtime.ExitError' });
    expect(await payloadOf(runner)).toMatchObject({ calls: 1 });
  });

  it('should make null of nothing, as JSON does', async () => {
    expect(await runnerFor().invoke({ do: 'nothing' })).toMatchObject({ ok: true, payload: null });
  });

  it('should pass log lines on', async () => {
    await runnerFor().invoke({ do: 'log' });
    expect(logs).toEqual(expect.arrayContaining(['one', 'two', 'three']));
  });

  it.each([
    ['does not export the handler', 'exports.other = () => {};', /fn.handler is not a function/],
    ['fails at load', 'throw new Error("wrong configuration");', /wrong configuration/],
  ])('should report code that %s', async (_, code, message) => {
    const invocation = await runnerFor({}, code).invoke({});
    expect(invocation).toMatchObject({ ok: false, errorMessage: expect.stringMatching(message) as string });
  });
});
