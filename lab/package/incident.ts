import { compilePattern } from '../bus/pattern.ts';
import { type LabClock, VirtualClock, WarpClock } from '../clock.ts';
import { Random } from '../random.ts';
import { buildScenario, type ScenarioName, type Scene } from '../scenarios.ts';
import type { Fact, Latencies } from '../world/model.ts';
import { World } from '../world/world.ts';
import type { Package } from './build.ts';
import { deploy } from './deploy.ts';
import { type Moments, type Phase, phasesOf } from './phases.ts';
import type { Invocation } from './sandbox.ts';
import { describeDelivery, describeFact, type TimelineEntry } from './timeline.ts';
import { readTemplate } from './template.ts';

export interface IncidentOptions {
  readonly scenario: ScenarioName;
  readonly seed: number;
  readonly pkg: Package;
  /** How long EC2 takes; what a healthy guest needs, when not given. */
  readonly latencies?: Partial<Latencies>;
  readonly onScene?: (scene: Scene, world: World) => void;
  readonly onEntry?: (entry: TimelineEntry) => void;
}

/** What an incident came to, by the world's own truth. */
export interface Incident {
  /** `moved`: every interface of the group is attached to one standby. */
  readonly result: 'moved' | 'not-moved';
  readonly from: string;
  /** Who holds the group's interfaces in the end. */
  readonly to: string | null;
  /** From the event on the bus until the last interface was attached. */
  readonly failoverMs: number | null;
  readonly timeline: readonly TimelineEntry[];
  readonly phases: readonly Phase[];
}

const MINUTE_MS = 60_000;
const LATENCIES: Partial<Latencies> = { detachMs: [2_000, 8_000], attachMs: [500, 2_000] };
/** CloudWatch evaluates an alarm this long after the end of a minute, at the earliest. */
const EARLIEST_EVALUATION_MS = 15_000;

/**
 * Fails the holder of a scenario and lets the packaged service deal with it. The minutes until the alarm pass in
 * virtual time; from the event on everything takes as long as it takes.
 */
export async function runIncident(options: IncidentOptions): Promise<Incident> {
  const { faultMs, evaluationMs } = await startSoThatTheEventIsNow(options);
  const clock = new WarpClock(faultMs);
  const { world, scene } = build(options, clock, evaluationMs);
  const timeline: TimelineEntry[] = [];
  const moments: Partial<Moments> = { faultMs };
  const published = latch();
  const over = latch<Invocation>();
  const tell = (kind: TimelineEntry['kind'], text: string): void => {
    const entry = { atMs: Math.round(clock.now() - faultMs), kind, text };
    timeline.push(entry);
    options.onEntry?.(entry);
  };
  world.onFact((fact) => tell(fact.kind, describeFact(fact)));
  world.onFact((fact) => note(moments, fact));
  const random = new Random(options.seed).fork('delivery');
  const deployment = await deploy(world, options.pkg, {
    deliveryMs: () => random.int(200, 900),
    onLog: (line) => tell('log', line),
    onInvocation: over.open,
    onDelivery: (delivery) => {
      tell(delivery.kind === 'matched' ? 'rule' : 'function', describeDelivery(delivery));
      if (delivery.kind === 'matched') moments.publishedMs ??= delivery.atMs;
      if (delivery.kind === 'matched') published.open();
      if (delivery.kind === 'invoked') moments.invokedMs ??= delivery.atMs;
    },
  });
  options.onScene?.(scene, world);
  try {
    world.failInstance(scene.holder);
    await clock.run(published.opened);
    clock.goLive();
    const { coldStart } = await over.opened;
    moments.readyMs = (moments.invokedMs ?? 0) + (coldStart?.processMs ?? 0) + (coldStart?.importMs ?? 0);
    moments.returnedMs = clock.now();
  } finally {
    clock.stop();
    await deployment.close();
  }
  return conclude(world, scene, timeline, moments as Moments);
}

function note(moments: Partial<Moments>, fact: Fact): void {
  if (fact.kind === 'transition' && / attached /.test(fact.text)) moments.attachedMs = fact.atMs;
}

function conclude(world: World, scene: Scene, timeline: readonly TimelineEntry[], moments: Moments): Incident {
  const attachments = scene.interfaces.map((id) => world.interface(id)?.attachment);
  const holders = new Set(attachments.map((attachment) => attachment?.instanceId));
  const to = holders.size === 1 ? (attachments[0]?.instanceId ?? null) : null;
  const attached = attachments.every((attachment) => attachment?.status === 'attached');
  const moved = attached && to !== null && to !== scene.holder && scene.members.includes(to);
  return {
    result: moved ? 'moved' : 'not-moved',
    from: scene.holder,
    to,
    failoverMs: moved && moments.attachedMs !== undefined ? moments.attachedMs - moments.publishedMs : null,
    timeline,
    phases: phasesOf(moments, world.calls),
  };
}

/**
 * The world's minutes are the real ones, so the event can only be made to happen now by choosing how long CloudWatch
 * takes to look at the minute: 15 to 75 s. A dry run of the same seed tells how long everything before that takes.
 */
async function startSoThatTheEventIsNow(options: IncidentOptions): Promise<{ faultMs: number; evaluationMs: number }> {
  const nowMs = Date.now();
  const dryMs = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS;
  const clock = new VirtualClock(dryMs);
  const { world, scene } = build(options, clock, EARLIEST_EVALUATION_MS);
  const patterns = readTemplate(options.pkg.templatePath).rules.map(({ pattern }) => compilePattern(pattern));
  const published = latch();
  world.onEvent((event) => {
    if (patterns.some((matches) => matches(event))) published.open();
  });
  world.failInstance(scene.holder);
  await clock.run(published.opened);
  const lateMs = nowMs - clock.now();
  const shiftMs = Math.floor(lateMs / MINUTE_MS) * MINUTE_MS;
  return { faultMs: dryMs + shiftMs, evaluationMs: EARLIEST_EVALUATION_MS + lateMs - shiftMs };
}

function build(options: IncidentOptions, clock: LabClock, evaluationMs: number): { world: World; scene: Scene } {
  const latencies = { ...LATENCIES, ...options.latencies, metricMs: [evaluationMs, evaluationMs] as const };
  const world = new World({ clock, seed: options.seed, latencies });
  return { world, scene: buildScenario(options.scenario, world) };
}

function latch<T = void>(): { opened: Promise<T>; open: (value: T) => void } {
  let open!: (value: T) => void;
  const opened = new Promise<T>((resolve) => (open = resolve));
  return { opened, open };
}
