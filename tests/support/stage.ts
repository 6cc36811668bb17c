import { buildScenario, type ScenarioName, type Scene } from '../../demo/scenarios.ts';
import { VirtualClock, withRandom } from '../../lab/clock.ts';
import { Random } from '../../lab/random.ts';
import { inProcessHandler, inProcessProtocol } from '../../lab/wire/in-process.ts';
import type { CallRecord, CallRequest, Fault } from '../../lab/world/hooks.ts';
import { type BusEvent, type Latencies, type Quirks } from '../../lab/world/model.ts';
import { World } from '../../lab/world/world.ts';
import { createApp, type GroupResult, type InvocationResult } from '../../lib/app.ts';
import type { Announcing } from '../../lib/config.ts';
import type { Parsed } from '../../lib/core/model.ts';
import { readLedger } from '../../lib/core/ledger-codec.ts';
import type { Ledger } from '../../lib/core/ledger.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../lib/core/settings.ts';
import type { Announce } from '../../lib/engine/announce.ts';
import type { ProbePorts, UpkeepPorts } from '../../lib/engine/ports.ts';
import { parseInvocation } from '../../lib/triggers/parse.ts';
import { parseQuestion } from '../../lib/triggers/question.ts';
import { isDryRun, meetsDryRuns, restated } from './stage-calls.ts';

export const START_MS = Date.UTC(2026, 7, 20, 10, 0, 0);

/** Latencies without a spread, so that durations can be asserted exactly. */
export const EXACT: Partial<Latencies> = { callMs: [20, 20], detachMs: [1_500, 1_500], attachMs: [1_000, 1_000] };

export interface StageOptions {
  readonly seed?: number;
  readonly latencies?: Partial<Latencies>;
  readonly quirks?: Partial<Quirks>;
  readonly settings?: Partial<Settings>;
  readonly buckets?: boolean;
  /** Through the real wire format instead of typed calls. */
  readonly wire?: boolean;
  /** Replaces the collecting of {@link Stage.announced}. */
  readonly announce?: Announce;
  /** What is told besides the log; nothing when not given. */
  readonly announcing?: Announcing;
  /** The probes that the functions may ask, and the functions that they start. */
  readonly probe?: ProbePorts & UpkeepPorts;
}

interface Invoke {
  readonly runId?: string;
  readonly remainingMs?: number;
}

/** A world in virtual time with the whole product in it, from the parser to the SDK client. */
export class Stage {
  readonly clock = new VirtualClock(START_MS);
  readonly world: World;
  readonly events: BusEvent[] = [];
  readonly announced: Readonly<Record<string, unknown>>[] = [];
  readonly options: StageOptions;
  private runs = 0;
  private readonly planned: { action: string; nth: number | 'every'; fault: Fault; caller?: string }[] = [];
  private readonly sent = new Map<string, number>();
  private readonly misreported = new Map<string, object>();

  constructor(options: StageOptions = {}) {
    this.options = options;
    const { seed = 1, latencies, quirks, buckets = false } = options;
    this.world = new World({
      clock: this.clock,
      seed,
      profile: 'quick',
      latencies: { ...EXACT, ...latencies },
      ...(quirks && { quirks }),
      buckets,
    });
    this.world.onEvent((event) => this.events.push(event));
    this.world.faults = { before: (call) => this.faultOf(call) };
  }

  build(name: ScenarioName): Scene {
    return buildScenario(name, this.world);
  }

  /** A sandbox of its own, as Lambda would start one. */
  app(caller = 'failover', looksOnly = false) {
    const { seed = 1, settings, wire = false, announce, probe, announcing } = this.options;
    const random = new Random(seed).fork(caller);
    const credentials = { accessKeyId: 'lab', secretAccessKey: 'lab' };
    const transport = wire
      ? { requestHandler: inProcessHandler(this.world, caller) }
      : this.misreporting(inProcessProtocol(this.world, caller));
    return createApp({
      settings: { ...DEFAULT_SETTINGS, ...settings },
      clock: withRandom(this.clock, random),
      announce: announce ?? ((record) => this.announced.push(record)),
      ...(announcing && { announcing }),
      ...(probe && { probe }),
      looksOnly,
      aws: { region: this.world.region, credentials, transport },
    });
  }

  /** Invokes the function in a sandbox of its own; the promise settles only while the clock is driven. */
  async begin(input: unknown, { runId = `run-${(this.runs += 1)}`, remainingMs = 55_000 }: Invoke = {}) {
    return this.app(runId).handle(this.parsed(input), { runId, remainingMs });
  }

  /** What the function makes of its input. */
  parsed(input: unknown): Parsed {
    return parseInvocation(input, { ...DEFAULT_SETTINGS, ...this.options.settings }.alarmPrefix);
  }

  /** Invokes the function once and lets time pass until it answers. */
  invoke(input: unknown, options: Invoke = {}): Promise<InvocationResult> {
    return this.clock.run(this.begin(input, options));
  }

  /** Puts a question to the function that only looks, in a sandbox of its own. */
  inspect(input: unknown): Promise<InvocationResult> {
    const [runId, trigger] = [`inspect-${(this.runs += 1)}`, parseQuestion(input)];
    return this.clock.run(this.app(runId, true).handle({ kind: 'trigger', trigger }, { runId, remainingMs: 55_000 }));
  }

