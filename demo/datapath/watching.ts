import { setTimeout as pause } from 'node:timers/promises';
import type { Rig } from './rig.ts';
import { nft, tool } from './shell.ts';
import { namespaceOf, PROBES } from './topology.ts';

/** Until the watch has seen everybody answer: three rounds, and when in a round a fault strikes is drawn. */
const LEARN_MS = 3_500;
const ROUND_MS = 1_000;
/** How long the start of three functions may take on a busy machine. */
const START_MS = 20_000;

/** Has the sweep hand over to the watch now, not within a minute, and waits until the probes know who answers. */
export async function startWatch({ deployment, witness, seed }: Rig): Promise<void> {
  const { ok, ...answer } = await deployment.invoke('functions/sweep.handler', {});
  if (!ok) throw new Error(`the sweep failed: ${JSON.stringify(answer)}`);
  const untilMs = Date.now() + START_MS;
  while (!witness.runs.some(({ functionName }) => isProbe(functionName))) {
    if (Date.now() > untilMs) throw new Error('the watch has not asked a probe to look');
    await pause(50);
  }
  await pause(LEARN_MS + ((seed * 377) % ROUND_MS));
}

const isProbe = (functionName: string): boolean => /-probe-\d$/.test(functionName);

/** From now on nothing reaches or leaves the probes of this run: their network is cut at the gateway. */
export async function cutProbes({ topology, probes }: Rig): Promise<void> {
  const devices = PROBES.slice(0, probes).map((_, nth) => `"probe${nth}"`);
  const set = `{ ${devices.join(', ')} }`;
  await nft(
    namespaceOf(topology.runId, 'gateway'),
    `table ip cut { chain everything { type filter hook forward priority 0; iifname ${set} drop; oifname ${set} drop; }; }`,
  );
}

/** From now on the probes get a moment of CPU now and then: longer without than an answer may take, by far. */
export function starveProbes({ topology, probes }: Rig): void {
  for (const { name } of PROBES.slice(0, probes)) void starve(namespaceOf(topology.runId, name));
}

const STARVED_MS = 1_500;
const AWAKE_MS = 60;

async function starve(namespace: string): Promise<void> {
  // Ends with the namespace; what is new in it starves as well.
  for (;;) {
    const pids = await tool(['ip', 'netns', 'pids', namespace]).catch(() => undefined);
    if (pids === undefined) return;
    const all = pids.split('\n').filter(Boolean).map(Number);
    signal(all, 'SIGSTOP');
    await pause(STARVED_MS, undefined, { ref: false });
    signal(all, 'SIGCONT');
    await pause(AWAKE_MS, undefined, { ref: false });
  }
}

function signal(pids: readonly number[], name: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, name);
    } catch {
      // It has ended meanwhile.
    }
  }
}
