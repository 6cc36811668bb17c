/** `npm run demo -- --datapath`: the package moves a real interface between real hosts, under real traffic. */
import pc from 'picocolors';
import { packageOnce } from '../../build/packaging.ts';
import { lineOf, say } from '../narrator.ts';
import type { TimelineEntry } from '../timeline.ts';
import { type Experiment, runExperiment } from './experiment.ts';
import type { FaultName } from './faults.ts';
import type { Fate } from './outage.ts';
import { PARTS, PARTS_EXPLAINED } from './parts.ts';
import { PROFILES, type ProfileName } from './profiles.ts';
import { missingParts, thisMachine } from './requirements.ts';
import type { Rig } from './rig.ts';

export interface DatapathOptions {
  readonly fault: FaultName;
  readonly profile: ProfileName;
  readonly seed: number;
  readonly json?: true;
}

/** The exit status of a command that cannot be run like this. */
const CANNOT = 2;
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
  // The rig is taken down when the process exits; without this a signal would end it without that.
  for (const [signal, status] of Object.entries(SIGNALS)) process.once(signal, () => process.exit(status));
  const experiment = await (options.json ? quietly(options) : aloud(options));
  if (options.json) say(JSON.stringify(experiment));
  process.exitCode = experiment.asExpected ? 0 : 1;
}

async function quietly({ fault, profile, seed }: DatapathOptions): Promise<Experiment> {
  return await runExperiment({ fault, seed, profile: PROFILES[profile], pkg: await packageOnce() });
}

async function aloud({ fault, profile, seed }: DatapathOptions): Promise<Experiment> {
  say(`${pc.bold('eni-failover demo')} ${pc.dim(`data path, ${fault}, profile ${profile}, seed ${seed}`)}\n`);
  const pkg = await packageOnce();
  let names: readonly (readonly [string, string])[] = [];
  let faultMs: number | undefined;
  const onEntry = (entry: TimelineEntry): void => {
    if (entry.kind === 'fault') faultMs ??= entry.atMs;
    if (faultMs !== undefined) say(lineOf({ ...entry, atMs: entry.atMs - faultMs }, names));
  };
  const onRig = (rig: Rig): void => {
    names = introduce(rig);
    say(pc.dim(`\n  ${PROFILES[profile].explained}.\n`));
  };
  const experiment = await runExperiment({ fault, seed, profile: PROFILES[profile], pkg, onEntry, onRig });
  summarize(experiment);
  return experiment;
}

function introduce({ topology, scene, hosts }: Rig): readonly (readonly [string, string])[] {
  for (const { name, namespace, instanceId } of hosts) {
    const role = instanceId === scene.holder ? 'holder' : 'standby';
    say(
      `  ${pc.bold(name.padEnd(10))} ${instanceId.padEnd(22)} ${role.padEnd(8)} ${pc.dim(`ip netns exec ${namespace}`)}`,
    );
  }
  const { interfaceId, address, mac } = topology.floating;
  say(`  ${pc.bold('floating'.padEnd(10))} ${interfaceId.padEnd(22)} ${address} ${pc.dim(mac)}`);
  return [...hosts.map(({ instanceId, name }) => [instanceId, name] as const), [interfaceId, 'floating'] as const];
}

/** Prints what a client saw. */
function summarize(experiment: Experiment): void {
  const { fault, outageMs, parts, bareMs, result, asExpected, keepAlive, download, answers } = experiment;
  say(`\n${pc.bold('What a client sees')}`);
  const verdict = { moved: 'the standby answers', stayed: 'the primary answers', lost: 'nobody answers' }[result];
  say(
    `  in the end      ${asExpected ? pc.green(verdict) : pc.red(`${verdict}, which is not what ${fault} comes to`)}`,
  );
  say(`  outage          ${outageMs === null ? 'none' : pc.bold(milliseconds(outageMs))}`);
  for (const part of parts ? PARTS : []) {
    const ms = parts?.[part] ?? 0;
    if (ms > 0) say(`    ${part.padEnd(13)} ${milliseconds(ms).padStart(10)}  ${pc.dim(PARTS_EXPLAINED[part])}`);
  }
  say(
    `  bare move       ${bareMs.map(milliseconds).join(', ')} ${pc.dim('the same device moved by hand, there and back')}`,
  );
  say(`  keep-alive      ${fateText(keepAlive)}`);
  say(`  download        ${fateText(download)}`);
  say(
    `  answers         ${Object.entries(answers)
      .map(([who, count]) => `${who}: ${count}`)
      .join(', ')}`,
  );
  if (experiment.proberPausedMs > 0)
    say(pc.dim(`  The prober itself was once not let run for ${milliseconds(experiment.proberPausedMs)}.`));
}

function fateText({ fate, why, toldMs }: Fate): string {
  if (fate === 'survived') return 'went on';
  if (fate === 'silent') return 'silent, and its client does not know yet';
  return `broken: ${why}, ${milliseconds(toldMs ?? 0)} after the last answer of the primary`;
}

function milliseconds(ms: number): string {
  return ms < 10_000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
