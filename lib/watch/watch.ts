import { MOST_SLOW_ROUNDS } from '../probe/lag.ts';
import { readWatchReply, type WatchReply, type WatchRequest } from '../probe/protocol.ts';
import type { WatchInput } from './input.ts';
import type { OfTheProbes } from './judged.ts';
import type { Leads } from './leads.ts';
import { keyOf, remember } from './memory.ts';
import type { WatchPorts } from './ports.ts';
import { Says } from './says.ts';
import { Settling } from './settling.ts';
import { absorb, type Tracked, trackedOf, watchedOf } from './tracked.ts';

/** How long a run lasts, whatever comes next: the next one begins a minute after this one, and may be late. */
export const RUN_MS = 75_000;
/** How long a call watches at most. */
const CALL_MS = 20_000;
/** The same for a probe that did not answer the last time: if it is dead, nobody sees anything meanwhile. */
const TRIAL_MS = 5_000;
/** What a call may take besides: a cold start and the way there and back. */
const CALL_SLACK_MS = 4_000;
/** Shorter calls see nothing. */
const LEAST_MS = 1_000;
/** Two calls begin so far apart at least, whatever makes the first one end at once. */
const LEAST_APART_MS = 300;
/** A reply that comes later than that says nothing of now. */
const STALE_MS = 5_000;
/** An input older than that belongs to a run that others have taken over. */
const STALE_INPUT_MS = 60_000;
/** A first miss ends a call so often at most. */
const SUSPICION_PAUSE_MS = 5_000;
/** Kept at the end for what is under way: a look of the other probe, and what has to be told. */
const END_MS = 6_000;

export interface WatchSummary {
  /** Calls of the lead that were answered, and those that were not. */
  readonly calls: number;
  readonly unanswered: number;
  /** Verdicts that were told. */
  readonly told: number;
  /** Why it did nothing, where it did not. */
  readonly reason?: string;
}

/**
 * Has the probes look for 75 s, call after call, and tells the failover function what they have seen. Two runs at once
 * do no harm: what they tell is only a hint to look.
 * @param remainingMs until Lambda ends the run.
 */
export async function watch(input: WatchInput, ports: WatchPorts, remainingMs: number): Promise<WatchSummary> {
  const none = { calls: 0, unanswered: 0, told: 0 };
  if (ports.clock.now() - input.readAt > STALE_INPUT_MS)
    return { ...none, reason: 'What was handed over is more than a minute old: another run has begun since.' };
  if (input.groups.length === 0) return { ...none, reason: 'No group has a probe.' };
  return new Watch(input, ports, remainingMs).run();
}

class Watch {
  readonly #ports: WatchPorts;
  readonly #endsAt: number;
  readonly #leads: Leads;
  readonly #says: Says;
  readonly #settling: Settling;
  readonly #all: Tracked[];
  #suspicionAt = Number.NEGATIVE_INFINITY;
  #calls = 0;
  #unanswered = 0;

  constructor(input: WatchInput, ports: WatchPorts, remainingMs: number) {
    this.#ports = ports;
    this.#endsAt = ports.clock.now() + Math.min(RUN_MS, remainingMs - CALL_SLACK_MS - END_MS);
    this.#leads = ports.memory.leads;
    this.#says = new Says(ports.log, ports.memory.said);
    this.#all = trackedOf(input, ports.memory);
    this.#settling = new Settling(input.groups, this.#all, this.#leads, this.#says, ports);
  }

  async run(): Promise<WatchSummary> {
    const { clock, memory } = this.#ports;
    for (let leftMs = this.#leftMs(); leftMs >= LEAST_MS; leftMs = this.#leftMs()) {
      const lead = this.#leads.at(clock.now());
      const startedAt = clock.now();
      if (lead === undefined) await clock.sleep(Math.min(leftMs, Math.max(1, this.#leads.nextAt() - startedAt)));
      else await this.#call(lead, Math.min(this.#leads.isOnTrial(lead) ? TRIAL_MS : CALL_MS, leftMs));
      await clock.sleep(startedAt + LEAST_APART_MS - clock.now());
    }
    await this.#settling.ended();
    const kept = this.#all.flatMap(({ evidence, group, watched }) =>
      evidence ? [[keyOf(watched.attachmentId, group.holder.id), evidence] as const] : [],
    );
    remember(memory, new Map(kept));
    return { calls: this.#calls, unanswered: this.#unanswered, told: this.#settling.told };
  }

  #leftMs(): number {
    return this.#endsAt - this.#ports.clock.now();
  }

  async #call(lead: string, runMs: number): Promise<void> {
    const { clock, invoker } = this.#ports;
    try {
      const reply = readWatchReply(await invoker.ask(lead, this.#request(lead, runMs), runMs + CALL_SLACK_MS));
      this.#calls += 1;
      this.#leads.answered(lead);
      this.#says.unsay('probe-unavailable', lead);
      this.#take(lead, reply);
    } catch (error) {
      this.#unanswered += 1;
      this.#leads.failed(lead, clock.now());
      this.#says.say(
        'probe-unavailable',
        lead,
        `The probe ${lead} does not answer, so nothing is known from it: ${String(error)}`,
      );
    }
  }

  #request(lead: string, runMs: number): WatchRequest {
    const now = this.#ports.clock.now();
    const mayAsk = this.#settling.canAsk(lead) && now - this.#suspicionAt >= SUSPICION_PAUSE_MS;
    return {
      version: 1,
      kind: 'watch',
      runMs,
      count: this.#settling.count,
      endsOnSuspicion: mayAsk,
      isKnownSlow: this.#says.hasSaid('probe-slow', lead),
      targets: this.#settling.watched.map(watchedOf),
    };
  }

  #take(lead: string, reply: WatchReply): void {
    const { clock } = this.#ports;
    absorb(this.#all, reply);
    const wasSlow = this.#says.hasSaid('probe-slow', lead);
    this.#says.ofProbe(lead, reply);
    if (reply.ended === 'slow') this.#leads.isIll(lead, clock.now());
    // Late, or from a clock that is ahead: it says nothing of now, and what it has seen is kept.
    if (Math.abs(clock.now() - reply.endedAt) > STALE_MS) return;
    if (reply.ended === 'suspicion') this.#suspicionAt = clock.now();
    this.#settling.take(lead, reply);
    const word = ofTheProbes(reply, wasSlow);
    if (word !== undefined) this.#settling.tellOfProbes(word, reply.endedAt);
  }
}

/**
 * What is to be told of a probe itself. Too much to look at is arithmetic; that it lags may be a moment's, and is told
 * when another call of it has ended like that.
 */
function ofTheProbes({ overCapacity, slowRounds }: WatchReply, wasSlow: boolean): OfTheProbes | undefined {
  if (overCapacity) return { verdict: 'probe-over-capacity', acts: false, neededMb: overCapacity.neededMb };
  return wasSlow && slowRounds >= MOST_SLOW_ROUNDS ? { verdict: 'probe-slow', acts: false } : undefined;
}
