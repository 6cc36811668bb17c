/**
 * How many targets of each kind a probe can bear: the CPU that one attempt takes, of this process alone, and what that
 * comes to in the smallest function. Fails when an attempt takes more than `lib/probe/capacity.ts` reckons with.
 *
 *     npx tsx bench/probe-capacity.ts [attempts]
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { command, count, runCommand } from '../build/command-line.ts';
import { systemClock } from '../lib/clock.ts';
import { refusals } from '../lib/probe/address.ts';
import { attempts } from '../lib/probe/attempt.ts';
import { COST_MS, loadOf, memoryFor } from '../lib/probe/capacity.ts';
import { targetOf, type Watched } from '../lib/probe/protocol.ts';
import { LIMITS } from '../lib/probe/rounds.ts';
import type { TargetKind } from '../lib/probe/target.ts';

const HOST = '127.0.0.1';
const SMALLEST_MB = 128;
/** As many at once as a round of a full probe begins in one of its slots. */
const AT_ONCE = 5;

const attempt = attempts({ clock: systemClock, refusalOf: refusals({ blocks: [], isLab: true }) });

/** Milliseconds of CPU for one attempt, and how many came to what. */
async function measure(target: string, many: number): Promise<{ ms: number; found: string }> {
  const { signal } = new AbortController();
  const some = (): Promise<string[]> =>
    Promise.all(
      Array.from({ length: AT_ONCE }, async () => (await attempt(targetOf(target), HOST, LIMITS, signal)).class),
    );
  for (let i = 0; i < 50; i += AT_ONCE) await some();
  const found = new Map<string, number>();
  const before = process.cpuUsage();
  for (let i = 0; i < many; i += AT_ONCE) for (const each of await some()) found.set(each, (found.get(each) ?? 0) + 1);
  const { user, system } = process.cpuUsage(before);
  const total = [...found.values()].reduce((sum, each) => sum + each, 0);
  return { ms: (user + system) / 1_000 / total, found: [...found].map((each) => each.join(' ')).join(', ') };
}

/** Pairs of which each has its own holder and standby: what is watched in most places. */
function pairs(many: number, target: string): Watched[] {
  return Array.from({ length: many }, (_, i) => ({
    id: `eni-${i}`,
    address: `10.0.0.${i}`,
    target,
    own: `10.0.1.${i}`,
    standbys: [{ id: `i-${i}`, address: `10.0.2.${i}` }],
    serviceAfterMs: 10_000,
  }));
}

function mostPairs(target: string): number {
  let most = 0;
  while (memoryFor(loadOf(pairs(most + 1, target))) <= SMALLEST_MB) most += 1;
  return most;
}

async function portsOf(servers: ChildProcess): Promise<Record<'tcp' | 'http' | 'https', number>> {
  const [ports] = (await once(servers, 'message')) as [Record<'tcp' | 'http' | 'https', number>];
  return ports;
}

async function main(many: number): Promise<void> {
  const servers = fork(`${__dirname}/../tests/support/probe-servers.ts`);
  try {
    const ports = await portsOf(servers);
    const targets: readonly (readonly [TargetKind, string])[] = [
      ['tcp', `tcp:${ports.tcp}`],
      ['alive', `alive:${ports.tcp}`],
      ['http', `http:${ports.http}/`],
      ['https', `https:${ports.https}/`],
    ];
    process.stdout.write(`kind   CPU ms  reckoned with  pairs in ${SMALLEST_MB} MB\n`);
    for (const [kind, target] of targets) {
      const { ms, found } = await measure(target, many);
      const columns = [
        ms.toFixed(2).padStart(6),
        COST_MS[kind].toFixed(2).padStart(13),
        `${mostPairs(target)}`.padStart(15),
      ];
      process.stdout.write(`${kind.padEnd(6)} ${columns.join('  ')}   ${found}\n`);
      if (ms > COST_MS[kind]) process.exitCode = 1;
    }
  } finally {
    servers.kill();
  }
}

const program = command('probe-capacity', 'Measures what one attempt of a probe costs, and how many it can bear.')
  .argument('[attempts]', 'for each kind', count, 2_000)
  .action(main);

void runCommand(program);
