import { setTimeout as pause } from 'node:timers/promises';
import type { PackageOptions } from '../../build/packaging.ts';
import type { World } from '../../lab/world/world.ts';
import { PROFILES, type Profile } from './profiles.ts';
import type { Rig } from './rig.ts';
import { nft, tool } from './shell.ts';
import { namespaceOf, PROBES } from './topology.ts';

/** How many probes look at the hosts: each is a function in a subnet of its own. */
export type ProbeCount = 0 | 1 | 2;

/** What the floating interface is asked, if nothing else is said. */
export const TARGET = 'http:80/';
/** The subnets of the namespaces vpc-probe-1 and vpc-probe-2, as the deployment knows them. */
const SUBNETS = ['subnet-0e1e1e1e1e1e1e1e1', 'subnet-0e2e2e2e2e2e2e2e2'] as const;
const SECURITY_GROUP = 'sg-0e0e0e0e0e0e0e0e0';
/** Until the watch has seen everybody answer: three rounds, and when in a round a fault strikes is drawn. */
const LEARN_MS = 3_500;
const ROUND_MS = 1_000;
/** How long the start of three functions may take on a busy machine. */
const START_MS = 20_000;

/** How a package with so many probes is made. */
export function packageWith(count: ProbeCount): PackageOptions {
  if (count === 0) return {};
  const probeSubnetIds = SUBNETS.slice(0, count).join(',');
  return { params: { probeSubnetIds, probeSecurityGroupIds: SECURITY_GROUP } };
}

/**
 * The times of a run with probes: EC2's own look at an instance takes the minutes that were recorded, whatever the
 * profile, so that what moves within seconds was moved by the probe.
 */
export function timesWith(count: ProbeCount, profile: Profile): Profile {
  if (count === 0) return profile;
  const { check, tickMs } = PROFILES.recorded;
  return { ...profile, check, tickMs, patienceMs: Math.max(profile.patienceMs, PATIENCE_MS) };
}

/** A service that does not serve has ten seconds to come back, and then the group moves. */
const PATIENCE_MS = 40_000;

/** What a person does to have an interface looked at. */
export function tagForProbe(world: World, interfaceId: string, target = TARGET): void {
  const floating = world.interface(interfaceId);
  if (floating === undefined) throw new Error(`there is no interface ${interfaceId}`);
  world.interfaces.put(interfaceId, { ...floating, tags: { ...floating.tags, 'eni-failover:probe': target } });
}

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
    `table ip cut { chain all { type filter hook forward priority 0; iifname ${set} drop; oifname ${set} drop; } }`,
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
