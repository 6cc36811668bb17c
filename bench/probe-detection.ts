/**
 * How long it takes from the moment a guest hangs until the failover function is told, in virtual time: the rounds, the
 * confirmation, and the way between the functions (0.05 to 0.8 s for each invocation, 0.3 to 0.9 s more for a cold one).
 *
 *     npx tsx bench/probe-detection.ts [seeds]
 */
import { command, count, runCommand } from '../build/command-line.ts';
import { Random } from '../lab/random.ts';
import { FIRST, type Ill, Scene, SECOND, START } from '../tests/support/watching.ts';

/** An invocation of which half the time is the way there. */
function drawn(random: Random): Ill {
  let isCold = true;
  return {
    get slowMs() {
      const coldMs = isCold ? random.int(300, 900) : 0;
      isCold = false;
      return (random.int(50, 800) + coldMs) / 2;
    },
  };
}

/** Milliseconds from the moment it hangs; undefined when nobody was told. Runs begin a minute apart. */
async function measure(probes: readonly string[], seed: number): Promise<number | undefined> {
  const random = new Random(seed);
  const scene = new Scene(probes).add(1).add(2).add(3);
  for (const probe of probes) scene.ill.set(probe, drawn(random));
  const hangsAfterMs = random.int(5_000, 62_000);
  scene.hang(1, hangsAfterMs);
  const first = scene.begin();
  await scene.time.advance(60_000);
  await scene.time.run(Promise.all([first, scene.begin(scene.input())]));
  const told = scene.told.find(({ acts }) => acts);
  return told && told.toldAt - START - hangsAfterMs;
}

async function main(seeds: number): Promise<void> {
  for (const probes of [[FIRST], [FIRST, SECOND]]) {
    const all: number[] = [];
    for (let seed = 0; seed < seeds; seed += 1) {
      const ms = await measure(probes, seed);
      if (ms !== undefined) all.push(ms);
    }
    const seconds = (share: number): string =>
      ((all.toSorted((a, b) => a - b)[Math.floor(share * (all.length - 1))] ?? Number.NaN) / 1_000).toFixed(1);
    process.stdout.write(
      `${probes.length} probe(s): told of ${all.length} of ${seeds}; median ${seconds(0.5)} s, p95 ${seconds(0.95)} s, longest ${seconds(1)} s\n`,
    );
  }
}

const program = command('probe-detection', 'Measures how long it takes until a guest that hangs is told.')
  .argument('[seeds]', 'histories', count, 200)
  .action(main);

void runCommand(program);
