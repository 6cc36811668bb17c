import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { InvocationResult } from '../../lib/app.ts';

const LAUNCHER = path.join(__dirname, '..', '..', 'build', 'eni-failover.cjs');
/** Nobody's home: no profile, no sign-in. */
const HOME = mkdtempSync(path.join(tmpdir(), 'eni-failover-cli-'));

export interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Place {
  readonly endpoint: string;
}

/** What a shell that points at the lab has, and nothing of the shell that runs the tests. */
export function environmentOf({ endpoint }: Place): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME,
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'operator',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}

/** Starts the command as a shell does. */
export function startCli(environment: Record<string, string>, ...args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [LAUNCHER, ...args], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Waits for its end. */
export async function endOf(child: ChildProcess): Promise<Ended> {
  const text = { out: '', err: '' };
  child.stdout?.on('data', (chunk: Buffer) => (text.out += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (text.err += chunk.toString()));
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, ...text };
}

/** Runs the command to its end, in a shell that points at the lab. */
export function cli(place: Place, ...args: readonly string[]): Promise<Ended> {
  return endOf(startCli(environmentOf(place), ...args));
}

/** The document of a run with `--json`. */
export function documentOf({ status, out, err }: Ended): InvocationResult {
  if (out === '') throw new Error(`no document: exit ${status}: ${err}`);
  return JSON.parse(out) as InvocationResult;
}
