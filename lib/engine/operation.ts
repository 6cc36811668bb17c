import { type Ending, isNews } from '../core/afterwards.ts';
import type { Decision } from '../core/decide.ts';
import type { Rejection } from '../core/elect.ts';
import type { Intent } from '../core/ledger.ts';
import type { Memory, Refusal } from '../core/memory.ts';
import type { EnaOptions } from '../core/model.ts';
import { HUNG, KEPT, refusalWord } from '../core/refusals.ts';
import type { Plan } from '../core/plan.ts';
import { warning } from '../core/warnings.ts';
import { Hearing } from './hearing.ts';
import { once } from './note.ts';
import { Recorder } from './record.ts';
import type { GroupResult, OperationResult } from './result.ts';
import type { Run } from './run.ts';
import type { Released } from './released.ts';
import { StepLog, type Unanswered, type Undone } from './steps.ts';

/** A decision that something is to be done. */
export type ActingDecision = Decision & { readonly plan: Plan };

/** What one round of a move works with. */
export interface Round {
  readonly decision: ActingDecision;
  readonly plan: Plan;
  readonly intent: Intent;
  readonly recorder: Recorder;
  readonly log: StepLog;
  readonly released: Released;
  readonly hearing: Hearing;
}

/** An intent outlives its run by nothing: past Lambda's own deadline nobody is at it any more. */
const LONGEST_INTENT_MS = 15 * 60_000;
/** Each round learns something (a refusal, a fact); a group that needs more than this waits for the next run. */
const MAX_ROUNDS = 12;

/** So often an attach to one member may go unanswered, and be seen not to have happened, before another one is tried. */
const MOST_UNANSWERED = 3;
/** So many indexes are tried on one member; what declines them all declines the member. */
const MOST_INDEXES = 3;

/** One move, as this run lives through it: over all its rounds, with what it has learnt on the way. */
export class Operation {
  readonly id: string;
  readonly log: StepLog;
  /** The first decision: it says why the group is moved at all. */
  readonly origin: ActingDecision;
  /** Keeps the ledger of the round that ran last. */
  recorder: Recorder | undefined;
  /** So many rounds, the last one among them, ended because AWS throttled a change, whose own attempts are used up. */
  throttled = 0;
  private readonly run: Run;
  /** What this run has taken off an instance: no look that shows it there any more is to be believed. */
  readonly released: Released;
  /** What was noted of members by others, as its looks have shown. */
  readonly hearing: Hearing;
  private readonly refused: Record<string, Refusal> = {};
  private readonly stuck: Record<string, string> = {};
  private overdue: readonly string[] = [];
  private readonly rejected = new Map<string, Rejection>();
  private abandoned: string | undefined;
  private readonly kept: string[] = [];
  private denial: Refusal | undefined;
  /** How the interfaces were attached when they were seen attached. */
  private readonly carried: Record<string, EnaOptions> = {};
  private readonly unanswered: Record<string, number> = {};
  private rounds = 0;

  constructor(run: Run, origin: ActingDecision, released: Released) {
    this.released = released;
    this.run = run;
    this.origin = origin;
    this.hearing = new Hearing(run.settings.statePrefix);
    this.log = new StepLog(run.clock, run.onStep);
    this.id = (origin.plan.kind === 'new' ? undefined : origin.facts.intent?.id) ?? newId(run);
  }

  /** Notes the reasons of a decision that belongs to this operation. */
  hear({ rejected }: Decision): void {
    for (const rejection of rejected) this.rejected.set(rejection.instanceId, rejection);
  }

  /** Prepares a round; undefined once there were more of them than any sane history needs. */
  nextRound(decision: ActingDecision): Round | undefined {
    this.hear(decision);
    this.rounds += 1;
    if (this.rounds > MAX_ROUNDS) return undefined;
    const { plan, facts } = decision;
    for (const { id, attachment } of facts.observation.interfaces) {
      if (attachment?.ena) this.carried[id] = attachment.ena;
      if (attachment) this.log.noteDevice(id, attachment);
    }
    const intent = this.intentFor(decision);
    this.recorder = new Recorder(this.run, decision, this.log);
    return {
      decision,
      plan,
      intent,
      recorder: this.recorder,
      log: this.log,
      released: this.released,
      hearing: this.hearing,
    };
  }

  refuse(instanceId: string, refusal: Refusal): void {
    const before = this.refused[instanceId];
    const others = before ? [...(before.others ?? []), before.interfaceId] : [];
    const devices = [...(before?.devices ?? []), ...(refusal.devices ?? [])];
    // Another index may do: it is not the member that was declined.
    const isOnlyIndex = refusal.devices !== undefined && devices.length <= MOST_INDEXES;
    const { devices: _, ...whole } = refusal;
    this.refused[instanceId] = { ...whole, ...(isOnlyIndex ? { devices } : others.length > 0 && { others }) };
    if (!refusal.unanswered) this.log.noteRefused(instanceId, refusalWord(refusal));
    if (refusal.devices && instanceId === this.origin.plan.from) this.log.noteWithheld(instanceId, refusal.devices);
    if (refusal.denied) this.denial = refusal;
  }

