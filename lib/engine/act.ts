import { STALENESS_MS } from '../core/afterwards.ts';
import type { Intent } from '../core/ledger.ts';
import type { InterfaceView } from '../core/model.ts';
import { forceAfterMs } from '../core/patience.ts';
import type { Plan } from '../core/plan.ts';
import { healthOfHolder, isLost } from '../core/signals.ts';
import { isBound } from '../core/succession.ts';
import { attachAll } from './attach.ts';
import { detachAll, type Parting } from './detach.ts';
import type { Beginning } from './events.ts';
import { listenOnce } from './hearing.ts';
import type { ActingDecision, Round } from './operation.ts';
import { rehearse, within } from './rehearse.ts';
import type { Run } from './run.ts';
import type { StepLog, StepOutcome } from './steps.ts';

/**
 * How long an answer to a dry run is waited for once the intent is written: the first where the holder has failed. What
 * is detaching already has cost its outage, or costs none yet: only force, which nobody undoes, is still to come.
 */
const LATE_MS = { urgent: 250, calm: 1_000 };

/** Where the intent had to wait, and be it for a throttle, it is not acted upon what was seen before: it is looked again. */
const PICTURE_LASTS_MS = STALENESS_MS;

/** Runs the steps of a plan in their order: intent, detach, attach, verify, result. Each may end the round. */
export async function perform(run: Run, round: Round): Promise<StepOutcome> {
  const { decision, plan, intent, recorder, log, released, hearing } = round;
  const { reason, facts } = decision;
  const begun = await begin(run, round);
  if (begun.kind !== 'done') return begun;
  const waitedMs = run.clock.now() - facts.observation.now;
  if (plan.kind === 'new' && waitedMs > PICTURE_LASTS_MS) return { kind: 'look-again' };
  // Every look that is waited with comes by here.
  const isSuperseded = (view: InterfaceView): boolean => {
    hearing.listen(view);
    return recorder.isSupersededIn(view, intent);
  };
  if (hearing.speaksAgainst(plan, facts, run.clock.now())) return { kind: 'look-again' };
  const detached = await detachAll(run, plan.resources, {
    log,
    released,
    isSuperseded,
    forceAfterMs: (instanceId) => forceAfterMs(facts, instanceId, intent),
    isGone: (instanceId) => healthOfHolder(instanceId, facts.signals).code === 'gone',
    since: detachingSince(run, decision, log, intent),
  });
  if (detached.kind !== 'done' && detached.kind !== 'hanging') return detached;
  if (hearing.speaksAgainst(plan, facts, run.clock.now())) return { kind: 'look-again' };
  const hanging = detached.kind === 'hanging' ? detached.interfaceIds : [];
  const stuckAfterMs = facts.settings.stuckAfterSeconds * 1000;
  const attached = await attachAll(run, without(plan, hanging), { log, released, isSuperseded, stuckAfterMs });
  if (attached.kind !== 'done') return attached;
  if (hanging.length > 0) return { kind: 'look-again' };
  const left = plan.resources.find((move) => move.left);
  const refusal = facts.memory.refused[plan.to];
  if (left && refusal) return { kind: 'refused', instanceId: plan.to, ...refusal, interfaceId: left.id };
  return recorder.recordResult(plan, intent, reason);
}

/** The same plan, but these interfaces stay where they are for now. */
function without(plan: Plan, interfaceIds: readonly string[]): Plan {
  const resources = plan.resources.map((move) => {
    return interfaceIds.includes(move.id) ? { kind: move.kind, id: move.id, left: true } : move;
  });
  return { ...plan, resources };
}

/** Writes the intent, and asks at the same time whether the attaches to come are allowed: that costs no time. */
async function begin(run: Run, round: Round): Promise<StepOutcome> {
  const { decision, plan, intent, recorder, log, hearing } = round;
  const rehearsed = rehearse(run, plan, !plan.automatic);
  // Marked as handled here, because the intent is awaited first; a defect still surfaces below.
  rehearsed.catch(() => undefined);
  if (plan.kind === 'new') {
    const recorded = await recorder.recordIntent(intent, decision.reason);
    if (recorded.kind !== 'done') return recorded;
    run.begun?.(beginningOf(round));
    // A holder that is taken back serves for two minutes more, and the notices of several members come together.
    if (decision.facts.holderHealth?.verdict === 'leaving') await listenOnce(run, plan, hearing);
  }
  const isUnderWay = plan.resources.every(({ leave }) => leave?.detaching !== false);
  const lateMs = isLost(decision.facts.holderHealth) && !isUnderWay ? LATE_MS.urgent : LATE_MS.calm;
  const denial = await within(run, lateMs, rehearsed);
  if (!denial) return { kind: 'done' };
  log.begin('rehearse', denial.interfaceId, denial.instanceId)('failed', denial.reason);
  return { kind: 'refused', ...denial };
}

function beginningOf({ decision, plan, intent }: Round): Beginning {
  const { code, reason, analysis, facts } = decision;
  const { action, from, to, automatic, resources } = plan;
  const interfaces = resources.map(({ id }) => id);
  const operation = { id: intent.id, action, ...(from !== undefined && { from }), to, automatic, interfaces };
  return { group: facts.observation.group, code, analysis, reason, ...operation };
}

/**
 * A run that has ended sends no detach any more: what it left under way counts from when its operation began, or from
 * its own attach where that came later. Whatever else is under way, in a move of this very run too, counts from the
 * look that shows it.
 */
export function detachingSince(
  { clock }: Pick<Run, 'clock'>,
  { facts }: ActingDecision,
  { startedAt }: Pick<StepLog, 'startedAt'>,
  intent: Intent,
): Parting['since'] {
  const { begunAt = clock.now() } = intent;
  const beganAt = isBound(facts, intent) || begunAt >= startedAt ? clock.now() : begunAt;
  return (attachmentId) => {
    const found = facts.observation.interfaces.find(({ attachment }) => attachment?.id === attachmentId);
    return Math.max(beganAt, found?.attachment?.attachedAt ?? beganAt);
  };
}
