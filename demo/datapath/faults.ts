import type { ProbeCount } from './probes.ts';
import { nft } from './shell.ts';
import type { Rig } from './rig.ts';
import { FLOATING_PORT, namespaceOf, portOf } from './topology.ts';
import { cutProbes, starveProbes } from './watching.ts';

/** Something that happens to the real hosts, and what is to be seen of it at the Elastic IP. */
export interface FaultKind {
  readonly explained: string;
  /** `moves`: the standby answers in the end. `stays`: the primary does. `lost`: nobody does. */
  readonly expected: 'moves' | 'stays' | 'lost';
  /** How long the run looks on where nothing moves, in milliseconds; as long as the profile allows, when not given. */
  readonly watchMs?: number;
  /** What comes of it where a probe looks on, if it is something else. */
  readonly probed?: 'moves';
  /** It strikes the probes themselves, so there have to be some. */
  readonly needsProbe?: true;
  /** What happens. Resolves as soon as it has. */
  readonly strike: (rig: Rig) => Promise<void>;
}

/** nginx's default: "listen", parameter `backlog`, on Linux. */
const USUAL_BACKLOG = 511;
const LOSS_MS = 3_000;
const RESTART_MS = 2_000;
const LATE_GUEST_MS = 3_000;
/** Longer than any answer takes; short enough that nobody waits for nothing. */
const WATCH_MS = 6_000;
/** With a probe: longer than a verdict about a service takes, and a move after it. */
const PROBED_WATCH_MS = 18_000;

export const FAULTS = {
  switchover: {
    explained: 'nothing fails: a person asks for the move',
    expected: 'moves',
    strike: switchOver,
  },
  'kernel-hung': {
    explained: 'the kernel of the primary stands still: no ARP, no answer, and it does not let the interface go',
    expected: 'moves',
    strike: async ({ world, primary }) => {
      world.hangDetach(primary.instanceId);
      await primary.hang();
    },
  },
  'host-gone': {
    explained: 'the machine of the primary is lost, and EC2 terminates the instance',
    expected: 'moves',
    strike: async ({ world, primary }) => {
      await primary.vanish();
      world.terminateInstance(primary.instanceId, 'aws');
    },
  },
  'processes-stuck': {
    explained: 'nginx stands still; the kernel accepts connections for it and answers ARP, so no check of EC2 fails',
    expected: 'lost',
    probed: 'moves',
    watchMs: WATCH_MS,
    strike: ({ primary }) => primary.freeze(),
  },
  'processes-stuck-under-load': {
    explained:
      'the same with the queue that nginx has by default, which the client fills: then the kernel answers on the own address alone',
    expected: 'lost',
    probed: 'moves',
    watchMs: WATCH_MS,
    async strike({ primary }) {
      await primary.nginx.restart(USUAL_BACKLOG);
      await primary.freeze();
    },
  },
  'nginx-dead': {
    explained: 'nginx of the primary ends; the kernel refuses, and no check of EC2 fails',
    expected: 'lost',
    probed: 'moves',
    watchMs: WATCH_MS,
    strike: ({ primary }) => primary.nginx.stop(),
  },
  'nginx-restarted': {
    explained: 'nginx of the primary is down for two seconds',
    expected: 'stays',
    watchMs: WATCH_MS,
    async strike({ primary }) {
      await primary.nginx.stop();
      later(RESTART_MS, () => primary.nginx.start());
    },
  },
  'nginx-slow': {
    explained: 'nginx of the primary needs up to one and a half seconds for an answer',
    expected: 'stays',
    watchMs: WATCH_MS,
    strike: async ({ primary }) => primary.slowDown(),
  },
  'security-group-closed': {
    explained: 'the security group of the floating interface lets nothing in; both hosts are well',
    expected: 'lost',
    watchMs: WATCH_MS,
    strike: (rig) => filter(rig, 'add', 'closed', [FLOATING_PORT]),
  },
  'no-policy-routing': {
    explained: 'a switchover to a standby that answers through its primary interface, where EC2 drops it',
    expected: 'lost',
    watchMs: WATCH_MS,
    async strike(rig) {
      rig.standby.agent.shortcomings.policyRouting = false;
      await switchOver(rig);
    },
  },
  'loss-3s': {
    explained: 'for three seconds no packet reaches or leaves the primary, which is well',
    expected: 'stays',
    watchMs: WATCH_MS,
    async strike(rig) {
      const plan = rig.topology.hosts.find(({ name }) => name === rig.primary.name);
      const ports = plan === undefined ? [] : [portOf(plan), FLOATING_PORT];
      await filter(rig, 'add', 'lossy', ports);
      later(LOSS_MS, () => void filter(rig, 'delete', 'lossy', ports).catch(() => undefined));
    },
  },
  'guest-late': {
    explained: 'a switchover to a standby that does not configure the interface for three seconds',
    expected: 'moves',
    async strike(rig) {
      rig.standby.agent.shortcomings.slowMs = LATE_GUEST_MS;
      await switchOver(rig);
    },
  },
  'probe-cut': {
    explained: 'the network of every probe is cut; both hosts are well, and a client notices nothing',
    expected: 'stays',
    needsProbe: true,
    strike: cutProbes,
  },
  'probe-starved': {
    explained: 'every probe gets a moment of CPU now and then; both hosts are well, and a client notices nothing',
    expected: 'stays',
    needsProbe: true,
    strike: async (rig) => starveProbes(rig),
  },
} satisfies Readonly<Record<string, FaultKind>>;

export type FaultName = keyof typeof FAULTS;
export const FAULT_NAMES = Object.keys(FAULTS) as readonly FaultName[];

/** What a fault comes to, without a probe or with. */
export function kindOf(fault: FaultName, probes: ProbeCount): FaultKind {
  const kind: FaultKind = FAULTS[fault];
  if (probes === 0) return kind;
  return { ...kind, expected: kind.probed ?? kind.expected, watchMs: PROBED_WATCH_MS };
}

/** Asks the function for the move, as a person does in the Lambda console. */
async function switchOver({ deployment, scene, primary, standby }: Rig): Promise<void> {
  const [from, to] = [primary.instanceId, standby.instanceId];
  const request = { action: 'failover', group: scene.group, from, to, reason: 'a switchover in the rig' };
  const { ok, ...answer } = await deployment.invoke('functions/failover.handler', request);
  if (!ok) throw new Error(`the function failed: ${JSON.stringify(answer)}`);
}

/** Puts ports of the bridge into one of its filters, or takes them out. */
async function filter({ topology }: Rig, verb: 'add' | 'delete', set: string, ports: readonly string[]): Promise<void> {
  const elements = ports.map((port) => `"${port}"`).join(', ');
  await nft(namespaceOf(topology.runId, 'subnet'), `${verb} element bridge vpc ${set} { ${elements} }`);
}

function later(ms: number, task: () => void): void {
  setTimeout(task, ms).unref();
}
