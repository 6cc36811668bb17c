import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { merged, type Summary } from './batch.ts';

const CLI = path.join(process.cwd(), 'tests/simulation/cli.ts');

/** Shares seeds among processes of their own; a seed is the same in any of them. `onPart` sees results as they come. */
export async function inProcesses(
  jobs: number,
  seeds: readonly number[],
  switches: readonly string[],
  onPart: (part: Summary) => void,
): Promise<Summary> {
  const size = Math.ceil(seeds.length / jobs);
  const shares = Array.from({ length: jobs }, (_, nth) => seeds.slice(nth * size, (nth + 1) * size));
  const busy = shares.filter((share) => share.length > 0);
  return merged(await Promise.all(busy.map((share) => playElsewhere(share, switches, onPart))));
}

async function playElsewhere(
  seeds: readonly number[],
  switches: readonly string[],
  onPart: (part: Summary) => void,
): Promise<Summary> {
  const consecutive = seeds.every((seed, nth) => seed === (seeds[0] ?? 0) + nth);
  const which = consecutive ? ['--from', `${seeds[0]}`, '--seeds', `${seeds.length}`] : ['--only', seeds.join(',')];
  const args = [...process.execArgv, CLI, '--json', '--keep-going', ...switches, ...which];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const parts: Summary[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    const part = JSON.parse(line) as Summary;
    parts.push(part);
    onPart(part);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  const summary = merged(parts);
  if (code !== 0 || summary.seeds !== seeds.length) throw new Error(`a process played ${summary.seeds} of its seeds`);
  return summary;
}
