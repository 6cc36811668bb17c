import type { Delivery } from '../lab/bus/bus.ts';
import type { LabClock } from '../lab/clock.ts';
import type { Invocation } from '../lab/package/sandbox.ts';
import type { Fact } from '../lab/world/model.ts';
import type { FunctionRun } from './phases.ts';
import { describeDelivery, describeFact, type TimelineEntry } from './timeline.ts';

/** Sees what happens, and remembers when. */
export class Witness {
  readonly timeline: TimelineEntry[] = [];
  readonly runs: FunctionRun[] = [];
  readonly faultMs: number;
  publishedMs = Number.NaN;
  attachedMs: number | undefined;
  killed = false;
  readonly #clock: LabClock;
  readonly #onEntry: ((entry: TimelineEntry) => void) | undefined;

  constructor(clock: LabClock, onEntry: ((entry: TimelineEntry) => void) | undefined) {
    this.#clock = clock;
    this.#onEntry = onEntry;
    this.faultMs = clock.now();
  }

  tell(kind: TimelineEntry['kind'], text: string, atMs = this.#clock.now()): void {
    const entry = { atMs: Math.round(atMs - this.faultMs), kind, text };
    this.timeline.push(entry);
    this.#onEntry?.(entry);
  }

  fact(fact: Fact): void {
    const tell = (): void => this.tell(fact.kind, describeFact(fact), fact.atMs);
    if (fact.kind !== 'transition') return tell();
    if (/ attached /.test(fact.text)) this.attachedMs = fact.atMs;
    // What a call sets off is told after the call.
    queueMicrotask(tell);
  }

  delivery(delivery: Delivery): void {
    const { kind, atMs, functionName } = delivery;
    this.tell(kind === 'matched' || kind === 'ticked' ? 'rule' : 'function', describeDelivery(delivery), atMs);
    if (kind === 'matched' && Number.isNaN(this.publishedMs)) this.publishedMs = atMs;
    if (kind === 'invoked') this.runs.push({ functionName, invokedMs: atMs, readyMs: atMs, endedMs: atMs });
  }

  invocation({ coldStart }: Invocation): void {
    const run = this.runs.at(-1);
    if (run === undefined) return;
    run.readyMs += (coldStart?.processMs ?? 0) + (coldStart?.importMs ?? 0);
    run.endedMs = this.#clock.now();
  }

  kill(functionName: string): void {
    this.killed = true;
    this.tell('fault', `function killed: ${functionName}, just after EC2 accepted its detach`);
  }
}
