/**
 * Measures, in virtual time, what an outage of a guest that hangs comes to: from its last answer to the intent in the
 * tags, and to the interface on another member. With the probe, while EC2 calls the guest well; the same with AWS's times
 * as recorded; and there with nothing but the status checks, their alarm and the sweep.
 * `npx tsx bench/probe-outage.ts [histories]`
 */
import { command, count, runCommand } from '../build/command-line.ts';
import { Random } from '../lab/random.ts';
import type { Setup } from '../tests/simulation/eyes/setup.ts';
import { START, Vpc } from '../tests/simulation/eyes/vpc.ts';

interface Measured {
  readonly intentMs: number;
  readonly outageMs: number;
}

/** What is measured, and for how many minutes it is played. */
const WAYS: Readonly<Record<string, { readonly setup: Partial<Setup>; readonly minutes: number }>> = {
  'the probe, calls and EC2 drawn': { setup: {}, minutes: 3 },
  'the probe, AWS as recorded': { setup: { recorded: true }, minutes: 3 },
  'alarm and sweep alone, AWS as recorded': { setup: { recorded: true, unwatched: true }, minutes: 11 },
};

async function measure(seed: number, way: (typeof WAYS)[string]): Promise<Measured | undefined> {
  const hangsMs = 80_000 + new Random(seed).int(0, 59_999);
  const vpc = new Vpc({ seed, probes: seed % 2 === 0 ? 2 : 1, ...way.setup });
  const { holder } = vpc.scene;
  vpc.host(holder, 'silent', hangsMs);
  await vpc.play(way.minutes);
  const versions = vpc.world.interfaces.history(vpc.eni);
  const isOver = ({ value }: (typeof versions)[number]): boolean =>
    value?.attachment?.status === 'attached' && value.attachment.instanceId !== holder;
  const over = versions.find(isOver);
  const intentAt = vpc.intents[0];
  if (over === undefined || intentAt === undefined) return undefined;
  return { intentMs: intentAt - hangsMs, outageMs: over.atMs - START - hangsMs };
}

const at = (values: readonly number[], share: number): string => {
  const sorted = values.toSorted((a, b) => a - b);
  return ((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN) / 1000).toFixed(1);
};

async function tell(name: string, histories: number): Promise<void> {
  const way = WAYS[name];
  if (way === undefined) return;
  const found: Measured[] = [];
  for (let seed = 1; seed <= histories; seed += 1) {
    const measured = await measure(seed, way);
    if (measured !== undefined) found.push(measured);
  }
  const line = (what: string, values: readonly number[]): string =>
    `  ${what.padEnd(34)} median ${at(values, 0.5)} s, p95 ${at(values, 0.95)} s, max ${at(values, 1)} s\n`;
  const intents = found.map(({ intentMs }) => intentMs);
  const outages = found.map(({ outageMs }) => outageMs);
  process.stdout.write(`${name}: ${found.length} of ${histories} guests that hang were left\n`);
  process.stdout.write(line('last answer to the intent', intents));
  process.stdout.write(line('last answer to attached elsewhere', outages));
}

async function main(histories: number): Promise<void> {
  for (const name of Object.keys(WAYS)) await tell(name, histories);
}

const program = command('probe-outage', 'Measures, in virtual time, how long an outage lasts that the probe notices.')
  .argument('[histories]', 'how many', count, 200)
  .action(main);

void runCommand(program);
