/** `npm run demo`: the packaged service moves an interface, live, in the lab. */
import { InvalidArgumentError, Option } from 'commander';
import pc from 'picocolors';
import { command, count, runCommand, wholeNumber } from '../build/command-line.ts';
import { PackageError, packageOnce } from '../build/packaging.ts';
import { PROFILE_NAMES, type ProfileName } from '../lab/world/profile.ts';
import type { World } from '../lab/world/world.ts';
import { playDatapath } from './datapath/command.ts';
import { FAULT_NAMES, type FaultName } from './datapath/faults.ts';
import type { ProbeCount } from './datapath/probes.ts';
import { ToolError } from './datapath/shell.ts';
import { type Incident, runIncident } from './incident.ts';
import { Narrator, say, showMail, showTags, summarize } from './narrator.ts';
import { playProbe } from './probe-command.ts';
import { SCENARIOS, type ScenarioName, type Scene } from './scenarios.ts';

/**
 * `crash` is `pair`, with the function killed in the middle of the move; `probe` is `pair` with probes, that notice what
 * EC2 does not know yet.
 */
const CHOICES = [...SCENARIOS, 'crash', 'probe'] as const;

interface Options {
  readonly scenario: ScenarioName | 'crash' | 'probe';
  readonly seed: number;
  readonly profile?: ProfileName;
  readonly json?: true;
  readonly datapath?: true;
  readonly fault: FaultName;
  readonly probe?: '1' | '2';
  readonly runs?: number;
  readonly report?: string;
  readonly hold?: true;
  readonly name?: string;
  readonly port: number;
}

/** Somebody is to be told. */
const PACKAGE = { params: { notifyEmail: 'ops@example.com' } };

/** A story that the lab's world tells, whose minutes are fast-forwarded. */
type Told = Pick<Options, 'seed' | 'profile'> & { readonly scenario: ScenarioName | 'crash' };

async function demo({ scenario, seed, profile = 'recorded' }: Told): Promise<Incident> {
  say(`${pc.bold('eni-failover demo')} ${pc.dim(`scenario ${scenario}, seed ${seed}, profile ${profile}`)}\n`);
  const narrator = new Narrator();
  let stage: [Scene, World] | undefined;
  const pkg = await packageOnce(PACKAGE);
  const made = pkg.isFresh ? 'packaged just now' : 'packaged before, nothing has changed since';
  say(pc.dim(`  Rules, role and code are those of the deployable package (${made}).\n`));
  const incident = await runIncident({
    ...storyOf(scenario),
    seed,
    profile,
    pkg,
    onScene: (...given) => {
      stage = given;
      narrator.introduce(...given);
    },
    onEntry: (entry) => narrator.tell(entry),
  });
  summarize(incident);
  if (stage) showTags(...stage);
  showMail(incident.mails);
  return incident;
}

async function json({ scenario, seed, profile = 'recorded' }: Told): Promise<Incident> {
  const incident = await runIncident({ ...storyOf(scenario), seed, profile, pkg: await packageOnce(PACKAGE) });
  say(JSON.stringify(incident));
  return incident;
}

const storyOf = (scenario: Told['scenario']): { scenario: ScenarioName; crash: boolean } =>
  scenario === 'crash' ? { scenario: 'pair', crash: true } : { scenario, crash: false };

async function main(options: Options): Promise<void> {
  if (options.datapath) return playDatapath({ profile: 'instant', probes: probesOf(options), ...options });
  const { scenario } = options;
  const results =
    scenario === 'probe' ? await playProbe(options) : [await (options.json ? json : demo)({ ...options, scenario })];
  process.exitCode = results.every(({ result }) => result === 'moved') ? 0 : 1;
}

const probesOf = ({ probe }: Options): ProbeCount => (probe === undefined ? 0 : probe === '1' ? 1 : 2);

/** Namespaces carry it; with a dash in it, one run could be taken for a part of another. */
function rigName(text: string): string {
  if (!/^[a-z0-9]{1,12}$/.test(text)) throw new InvalidArgumentError('Give up to 12 small letters and digits.');
  return text;
}

const program = command(
  'demo',
  'Fails the holder of a floating interface in a local AWS and shows the packaged function move it.',
)
  .addOption(new Option('--scenario <name>', 'what to start with').choices(CHOICES).default('pair'))
  .option('--seed <number>', 'draws every id and latency', wholeNumber, 1)
  .addOption(
    new Option('--profile <name>', 'how long AWS takes; recorded if not given, on the data path instant').choices(
      PROFILE_NAMES,
    ),
  )
  .option('--json', 'print one JSON document and nothing else')
  .option('--datapath', 'with real hosts in network namespaces, real nginx and real traffic (Linux, root)')
  .addOption(new Option('--fault <name>', 'what happens on the data path').choices(FAULT_NAMES).default('switchover'))
  .addOption(
    new Option('--probe [number]', 'deploy one probe or two, which look at the hosts of the data path; two if not said')
      .choices(['1', '2'])
      .preset('2'),
  )
  .option('--runs <number>', 'play the data path so often, and give median, p95 and maximum', count)
  .option('--report <file>', 'write a page about those runs, a picture in it')
  .option('--hold', 'build the data path, and keep it until Ctrl-C for a person to look around in')
  .option('--name <name>', 'what it is called; drawn when not given', rigName)
  .option('--port <number>', 'where its functions can be invoked on 127.0.0.1; 0 picks a free port', wholeNumber, 4600)
  .action(main);

void runCommand(program, [PackageError, ToolError]);
