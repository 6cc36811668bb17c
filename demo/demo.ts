/** `npm run demo`: the packaged service moves an interface, live, in the lab. */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import pc from 'picocolors';
import { PackageError, packageOnce } from '../build/packaging.ts';
import type { World } from '../lab/world/world.ts';
import { type Incident, runIncident } from './incident.ts';
import { Narrator, say, showTags, summarize } from './narrator.ts';
import { SCENARIOS, type ScenarioName, type Scene } from './scenarios.ts';

/** `crash` is `pair`, with the function killed in the middle of the move. */
const CHOICES = [...SCENARIOS, 'crash'] as const;

interface Options {
  readonly scenario: ScenarioName | 'crash';
  readonly seed: number;
  readonly json?: true;
}

async function demo({ scenario, seed }: Options): Promise<Incident> {
  say(`${pc.bold('eni-failover demo')} ${pc.dim(`scenario ${scenario}, seed ${seed}`)}\n`);
  const narrator = new Narrator();
  let stage: [Scene, World] | undefined;
  const pkg = await packageOnce();
  const made = pkg.isFresh ? 'packaged just now' : 'packaged before, nothing has changed since';
  say(pc.dim(`  Rules, role and code are those of the deployable package (${made}).\n`));
  const incident = await runIncident({
    ...storyOf(scenario),
    seed,
    pkg,
    onScene: (...given) => {
      stage = given;
      narrator.introduce(...given);
    },
    onEntry: (entry) => narrator.tell(entry),
  });
  summarize(incident);
  if (stage) showTags(...stage);
  return incident;
}

async function json({ scenario, seed }: Options): Promise<Incident> {
  const incident = await runIncident({ ...storyOf(scenario), seed, pkg: await packageOnce() });
  say(JSON.stringify(incident));
  return incident;
}

const storyOf = (scenario: Options['scenario']): { scenario: ScenarioName; crash: boolean } =>
  scenario === 'crash' ? { scenario: 'pair', crash: true } : { scenario, crash: false };

function toInteger(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Give a whole number.');
  return Number(text);
}

const program = new Command('demo')
  .description('Fails the holder of a floating interface in a local AWS and shows the packaged function move it.')
  .addOption(new Option('--scenario <name>', 'what to start with').choices(CHOICES).default('pair'))
  .option('--seed <number>', 'draws every id and latency', toInteger, 1)
  .option('--json', 'print one JSON document and nothing else')
  .allowExcessArguments(false)
  .exitOverride();

async function main(): Promise<void> {
  const options = program.parse().opts<Options>();
  const { result } = await (options.json ? json(options) : demo(options));
  process.exitCode = result === 'moved' ? 0 : 1;
}

main().catch((error: unknown) => {
  const spoken = error instanceof CommanderError; // commander has said itself what is wrong with the arguments
  const message = error instanceof PackageError ? error.message : String((error as Error).stack);
  if (!spoken) process.stderr.write(`error: ${message}\n`);
  process.exitCode = spoken && error.exitCode !== 0 ? 2 : spoken ? 0 : 1;
});
