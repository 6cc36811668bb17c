import {
  bringsNotice,
  closesAnEarlierMove,
  endWithoutPlan,
  type Ending,
  isWrittenAlready,
  phaseAfter,
  STALENESS_MS,
} from '../core/afterwards.ts';
import { decide, type Decision } from '../core/decide.ts';
import { freshMemory, type Memory } from '../core/memory.ts';
import { forceAfterMs } from '../core/patience.ts';
import type { Observation, Trigger } from '../core/model.ts';
import { AwsCallError } from '../errors.ts';
import { perform } from './act.ts';
import { edit, isEditDecision } from './edit.ts';
import { endingOf } from './ending-of.ts';
import { leftSince } from './hearing.ts';
import { endOnceThrottled, lookLater, throttledPauseMs } from './later.ts';
import { observeAgain } from './observe.ts';
import { type ActingDecision, Operation } from './operation.ts';
import { pollIntervalMs } from './poll.ts';
import { noteDown, rememberedInProcess } from './note.ts';
import { Released } from './released.ts';
import { memoryAtFirst, rehearsePlan } from './rehearse.ts';
import { checkReport } from './check.ts';
import { historyReport } from './history.ts';
import { groupReport, groupStatus, notObserved, plannedReport } from './report.ts';
import type { GroupResult } from './result.ts';
import { LEAST_RUNWAY_MS, type Run, timeLeftMs } from './run.ts';
import type { StepOutcome } from './steps.ts';
import { toldBy } from './told-by.ts';

/**
 * Observe, decide, act, and again until nothing is left to do: a refusal, a lost reply or another run's interference
 * is met by looking again, never by a path of its own.
 * @param first what was seen of the group; the run looks again by itself.
 * @throws AwsCallError when a person's edit could not be written, or IAM forbids a read.
 */
export async function reconcile(run: Run, trigger: Trigger, first: Observation): Promise<GroupResult> {
  const released = new Released();
  const given = { ...memoryAtFirst(run, trigger, first), ...rememberedInProcess(run, first.group) };
  const { result, memory } = await settle(run, trigger, { first, seen: first }, given, released);
  // What was finished is an earlier move that stood in the way; what the trigger is about has not been looked at yet.
  const unanswered = closesAnEarlierMove(result.code) && result.operation?.result === 'done';
  if (!unanswered && !bringsNotice(trigger, first, run.settings.statePrefix)) return result;
  const own = await answerAfterwards(run, trigger, first, memory, released);
  if (own?.operation) return own;
  return own?.news ? { ...result, news: [...(result.news ?? []), ...own.news] } : result;
}

/** Looks once more, when every read must show what was just finished; without the time for it, the next run will. */
async function answerAfterwards(
  run: Run,
  trigger: Trigger,
  before: Observation,
  { wrote }: Memory,
  released: Released,
): Promise<GroupResult | undefined> {
  const memory = { ...freshMemory(run.id), ...rememberedInProcess(run, before.group), ...(wrote && { wrote }) };
  const observation = await lookLater(run, trigger, before, STALENESS_MS);
  if (!observation || released.isAnyOld(observation)) return undefined;
  return (await settle(run, trigger, { first: before, seen: observation }, memory, released)).result;
}

export interface Settled {
  readonly result: GroupResult;
  /** What the run knows of the group in the end. */
  readonly memory: Memory;
}

/** Until nothing is left to do, or somebody else has to do it. */
export async function settle(
  run: Run,
  trigger: Trigger,
  { first, seen }: { readonly first: Observation; readonly seen: Observation },
  known: Memory,
  released: Released,
): Promise<Settled> {
  let given = known;
  let observation = seen;
  let operation: Operation | undefined;
  for (;;) {
    const memory = { ...(operation?.memory ?? given), left: leftSince(first, observation, released) };
    const decision = decide(trigger, observation, memory, run.settings);
    if (isActing(decision) && isOnlyAsked(trigger)) {
      const denial = await rehearsePlan(run, trigger, decision.plan);
      if (!denial) return { result: plannedReport(decision, run.looksOnly), memory };
      given = { ...given, refused: { ...given.refused, [denial.instanceId]: denial } };
      continue;
    }
    const next = isActing(decision)
      ? await goOn(run, trigger, (operation ??= new Operation(run, decision, released)), decision)
      : await comeToRest(run, trigger, operation, decision);
    if (next === 'untaggable') {
      given = { ...given, ...rememberedInProcess(run, first.group) };
      operation = undefined;
      continue;
    }
    if ('code' in next) return { result: next, memory: operation?.memory ?? memory };
    observation = next;
  }
}

const isActing = (decision: Decision): decision is ActingDecision => decision.plan !== undefined;

const isOnlyAsked = (trigger: Trigger): boolean => trigger.kind === 'request' && trigger.action === 'plan';

