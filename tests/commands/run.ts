import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.join(__dirname, '..', '..');
const { scripts } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { scripts: object };

/** What a person types, and the file it starts. Every command of package.json that is ours, and every measurement. */
export const COMMANDS = new Map<string, string>(
  Object.entries(scripts).flatMap(([name, script]: [string, string]) => {
    const [, file] = /^(?:exec )?tsx (\S+)$/.exec(script) ?? [];
    return file === undefined ? [] : [[name, file] as const];
  }),
);
for (const file of readdirSync(path.join(ROOT, 'bench'))) COMMANDS.set(path.parse(file).name, `bench/${file}`);

export interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs a command to its end. */
export async function run(name: string, ...args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, ['--import', 'tsx', COMMANDS.get(name) ?? name, ...args], { cwd: ROOT });
  const text = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (text.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (text.err += chunk.toString()));
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, ...text };
}
