/**
 * What the product adds to a failover beyond what EC2 itself needs: the time from the event to the attached interface,
 * divided by the detach and the attach that the world drew. Virtual time, so the machine does not matter.
 *
 *     npx tsx bench/failover-overhead.ts [seeds]
 */
import { command, count, runCommand } from '../build/command-line.ts';
import { buildScenario } from '../demo/scenarios.ts';
import { VirtualClock, withRandom } from '../lab/clock.ts';
import { Random } from '../lab/random.ts';
import { inProcessProtocol } from '../lab/wire/in-process.ts';
import { World } from '../lab/world/world.ts';
import { createApp } from '../lib/app.ts';
import { DEFAULT_SETTINGS } from '../lib/core/settings.ts';
import { parseInvocation } from '../lib/triggers/parse.ts';

const START_MS = Date.UTC(2026, 7, 20, 10, 0, 0);
const LATENCIES = { callMs: [20, 20], detachMs: [2_000, 8_000], attachMs: [500, 2_000] } as const;

/** One failover of a pair. */
export interface Sample {
  readonly seed: number;
  /** What EC2 needed: the detach and the attach, in milliseconds. */
  readonly drawnMs: number;
  /** From the invocation to the answer, when the interface is known to be attached and the ledger is written. */
  readonly answeredMs: number;
  /** From the invocation to the moment at which EC2 had attached the interface. */
  readonly attachedMs: number;
  /** attachedMs ÷ drawnMs. */
  readonly ratio: number;
  /** Looks at the interface while waiting. */
  readonly polls: number;
}

/** Fails the holder of a pair over, in a world of its own, and measures. */
export async function measureFailover(seed: number): Promise<Sample> {
  const clock = new VirtualClock(START_MS);
  const world = new World({ clock, seed, profile: 'quick', latencies: LATENCIES, buckets: false });
  const scene = buildScenario('pair', world);
  const eni = scene.interfaces[0] ?? '';
  world.stopInstance(scene.holder);
  const seen: { atMs: number; text: string }[] = [];
  world.onFact(({ kind, atMs, text }) => {
    if (kind === 'transition' && text.startsWith(eni)) seen.push({ atMs, text: text.split(' ')[1] ?? '' });
  });
  const app = createApp({
    settings: DEFAULT_SETTINGS,
    clock: withRandom(clock, new Random(seed).fork('product')),
    announce: () => undefined,
    aws: {
      region: world.region,
      credentials: { accessKeyId: 'lab', secretAccessKey: 'lab' },
      transport: inProcessProtocol(world, 'bench'),
    },
  });
  const detail = { 'instance-id': scene.holder, state: 'stopping' };
  const event = { source: 'aws.ec2', 'detail-type': 'EC2 Instance State-change Notification', detail };
  const parsed = parseInvocation(event, DEFAULT_SETTINGS.alarmPrefix);
  await clock.run(app.handle(parsed, { runId: `seed-${seed}`, remainingMs: 60_000 }));
  const moment = (text: string): number => seen.find((fact) => fact.text === text)?.atMs ?? Number.NaN;
  const drawnMs = moment('available') - moment('detaching') + moment('attached') - moment('attaching');
  const attachedMs = moment('attached') - START_MS;
  const reads = world.calls.filter(({ action }) => action === 'DescribeNetworkInterfaces').length;
  const answeredMs = clock.now() - START_MS;
  return { seed, drawnMs, answeredMs, attachedMs, ratio: attachedMs / drawnMs, polls: reads - 1 };
}

/** One sample for each of the first `seeds` seeds. */
async function measure(seeds: number): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  for (let seed = 1; seed <= seeds; seed += 1) samples.push(await measureFailover(seed));
  return samples;
}

/** The value that this share of the values does not exceed. */
function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

async function main(seeds: number): Promise<void> {
  const samples = await measure(seeds);
  const line = (label: string, values: readonly number[], digits: number): void => {
    const [median, p95, worst] = [0.5, 0.95, 1].map((share) => quantile(values, share).toFixed(digits));
    console.log(`${label.padEnd(42)} median ${median}   p95 ${p95}   worst ${worst}`);
  };
  console.log(`${seeds} failovers of a pair; detach 2-8 s, attach 0.5-2 s, 20 ms a call`);
  line(
    'event to attached ÷ (detach + attach)',
    samples.map(({ ratio }) => ratio),
    3,
  );
  line(
    'event to attached, ms',
    samples.map(({ attachedMs }) => attachedMs),
    0,
  );
  line(
    'event to answer, ms',
    samples.map(({ answeredMs }) => answeredMs),
    0,
  );
  line(
    'looks while waiting',
    samples.map(({ polls }) => polls),
    0,
  );
}

const program = command(
  'failover-overhead',
  'Measures what the product adds to a failover beyond what EC2 itself needs.',
)
  .argument('[seeds]', 'how many failovers', count, 200)
  .action(main);

void runCommand(program);