  /**
   * EC2 has not said what became of an attach to this member. Once may be a lost reply, and the next look shows it; what
   * goes on like that would keep the group on nobody beside members that could take it. The next run knows nothing of it:
   * it is an API that fails, and says nothing of the member.
   */
  miss({ instanceId, ...refusal }: Unanswered): void {
    const count = (this.unanswered[instanceId] ?? 0) + 1;
    this.unanswered[instanceId] = count;
    if (count >= MOST_UNANSWERED) this.refuse(instanceId, { ...refusal, unanswered: true });
  }

  /** An attach to this member does not end, or came undone. */
  giveUpOn(instanceId: string, reason: string, attachmentIds: readonly string[]): void {
    this.stuck[instanceId] = reason;
    this.log.noteStuck(instanceId);
    this.log.noteRefused(instanceId, HUNG);
    this.overdue = [...this.overdue, ...attachmentIds];
  }

  /** The time of the run is up: what has come undone by then is given up. */
  noteUndone(undone: Undone | undefined): void {
    if (undone) this.giveUpOn(undone.instanceId, undone.reason, []);
  }

  /** The holder does not let an interface go. */
  abandon(instanceId: string, reason: string, attachmentIds: readonly string[]): void {
    this.abandoned = reason;
    this.kept.push(...attachmentIds);
    this.log.noteRefused(instanceId, KEPT);
  }

  /** What the next decision may build on. */
  get memory(): Memory {
    const { wrote } = this.recorder ?? {};
    const { denied, untaggable, unrecorded } = this.origin.facts.memory;
    return {
      runId: this.run.id,
      isAtIt: true,
      heard: this.hearing.notices(),
      refused: { ...this.refused },
      ...(denied && { denied }),
      ...(untaggable && { untaggable }),
      ...(unrecorded && { unrecorded }),
      carried: { ...this.carried },
      stuck: { ...this.stuck },
      overdue: this.overdue,
      ...(wrote && { wrote }),
      ...(this.abandoned !== undefined && { abandoned: this.abandoned, kept: [...this.kept] }),
    };
  }

  /** The intent to write, or the recorded one that this run goes on with. */
  private intentFor({ plan, facts }: ActingDecision): Intent {
    if (plan.kind !== 'new' && facts.intent) return facts.intent;
    const { action, from, to, automatic, ignoreHealth, named, probed, plain, drill } = plan;
    const begunAt = this.run.clock.now();
    const deadlineAt = Math.min(this.run.deadlineAt, begunAt + LONGEST_INTENT_MS);
    const route = { ...(from !== undefined && { from }), to };
    const kept = { ...(plain && { plain }), ...(drill !== undefined && { drill }) };
    const how = { ...(named && { named }), ...(probed && { probed }), ...kept };
    return { id: this.id, action, ...route, ...how, runId: this.run.id, begunAt, deadlineAt, automatic, ignoreHealth };
  }

  /** How it ended, as one result of a group. */
  report(base: GroupResult, ending: Ending): GroupResult {
    const { plan, code, reason: why, analysis, facts } = this.origin;
    const { result, reason, to } = ending;
    const phases = this.log.phases();
    const operation: OperationResult = {
      id: this.id,
      action: plan.action,
      ...(plan.from !== undefined && { from: plan.from }),
      to: to ?? plan.to,
      resources: plan.resources.map(({ kind, id }) => ({ kind, id })),
      steps: this.log.steps(),
      ...(phases && { phases }),
      result,
      reason,
      durationMs: this.run.clock.now() - this.log.startedAt,
    };
    const rejected = [...this.rejected.values()];
    const unrecorded = this.log.whyUnrecorded();
    const lost = unrecorded === undefined ? [] : [warning('not-recorded', `The tags were refused: ${unrecorded}`)];
    const warnings = [...(base.warnings ?? []), ...this.log.warnings, ...lost];
    // The same failure as before is no news, but that the address was away for it once more is, or that it is back.
    const wasAway = result === 'failed' && (this.log.tookAnything() || this.log.attachedAnything());
    const said = wasAway || isNews(ending, facts) ? [`${plan.action} ${this.id} is ${result}: ${reason}`] : [];
    const news = unrecorded === undefined ? said : once(this.run, facts.observation.group, said, result !== 'done');
    const told = this.deniedBefore(ending) ?? ({ decision: 'act', code, reason: why } as const);
    return {
      ...base,
      analysis,
      ...told,
      rejected,
      ...(warnings.length > 0 && { warnings }),
      ...(news.length > 0 && { news }),
      operation,
    };
  }

  /** Nothing was touched, because it had turned out that no attach would be allowed. */
  private deniedBefore({ result, reason }: Ending) {
    if (result !== 'failed' || !this.denial || this.log.hasTouched()) return undefined;
    return { decision: 'blocked', code: 'attach-denied', reason } as const;
  }
}

/** Short enough to be read out over the phone, unique enough for the log of one group. */
function newId({ clock }: Run): string {
  const random = Math.floor(clock.random() * 36 ** 4)
    .toString(36)
    .padStart(4, '0');
  return `op-${clock.now().toString(36)}-${random}`;
}
