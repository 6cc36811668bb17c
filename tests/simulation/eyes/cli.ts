/**
 * Plays histories in which only the eyes are broken. `npx tsx tests/simulation/eyes/cli.ts --seeds 2000`
 */
import { command, count, runCommand, wholeNumber, wholeNumbers } from '../../../build/command-line.ts';
import { KINDS } from './draw.ts';
import { play, type Played } from './history.ts';

interface Options {
  readonly seeds: number;
  readonly from: number;
  readonly only?: readonly number[];
  readonly verbose?: true;
}

async function main({ seeds, from, only, verbose }: Options): Promise<void> {
  const wanted = only ?? Array.from({ length: seeds }, (_, nth) => from + nth);
  const all: Played[] = [];
  for (const seed of wanted) {
    const played = await play(seed);
    all.push(played);
    if (verbose || played.violations.length > 0) process.stdout.write(`${JSON.stringify(played)}\n`);
    if (all.length % 100 === 0 && all.length < wanted.length) process.stderr.write(`${all.length} histories\n`);
  }
  process.stdout.write(`${summary(all).join('\n')}\n`);
  process.exitCode = all.some(({ violations }) => violations.length > 0) ? 1 : 0;
}

/** By kind, and by what is allowed. */
function summary(all: readonly Played[]): readonly string[] {
  const line = (name: string, some: readonly Played[]): string => {
    const moves = some.map(({ moves }) => moves);
    const sum = moves.reduce((total, each) => total + each, 0);
    return `${name.padEnd(34)} ${String(some.length).padStart(5)} histories, ${sum} moves, ${Math.max(0, ...moves)} at most`;
  };
  const violated = all.filter(({ violations }) => violations.length > 0);
  return [
    ...KINDS.map((kind) =>
      line(
        kind,
        all.filter(({ kinds }) => kinds.includes(kind)),
      ),
    ),
    line(
      'nobody lies who cannot be corrected',
      all.filter(({ allowed }) => allowed === 0),
    ),
    line(
      'the only one that can be asked lies',
      all.filter(({ allowed }) => allowed === 1),
    ),
    `${all.length} histories, ${violated.length} with violations${violated.length > 0 ? `: ${violated.map(({ seed }) => seed).join(', ')}` : ''}`,
  ];
}

const program = command('eyes', 'Plays histories in which only the eyes are broken.')
  .option('--seeds <n>', 'how many', count, 100)
  .option('--from <seed>', 'the first of them', wholeNumber, 1)
  .option('--only <seeds>', 'these and no others: 1,5,9', wholeNumbers)
  .option('--verbose', 'one line for each')
  .action(main);

void runCommand(program);
