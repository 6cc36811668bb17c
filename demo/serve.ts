/** `npm run lab`: serves a scenario in a local AWS, the packaged functions in it, for whatever speaks to EC2. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { InvalidArgumentError, Option } from 'commander';
import { command, runCommand, wholeNumber } from '../build/command-line.ts';
import { PackageError, packageOnce } from '../build/packaging.ts';
import { RealClock } from '../lab/clock.ts';
import { deploy } from '../lab/package/deploy.ts';
import { serveHttp } from '../lab/wire/http.ts';
import { PROFILE_NAMES, type ProfileName } from '../lab/world/profile.ts';
import { World } from '../lab/world/world.ts';
import { Live } from './live.ts';
import { buildScenario, SCENARIOS, type ScenarioName } from './scenarios.ts';

interface Options {
  readonly scenario: ScenarioName;
  readonly port: number;
  readonly seed: number;
  readonly profile: ProfileName;
  readonly functions: boolean;
  readonly live?: true;
  readonly exports?: true;
}

const HOST = '127.0.0.1';
/** The first sweep; from then on there is one each minute. */
const FIRST_SWEEP_MS = 1_000;

async function main(options: Options): Promise<void> {
  await (options.exports ? printExports(options) : serve(options));
}

async function serve({ scenario, port, seed, profile, functions, live: isLive }: Options): Promise<void> {
  const clock = new RealClock();
  const world = new World({ clock, seed, profile });
  const scene = buildScenario(scenario, world);
  const live = isLive ? new Live(world) : undefined;
  const watched = live ? { onLog: live.log, onDelivery: live.deliver } : {};
  const deployment = functions ? await deploy(world, await packageOnce(), { port, ...watched }) : undefined;
  const server = deployment ?? (await serveHttp(world, { port }));
  deployment?.bus.startSchedules(FIRST_SWEEP_MS);
  const line = JSON.stringify({ endpoint: server.endpoint, ...scene });
  process.stdout.write(live ? `The lab is at ${server.endpoint}.\n` : `${line}\n`);
  live?.listen();
  const stop = async (): Promise<void> => {
    clock.stop();
    await server.close();
    process.exit(0);
  };
  process.once('SIGTERM', () => void stop());
  process.once('SIGINT', () => void stop());
}

/** What a shell needs so that every client of AWS in it speaks to the lab that is served there. */
async function printExports({ port }: Options): Promise<void> {
  await assertServed(port);
  const { region } = new World({ clock: new RealClock(), seed: 1 });
  const variables = {
    AWS_ENDPOINT_URL: `http://${HOST}:${port}`,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: 'lab',
    AWS_SECRET_ACCESS_KEY: 'lab',
    AWS_PAGER: '',
  };
  const lines = Object.entries(variables).map(([name, value]) => `export ${name}=${value}`);
  process.stdout.write(`${lines.join('\n')}\nunset AWS_PROFILE AWS_SESSION_TOKEN\n`);
  process.exit(0);
}

/** Nobody is there yet. */
class NobodyThere extends Error {}

async function assertServed(port: number): Promise<void> {
  const socket = connect(port, HOST);
  try {
    await once(socket, 'connect');
  } catch {
    throw new NobodyThere(`no lab listens at ${HOST}:${port}; start one in another terminal: npm run lab -- --live`);
  } finally {
    socket.destroy();
  }
}

/** @throws InvalidArgumentError for what is no port. */
function port(text: string): number {
  const number = wholeNumber(text);
  if (number > 65_535) throw new InvalidArgumentError('Give a port, at most 65535.');
  return number;
}

const program = command(
  'lab',
  'Serves a local AWS (EC2, CloudWatch, and the packaged functions) with a ready-made scenario until it is told to stop.',
)
  .addOption(new Option('--scenario <name>', 'what to start with').choices(SCENARIOS).default('pair'))
  .option('--port <number>', 'where to listen; 0 picks a free port', port, 4599)
  .option('--seed <number>', 'draws every id and latency', wholeNumber, 1)
  .addOption(
    new Option('--profile <name>', 'how long AWS takes')
      .choices(PROFILE_NAMES)
      .default('recorded', 'as recorded on AWS'),
  )
  .option('--no-functions', 'AWS only: nobody looks after the groups')
  .option('--live', 'print what happens, and do to instances what is typed')
  .option('--exports', 'print what points a shell at the lab that is served at the port, and end')
  .action(main);

void runCommand(program, [PackageError, NobodyThere]);
