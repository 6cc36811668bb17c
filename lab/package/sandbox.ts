import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Outcome } from '../bus/bus.ts';
import type { PackagedFunction } from './template.ts';

/** What came of one invocation, and how long its sandbox took to start, when one had to be started for it. */
export type Invocation = Outcome & { readonly coldStart?: Sandbox['coldStart'] };

type Failure = Pick<Extract<Outcome, { ok: false }>, 'errorType' | 'errorMessage'>;

/** A child process with a function's code in it. Runs one invocation at a time; useless once it has failed hard. */
export interface Sandbox {
  readonly coldStart: { readonly processMs: number; readonly importMs: number };
  readonly isAlive: () => boolean;
  invoke(event: object, requestId: string): Promise<Outcome>;
  close(): void;
}

/** The handler could not be loaded, or the process died. */
export class SandboxError extends Error {
  override readonly name = 'SandboxError';
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(`${failure.errorType}: ${failure.errorMessage}`);
    this.failure = failure;
  }
}

/** What Lambda gives a function to load. */
const INIT_TIMEOUT_MS = 10_000;

/**
 * Starts a sandbox and waits until the handler is loaded.
 * @param inside a command that runs another one, by its path: the sandbox is started by it, `ip netns exec …` for example
 * @throws SandboxError when it cannot be.
 */
export async function startSandbox(
  target: PackagedFunction,
  taskRoot: string,
  environment: Readonly<Record<string, string>>,
  onLog: (line: string) => void,
  inside: readonly string[] = [],
): Promise<Sandbox> {
  const startedAt = performance.now();
  // Nothing of the parent's loaders and flags: Lambda has none of them.
  const node = [process.execPath, join(__dirname, 'sandbox.cjs'), taskRoot, target.handler];
  const [file = '', ...args] = [...inside, ...node];
  const child = spawn(file, args, {
    cwd: taskRoot,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  forwardLines(child, onLog);
  // A message to a process that has just died; its exit is what counts.
  child.on('error', () => {});
  type Ready = { readonly importMs: number } | { readonly error: Failure };
  const ready = await withTimeout(nextMessage<Ready>(child), child, INIT_TIMEOUT_MS);
  if ('error' in ready) throw new SandboxError(ready.error);
  const coldStart = { importMs: ready.importMs, processMs: performance.now() - startedAt - ready.importMs };
  return {
    coldStart,
    isAlive: () => child.connected && !child.killed,
    close: () => void child.kill('SIGKILL'),
    invoke: (event, requestId) => invoke(child, target, event, requestId),
  };
}

async function invoke(
  child: ChildProcess,
  target: PackagedFunction,
  event: object,
  requestId: string,
): Promise<Outcome> {
  child.send({ event, context: contextOf(target, requestId), deadlineMs: Date.now() + target.timeoutMs });
  type Reply = { readonly payload: unknown } | { readonly error: Failure };
  try {
    const reply = await withTimeout(nextMessage<Reply>(child), child, target.timeoutMs);
    return 'error' in reply ? { ok: false, ...reply.error } : { ok: true, payload: reply.payload };
  } catch (error) {
    if (!(error instanceof SandboxError)) throw error;
    return { ok: false, ...error.failure };
  }
}

/** Lambda gives no second of grace: the process is gone, in whatever it was. */
function withTimeout<T>(work: Promise<T>, child: ChildProcess, timeoutMs: number): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      const errorMessage = `Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`;
      reject(new SandboxError({ errorType: 'Sandbox.Timedout', errorMessage }));
    }, timeoutMs);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** The child's next message; its death before that is an error. */
function nextMessage<T>(child: ChildProcess): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const onMessage = (message: unknown): void => {
      child.off('exit', onExit);
      resolve(message as T);
    };
    const onExit = (code: number | null, signal: string | null): void => {
      child.off('message', onMessage);
      const errorMessage = `Runtime exited ${code === null ? `by signal ${signal}` : `with status ${code}`}`;
      reject(new SandboxError({ errorType: 'Runtime.ExitError', errorMessage }));
    };
    child.once('message', onMessage).once('exit', onExit);
  });
}

function contextOf(target: PackagedFunction, requestId: string): Record<string, unknown> {
  return {
    awsRequestId: requestId,
    functionName: target.name,
    functionVersion: '$LATEST',
    invokedFunctionArn: target.arn,
    memoryLimitInMB: String(target.memoryMb),
    logGroupName: `/aws/lambda/${target.name}`,
    logStreamName: '[$LATEST]lab',
    callbackWaitsForEmptyEventLoop: true,
  };
}

function forwardLines(child: ChildProcess, onLog: (line: string) => void): void {
  for (const stream of [child.stdout, child.stderr]) {
    let rest = '';
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) onLog(line);
    });
  }
}
