import type { Conclusion } from '../core/conclusion.ts';
import type { Decision } from '../core/decide.ts';
import type { Rejection } from '../core/elect.ts';
import type { Intent } from '../core/ledger.ts';
import type { Experience, Observation, Refusal } from '../core/model.ts';
import type { Plan } from '../core/plan.ts';
import type { Recorder } from './record.ts';
import type { GroupResult, OperationResult } from './result.ts';
import { type Run, StepLog } from './run.ts';

/** What was seen and what follows from it. */
export interface Sight {
  readonly decision: Decision;
  readonly observation: Observation;
}

export type ActSight = Sight & { readonly decision: Extract<Conclusion, { decision: 'act' }> };

/** An intent outlives its run by nothing: past Lambda's own deadline nobody is at it any more. */
const LONGEST_INTENT_MS = 15 * 60_000;

/** One move, as this run lives through it: over all its rounds, with what it has learnt on the way. */
export class Operation {
  readonly id: string;
  readonly log: StepLog;
  /** The first decision: it says why the group is moved at all. */
  readonly origin: ActSight;
  /** Keeps the ledger of the round that ran last. */
  recorder: Recorder | undefined;
  /** The last round ended because AWS throttled a change, whose own attempts are used up. */
  throttled = false;
  private readonly run: Run;
  private readonly refused: Record<string, Refusal> = {};
  private readonly rejected = new Map<string, Rejection>();
  private abandoned: string | undefined;
  private rounds = 0;

  constructor(run: Run, origin: ActSight) {
    this.run = run;
    this.origin = origin;
    this.log = new StepLog(run.clock);
    this.id = origin.decision.situation.intent?.id ?? newId(run);
  }

  /** Notes a decision of this operation; false once there were more rounds than any sane history needs. */
  nextRound({ decision }: Sight): boolean {
    for (const rejection of decision.rejected) this.rejected.set(rejection.instanceId, rejection);
    this.rounds += 1;
    return this.rounds <= MAX_ROUNDS;
  }

  refuse(instanceId: string, refusal: Refusal): void {
    this.refused[instanceId] = refusal;
  }

  abandon(reason: string): void {
    this.abandoned = reason;
  }

  /** What the next decision may build on. */
  get experience(): Experience {
    const { wrote } = this.recorder ?? {};
    return {
      runId: this.run.id,
      refused: { ...this.refused },
      ...(wrote && { wrote }),
      ...(this.abandoned !== undefined && { abandoned: this.abandoned }),
    };
  }

  /** The intent to write, or the recorded one that this run goes on with. */
  intentFor(plan: Plan, { decision }: Sight): Intent {
    const { intent } = decision.situation;
    if (plan.kind !== 'new' && intent) return intent;
    const { action, from, to, automatic, ignoreHealth } = plan;
    const deadlineAt = Math.min(this.run.deadlineAt, this.run.clock.now() + LONGEST_INTENT_MS);
    const origin = from === undefined ? {} : { from };
    return { id: this.id, action, ...origin, to, runId: this.run.id, deadlineAt, automatic, ignoreHealth };
  }

  /** How it ended, as one result of a group. */
  report(base: GroupResult, result: OperationResult['result'], reason: string, to?: string): GroupResult {
    const { plan, code, reason: why, analysis } = { ...this.origin.decision };
    const operation: OperationResult = {
      id: this.id,
      action: plan.action,
      ...(plan.from !== undefined && { from: plan.from }),
      to: to ?? plan.to,
      interfaces: plan.interfaces.map((move) => move.interfaceId),
      steps: this.log.steps(),
      result,
      reason,
      durationMs: this.run.clock.now() - this.log.startedAt,
    };
    const rejected = [...this.rejected.values()];
    // A sweep that fails where the last one failed has no news; everything else a move does is worth telling.
    const repeated = result === 'failed' && this.origin.decision.situation.ledger?.phase === 'failed';
    const news = repeated ? {} : { news: [`${plan.action} ${this.id} is ${result}: ${reason}`] };
    return { ...base, analysis, decision: 'act', code, reason: why, rejected, ...news, operation };
  }
}

/** Each round learns something (a refusal, a fact); a group that needs more than this waits for the next run. */
const MAX_ROUNDS = 12;

/** Short enough to be read out over the phone, unique enough for the log of one group. */
function newId({ clock }: Run): string {
  const random = Math.floor(clock.random() * 36 ** 4)
    .toString(36)
    .padStart(4, '0');
  return `op-${clock.now().toString(36)}-${random}`;
}
