/** How long the command line takes to start, against a Node that does nothing: whole processes, in pairs. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Argument } from 'commander';
import { command, count, runCommand } from '../build/command-line.ts';

const LAUNCHER = join(__dirname, '..', 'build', 'eni-failover.cjs');
const GOAL = 2;

function timed(args: readonly string[]): number {
  const startedAt = performance.now();
  const { status } = spawnSync(process.execPath, args, { stdio: 'ignore' });
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}`);
  return performance.now() - startedAt;
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

function measure(pairs: number): void {
  timed([LAUNCHER, '--help']);
  const runs = Array.from({ length: pairs }, () => [timed([LAUNCHER, '--help']), timed(['-e', '0'])] as const);
  const ratio = median(runs.map(([own, empty]) => own / empty));
  const [own, empty] = [median(runs.map(([ms]) => ms)), median(runs.map(([, ms]) => ms))];
  process.stdout.write(
    `eni-failover --help ${own.toFixed(0)} ms, an empty Node ${empty.toFixed(0)} ms, ratio ${ratio.toFixed(2)} (goal ${GOAL}; medians of ${pairs} pairs)\n`,
  );
  process.exitCode = ratio < GOAL ? 0 : 1;
}

const program = command('cli-start', 'Measures how long eni-failover --help takes, against a Node that does nothing.')
  .addArgument(new Argument('[pairs]', 'how often').argParser(count).default(21))
  .action(measure);

void runCommand(program);
