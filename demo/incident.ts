import type { Package } from '../build/packaging.ts';
import type { Mail } from '../lab/bus/bus.ts';
import { compilePattern } from '../lab/bus/pattern.ts';
import { type LabClock, VirtualClock, WarpClock } from '../lab/clock.ts';
import { deploy, type Deployment } from '../lab/package/deploy.ts';
import { type PackagedFunction, readTemplate } from '../lab/package/template.ts';
import { Random } from '../lab/random.ts';
import { type Latencies, PROFILES, type ProfileName } from '../lab/world/profile.ts';
import { World } from '../lab/world/world.ts';
import { type Phase, phasesOf } from './phases.ts';
import { buildScenario, type ScenarioName, type Scene } from './scenarios.ts';
import type { TimelineEntry } from './timeline.ts';
import { Witness } from './witness.ts';

export interface IncidentOptions {
  readonly scenario: ScenarioName;
  readonly seed: number;
  readonly pkg: Package;
  /** Kill the function as soon as EC2 has accepted its first detach, and leave the rest to the schedule. */
  readonly crash?: boolean;
  /** How long AWS takes: as it was recorded, unless said otherwise. */
  readonly profile?: ProfileName;
  /** What takes another time than in the profile. */
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
  /** From the failure until then. */
  readonly outageMs: number | null;
  readonly phases: readonly Phase[];
  /** How many events ended in each queue, by its name. */
  readonly queues: Readonly<Record<string, number>>;
  /** What whoever is told by mail got. */
  readonly mails: readonly Mail[];
  readonly timeline: readonly TimelineEntry[];
}

const MINUTE_MS = 60_000;
/** How long after the crash the schedule happens to tick. */
const TICK_MS = [4_000, 9_000] as const;

/**
 * Fails the holder of a scenario and lets the packaged service deal with it. The minutes until the alarm pass in
 * virtual time; from the event on everything takes as long as it takes.
 */
export async function runIncident(options: IncidentOptions): Promise<Incident> {
  const { faultMs, evaluationMs } = await startSoThatTheEventIsNow(options);
  const clock = new WarpClock(faultMs);
  const { world, scene } = build(options, clock, evaluationMs);
  const random = new Random(options.seed).fork('delivery');
  const witness = new Witness(clock, options.onEntry);
  world.onFact((fact) => witness.fact(fact));
  const published = latch();
  const over = latch();
  const deployment = await deploy(world, options.pkg, {
    environment: withoutUpkeep,
    deliveryMs: () => random.int(...world.latencies.eventMs),
    onLog: (line) => witness.tell('log', line),
    onMail: ({ to, text }) => {
      if (to.length > 0) witness.tell('mail', `${to.join(', ')}: ${text.split('\n')[0]}`);
    },
    onDelivery: (delivery) => {
      witness.delivery(delivery);
      if (delivery.kind === 'matched') published.open();
    },
    onInvocation: (invocation) => {
      witness.invocation(invocation);
      if (!witness.killed || witness.runs.length > 1) setImmediate(over.open);
    },
  });
  world.onCall(({ action, outcome, caller }) => {
    if (!options.crash || witness.killed || action !== 'DetachNetworkInterface' || outcome !== 'ok') return;
    witness.kill(caller);
    deployment.kill(caller);
    deployment.bus.startSchedules(random.int(...TICK_MS));
  });
  options.onScene?.(scene, world);
  try {
    failHolder(world, scene, options);
    await clock.run(published.opened);
    clock.goLive();
    await over.opened;
  } finally {
    clock.stop();
    await deployment.close();
  }
  return conclude(world, scene, witness, deployment);
}

/** No sweep starts it here: whoever looks after alarms is no part of the story. */
export function withoutUpkeep({ handler }: PackagedFunction): Readonly<Record<string, string>> | undefined {
  return handler === 'functions/sweep.handler' ? { UPKEEP_FUNCTION: '' } : undefined;
}

/** Its guest hangs, so that only force takes anything off it; where the function dies, what it began has to end by itself. */
function failHolder(world: World, { holder }: Scene, { crash = false }: IncidentOptions): void {
  world.failInstance(holder, { hangsDetach: !crash });
}

function conclude(world: World, scene: Scene, witness: Witness, { template, bus }: Deployment): Incident {
  const to = holderOf(world, scene);
  const moved = to !== null && to !== scene.holder && scene.members.includes(to);
  const { attachedMs, faultMs, publishedMs, timeline } = witness;
  const queues = [...bus.queues].map(([arn, records]) => [template.queues.get(arn) ?? arn, records.length] as const);
  return {
    result: moved ? 'moved' : 'not-moved',
    from: scene.holder,
    to,
    failoverMs: moved && attachedMs !== undefined ? attachedMs - publishedMs : null,
    outageMs: moved && attachedMs !== undefined ? attachedMs - faultMs : null,
    phases: phasesOf(witness, world.calls),
    queues: Object.fromEntries(queues),
    mails: bus.outbox,
    timeline,
  };
}

/** Who has all the interfaces, fully attached. */
function holderOf(world: World, scene: Scene): string | null {
  const attachments = scene.interfaces.map((id) => world.interface(id)?.attachment);
  const holders = new Set(attachments.map((attachment) => attachment?.instanceId));
  const whole = holders.size === 1 && attachments.every((attachment) => attachment?.status === 'attached');
  return whole ? (attachments[0]?.instanceId ?? null) : null;
}

/**
 * The world's minutes are the real ones, so the event can only be made to happen now by choosing how long CloudWatch
 * takes to look at the minute: up to a minute longer than the profile says it takes at least. A dry run of the same seed tells how long everything before that takes.
 */
async function startSoThatTheEventIsNow(options: IncidentOptions): Promise<{ faultMs: number; evaluationMs: number }> {
  const nowMs = Date.now();
  const [earliestMs] = PROFILES[profileOf(options)].metricMs;
  const dryMs = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS;
  const clock = new VirtualClock(dryMs);
  const { world, scene } = build(options, clock, earliestMs);
  const patterns = readTemplate(options.pkg.templatePath).rules.flatMap(({ pattern }) => pattern ?? []);
  const matchers = patterns.map(compilePattern);
  const published = latch();
  world.onEvent((event) => {
    if (matchers.some((matches) => matches(event))) published.open();
  });
  failHolder(world, scene, options);
  await clock.run(published.opened);
  const lateMs = nowMs - clock.now();
  const shiftMs = Math.floor(lateMs / MINUTE_MS) * MINUTE_MS;
  return { faultMs: dryMs + shiftMs, evaluationMs: earliestMs + lateMs - shiftMs };
}

function build(options: IncidentOptions, clock: LabClock, evaluationMs: number): { world: World; scene: Scene } {
  const latencies = { ...options.latencies, metricMs: [evaluationMs, evaluationMs] as const };
  const world = new World({ clock, seed: options.seed, profile: profileOf(options), latencies });
  return { world, scene: buildScenario(options.scenario, world) };
}

const profileOf = ({ profile = 'recorded' }: IncidentOptions): ProfileName => profile;

function latch(): { opened: Promise<void>; open: () => void } {
  let open!: () => void;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}
