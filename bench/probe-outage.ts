/**
 * Measures what the probe makes of an outage, in virtual time: from the last answer of a guest that hangs to the intent
 * in the tags, and to the interface on another member. `npx tsx bench/probe-outage.ts [histories]`
 */
import { command, count, runCommand } from '../build/command-line.ts';
import { Random } from '../lab/random.ts';
import { START, Vpc } from '../tests/simulation/eyes/vpc.ts';

interface Measured {
  readonly intentMs: number;
  readonly outageMs: number;
}

async function measure(seed: number): Promise<Measured | undefined> {
  const hangsMs = 80_000 + new Random(seed).int(0, 59_999);
  const vpc = new Vpc({ seed, probes: seed % 2 === 0 ? 2 : 1 });
  const { holder } = vpc.scene;
  vpc.host(holder, 'silent', hangsMs);
  await vpc.play(3);
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

async function main(histories: number): Promise<void> {
  const found: Measured[] = [];
  for (let seed = 1; seed <= histories; seed += 1) found.push(...[await measure(seed)].flatMap((each) => each ?? []));
  const tell = (name: string, values: readonly number[]): string =>
    `${name.padEnd(34)} median ${at(values, 0.5)} s, p95 ${at(values, 0.95)} s, max ${at(values, 1)} s\n`;
  const intents = found.map(({ intentMs }) => intentMs);
  const outages = found.map(({ outageMs }) => outageMs);
  process.stdout.write(`${found.length} of ${histories} guests that hang were left\n`);
  process.stdout.write(tell('last answer to the intent', intents));
  process.stdout.write(tell('last answer to attached elsewhere', outages));
}

const program = command('probe-outage', 'Measures, in virtual time, how long an outage lasts that the probe notices.')
  .argument('[histories]', 'how many', count, 200)
  .action(main);

void runCommand(program);
