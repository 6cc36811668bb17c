import { decide } from '../core/decide.ts';
import type { Ledger } from '../core/ledger.ts';
import type { Observation, Trigger } from '../core/model.ts';
import { AwsCallError } from '../errors.ts';
import { perform } from './act.ts';
import { lookPastLag } from './lag.ts';
import { leaveNote } from './note.ts';
import { observeAgain } from './observe.ts';
import { type ActSight, Operation, type Sight } from './operation.ts';
import type { StepOutcome } from './outcome.ts';
import { pollIntervalMs } from './poll.ts';
import { Recorder } from './record.ts';
import { groupReport, plannedReport } from './report.ts';
import type { GroupResult, OperationResult } from './result.ts';
import { LEAST_RUNWAY_MS, type Run, STALENESS_MS, timeLeftMs } from './run.ts';

interface Ending {
  readonly result: OperationResult['result'];
  readonly reason: string;
  /** Where the group ended, when not where it was first meant to. */
  readonly to?: string;
}

/**
 * Observe, decide, act, and again until nothing is left to do: a refusal, a lost reply or another run's interference
 * is met by looking again, never by a path of its own.
 */
export async function reconcile(run: Run, trigger: Trigger, first: Observation): Promise<GroupResult> {
  const { result, wrote } = await bringToRest(run, trigger, { ...first, experience: { runId: run.id, refused: {} } });
  const closedEarlier = result.code === 'complete' || result.code === 'roll-back';
  if (!closedEarlier || result.operation?.result !== 'done') return result;
  // What was finished is an earlier move that stood in the way; what the trigger is about has not been looked at yet.
  const own = await answerAfterwards(run, trigger, first.group, wrote);
  return own?.operation ? own : result;
}

/** Looks once more, when every read must show what was just finished; without the time for it, the next run will. */
async function answerAfterwards(
  run: Run,
  trigger: Trigger,
  group: string,
  wrote: Ledger | undefined,
): Promise<GroupResult | undefined> {
  if (timeLeftMs(run) <= STALENESS_MS + LEAST_RUNWAY_MS) return undefined;
  try {
    await run.clock.sleep(STALENESS_MS);
    const experience = { runId: run.id, refused: {}, ...(wrote && { wrote }) };
    return (await bringToRest(run, trigger, await observeAgain(run, trigger, group, experience))).result;
  } catch (error) {
    if (error instanceof AwsCallError) return undefined;
    throw error;
  }
}

interface Rest {
  readonly result: GroupResult;
  /** The ledger as this run wrote it last. */
  readonly wrote: Ledger | undefined;
}

async function bringToRest(run: Run, trigger: Trigger, first: Observation): Promise<Rest> {
  let observation = first;
  let operation: Operation | undefined;
  const rest = async (result: Promise<GroupResult>): Promise<Rest> => {
    return { result: await result, wrote: operation?.experience.wrote };
  };
  for (;;) {
    const sight: Sight = { decision: decide(trigger, observation, run.settings), observation };
    if (!isAct(sight)) {
      if (operation) return rest(concluded(run, operation, sight));
      const newer = await lookPastLag(run, trigger, sight);
      if (!newer) return rest(atRest(run, sight, trigger));
      observation = newer;
      continue;
    }
    if (trigger.kind === 'request' && trigger.action === 'plan')
      return rest(Promise.resolve(plannedReport(run, sight)));
    operation ??= new Operation(run, sight);
    const ending = await attempt(run, operation, sight);
    if (ending) return rest(ended(run, operation, sight, ending));
    const next = await lookAgain(run, trigger, operation, sight);
    if ('result' in next) return rest(ended(run, operation, sight, next));
    observation = next;
  }
}

async function atRest(run: Run, sight: Sight, trigger: Trigger): Promise<GroupResult> {
  const news = await leaveNote(run, sight, trigger);
  return { ...groupReport(run, sight, trigger), ...(news.length > 0 && { news }) };
}

const isAct = (sight: Sight): sight is ActSight => sight.decision.decision === 'act';

