import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { devNull } from 'node:os';
import { join, resolve as absolute } from 'node:path';

/** What `serverless package` made: the two files a deployment consists of. */
export interface Package {
  readonly templatePath: string;
  readonly zipPath: string;
  /** False when an earlier run had made it from the same inputs. */
  readonly isFresh: boolean;
}

/** What one gives the packaging tool on the command line. */
export interface PackageOptions {
  readonly stage?: string;
  readonly params?: Readonly<Record<string, string>>;
  /** The folder with a parameter file for each stage, where it is to count. Tests package the defaults, whoever runs them. */
  readonly stageFiles?: string;
}

/** Packaging failed; the message says what the tool said. */
export class PackageError extends Error {
  override readonly name = 'PackageError';
}

const ROOT = absolute(__dirname, '..');
const CACHE = join(ROOT, '.build');
const INPUTS = ['functions', 'lib', 'data', 'serverless', 'build', 'serverless.yml', 'tsconfig.json', 'package.json'];
/** What the template depends on: rules, roles, environment and settings are in it, the code is not. */
const TEMPLATE_INPUTS = [
  'serverless',
  'serverless.yml',
  'lib/core/settings.json',
  'lib/probe/never-probed.json',
  'build',
  'package.json',
];
const FILES = { template: 'cloudformation-template-update-stack.json', zip: 'eni-failover.zip' };
const TIMEOUT_MS = 300_000;

/** Packages the service again, from nothing. Offline, without credentials. @throws PackageError */
export function packageService(into: string, options: PackageOptions = {}): Promise<Package> {
  return inCopy(async (folder) => {
    const { stageFiles } = options;
    if (stageFiles !== undefined && (await isThere(stageFiles)))
      await cp(stageFiles, join(folder, 'params'), { recursive: true });
    await serverless(folder, ['package', ...argumentsOf(options)]);
    await rm(into, { recursive: true, force: true });
    // Another process may have made the same at the same time.
    await rename(join(folder, '.serverless'), into).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY') throw error;
    });
    return packageIn(into, true);
  });
}

/** Packages the service unless that was done before with the same inputs. @throws PackageError */
export async function packageOnce(options: PackageOptions = {}): Promise<Package> {
  const folder = join(CACHE, await hashOf(options, INPUTS));
  return (await isThere(folder)) ? packageIn(folder, false) : packageService(folder, options);
}

/**
 * Gives the path of the template a package would have. Packages only if nothing with these parameters was packaged
 * since the template's own inputs changed: a change of the code costs nothing.
 * @throws PackageError
 */
export async function templateOnce(options: PackageOptions = {}): Promise<string> {
  const path = join(CACHE, `template-${await hashOf(options, TEMPLATE_INPUTS)}.json`);
  if (await isThere(path)) return path;
  const { templatePath } = await packageOnce(options);
  const copy = `${path}.${process.pid}`;
  await cp(templatePath, copy);
  await rename(copy, path);
  return path;
}

/** Works in a copy of what is packaged: the tool writes into fixed folders, and what it finds there ends in the zip. */
export async function inCopy<T>(work: (folder: string) => Promise<T>): Promise<T> {
  await mkdir(CACHE, { recursive: true });
  // Inside the repository, where the modules are found.
  const folder = await mkdtemp(join(CACHE, 'copy-'));
  // A signal handler that exits passes the finally by.
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  try {
    for (const input of INPUTS) await cp(join(ROOT, input), join(folder, input), { recursive: true });
    return await work(folder);
  } finally {
    process.off('exit', remove);
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Runs the deployment tool to its end and returns what it said. Nothing of this process's AWS settings reaches it.
 * @throws PackageError when it fails or takes too long.
 */
export async function serverless(folder: string, args: readonly string[], environment: object = {}): Promise<string> {
  // What the tool is killed over goes with the copy.
  const TMPDIR = join(folder, '.tmp');
  await mkdir(TMPDIR, { recursive: true });
  const inherited = Object.entries(process.env).filter(([name]) => !/^(AWS|SLS|SERVERLESS|NODE_OPTIONS)/.test(name));
  const none = { AWS_EC2_METADATA_DISABLED: 'true', AWS_CONFIG_FILE: devNull, AWS_SHARED_CREDENTIALS_FILE: devNull };
  const env = { ...Object.fromEntries(inherited), ...none, ...environment, TMPDIR };
  const options = { cwd: folder, env, timeout: TIMEOUT_MS, killSignal: 'SIGKILL', maxBuffer: 1 << 24 } as const;
  return new Promise((resolve, reject) => {
    const tool = join(ROOT, 'node_modules/serverless/bin/serverless.js');
    const end = (): void => void child.kill('SIGKILL');
    process.prependOnceListener('exit', end);
    const child = execFile(process.execPath, [tool, ...args], options, (error, stdout, stderr) => {
      process.off('exit', end);
      const output = readable(`${stdout}\n${stderr}`);
      if (error === null) return resolve(output);
      const failure = error.killed ? `gave up after ${TIMEOUT_MS / 1000} s` : `exit code ${error.code}`;
      reject(new PackageError(`serverless ${args[0]} failed: ${failure}\n${output}`));
    });
  });
}

function argumentsOf({ stage, params = {} }: PackageOptions): string[] {
  const given = Object.entries(params).map(([name, value]) => `--param=${name}=${value}`);
  return stage === undefined ? given : ['--stage', stage, ...given];
}

function packageIn(folder: string, isFresh: boolean): Package {
  return { templatePath: join(folder, FILES.template), zipPath: join(folder, FILES.zip), isFresh };
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function hashOf(options: PackageOptions, of: readonly string[]): Promise<string> {
  const inputs = [...of, 'package-lock.json'].map((input) => filesUnder(join(ROOT, input)));
  const hash = createHash('sha256').update(JSON.stringify(argumentsOf(options)));
  if (options.stageFiles !== undefined) inputs.push(filesUnder(absolute(options.stageFiles)));
  for (const file of (await Promise.all(inputs)).flat().toSorted())
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

/** The tool prints the stack of its own code below the message; nobody needs that. */
function readable(output: string): string {
  return output
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^\s+at /.test(line))
    .join('\n');
}
