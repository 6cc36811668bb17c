import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { type Invocation, type Sandbox, SandboxError, startSandbox } from './sandbox.ts';
import type { PackagedFunction } from './template.ts';

export interface RunnerOptions {
  readonly zipPath: string;
  readonly target: PackagedFunction;
  /** Where the function's SDK clients send every call. */
  readonly endpointUrl: string;
  readonly region: string;
  /** Who the function is for the lab's IAM. */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly onLog?: (line: string) => void;
  /** Variables that the template does not have. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /** A command, by its path, that starts each of its processes: one that runs it in another network, for example. */
  readonly inside?: readonly string[] | undefined;
  /** Where a folder for its code is made. Default: where the system keeps temporary files. */
  readonly folder?: string | undefined;
}

/** Runs a packaged function the way Lambda does, in processes of its own. */
export interface Runner {
  /**
   * Never rejects for what the function does: a crash and a timeout are results too.
   * @param requestId is what the function's context says; a new one where none is given.
   */
  invoke(event: object, requestId?: string): Promise<Invocation>;
  /** Ends every sandbox, in whatever it is doing. The next invocation starts a new one. */
  kill(): void;
  /** Ends every sandbox and removes the unzipped code. */
  close(): void;
}

/**
 * Unzips a package and runs its handler with nothing around it but what the template and Lambda itself give.
 * Sandboxes are kept warm and used again; each runs one invocation at a time.
 */
export function createRunner(options: RunnerOptions): Runner {
  const { target, onLog = () => {}, folder = tmpdir() } = options;
  const taskRoot = mkdtempSync(join(folder, 'lambda-'));
  unzip(options.zipPath, taskRoot);
  const environment = environmentOf(options, taskRoot);
  const all = new Set<Sandbox>();
  const idle: Sandbox[] = [];

  async function invokeCold(event: object, requestId: string): Promise<Invocation> {
    const sandbox = await startSandbox(target, taskRoot, environment, onLog, options.inside);
    all.add(sandbox);
    return { ...(await invokeIn(sandbox, event, requestId)), coldStart: sandbox.coldStart };
  }

  async function invokeIn(sandbox: Sandbox, event: object, requestId: string): Promise<Invocation> {
    const invocation = await sandbox.invoke(event, requestId);
    if (sandbox.isAlive()) idle.push(sandbox);
    else all.delete(sandbox);
    return invocation;
  }

  async function invoke(event: object, requestId: string = randomUUID()): Promise<Invocation> {
    const warm = idle.pop();
    if (warm?.isAlive()) return invokeIn(warm, event, requestId);
    return invokeCold(event, requestId).catch((error: unknown) => {
      if (!(error instanceof SandboxError)) throw error;
      return { ok: false, ...error.failure };
    });
  }

  function kill(): void {
    for (const sandbox of all) sandbox.close();
  }

  function close(): void {
    kill();
    rmSync(taskRoot, { recursive: true, force: true });
  }

  return { invoke, kill, close };
}

function unzip(zipPath: string, into: string): void {
  for (const [name, content] of Object.entries(unzipSync(readFileSync(zipPath)))) {
    const path = join(into, name);
    mkdirSync(dirname(path), { recursive: true });
    if (!name.endsWith('/')) writeFileSync(path, content);
  }
}

/** All there is: nothing of this process's own environment reaches the function. */
function environmentOf(
  { target, endpointUrl, region, credentials, environment = {} }: RunnerOptions,
  taskRoot: string,
): Record<string, string> {
  return {
    ...target.environment,
    ...environment,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_ENDPOINT_URL: endpointUrl,
    AWS_EXECUTION_ENV: `AWS_Lambda_${target.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: target.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(target.memoryMb),
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${target.name}`,
    LAMBDA_TASK_ROOT: taskRoot,
    _HANDLER: target.handler,
    TZ: ':UTC',
    LANG: 'en_US.UTF-8',
    // No ~/.aws of whoever runs the lab.
    HOME: taskRoot,
    // The lab may run on an older Node than the template's runtime, and says so once too often.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
}