  /** Runs the scheduled sweep once, in a sandbox of its own. */
  sweep({ runId = `sweep-${(this.runs += 1)}`, remainingMs = 55_000 }: Invoke = {}): Promise<InvocationResult> {
    return this.clock.run(this.app(runId).sweep({ runId, remainingMs }));
  }

  /** Invokes the function and returns what it says of the one group concerned. */
  async result(input: unknown, options: Invoke = {}): Promise<GroupResult> {
    const { groups } = await this.invoke(input, options);
    return only(groups);
  }

  /** Breaks an instance and lets time pass until its alarm is raised; returns that alarm's event. */
  async fail(instanceId: string, failure: { hangsDetach?: boolean } = {}): Promise<BusEvent> {
    this.world.failInstance(instanceId, { noticedAfterMs: 0, ...failure });
    await this.clock.advance(5 * 60_000);
    return this.justNow(this.lastEvent('CloudWatch Alarm State Change', instanceId));
  }

  /** The event as if it had happened at this moment: what one says that is older is asked again. */
  justNow(event: BusEvent): BusEvent {
    return { ...event, time: new Date(this.clock.now()).toISOString() };
  }

  /** The newest event of a kind that mentions an instance. */
  lastEvent(detailType: string, instanceId: string): BusEvent {
    const found = this.events.findLast(
      (event) => event['detail-type'] === detailType && JSON.stringify(event.detail).includes(instanceId),
    );
    if (!found) throw new Error(`no ${detailType} about ${instanceId}`);
    return found;
  }

  /** Makes the nth call of an action from now on (1: the next one) go wrong. */
  goesWrong(action: string, fault: Fault, nth: number | 'every' = 1, caller?: string): void {
    const from = this.sent.get(action) ?? 0;
    this.planned.push({ action, fault, nth: nth === 'every' ? nth : from + nth, ...(caller && { caller }) });
  }

  /** AWS describes a resource otherwise than it is: with these fields; one that is `undefined` is missing. */
  misreport(id: string, fields: Readonly<Record<string, unknown>>): void {
    this.misreported.set(id, fields);
  }

  /** AWS works again as it should. */
  heal(): void {
    this.planned.length = 0;
    this.misreported.clear();
    this.world.policy = () => true;
  }

  /** IAM refuses an action, on the resources with this id where one is given. */
  deny(action: string, resourceId = ''): void {
    this.world.policy = (call) =>
      call.action !== action || !call.resources.some(({ arn }) => arn.endsWith(resourceId === '' ? arn : resourceId));
  }

  /** The changing calls since a moment, in the order in which they took effect; a dry run changes nothing. */
  changesSince(atMs: number): readonly CallRecord[] {
    return this.world.calls.filter(
      (call) => call.sentMs >= atMs && !/^(Describe|List)/.test(call.action) && !isDryRun(call),
    );
  }

  /** The calls with `DryRun` so far. */
  dryRuns(): readonly CallRecord[] {
    return this.world.calls.filter(isDryRun);
  }

  /** The changing calls so far, as `Action` names. */
  changes(): readonly string[] {
    return this.changesSince(0).map((call) => call.action);
  }

  /** The calls of one action so far. */
  callsOf(action: string): readonly CallRecord[] {
    return this.world.calls.filter((call) => call.action === action && !isDryRun(call));
  }

  /** The ledger as the tags of an interface have it now. */
  ledger(interfaceId: string | undefined): Ledger | undefined {
    const view = this.world.interface(interfaceId ?? '');
    if (!view) return undefined;
    const tagged = { id: view.id, tags: view.tags } as Parameters<typeof readLedger>[0][number];
    const reading = readLedger([tagged], DEFAULT_SETTINGS.statePrefix);
    return reading.status === 'valid' ? reading.ledger : undefined;
  }

  private misreporting(typed: ReturnType<typeof inProcessProtocol>): typeof typed {
    const { protocol } = typed;
    const read = protocol.deserializeResponse.bind(protocol);
    const deserializeResponse = async (...reply: Parameters<typeof read>) => {
      const output = await read(...reply);
      return this.misreported.size === 0 ? output : restated(output, this.misreported);
    };
    return { ...typed, protocol: { ...protocol, deserializeResponse: deserializeResponse as typeof read } };
  }

  private faultOf(call: CallRequest): Fault | undefined {
    const { action, caller } = call;
    if (isDryRun(call)) return this.planned.find((plan) => plan.action === action && meetsDryRuns(plan))?.fault;
    const count = (this.sent.get(action) ?? 0) + 1;
    this.sent.set(action, count);
    const matching = this.planned.find(
      (plan) =>
        plan.action === action &&
        (plan.nth === 'every' || plan.nth === count) &&
        (plan.caller === undefined || plan.caller === caller),
    );
    return matching?.fault;
  }
}

/** The one element of a list that a test knows to be there. */
export function only<T>(items: readonly T[]): T {
  if (items.length !== 1) throw new Error(`expected one, not ${items.length}`);
  return items[0] as T;
}

/** An element that a test knows to be there. */
export function at<T>(items: readonly T[], index: number): T {
  const item = items.at(index);
  if (item === undefined) throw new Error(`nothing at ${index}`);
  return item;
}
