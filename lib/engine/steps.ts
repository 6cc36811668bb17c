import type { Clock } from '../clock.ts';
import type { ResourceRef } from '../core/ledger.ts';
import type { Refusal } from '../core/memory.ts';
import type { AttachmentView } from '../core/model.ts';
import type { Device } from '../core/tags.ts';
import { phasesOf } from './phases.ts';
import type { Phases, Step, StepKind, StepResult } from './result.ts';

/** How a part of a move ended, and so what has to happen next. */
export type StepOutcome =
  | { readonly kind: 'done' }
  /** Something is not as it was observed, or unknown: observe and decide anew. */
  | { readonly kind: 'look-again'; readonly throttled?: boolean; readonly unanswered?: Unanswered }
  /** EC2 does not let this member take the interfaces: another one has to. */
  | ({ readonly kind: 'refused'; readonly instanceId: string } & Refusal)
  /** EC2 accepted the attach and does not bring it to its end: another member has to take the interfaces. */
  | {
      readonly kind: 'stuck';
      readonly instanceId: string;
      readonly reason: string;
      readonly attachmentIds: readonly string[];
    }
  /** A person has replaced the operation by another one, whose run is at it now. */
  | { readonly kind: 'superseded' }
  /** The move must not go on: what was detached goes back. */
  | {
      readonly kind: 'abandon';
      readonly instanceId: string;
      readonly reason: string;
      readonly attachmentIds: readonly string[];
    }
  /** The tags are refused, and so the move is one too many: nothing was begun. */
  | { readonly kind: 'untaggable' }
  /** Nothing was begun, because it could not be written down first. */
  | { readonly kind: 'failed'; readonly reason: string }
  /** Time is up, and a plain detach is still waited for: whoever comes next goes on waiting. */
  | { readonly kind: 'detaching'; readonly reason: string }
  /** Time is up: whoever comes next goes on. */
  | { readonly kind: 'interrupted'; readonly reason: string; readonly undone?: Undone };

/** A member on which an attach came undone, with a sentence about it. */
export interface Undone {
  readonly instanceId: string;
  readonly reason: string;
}

/** An attach to a member that EC2 has answered with an error of its own, or not at all. */
export type Unanswered = Refusal & { readonly instanceId: string };

/** Notes how a step ended. */
export type Finish = (result: StepResult, reason?: string) => void;

/** Hears of each step when it begins and when it has ended, with the milliseconds since its operation began. */
export type StepListener = (step: Step, phase: 'begun' | 'ended', sinceMs: number) => void;

/** The steps of one operation, in the order they were begun. */
export class StepLog {
  private readonly entries: { step: Step; readonly startedAt: number; open: boolean }[] = [];
  private readonly seen = new Map<string, Device>();
  private readonly refused = new Map<string, string>();
  private readonly stuck = new Set<string>();
  private readonly withheld = new Map<string, readonly Device[]>();
  private readonly clock: Clock;
  private readonly onStep: StepListener;
  readonly startedAt: number;
  /** What a step could not do as it should, although it was done: one sentence each. */
  readonly warnings: string[] = [];

  /** @param onStep must not throw. */
  constructor(clock: Clock, onStep: StepListener = () => undefined) {
    this.clock = clock;
    this.onStep = onStep;
    this.startedAt = clock.now();
  }

  /** Notes the device at which an interface was seen on an instance. */
  noteDevice(id: string, { instanceId, deviceIndex, networkCardIndex }: AttachmentView): void {
    this.seen.set(`${id} ${instanceId}`, { deviceIndex, networkCardIndex });
  }

  /** Notes that a step begins and returns the function that notes how it ended; until then it is `unknown`. */
  begin(kind: StepKind, id: string, instanceId?: string): Finish {
    const startedAt = this.clock.now();
    const where = instanceId === undefined ? {} : { instanceId };
    const resource: ResourceRef = { kind: 'interface', id };
    const step: Step = { kind, resource, ...where, result: 'unknown', durationMs: 0 };
    const entry = { step, startedAt, open: true };
    this.entries.push(entry);
    this.onStep(step, 'begun', startedAt - this.startedAt);
    return (result, reason) => {
      const why = reason === undefined ? {} : { reason };
      const endedAt = this.clock.now();
      entry.step = { ...entry.step, result, durationMs: endedAt - startedAt, ...why };
      entry.open = false;
      this.onStep(entry.step, 'ended', endedAt - this.startedAt);
    };
  }

  /** The steps as reported; one that is still open has taken until now. */
  steps(): readonly Step[] {
    const now = this.clock.now();
    return this.entries.map(({ step, startedAt, open }) => (open ? { ...step, durationMs: now - startedAt } : step));
  }

  /** How long the parts of the move took; undefined where nothing left one member for another. */
  phases(): Phases | undefined {
    return phasesOf(this.entries.map(({ step, startedAt }) => ({ ...step, startedAt })));
  }

  /** Whether any interface was to leave or to enter an instance, whatever became of it. */
  hasTouched(): boolean {
    return this.entries.some(({ step: { kind } }) => ['detach', 'force-detach', 'attach'].includes(kind));
  }

  /** A member was refused an interface, or may not be attached to. */
  noteRefused(instanceId: string, code: string): void {
    this.refused.set(instanceId, code);
  }

  refusals(): readonly { readonly instanceId: string; readonly code: string }[] {
    return [...this.refused].map(([instanceId, code]) => ({ instanceId, code }));
  }

  /** Why the tags that remember this operation were refused last, if they were. */
  whyUnrecorded(): string | undefined {
    const refused = this.entries.filter(
      ({ step: { kind, result } }) => kind.startsWith('record-') && result === 'failed',
    );
    return refused.at(-1)?.step.reason;
  }

  /** An attach to this member did not end, or came undone. */
  noteStuck(instanceId: string): void {
    this.stuck.add(instanceId);
  }

  stuckMembers(): ReadonlySet<string> {
    return this.stuck;
  }

  /** EC2 did not give the instance that was left this device back: somebody has left it by force. */
  noteWithheld(instanceId: string, devices: readonly Device[]): void {
    this.withheld.set(instanceId, [...(this.withheld.get(instanceId) ?? []), ...devices]);
  }

  /** Whether anything may have been taken off an instance. */
  tookAnything(): boolean {
    const harmless: readonly StepResult[] = ['refused', 'failed'];
    return this.entries.some(
      ({ step }) => (step.kind === 'detach' || step.kind === 'force-detach') && !harmless.includes(step.result),
    );
  }

  /** Whether anything was seen attached that this operation has attached. */
  attachedAnything(): boolean {
    return this.entries.some(({ step: { kind, result } }) => kind === 'attach' && result === 'done');
  }

  /**
   * Instances that were detached from by force, as far as is known (a reply that was lost counts), and which devices. It
   * may have been another run, whose place this one has taken: then EC2's refusal is all there is to know it by.
   */
  forcedDevices(): ReadonlyMap<string, readonly Device[]> {
    const found = new Map(this.withheld);
    for (const { step } of this.entries) {
      const { kind, resource, result, instanceId } = step;
      if (kind !== 'force-detach' || instanceId === undefined || (result !== 'done' && result !== 'unknown')) continue;
      const device = this.seen.get(`${resource.id} ${instanceId}`);
      found.set(instanceId, [...(found.get(instanceId) ?? []), ...(device ? [device] : [])]);
    }
    return found;
  }
}
