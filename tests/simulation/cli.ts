import { command, count, runCommand, wholeNumber, wholeNumbers } from '../../build/command-line.ts';
import { describeFailure, runBatch, type Summary } from './batch.ts';
import { ENOUGH_FOR_COVERAGE, notReached } from './coverage.ts';
import { chosenFeatures, FEATURE_NAMES, FEATURES } from './features.ts';
import { inProcesses } from './jobs.ts';
import { checkRecorded, huntAll } from './planted/hunt.ts';
import { printOutages, printShares } from './print.ts';
import openSeeds from './open-seeds.json';
import { runSeed } from './simulate.ts';

interface Options {
  readonly seeds: number;
  readonly from: number;
  readonly only?: readonly number[];
  readonly exceptOpen?: true;
  readonly jobs: number;
  readonly reads?: true;
  readonly verbose?: true;
  readonly keepGoing?: true;
  readonly digests?: true;
  readonly planted?: true;
  readonly record?: true;
  readonly bugs?: string;
  readonly json?: true;
  readonly with: readonly string[];
  readonly without: readonly string[];
  readonly features?: true;
}

/** Seeds whose violation is known and not mended yet: each has to be explained and leave the list. */
const OPEN: ReadonlySet<number> = new Set(openSeeds.map(({ seed }) => seed));

const SEEDS_IN_A_PART = 25;
const SEEDS_BETWEEN_LINES = 1_000;

/** @returns whether all is well. */
async function simulate(options: Options): Promise<boolean> {
  const { from, jobs } = options;
  if (options.features) return printFeatures(options);
  if (options.planted && options.json) return checkRecorded();
  if (options.planted) return huntAll(options.record === true, options.bugs);
  const wanted = options.only ?? range(from, options.seeds);
  const seeds = options.exceptOpen ? wanted.filter((seed) => !OPEN.has(seed)) : wanted;
  if (options.digests) return printDigests(seeds, options);
  const startedMs = performance.now();
  if (options.json) return printParts(seeds, options);
  const summary =
    jobs > 1 ? await inProcesses(jobs, seeds, switches(options), progress(seeds.length)) : await play(seeds, options);
  return conclude(summary, (performance.now() - startedMs) / 1_000);
}

/** One line of JSON for every few seeds. */
async function printParts(seeds: readonly number[], options: Options): Promise<boolean> {
  for (let at = 0; at < seeds.length; at += SEEDS_IN_A_PART) {
    console.log(JSON.stringify(await play(seeds.slice(at, at + SEEDS_IN_A_PART), options)));
  }
  return true;
}

/** A line now and then for those who wait; what went wrong is told at once. */
function progress(total: number): (part: Summary) => void {
  let done = 0;
  return ({ seeds, failures }) => {
    const before = done;
    done += seeds;
    for (const { seed, violations } of failures) console.error(`seed ${seed}: ${violations[0]}`);
    const due = Math.floor(before / SEEDS_BETWEEN_LINES) < Math.floor(done / SEEDS_BETWEEN_LINES);
    if (due && done < total) console.error(`${done} of ${total} seeds`);
  };
}

function range(from: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, nth) => from + nth);
}

function play(seeds: readonly number[], options: Options): Promise<Summary> {
  return runBatch(
    seeds,
    (report) => {
      const failed = report.violations.length > 0;
      if (failed && !options.keepGoing) console.error(describeFailure(report, options));
      else if (options.verbose) console.log(report.history(options));
      return !failed || options.keepGoing === true;
    },
    { features: chosenFeatures(options.with, options.without) },
  );
}

async function printDigests(seeds: readonly number[], options: Options): Promise<boolean> {
  const features = chosenFeatures(options.with, options.without);
  for (const seed of seeds) console.log(`${seed} ${(await runSeed(seed, { features })).digest()}`);
  return true;
}

/** The same choice of features, for another process. */
function switches(options: Options): readonly string[] {
  const named = (flag: string, names: readonly string[]) => (names.length > 0 ? [flag, names.join(',')] : []);
  return [...named('--with', options.with), ...named('--without', options.without)];
}

function printFeatures(options: Options): boolean {
  const chosen = chosenFeatures(options.with, options.without);
  for (const name of FEATURE_NAMES) {
    const { kind, what, waitsFor } = FEATURES[name];
    const state = chosen.has(name) ? 'on ' : 'off';
    console.log(
      `${state} ${kind} ${name.padEnd(20)} ${what}${waitsFor === undefined ? '' : `; waits for: ${waitsFor}`}`,
    );
  }
  return true;
}

/** @returns whether all is well. */
function conclude(summary: Summary, seconds: number): boolean {
  const { seeds, failures, calls, virtualMs, most } = summary;
  for (const { seed, extras, violations } of failures) {
    console.log(`seed ${[seed, ...extras].join(' ')}: ${violations.join('\n  ')}`);
  }
  if (seeds >= ENOUGH_FOR_COVERAGE) printShares(summary);
  printOutages(summary.outages);
  console.log(`${seeds} seeds, ${failures.length} with violations, ${(seeds / seconds).toFixed(1)} seeds a second`);
  console.log(`each ${(virtualMs / 60_000 / seeds).toFixed(1)} virtual minutes and ${Math.round(calls / seeds)} calls`);
  console.log(`in one run at most ${most.calls} calls, ${most.changes} of them changes`);
  console.log(`at rest after at most ${most.sweepsToRest} sweeps`);
  const missing = seeds >= ENOUGH_FOR_COVERAGE ? notReached(summary.counts) : [];
  if (missing.length > 0) console.log(`Not reached by any seed: ${missing.join(', ')}`);
  return failures.length === 0 && missing.length === 0;
}

const words = (text: string): readonly string[] => text.split(',');

async function main(options: Options): Promise<void> {
  // The SDK's notice about Node versions would be printed by every process.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  process.exitCode = (await simulate(options)) ? 0 : 1;
}

const program = command('simulate', 'Plays whole histories of failures against the product, in virtual time.')
  .option('--seeds <number>', 'how many histories', count, 500)
  .option('--from <number>', 'the first seed', wholeNumber, 1)
  .option('--except-open', 'leave out the seeds of open-seeds.json, whose violations are known and not mended yet')
  .option('--only <numbers>', 'these seeds and no others: 3,7,12', wholeNumbers)
  .option('--jobs <number>', 'processes that share the work', count, 1)
  .option('--reads', 'show reads in histories, too')
  .option('--verbose', 'print the history of a seed that does not fail')
  .option('--keep-going', 'play the other seeds after one that fails')
  .option('--digests', 'one line for each seed: its digest')
  .option('--planted', 'prove the prover: find a seed for each planted bug')
  .option('--bugs <text>', 'with --planted: only those whose name has this in it')
  .option('--record', 'with --planted: note the seeds for the tests')
  .option('--with <names>', 'switch on features that the product is not expected to hold yet: a,b or all', words, [])
  .option('--without <names>', 'switch off features: a,b or all', words, [])
  .option('--features', 'list the features')
  .option(
    '--json',
    'lines of JSON for other processes: every few seeds, or with --planted each bug on its recorded seed',
  )
  .action(main);

void runCommand(program);
