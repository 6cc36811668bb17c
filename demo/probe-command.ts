import pc from 'picocolors';
import { packageOnce } from '../build/packaging.ts';
import type { ProfileName } from '../lab/world/profile.ts';
import type { World } from '../lab/world/world.ts';
import { ToolError } from './datapath/shell.ts';
import { lineOf, say } from './narrator.ts';
import { PROBE_PARAMS, type ProbeIncident, runProbeIncident, type Strike } from './probe.ts';
import type { Scene } from './scenarios.ts';
import type { TimelineEntry } from './timeline.ts';

interface Options {
  readonly seed: number;
  readonly profile?: ProfileName;
  readonly json?: true;
}

const TITLES: Readonly<Record<Strike, string>> = {
  hung: 'The guest hangs: nothing answers at its addresses, and it does not let go of the interface',
  dead: 'The service dies: the kernel refuses at both addresses',
};

/**
 * `--scenario probe`: the packaged watch and probes notice what EC2 does not know yet. Plain servers on the loopback
 * stand for the hosts; everything takes as long as it takes.
 * @throws ToolError where the loopback has one address only.
 */
export async function playProbe(options: Options): Promise<readonly ProbeIncident[]> {
  if (process.platform !== 'linux')
    throw new ToolError(['--scenario probe'], 'needs Linux, where every address of 127.0.0.0/8 is there');
  const pkg = await packageOnce({ params: PROBE_PARAMS });
  const play = (strike: Strike): Promise<ProbeIncident> => {
    if (!options.json) say(`\n${pc.bold(TITLES[strike])}`);
    return runProbeIncident({ ...options, strike, pkg, ...(!options.json && narration()) });
  };
  const [hung, dead] = [await play('hung'), await play('dead')];
  if (options.json) say(JSON.stringify({ ...hung, dead }));
  else for (const incident of [hung, dead]) summarize(incident);
  return [hung, dead];
}

function narration() {
  let names: readonly (readonly [string, string])[] = [];
  return {
    onScene: (scene: Scene, world: World) => {
      const resources = [...scene.members, ...scene.interfaces].map((id) => world.instance(id) ?? world.interface(id));
      names = resources.flatMap((each) => (each ? [[each.id, each.tags['Name'] ?? each.id] as const] : []));
      say(pc.dim('  Two probes look at a healthy holder for five seconds; then:'));
    },
    onEntry: (entry: TimelineEntry) => {
      if (entry.kind === 'call' && entry.text.startsWith('Describe')) return;
      say(lineOf({ ...entry, text: entry.kind === 'log' ? verdictOf(entry.text) : entry.text }, names));
    },
  };
}

/** Of what `watch` logs, the part that a person wants to read. */
function verdictOf(line: string): string {
  if (!line.startsWith('{"event":"watch"')) return line;
  const { code, interfaceId, verdict, reason } = JSON.parse(line) as Readonly<Record<string, string | undefined>>;
  return ['watch:', code, interfaceId, verdict, reason].filter((part) => part !== undefined).join(' ');
}

const seconds = (ms: number | null): string => (ms === null ? '–' : `${(ms / 1000).toFixed(2)} s`);

function summarize({ strike, result, outageMs, detectionMs, moveMs }: ProbeIncident): void {
  say(`\n${pc.bold(TITLES[strike])}`);
  if (result !== 'moved') say(`  ${pc.bold(pc.red('The interface did not move.'))}`);
  say(`  Outage, as a client saw it:                  ${pc.bold(pc.green(seconds(outageMs)))}`);
  say(`  until the failover function is told:         ${seconds(detectionMs)}`);
  say(`  from then until the standby has it:          ${seconds(moveMs)}`);
}
