import { VirtualClock } from '../../lab/clock.ts';
import { Random } from '../../lab/random.ts';
import { World } from '../../lab/world/world.ts';
import { buildCast } from './build.ts';
import { Bus } from './bus.ts';
import { codesIn } from './coverage.ts';
import { drawScenario } from './draw.ts';
import { faultHook, schedule } from './faults.ts';
import { chosenFeatures, type Features } from './features.ts';
import { Hands } from './hands.ts';
import { History } from './history.ts';
import { scheduleIncidents } from './incidents.ts';
import { type Invocation, Lambda } from './lambda.ts';
import { awaitsAPerson } from './awaits.ts';
import { someoneFit, unrest } from './liveness.ts';
import { Oracle } from './oracle.ts';
import { oddIdAt } from './odd-replies.ts';
import { type Outage, Outages, overlong } from './outages.ts';
import { ask } from './people.ts';
import { makeProduct, type MakeProduct } from '../../cases/product.ts';
import type { Scenario } from './scenario.ts';
import type { Stage } from './stage.ts';

const START_MS = Date.UTC(2026, 7, 20, 10);
const MINUTE_MS = 60_000;
/** With AWS well again, every group is at rest after this many sweeps, its cooldown aside. */
export const SWEEPS_TO_REST = 12;
/** At rest is what stays at rest. */
const QUIET_SWEEPS = 2;

export interface RunOptions {
  /** Another build of the product, for the planted bugs. */
  readonly makeProduct?: MakeProduct;
  /** What is drawn and what is asked for; by default what holds today. */
  readonly features?: Features;
}

export interface Report {
  readonly seed: number;
  readonly violations: readonly string[];
  /** Codes, faults and troubles that were met. */
  readonly met: ReadonlySet<string>;
  readonly calls: number;
  readonly invocations: number;
  readonly most: { readonly calls: number; readonly changes: number };
  readonly virtualMs: number;
  /** Sweeps of the second phase until the last group was at rest. */
  readonly sweepsToRest: number;
  /** Each time in which nobody held an interface. */
  readonly outages: readonly Outage[];
  readonly digest: () => string;
  readonly history: (options?: { readonly reads?: boolean }) => string;
  readonly scenario: Scenario;
}

/** Plays the whole history of one seed: faults and safety, then peace and liveness. */
export async function runSeed(seed: number, options: RunOptions = {}): Promise<Report> {
  const { features = chosenFeatures(), makeProduct: make = makeProduct } = options;
  const play = new Play(drawScenario(seed, features), features, make);
  await play.phaseOne();
  const sweepsToRest = await play.phaseTwo();
  return play.report(sweepsToRest);
}

class Play {
  readonly #stage: Stage;
  readonly #clock: VirtualClock;
  readonly #bus: Bus;
  readonly #violations: string[] = [];
  readonly #met = new Set<string>();
  readonly #outages: Outages;
  #faultsAreOn = true;

  constructor(scenario: Scenario, features: Features, make: MakeProduct) {
    const clock = new VirtualClock(START_MS);
    const random = new Random(`play-${scenario.seed}`);
    const { latencies, quirks, staleMs, buckets, seed } = scenario;
    const world = new World({
      clock,
      seed,
      profile: 'quick',
      latencies,
      quirks,
      consistency: { staleReadsUpToMs: staleMs },
      buckets,
    });
    const history = new History(world);
    const faultsAreOn = (): boolean => this.#faultsAreOn;
    const meet = (what: string): void => void this.#met.add(what);
    const fail = (what: string): void => this.#fail(what);
    const cast = buildCast(world, scenario);
    const lambda = new Lambda({
      world,
      scenario,
      history,
      faultsAreOn,
      random: random.fork('lambda'),
      makeProduct: make,
      oddId: () => (faultsAreOn() ? oddIdAt(scenario, cast, world.clock.now() - world.startedMs) : undefined),
      onStart: (invocation) => oracle.noteStart(invocation),
      onEnd: (invocation) => {
        for (const what of told(invocation)) meet(what);
        oracle.judgeEnd(invocation);
      },
      onOverlap: (who) => meet(`overlap ${who}`),
      onDeadlock: ({ id }) => fail(`${id} waits for nothing: its work is pending and no call or timer of it is left`),
    });
    const faults = faultHook({ world, draw: scenario.faults, random: random.fork('faults'), areOn: faultsAreOn });
    world.faults = {
      before: (call) => {
        lambda.noteSent(call);
        return faults.before(call);
      },
    };
    schedule(world, scenario, cast.members);
    const bus = { world, draw: scenario.bus, random: random.fork('bus'), history, lambda, faultsAreOn };
    this.#bus = new Bus({ ...bus, onTrouble: (what) => meet(`trouble ${what}`) });
    this.#clock = clock;
    this.#stage = { world, scenario, features, cast, history, lambda, hands: new Hands(world, cast, history) };
    const oracle = new Oracle(this.#stage, fail);
    this.#outages = new Outages(this.#stage, {
      wasOurs: (id) => oracle.wasEndedByUs(id),
      lostSweepsMs: this.#bus.lostSweepsMs,
      onSilence: fail,
      onEnd: (outage) => {
        const wrong = features.has('outages-bounded') ? overlong(outage) : undefined;
        if (wrong !== undefined) fail(wrong);
      },
    });
    scheduleIncidents(this.#stage);
    for (const { kind } of scenario.incidents) meet(`incident ${kind}`);
    for (const name of scenario.extras) meet(`extra ${name}`);
    if (staleMs > 0) meet('fault stale-read');
  }

