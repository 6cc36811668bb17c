import { isStillOurs } from '../core/afterwards.ts';
import type { Decision } from '../core/decide.ts';
import { carrierIds, carriersOf } from '../core/carriers.ts';
import type { Intent, Ledger } from '../core/ledger.ts';
import { encodeKeys, encodeLedger, encodeOperation, readLedger } from '../core/ledger-codec.ts';
import type { InterfaceView } from '../core/model.ts';
import { runningHolders } from '../core/parts.ts';
import { isHeldWithoutTags } from '../core/permission.ts';
import type { Plan } from '../core/plan.ts';
import { HUNG, KEPT } from '../core/refusals.ts';
import type { Device } from '../core/tags.ts';
import {
  begun,
  type Change,
  completed,
  currentLedger,
  rolledBack,
  triedInVain,
  uncounted,
  unfinished,
  type LeftByForce,
  withForced,
  withPlaces,
  withRefused,
  withStuck,
  withTaken,
} from '../core/transitions.ts';
import { AwsCallError } from '../errors.ts';
import { isForGood, NO_ROOM, rememberRefused } from './note.ts';
import type { Run } from './run.ts';
import type { Finish, StepLog, StepOutcome } from './steps.ts';
import { isEnough, isForLong, unwrittenAgain } from './unwritten.ts';

/** The ledger of one group during one round: what it says now, and the only place that writes it during a move. */
export class Recorder {
  private ledger: Ledger;
  /** The ledger as written last, by this recorder or the one before it. */
  wrote: Ledger | undefined;
  /** The last write may or may not have been applied: what the tags say now is not known. */
  private uncertain = false;
  /** Nothing could be written: there is no intent in the tags that would have to be closed. */
  private without = false;
  private readonly run: Run;
  private readonly decision: Decision & { readonly plan: Plan };
  private readonly log: StepLog;

  constructor(run: Run, decision: Decision & { readonly plan: Plan }, log: StepLog) {
    this.wrote = decision.facts.memory.wrote;
    this.run = run;
    this.decision = decision;
    this.log = log;
    this.ledger = currentLedger(decision.facts);
  }

  /** The intent, before the first step. */
  recordIntent(intent: Intent, reason: string): Promise<StepOutcome> {
    const { facts } = this.decision;
    return this.write('record-intent', begun(this.ledger, facts, this.change(intent, reason)));
  }

  /** The result, once every interface was seen where it should be. */
  recordResult(plan: Plan, intent: Intent, reason: string): Promise<StepOutcome> {
    const change = this.change(intent, reason);
    const moved = plan.kind === 'new' || plan.kind === 'complete';
    const next = moved ? completed(withPlaces(this.ledger, plan), plan.to, change) : rolledBack(this.ledger, change);
    // What did not come about is no move. Where something was taken off and no member is remembered for it,
    // only the count keeps it from recurring.
    const words = this.log.refusals().map(({ code }) => code);
    // It is tried again all the same, less and less often: EC2 may have meant it only once.
    const inVain = words.includes(KEPT) || (plan.kind === 'roll-back' && words.includes(HUNG));
    const undone = words.some((word) => word !== KEPT) || !this.log.tookAnything();
    const forNothing = plan.kind === 'close' || (plan.kind === 'roll-back' && undone);
    const counted = forNothing ? uncounted(next, intent) : next;
    return this.write('record-result', inVain ? triedInVain(counted, change.now) : counted, { plan });
  }

  /** What the plan's target has given the interfaces, all of which were seen there. */
  private devicesOn({ to, resources }: Plan): readonly Device[] {
    return resources.flatMap(({ id, enter }) => {
      const { attachment } = this.decision.facts.observation.interfaces.find((view) => view.id === id) ?? {};
      return enter ?? (attachment?.instanceId === to ? attachment : []);
    });
  }

  /**
   * Tells the next run, and whoever reads the tags, how this one ended. Best effort: the intent is there in any case,
   * and where none was written, or it is not known what was, there is nothing to add to.
   * @param last the last look: an interface that has left the group since is not written to.
   * @param throttled AWS throttled what had to be done for as long as the run could wait.
   */
  async leaveNote(phase: 'moving' | 'failed', reason: string, { facts }: Decision, throttled: boolean): Promise<void> {
    const { operation: intent } = this.ledger;
    const ids = carrierIds(facts.observation, facts.settings.statePrefix);
    const isGone = carriersOf(facts.observation).length === 0;
    if (!intent || this.uncertain || isGone || !isStillOurs(this.ledger, facts.ledger)) return;
    const { now, ...change } = this.change(intent, reason);
    // A run that has ended binds nobody any more.
    const closed = { ...intent, deadlineAt: Math.min(intent.deadlineAt, now) };
    const next = unfinished(this.ledger, phase, { ...change, intent: closed, now });
    const isLoose = facts.observation.interfaces.some(({ attachment }) => !attachment);
    const isKept = this.log.refusals().some(({ code }) => code === KEPT);
    // A run whose time was up after it had given a member up has tried that one, and somebody else is to be next.
    const inVain = phase === 'failed' ? isLoose || isKept : throttled || this.log.stuckMembers().size > 0;
    await this.write('record-result', inVain ? triedInVain(next, now, throttled) : next, { ids });
  }

  /** Whether a look shows that a person has meanwhile recorded another operation in the place of this one. */
  isSupersededIn({ id, tags }: InterfaceView, intent: Intent): boolean {
    const reading = readLedger([{ id, tags }], this.decision.facts.settings.statePrefix);
    if (reading.status !== 'valid') return false;
    const { operation, changedAt } = reading.ledger;
    const newer = changedAt > (this.wrote ?? this.ledger).changedAt;
    return newer && operation !== undefined && !operation.automatic && operation.id !== intent.id;
  }

