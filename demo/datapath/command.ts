/** `npm run demo -- --datapath`: the package moves a real interface between real hosts, under real traffic. */
import { writeFile } from 'node:fs/promises';
import pc from 'picocolors';
import { packageOnce } from '../../build/packaging.ts';
import { lineOf, say } from '../narrator.ts';
import type { TimelineEntry } from '../timeline.ts';
import { type Experiment, runExperiment } from './experiment.ts';
import { type FaultName, kindOf } from './faults.ts';
import { packageWith, type ProbeCount } from './probes.ts';
import { PROFILES, type ProfileName } from './profiles.ts';
import { holdRig } from './hold.ts';
import { missingParts, thisMachine } from './requirements.ts';
import { reportOf } from './report.ts';
import type { Rig, RigOptions } from './rig.ts';
import { summaryOf } from './statistics.ts';
import { introduce, tellExperiment, tellRun, tellSummary } from './tell.ts';
import { assertUnused } from './network.ts';

export interface DatapathOptions {
  readonly fault: FaultName;
  readonly profile: ProfileName;
  readonly seed: number;
  /** How many probes are deployed, and look on. */
  readonly probes: ProbeCount;
  readonly json?: true;
  /** How often; everything is told of a single run, and figures of several. */
  readonly runs?: number;
  /** Nothing happens, but by hand. */
  readonly hold?: true;
  /** Part of the names of all namespaces; another one for each run when not given. */
  readonly name?: string;
  /** Where the functions of a rig that is kept can be invoked. */
  readonly port: number;
  /** Where the page about the runs goes. */
  readonly report?: string;
}

/** The exit status of a command that cannot be run like this. */
const CANNOT = 2;
/** What is otherwise than the profile says, where a probe looks on. */
const PROBED = 'EC2 itself notices a failure within minutes, as recorded: what is noticed earlier, the probe has seen';
/** What a shell gives for a process that a signal has ended. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** Plays the data path as the options say. Sets the exit status: 0 where all went as the fault has to go. */
export async function playDatapath(options: DatapathOptions): Promise<void> {
  const missing = missingParts(thisMachine());
  if (missing.length > 0) {
    process.stderr.write(
      `error: the data path cannot be built here. It needs:\n${missing.map((part) => `  ${part}\n`).join('')}`,
    );
    process.exitCode = CANNOT;
    return;
  }
  if (kindOf(options.fault, options.probes).needsProbe && options.probes === 0) {
    process.stderr.write(`error: the fault ${options.fault} strikes a probe: add --probe.\n`);
    process.exitCode = CANNOT;
    return;
  }
  // What there is of a rig is taken down once this process has ended.
  for (const [signal, status] of Object.entries(SIGNALS)) process.on(signal, () => process.exit(status));
  if (options.name !== undefined) assertUnused(options.name);
  if (options.hold) return await holdRig(() => rigOf(options, options.seed), options.port);
  await (options.runs === undefined ? playOnce(options) : playOften(options, options.runs));
}

async function rigOf({ name, profile, probes }: DatapathOptions, seed: number): Promise<RigOptions> {
  return { runId: name, seed, probes, profile: PROFILES[profile], pkg: await packageOnce(packageWith(probes)) };
}

async function playOnce(options: DatapathOptions): Promise<void> {
  const experiment = await (options.json ? quietly(options, options.seed) : aloud(options));
  if (options.json) say(JSON.stringify(experiment));
  await write(options, [experiment]);
  process.exitCode = experiment.asExpected ? 0 : 1;
}

/** Each run has a seed of its own, and everything anew. */
async function playOften(options: DatapathOptions, runs: number): Promise<void> {
  const experiments: Experiment[] = [];
  for (let nth = 0; nth < runs; nth += 1) {
    const experiment = await quietly(options, options.seed + nth);
    experiments.push(experiment);
    if (!options.json) tellRun(nth + 1, experiment);
  }
  const summary = summaryOf(experiments);
  if (options.json) say(JSON.stringify({ summary, runs: experiments }));
  else tellSummary(summary);
  await write(options, experiments);
  process.exitCode = summary.asExpected === runs ? 0 : 1;
}

async function write(options: DatapathOptions, experiments: readonly Experiment[]): Promise<void> {
  const { report, fault, profile, probes } = options;
  if (report === undefined) return;
  await writeFile(report, reportOf({ fault, profile, probes, experiments, summary: summaryOf(experiments) }));
}

async function quietly(options: DatapathOptions, seed: number): Promise<Experiment> {
  return await runExperiment({ fault: options.fault, ...(await rigOf(options, seed)) });
}

async function aloud(options: DatapathOptions): Promise<Experiment> {
  const { fault, profile, seed, probes } = options;
  const eyes = probes === 0 ? '' : `, ${probes} probe${probes === 1 ? '' : 's'}`;
  say(`${pc.bold('eni-failover demo')} ${pc.dim(`data path, ${fault}, profile ${profile}${eyes}, seed ${seed}`)}\n`);
  let names: readonly (readonly [string, string])[] = [];
  let faultMs: number | undefined;
  const onEntry = (entry: TimelineEntry): void => {
    if (entry.kind === 'fault') faultMs ??= entry.atMs;
    if (faultMs !== undefined) say(lineOf({ ...entry, atMs: entry.atMs - faultMs }, names));
  };
  const onRig = (rig: Rig): void => {
    names = introduce(rig);
    say(pc.dim(`\n  ${PROFILES[profile].explained}.`));
    if (probes > 0) say(pc.dim(`  ${PROBED}.`));
    say('');
  };
  const experiment = await runExperiment({ fault, onEntry, onRig, ...(await rigOf(options, seed)) });
  tellExperiment(experiment);
  return experiment;
}
