import { type BusEvent, type Latencies, type Quirks } from '../../lab/world/model.ts';
import { Random } from '../../lab/random.ts';
import { VirtualClock, withRandom } from '../../lab/clock.ts';
import { buildScenario, type ScenarioName, type Scene } from '../../lab/scenarios.ts';
import { inProcessHandler, inProcessProtocol } from '../../lab/wire/in-process.ts';
import { World } from '../../lab/world/world.ts';
import { createApp, type InvocationResult } from '../../lib/app.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../lib/core/settings.ts';

export const START_MS = Date.UTC(2026, 7, 20, 10, 0, 0);

/** Latencies without a spread, so that durations can be asserted exactly. */
export const EXACT: Partial<Latencies> = { callMs: [20, 20], detachMs: [3_000, 3_000], attachMs: [1_000, 1_000] };

export interface StageOptions {
  readonly seed?: number;
  readonly latencies?: Partial<Latencies>;
  readonly quirks?: Partial<Quirks>;
  readonly settings?: Partial<Settings>;
  readonly buckets?: boolean;
  /** Through the real wire format instead of typed calls. */
  readonly wire?: boolean;
}

/** A world in virtual time with the whole product in it, from the parser to the SDK client. */
export class Stage {
  readonly clock = new VirtualClock(START_MS);
  readonly world: World;
  readonly events: BusEvent[] = [];
  readonly announced: Readonly<Record<string, unknown>>[] = [];
  readonly options: StageOptions;
  private runs = 0;

  constructor(options: StageOptions = {}) {
    this.options = options;
    const { seed = 1, latencies, quirks, buckets = false } = options;
    this.world = new World({
      clock: this.clock,
      seed,
      latencies: { ...EXACT, ...latencies },
      ...(quirks && { quirks }),
      buckets,
    });
    this.world.onEvent((event) => this.events.push(event));
  }

  build(name: ScenarioName): Scene {
    return buildScenario(name, this.world);
  }

  /** A sandbox of its own, as Lambda would start one. */
  app(caller = 'failover') {
    const { seed = 1, settings, wire = false } = this.options;
    const random = new Random(seed).fork(caller);
    const credentials = { accessKeyId: 'lab', secretAccessKey: 'lab' };
    const transport = wire
      ? { requestHandler: inProcessHandler(this.world, caller) }
      : inProcessProtocol(this.world, caller);
    return createApp({
      settings: { ...DEFAULT_SETTINGS, ...settings },
      clock: withRandom(this.clock, random),
      announce: (record) => this.announced.push(record),
      aws: { region: this.world.region, credentials, transport },
    });
  }

  /** Invokes the function once and lets time pass until it answers. */
  invoke(input: unknown, { runId = `run-${(this.runs += 1)}`, remainingMs = 55_000 } = {}): Promise<InvocationResult> {
    return this.clock.run(this.app().handle(input, { runId, remainingMs }));
  }

  /** The changing calls so far, as `Action` names. */
  changes(): readonly string[] {
    return this.world.calls.map((call) => call.action).filter((action) => !action.startsWith('Describe'));
  }
}
