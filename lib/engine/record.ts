import type { Intent, Ledger } from '../core/ledger.ts';
import { encodeLedger } from '../core/ledger-codec.ts';
import type { Plan } from '../core/plan.ts';
import {
  begun,
  type Change,
  completed,
  currentLedger,
  rolledBack,
  unfinished,
  withForced,
} from '../core/transitions.ts';
import { AwsCallError } from '../errors.ts';
import type { Sight } from './operation.ts';
import type { StepOutcome } from './outcome.ts';
import type { Run, StepLog } from './run.ts';

/** The ledger of one group during one round: what it says now, and the only place that writes it. */
export class Recorder {
  private ledger: Ledger;
  /** The ledger as written last, by this recorder or the one before it. */
  wrote: Ledger | undefined;
  /** The last write may or may not have been applied: what the tags say now is not known. */
  private uncertain = false;
  private readonly run: Run;
  private readonly sight: Sight;
  private readonly log: StepLog;

  constructor(run: Run, sight: Sight, log: StepLog) {
    this.wrote = sight.observation.experience?.wrote;
    this.run = run;
    this.sight = sight;
    this.log = log;
    this.ledger = currentLedger(sight.decision.situation, run.clock.now());
  }

  /** The intent, before the first step. */
  recordIntent(intent: Intent, reason: string): Promise<StepOutcome> {
    const { observation, decision } = this.sight;
    const { cooldownSeconds } = decision.situation.settings;
    const ledger = begun(this.ledger, observation.interfaces, this.change(intent, reason), cooldownSeconds);
    return this.write('record-intent', ledger);
  }

  /** The result, once every interface was seen where it should be. */
  recordResult(plan: Plan, intent: Intent, reason: string): Promise<StepOutcome> {
    const change = this.change(intent, reason);
    const moved = plan.kind === 'new' || plan.kind === 'complete';
    const next = moved ? completed(this.ledger, plan.to, change) : rolledBack(this.ledger, change);
    return this.write('record-result', next);
  }

  /**
   * Tells the next run, and whoever reads the tags, how this one ended. Best effort: the intent is there in any case,
   * and where none was written, or it is not known what was, there is nothing to add to.
   * @param sight the last look: an interface that has left the group since is not written to.
   */
  async leaveNote(phase: 'moving' | 'failed', reason: string, { observation, decision }: Sight): Promise<void> {
    const { operation: intent, phase: written, changedAt } = this.ledger;
    const { interfaces } = observation;
    if (written === 'steady' || !intent || this.uncertain || interfaces.length === 0) return;
    const { ledger: seen } = decision.situation;
    // Another operation has been recorded since: the ledger is that one's now.
    if (seen && seen.changedAt > changedAt && seen.operation?.id !== intent.id) return;
    await this.write('record-result', unfinished(this.ledger, phase, this.change(intent, reason)), interfaces);
  }

  private change(intent: Intent, reason: string): Change {
    return { intent, reason, now: this.run.clock.now() };
  }

  /** One CreateTags call for all interfaces of the group. */
  private async write(
    kind: 'record-intent' | 'record-result',
    next: Ledger,
    interfaces = this.sight.observation.interfaces,
  ): Promise<StepOutcome> {
    const { decision, observation } = this.sight;
    const ids = interfaces.map((view) => view.id);
    const forcedIds = this.log.forcedHolders();
    const forced = observation.members.filter((member) => forcedIds.has(member.id));
    const ledger = withForced(next, forced);
    const finish = this.log.begin(kind, ids[0] ?? '');
    try {
      await this.run.cloud.writeTags(ids, encodeLedger(ledger, decision.situation.settings.statePrefix));
      this.ledger = ledger;
      this.wrote = ledger;
      finish('done');
      return { kind: 'done' };
    } catch (error) {
      if (!(error instanceof AwsCallError)) throw error;
      // Unknown whether it was written: reading it again tells. Anything else does not get better by asking again.
      this.uncertain = error.failure === 'ambiguous' || error.failure === 'conflict' || error.failure === 'gone';
      finish(this.uncertain ? 'unknown' : 'failed', error.message);
      if (this.uncertain) return { kind: 'look-again' };
      return { kind: kind === 'record-intent' ? 'failed' : 'interrupted', reason: error.message };
    }
  }
}