  /**
   * Memory that cannot be written never costs a move: what this run has begun counts as recorded, and the log line
   * says what the tags would have said.
   */
  private goOnWithout(kind: string, ledger: Ledger, finish: Finish, why: string): StepOutcome {
    const { group } = this.decision.facts.observation;
    this.without = true;
    this.ledger = ledger;
    this.wrote = ledger;
    this.run.process.unrecorded.set(group, ledger);
    finish('failed', why);
    if (kind === 'record-intent') {
      const message = `The intent could not be recorded in the tags, and the move goes on without: ${why}`;
      this.run.log({ level: 'WARN', message, runId: this.run.id, group, intent: ledger.operation });
    }
    return { kind: 'done' };
  }

  /** A move that nobody can count is made once in the cooldown: to be decided anew, before anything is detached. */
  private refusedForGood(kind: string, ledger: Ledger, finish: Finish, why: string): StepOutcome {
    const { facts, plan } = this.decision;
    this.run.process.untaggable.add(facts.observation.group);
    if (kind !== 'record-intent' || !isHeldWithoutTags(facts, plan)) return this.goOnWithout(kind, ledger, finish, why);
    finish('failed', why);
    return { kind: 'untaggable' };
  }

  /** What nobody serves is not kept waiting for the tags. */
  private isUnserved(): boolean {
    return runningHolders(this.decision.facts).length === 0;
  }

  /** The notices that a move began under go with its intent; afterwards they are those of other writers. */
  private tagsOf(kind: string, ledger: Ledger, statePrefix: string): Readonly<Record<string, string>> {
    const own = encodeOperation(ledger, statePrefix);
    const withNotes = { ...own, ...encodeKeys(ledger, ['notes'], statePrefix) };
    if (kind === 'record-result') return ledger.loose === this.ledger.loose ? own : withNotes;
    if (!this.decision.facts.ledger) return encodeLedger(ledger, statePrefix);
    return ledger.notices.length > 0 || ledger.silent !== undefined ? withNotes : own;
  }

  private change(intent: Intent, reason: string): Change {
    return { intent, reason, now: this.run.clock.now() };
  }

  /** What is stuck on one that takes nothing is ended by force as well; the slot it left is not what is wrong there. */
  private leftByForce(): readonly LeftByForce[] {
    const [forced, stuck] = [this.log.forcedDevices(), this.log.stuckMembers()];
    return this.decision.facts.observation.members.flatMap((member) => {
      const devices = stuck.has(member.id) ? undefined : forced.get(member.id);
      return devices ? [{ member, devices }] : [];
    });
  }

  /**
   * One CreateTags call for all interfaces of the group.
   * @param done with the plan that was carried out: every interface was seen where it leads.
   */
  private async write(
    kind: 'record-intent' | 'record-result',
    next: Ledger,
    done: { readonly plan?: Plan; readonly ids?: readonly string[] } = {},
  ): Promise<StepOutcome> {
    const { settings, observation } = this.decision.facts;
    const ids = done.ids ?? carrierIds(observation, settings.statePrefix);
    const now = this.run.clock.now();
    const stuck = this.log.stuckMembers();
    // Whoever has taken it in the end has only declined an index.
    const refusals = this.log
      .refusals()
      .filter(({ instanceId, code }) => instanceId !== done.plan?.to || code === KEPT);
    const refused = withRefused(next, refusals, now, settings.cooldownSeconds * 1000);
    const forced = withForced(refused, this.leftByForce(), now);
    const ledger = withStuck(
      done.plan ? withTaken(forced, done.plan.to, this.devicesOn(done.plan)) : forced,
      observation.members.filter(({ id }) => stuck.has(id)),
    );
    const finish = this.log.begin(kind, ids[0] ?? observation.interfaces[0]?.id ?? '');
    if (ids.length === 0) return this.refusedForGood(kind, ledger, finish, NO_ROOM);
    try {
      await this.run.cloud.writeTags(ids, this.tagsOf(kind, ledger, settings.statePrefix));
      this.ledger = ledger;
      this.wrote = ledger;
      this.run.process.untaggable.delete(observation.group);
      rememberRefused(this.run, ids, false);
      this.run.process.unrecorded.delete(observation.group);
      this.run.process.unwrittenIntents.delete(observation.group);
      finish('done');
      return { kind: 'done' };
    } catch (error) {
      if (!(error instanceof AwsCallError)) throw error;
      rememberRefused(this.run, ids, isForGood(error));
      if (isForGood(error)) return this.refusedForGood(kind, ledger, finish, error.message);
      const failing = kind === 'record-intent' ? unwrittenAgain(this.run, observation.group) : undefined;
      if (this.without || (failing && this.isUnserved() && isEnough(error, failing)))
        return this.goOnWithout(kind, ledger, finish, error.message);
      if (failing && isForLong(failing)) return this.refusedForGood(kind, ledger, finish, error.message);
      // Unknown whether it was written: reading it again tells. Anything else does not get better by asking again.
      this.uncertain = error.failure === 'ambiguous' || error.failure === 'conflict' || error.failure === 'gone';
      finish(this.uncertain ? 'unknown' : 'failed', error.message);
      if (this.uncertain) return { kind: 'look-again' };
      return { kind: kind === 'record-intent' ? 'failed' : 'interrupted', reason: error.message };
    }
  }
}
