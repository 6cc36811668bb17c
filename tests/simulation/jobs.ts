import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Summary } from './batch.ts';

const run = promisify(execFile);
const CLI = path.join(process.cwd(), 'tests/simulation/cli.ts');

/** Shares seeds among processes of their own; a seed is the same in any of them. */
export async function inProcesses(jobs: number, seeds: readonly number[]): Promise<readonly Summary[]> {
  const size = Math.ceil(seeds.length / jobs);
  const shares = Array.from({ length: jobs }, (_, nth) => seeds.slice(nth * size, (nth + 1) * size));
  return Promise.all(shares.filter((share) => share.length > 0).map((share) => playElsewhere(share)));
}

async function playElsewhere(seeds: readonly number[]): Promise<Summary> {
  const from = `${seeds[0]}`;
  const consecutive = seeds.every((seed, nth) => seed === (seeds[0] ?? 0) + nth);
  const which = consecutive ? ['--from', from, '--seeds', `${seeds.length}`] : ['--only', seeds.join(',')];
  const { stdout } = await run('npx', ['tsx', CLI, '--json', '--keep-going', ...which], { maxBuffer: 1 << 28 });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Summary;
}
