import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve as absolute } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** What `serverless package` made: the two files a deployment consists of. */
export interface Package {
  readonly templatePath: string;
  readonly zipPath: string;
  /** False when an earlier run had made it from the same inputs. */
  readonly isFresh: boolean;
}

/** Packaging failed; the message says what the tool said. */
export class PackageError extends Error {
  override readonly name = 'PackageError';
}

const ROOT = absolute(__dirname, '..', '..');
const CACHE = join(ROOT, '.build');
const OUTPUT = join(ROOT, '.serverless');
const INPUTS = ['functions', 'lib', 'serverless', 'build', 'serverless.yml', 'tsconfig.json', 'package-lock.json'];
const FILES = { template: 'cloudformation-template-update-stack.json', zip: 'eni-failover.zip' };
const TIMEOUT_MS = 120_000;

/** Packages the service again, from nothing. Offline, without credentials. @throws PackageError */
export function packageService(): Promise<Package> {
  return exclusively(build);
}

/** Packages the service unless that was done before with the same inputs. @throws PackageError */
export async function packageOnce(): Promise<Package> {
  const folder = join(CACHE, await hashOfInputs());
  if (await exists(folder)) return packageIn(folder, false);
  return exclusively(async () => {
    if (await exists(folder)) return packageIn(folder, false);
    await build();
    await cp(OUTPUT, `${folder}.partial`, { recursive: true });
    await rename(`${folder}.partial`, folder);
    return packageIn(folder, true);
  });
}

async function build(): Promise<Package> {
  // What an earlier build left behind would end up in the zip.
  for (const folder of ['.esbuild', '.serverless']) await rm(join(ROOT, folder), { recursive: true, force: true });
  const { failure, output } = await run([join(ROOT, 'node_modules/serverless/bin/serverless.js'), 'package']);
  if (failure !== undefined) throw new PackageError(`serverless package failed: ${failure}\n${readable(output)}`);
  for (const file of Object.values(FILES))
    if (!(await exists(join(OUTPUT, file)))) throw new PackageError(`serverless package made no ${file}`);
  return packageIn(OUTPUT, true);
}

function packageIn(folder: string, isFresh: boolean): Package {
  return { templatePath: join(folder, FILES.template), zipPath: join(folder, FILES.zip), isFresh };
}

async function hashOfInputs(): Promise<string> {
  const files = (await Promise.all(INPUTS.map((input) => filesUnder(join(ROOT, input))))).flat();
  const hash = createHash('sha256');
  for (const file of files.toSorted())
    hash
      .update(`${file.slice(ROOT.length)}\0`)
      .update(await readFile(file))
      .update('\0');
  return hash.digest('hex').slice(0, 16);
}

async function filesUnder(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** osls works in fixed folders, so only one process at a time may package. */
async function exclusively<T>(work: () => Promise<T>): Promise<T> {
  const lock = join(CACHE, 'lock');
  await mkdir(CACHE, { recursive: true });
  while (!(await succeeds(writeFile(lock, String(process.pid), { flag: 'wx' })))) {
    const owner = Number(await readFile(lock, 'utf8').catch(() => ''));
    // Interrupted while it was packaging: nobody else will ever remove it.
    if (owner > 0 && !isRunning(owner)) await rm(lock, { force: true });
    await sleep(100);
  }
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Never hangs, and never rejects: what the tool says goes into the error. */
function run(args: readonly string[]): Promise<{ failure?: string; output: string }> {
  const options = {
    cwd: ROOT,
    env: offline(),
    timeout: TIMEOUT_MS,
    killSignal: 'SIGKILL',
    maxBuffer: 1 << 24,
  } as const;
  return new Promise((resolve) => {
    execFile(process.execPath, args, options, (error, stdout, stderr) => {
      const output = `${stdout}\n${stderr}`;
      if (error === null) return resolve({ output });
      resolve({ output, failure: error.killed ? `gave up after ${TIMEOUT_MS / 1000} s` : `exit code ${error.code}` });
    });
  });
}

/** Packaging must not depend on who does it: no credentials, no profile, no region of the environment. */
function offline(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(AWS|SLS|SERVERLESS|NODE_OPTIONS)/.test(name));
  return { ...Object.fromEntries(own), AWS_EC2_METADATA_DISABLED: 'true' };
}

/** osls prints the stack of its own code below the message; nobody needs that. */
function readable(output: string): string {
  return output
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^\s+at /.test(line))
    .join('\n');
}

const exists = (path: string): Promise<boolean> => succeeds(stat(path));

function succeeds(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  );
}
