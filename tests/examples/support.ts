import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');

export const pathOf = (...parts: string[]): string => join(ROOT, ...parts);
export const textOf = (...parts: string[]): string => readFileSync(pathOf(...parts), 'utf8');

/** Whether a program is on the PATH; tests that need it are skipped, by name, where it is not. */
export function hasProgram(name: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${name}`]).status === 0;
}

/** `it`, or `it.skip` where a program or something else is missing: the name then says what. */
export function itWith(
  programs: readonly string[],
  alsoMissing: readonly string[] = [],
): (name: string, test: () => Promise<void>, timeoutMs?: number) => void {
  const absent = programs.filter((program) => !hasProgram(program)).map((program) => `no ${program} on the PATH`);
  const missing = [...absent, ...alsoMissing];
  return (name, test, timeoutMs) =>
    missing.length === 0 ? it(name, test, timeoutMs) : it.skip(`${name} (skipped: ${missing.join(', ')})`, test);
}

/** Takes an output for granted, or fails with all of it. */
export function succeeded({ status, output }: Ran): string {
  if (status !== 0) throw new Error(`exit status ${status}:\n${output}`);
  return output;
}

export interface Ran {
  readonly status: number | null;
  readonly output: string;
}

/** Runs a program to its end; a server in this process stays reachable for it. */
export function run(
  program: string,
  args: readonly string[],
  options: { cwd?: string; env?: Readonly<Record<string, string>> } = {},
): Promise<Ran> {
  const { cwd = ROOT, env = {} } = options;
  return new Promise((resolve) => {
    const settings = { cwd, env: { ...process.env, ...env }, maxBuffer: 1 << 26 };
    const child = execFile(program, args, settings, (_, stdout, stderr) => {
      resolve({ status: child.exitCode, output: `${stdout}${stderr}` });
    });
  });
}

/** The code blocks of a page that are in one language. */
export function codeBlocks(page: string, language: string): readonly string[] {
  return [...page.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].flatMap(([, name, code]) =>
    name === language ? (code ?? []) : [],
  );
}