/** One round. Returns how the operation ended, or nothing when the group has to be looked at again. */
async function attempt(run: Run, operation: Operation, sight: ActSight): Promise<Ending | undefined> {
  const { plan } = sight.decision;
  const runwayMs = plan.kind === 'new' ? LEAST_RUNWAY_MS : 0;
  if (timeLeftMs(run) <= runwayMs)
    return { result: 'interrupted', reason: 'too little of the run’s time was left to go on' };
  if (!operation.nextRound(sight))
    return { result: 'interrupted', reason: 'the group did not come to rest within this run' };
  const intent = operation.intentFor(plan, sight);
  const recorder = new Recorder(run, sight, operation.log);
  operation.recorder = recorder;
  const outcome = await orInterrupted(() => perform(run, operation, sight, intent, recorder));
  return endingOf(outcome, operation, sight);
}

function endingOf(outcome: StepOutcome, operation: Operation, { decision }: ActSight): Ending | undefined {
  operation.throttled = outcome.kind === 'look-again' && outcome.throttled === true;
  switch (outcome.kind) {
    case 'done':
      return {
        result: decision.plan.kind === 'roll-back' ? 'failed' : 'done',
        reason: decision.reason,
        to: decision.plan.to,
      };
    case 'interrupted':
    case 'failed':
      return { result: outcome.kind, reason: outcome.reason };
    case 'refused':
      operation.refuse(outcome.instanceId, outcome);
      return undefined;
    case 'abandon':
      operation.abandon(outcome.reason);
      return undefined;
    case 'look-again':
      return undefined;
  }
}

async function lookAgain(
  run: Run,
  trigger: Trigger,
  operation: Operation,
  { observation }: Sight,
): Promise<Observation | Ending> {
  try {
    // The longer it takes, the less often: what keeps EC2 from answering is not helped by asking.
    const waitedMs = run.clock.now() - operation.log.startedAt;
    await run.clock.sleep(operation.throttled ? throttledPauseMs(run) : pollIntervalMs(waitedMs, run.clock.random()));
    return await observeAgain(run, trigger, observation.group, operation.experience);
  } catch (error) {
    return interruptedBy(error);
  }
}

/** Between 5 and 10 s: what throttles one group throttles all of them, and each round sends every change five times. */
function throttledPauseMs(run: Run): number {
  return Math.min(5_000 + 5_000 * run.clock.random(), Math.max(0, timeLeftMs(run)));
}

async function orInterrupted(step: () => Promise<StepOutcome>): Promise<StepOutcome> {
  try {
    return await step();
  } catch (error) {
    const { reason } = interruptedBy(error);
    return { kind: 'interrupted', reason };
  }
}

/** Once an operation has begun, a read that fails does not undo it: it is interrupted, and somebody goes on with it. */
function interruptedBy(error: unknown): Ending {
  if (error instanceof AwsCallError) return { result: 'interrupted', reason: error.message };
  throw error;
}

/** Nothing more to do in the middle of our own operation: another run finished it, or nobody can. */
async function concluded(run: Run, operation: Operation, sight: Sight): Promise<GroupResult> {
  const { situation, reason } = sight.decision;
  const { from } = operation.origin.decision.plan;
  const { holderId, intent } = situation;
  if (!intent && holderId !== undefined && holderId !== from && situation.analysis !== 'group-split') {
    return ended(run, operation, sight, {
      result: 'done',
      reason: `Another run brought the group to ${holderId}.`,
      to: holderId,
    });
  }
  operation.nextRound(sight);
  return ended(run, operation, sight, { result: 'failed', reason });
}

async function ended(run: Run, operation: Operation, sight: Sight, ending: Ending): Promise<GroupResult> {
  if (ending.result === 'interrupted') await operation.recorder?.leaveNote('moving', ending.reason, sight);
  if (ending.result === 'failed' && !isAct(sight)) await operation.recorder?.leaveNote('failed', ending.reason, sight);
  return operation.report(groupReport(run, sight), ending.result, ending.reason, ending.to);
}