  async phaseOne(): Promise<void> {
    const { scenario, history } = this.#stage;
    history.tell('phase', `one: faults are on for ${scenario.phaseOneMs / MINUTE_MS} minutes`);
    for (let atMs = 0; atMs < scenario.phaseOneMs && this.#isSound; atMs += MINUTE_MS) {
      await this.#clock.advance(Math.min(MINUTE_MS, scenario.phaseOneMs - atMs));
    }
  }

  /** @returns how many sweeps it took. */
  async phaseTwo(): Promise<number> {
    if (!this.#isSound) return 0;
    this.#makePeace();
    const first = this.#bus.sweeps;
    const limit = SWEEPS_TO_REST + this.#longestCooldownMinutes();
    let quietSince: number | undefined;
    for (;;) {
      await this.#untilNextSweep();
      const restless = this.#restless();
      const passed = this.#bus.sweeps - first;
      if (!this.#isSound) return passed;
      if (restless.length > 0) quietSince = undefined;
      else if (quietSince !== undefined && passed - quietSince >= QUIET_SWEEPS) return quietSince;
      else quietSince ??= passed;
      if (passed <= limit || quietSince !== undefined) continue;
      for (const what of restless) this.#fail(`not at rest after ${passed} sweeps: ${what}`);
      return passed;
    }
  }

  report(sweepsToRest: number): Report {
    const { world, history, lambda, scenario } = this.#stage;
    this.#outages.close();
    const counts = lambda.invocations.map(({ calls }) => ({
      calls: calls.length,
      changes: calls.filter(({ action }) => !/^(Describe|List)/.test(action)).length,
    }));
    for (const { fault } of world.calls) if (fault) this.#met.add(`fault ${fault}`);
    return {
      seed: scenario.seed,
      violations: this.#violations,
      met: this.#met,
      calls: world.calls.length,
      invocations: lambda.invocations.length,
      most: { calls: Math.max(...counts.map((c) => c.calls)), changes: Math.max(...counts.map((c) => c.changes)) },
      virtualMs: world.clock.now() - START_MS,
      sweepsToRest,
      outages: this.#outages.closed,
      digest: () => history.digest(),
      history: (how) => history.toString(how),
      scenario,
    };
  }

  get #isSound(): boolean {
    return this.#violations.length === 0;
  }

  #fail(what: string): void {
    this.#stage.history.tell('VIOLATION', what);
    this.#violations.push(what);
  }

  /** Everything that was done to AWS, its network and the functions ends; what was begun may still arrive. */
  #makePeace(): void {
    const { world, history, hands } = this.#stage;
    this.#faultsAreOn = false;
    (world as { staleReadsUpToMs: number }).staleReadsUpToMs = 0;
    history.tell('phase', 'two: faults are off');
    hands.tidy();
  }

  /** Lets time pass until just before the sweep after the next one is due, and helps where only a person can. */
  async #untilNextSweep(): Promise<void> {
    const before = this.#bus.sweeps;
    while (this.#bus.sweeps === before) await this.#clock.advance(1_000);
    await this.#clock.advance(MINUTE_MS - 2_000);
    for (const group of this.#stage.cast.groups) {
      const to = awaitsAPerson(this.#stage, group) ? someoneFit(this.#stage, group) : undefined;
      if (to !== undefined) ask(this.#stage, { action: 'failover', group: group.name, to });
    }
  }

  #restless(): readonly string[] {
    const { cast, lambda, world } = this.#stage;
    const oldMs = world.clock.now() - MINUTE_MS;
    const stuck = lambda.running.filter(({ startMs }) => startMs < oldMs).map(({ id }) => `${id} does not end`);
    return [...stuck, ...cast.groups.flatMap((group) => unrest(this.#stage, group))];
  }

  #longestCooldownMinutes(): number {
    const { scenario, world, cast } = this.#stage;
    const tagged = cast.groups.flatMap(({ interfaces }) =>
      interfaces.map((id) => Number(world.interface(id)?.tags['eni-failover:cooldown'] ?? 0)),
    );
    return Math.ceil(Math.max(scenario.settings.cooldownSeconds, ...tagged.filter(Number.isInteger)) / 60);
  }
}

/** What an invocation adds to the coverage. */
function told({ outcome }: Invocation): readonly string[] {
  if (outcome?.kind !== 'returned') return [`invocation ${outcome?.kind}`];
  return outcome.result.groups.flatMap((group) => codesIn(group));
}
