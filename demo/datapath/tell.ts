import pc from 'picocolors';
import { say } from '../narrator.ts';
import type { Experiment } from './experiment.ts';
import type { Fate } from './outage.ts';
import { PARTS, PARTS_EXPLAINED } from './parts.ts';
import { milliseconds } from './report.ts';
import type { Rig } from './rig.ts';
import type { Figures, Summary } from './statistics.ts';

/** Prints who is there. @returns names of the resources, by their ids */
export function introduce({ topology, scene, hosts }: Rig): readonly (readonly [string, string])[] {
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
export function tellExperiment(experiment: Experiment): void {
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

/** Prints one of several runs in a line. */
export function tellRun(nth: number, { outageMs, bareMs, result, asExpected }: Experiment): void {
  const outage = outageMs === null ? 'none' : milliseconds(outageMs);
  const bare = bareMs.map(milliseconds).join(', ');
  say(`  run ${String(nth).padStart(3)}  ${asExpected ? result : pc.red(result)}  outage ${outage}, bare move ${bare}`);
}

/** Prints the figures of several runs. */
export function tellSummary({ runs, asExpected, outage, bareMove, ratio, parts }: Summary): void {
  say(`\n${pc.bold(`${asExpected} of ${runs} runs as expected`)}`);
  const row = (name: string, figures: Figures | null | undefined): void => {
    if (!figures) return;
    const columns = [figures.median, figures.p95, figures.max].map((ms) => milliseconds(ms).padStart(10));
    say(`  ${name.padEnd(14)}${columns.join('')}`);
  };
  say(pc.dim(`  ${''.padEnd(14)}${['median', 'p95', 'max'].map((name) => name.padStart(10)).join('')}`));
  row('outage', outage);
  for (const part of PARTS) row(`  ${part}`, parts?.[part]);
  row('bare move', bareMove);
  if (ratio !== null) say(`\n  The outage is ${pc.bold(String(ratio))} times as long as a bare move.`);
}
