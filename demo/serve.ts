/** `npm run lab`: serves a scenario in a local AWS, for whatever speaks to EC2. */
import { InvalidArgumentError, Option } from 'commander';
import { command, runCommand, wholeNumber } from '../build/command-line.ts';
import { RealClock } from '../lab/clock.ts';
import { serveHttp } from '../lab/wire/http.ts';
import { PROFILE_NAMES, type ProfileName } from '../lab/world/profile.ts';
import { World } from '../lab/world/world.ts';
import { buildScenario, SCENARIOS, type ScenarioName } from './scenarios.ts';

interface Options {
  readonly scenario: ScenarioName;
  readonly port: number;
  readonly seed: number;
  readonly profile: ProfileName;
}

async function serve({ scenario, port, seed, profile }: Options): Promise<void> {
  const clock = new RealClock();
  const world = new World({ clock, seed, profile });
  const scene = buildScenario(scenario, world);
  const server = await serveHttp(world, { port });
  process.stdout.write(`${JSON.stringify({ endpoint: server.endpoint, ...scene })}\n`);
  const stop = async (): Promise<void> => {
    clock.stop();
    await server.close();
    process.exit(0);
  };
  process.once('SIGTERM', () => void stop());
  process.once('SIGINT', () => void stop());
}

/** @throws InvalidArgumentError for what is no port. */
function port(text: string): number {
  const number = wholeNumber(text);
  if (number > 65_535) throw new InvalidArgumentError('Give a port, at most 65535.');
  return number;
}

const program = command(
  'lab',
  'Serves a local AWS (EC2 and CloudWatch) with a ready-made scenario until it is told to stop.',
)
  .addOption(new Option('--scenario <name>', 'what to start with').choices(SCENARIOS).default('pair'))
  .option('--port <number>', 'where to listen; 0 picks a free port', port, 4599)
  .option('--seed <number>', 'draws every id and latency', wholeNumber, 1)
  .addOption(
    new Option('--profile <name>', 'how long AWS takes')
      .choices(PROFILE_NAMES)
      .default('recorded', 'as recorded on AWS'),
  )
  .action(serve);

void runCommand(program);
