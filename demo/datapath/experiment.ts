import type { TimelineEntry } from '../timeline.ts';
import { type FaultKind, type FaultName, kindOf } from './faults.ts';
import { countAnswers, type Fate, fateOf, type Outage, outageIn } from './outage.ts';
import { type Parts, partsOf } from './parts.ts';
import type { ProbeCount } from './probes.ts';
import { Rig, type RigOptions } from './rig.ts';
import { startWatch } from './watching.ts';

/** What one run came to, as the client saw it. Durations in milliseconds. */
export interface Experiment {
  readonly fault: FaultName;
  /** How many probes looked on. */
  readonly probes: ProbeCount;
  readonly result: 'moved' | 'stayed' | 'lost';
  /** Whether that is what the fault has to come to. */
  readonly asExpected: boolean;
  readonly from: string;
  /** Who answers in the end; null when nobody does. */
  readonly to: string | null;
  /** What the client's outage is without product and EC2: the device moved by hand, there and back. */
  readonly bareMs: readonly number[];
  /** The longest time without an answer; null when there was none worth the name. */
  readonly outageMs: number | null;
  readonly detectionMs: number | null;
  /** From the function's start to the first answer of the standby. */
  readonly moveMs: number | null;
  readonly parts: Parts | null;
  readonly keepAlive: Fate;
  readonly download: Fate;
  readonly answers: Readonly<Record<string, number>>;
  /** How long the prober itself was kept from running at the worst: the figures are no finer than that. */
  readonly proberPausedMs: number;
  readonly timeline: readonly TimelineEntry[];
}

export interface ExperimentOptions extends RigOptions {
  readonly fault: FaultName;
  readonly onRig?: (rig: Rig) => void;
}

/** A host answers steadily. */
const STEADY_MS = 300;
/** How long the client is looked at after the end: by then a connection that goes on has shown it. */
const AFTERWARDS_MS = 600;
/** Whoever has answered this recently is there: longer than a slow answer takes. */
const RECENT_MS = 2_000;
/** How long a single step may take on a busy machine. */
const STEP_MS = 10_000;
/** What follows one answer later than this is an outage. A prober that was not let run has made some of the others. */
const NOTEWORTHY_MS = 10;

/** Builds a rig, measures the bare move of its interface, lets a fault strike, and says what the client saw. */
export async function runExperiment(options: ExperimentOptions): Promise<Experiment> {
  const rig = await Rig.build(options);
  try {
    options.onRig?.(rig);
    const bareMs = [await moveBare(rig, rig.standby.name), await moveBare(rig, rig.primary.name)];
    if (rig.probes > 0) await startWatch(rig);
    rig.prober.openLong();
    await pause(STEADY_MS);
    const strokeMs = Date.now();
    await strike(rig, kindOf(options.fault, rig.probes));
    const untilMs = Date.now();
    await rig.close();
    if (rig.errors[0] !== undefined) throw rig.errors[0];
    return conclude(rig, options.fault, bareMs, strokeMs, untilMs);
  } finally {
    await rig.close();
  }
}

/** Moves the device by hand, with neither EC2 nor the product. @returns the outage a client sees */
async function moveBare(rig: Rig, to: string): Promise<number> {
  await pause(STEADY_MS);
  const startMs = Date.now();
  await rig.hotplug.move(to);
  if (!(await rig.prober.answered(to, startMs, STEP_MS))) throw new Error(`${to} did not answer after a bare move`);
  await pause(STEADY_MS);
  return outageIn(rig.prober.attempts, startMs, Date.now())?.ms ?? 0;
}

async function strike(rig: Rig, kind: FaultKind): Promise<void> {
  const startMs = Date.now();
  rig.witness.tell('fault', `${rig.primary.name}: ${kind.explained}`);
  await Promise.all([kind.strike(rig), endOf(rig, kind, startMs, rig.profile.patienceMs)]);
  await pause(AFTERWARDS_MS);
}

/** Waits until the end has come that a fault has to come to, or has had its time. */
async function endOf({ prober, primary, standby }: Rig, kind: FaultKind, startMs: number, ms: number): Promise<void> {
  if (kind.expected === 'moves') return void (await prober.answered(standby.name, startMs, ms));
  await pause(kind.watchMs ?? ms);
  // On a busy machine a restart takes its time.
  if (kind.expected === 'stays') await prober.answered(primary.name, Date.now(), STEP_MS);
}

function conclude(
  rig: Rig,
  fault: FaultName,
  bareMs: readonly number[],
  strokeMs: number,
  untilMs: number,
): Experiment {
  const { attempts, events, pauses } = rig.prober;
  const outage = outageIn(attempts, strokeMs, untilMs);
  const to = attempts.findLast(({ host, endMs }) => host !== undefined && endMs > untilMs - RECENT_MS)?.host ?? null;
  const result = to === null ? 'lost' : to === rig.standby.name ? 'moved' : 'stayed';
  const parts = outage && result === 'moved' ? partsOf(sourcesOf(rig, outage, strokeMs)) : undefined;
  const sinceMs = outage?.startMs ?? strokeMs;
  const overMs = outage === undefined ? strokeMs : (outage.endMs ?? untilMs);
  return {
    fault,
    probes: rig.probes,
    result,
    asExpected: { moves: 'moved', stays: 'stayed', lost: 'lost' }[kindOf(fault, rig.probes).expected] === result,
    from: rig.primary.name,
    to,
    bareMs: bareMs.map(rounded),
    outageMs: outage && outage.ms > NOTEWORTHY_MS ? rounded(outage.ms) : null,
    detectionMs: parts ? rounded(parts.detection) : null,
    moveMs: parts && outage ? rounded(outage.ms - parts.detection) : null,
    parts: parts ? (Object.fromEntries(Object.entries(parts).map(([name, ms]) => [name, rounded(ms)])) as Parts) : null,
    keepAlive: fateOf(events, 'kept', sinceMs, overMs),
    download: fateOf(events, 'bytes', sinceMs, overMs),
    answers: countAnswers(attempts.filter(({ startMs }) => startMs >= strokeMs)),
    proberPausedMs: Math.max(0, ...pauses.filter(({ atMs }) => atMs >= strokeMs).map(({ ms }) => ms)),
    timeline: rig.witness.timeline.map((entry) => ({ ...entry, atMs: entry.atMs + rig.witness.faultMs - strokeMs })),
  };
}

function sourcesOf(rig: Rig, outage: Outage, strokeMs: number): Parameters<typeof partsOf>[0] {
  const { world, witness } = rig;
  const calls = world.calls.filter(({ atMs }) => atMs >= strokeMs);
  const runs = witness.runs.filter(({ invokedMs }) => invokedMs >= strokeMs);
  return { outage, calls, runs, attachedMs: witness.attachedMs };
}

const rounded = (ms: number): number => Math.round(ms * 10) / 10;

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