/** Nothing is to be done: says so, and notes what changed; or looks again, where reads may be behind the event. */
async function comeToRest(
  run: Run,
  trigger: Trigger,
  operation: Operation | undefined,
  decision: Decision,
): Promise<Observation | GroupResult> {
  if (operation) {
    operation.hear(decision);
    // Another run's move is that run's to end: what this one has seen of it is no result of it.
    if (decision.code === 'operation-in-progress')
      return ended(operation, decision, { result: 'superseded', reason: decision.reason });
    const origin = { id: operation.id, from: operation.origin.plan.from };
    return ended(operation, decision, endWithoutPlan(decision.facts, decision.reason, origin));
  }
  const { waitsFor, lookAgainAfterMs, facts } = decision;
  const { observation } = facts;
  const pauseMs = waitsFor ? throttledPauseMs(run) : lookAgainAfterMs;
  const newer = pauseMs === undefined ? undefined : await lookLater(run, trigger, observation, pauseMs);
  if (newer) return newer;
  // What might have decided could not be had in the run's time: Lambda tries again, as for any read that failed.
  if (waitsFor) return notObserved(observation.group, 'aws-call-failed', `${decision.reason} (${waitsFor.reason})`);
  if (isEditDecision(decision)) return edit(run, decision);
  const news = await noteDown(run, decision);
  const result = { ...groupReport(decision), ...toldBy(decision, news) };
  if (trigger.kind !== 'request') return result;
  if (trigger.action === 'history') return historyReport(run, result);
  if (trigger.action === 'check') return checkReport(run, trigger, result, decision);
  return trigger.action === 'status' ? { ...result, status: groupStatus(decision, run.settings) } : result;
}

/** One round of a move, and then another look at the group, unless the round was the end of it. */
async function goOn(
  run: Run,
  trigger: Trigger,
  operation: Operation,
  decision: ActingDecision,
): Promise<Observation | GroupResult | 'untaggable'> {
  const ending = (await attempt(run, operation, decision)) ?? (await lookAgain(run, trigger, operation, decision));
  if (ending === 'untaggable') return ending;
  return 'result' in ending ? ended(operation, decision, ending) : ending;
}

/** Returns how the operation ended, or nothing when the group has to be looked at again. */
async function attempt(
  run: Run,
  operation: Operation,
  decision: ActingDecision,
): Promise<Ending | 'untaggable' | undefined> {
  const runwayMs = decision.plan.kind === 'new' ? LEAST_RUNWAY_MS + forceWaitMs(decision) : 0;
  if (timeLeftMs(run) <= runwayMs)
    return { result: 'interrupted', reason: 'too little of the run’s time was left to go on' };
  const round = operation.nextRound(decision);
  if (!round) return { result: 'interrupted', reason: 'the group did not come to rest within this run' };
  const outcome = await orInterrupted(() => perform(run, round));
  const isThrottled = outcome.kind === 'look-again' && outcome.throttled === true;
  operation.throttled = isThrottled ? operation.throttled + 1 : 0;
  return (isThrottled ? endOnceThrottled(decision.facts) : undefined) ?? endingOf(outcome, operation, decision);
}

/** No wait for a forced detach is longer: one that no run could end in is continued by the next, from the intent on. */
const LONGEST_FORCE_WAIT_MS = 30_000;

/** How long the plan may have to wait before it may use force: a move is not begun that would be cut off in there. */
function forceWaitMs({ plan, facts }: ActingDecision): number {
  const left = plan.resources.flatMap(({ leave }) => (leave ? [forceAfterMs(facts, leave.instanceId, plan)] : []));
  const longestMs = Math.max(0, ...left);
  return longestMs > LONGEST_FORCE_WAIT_MS ? 0 : longestMs;
}

async function lookAgain(
  run: Run,
  trigger: Trigger,
  { log, throttled, released }: Operation,
  { facts }: Decision,
): Promise<Observation | Ending> {
  try {
    while (timeLeftMs(run) > 0) {
      // The longer it takes, the less often: what keeps EC2 from answering is not helped by asking.
      const waitedMs = run.clock.now() - log.startedAt;
      await run.clock.sleep(
        throttled > 0 ? throttledPauseMs(run, throttled) : pollIntervalMs(waitedMs, run.clock.random()),
      );
      const seen = await observeAgain(run, trigger, facts.observation.group, facts.observation);
      if (!released.isAnyOld(seen)) return seen;
    }
    return { result: 'interrupted', reason: 'EC2 still showed what had been detached when the run’s time was up' };
  } catch (error) {
    return interruptedBy(error);
  }
}

async function orInterrupted(step: () => Promise<StepOutcome>): Promise<StepOutcome> {
  try {
    return await step();
  } catch (error) {
    return { kind: 'interrupted', reason: interruptedBy(error).reason };
  }
}

/** Once an operation has begun, a read that fails does not undo it: it is interrupted, and somebody goes on with it. */
function interruptedBy(error: unknown): Ending {
  if (error instanceof AwsCallError) return { result: 'interrupted', reason: error.message };
  throw error;
}

async function ended(operation: Operation, last: Decision, ending: Ending): Promise<GroupResult> {
  const phase = phaseAfter(ending, last.plan !== undefined);
  if (phase && !isWrittenAlready(ending, last.facts))
    await operation.recorder?.leaveNote(phase, ending.reason, last, operation.throttled > 0);
  return operation.report(groupReport(last), ending);
}
