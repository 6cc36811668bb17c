import type { Intent } from '../core/ledger.ts';
import type { InterfaceView } from '../core/model.ts';
import { forceAfterMs } from '../core/patience.ts';
import { isBound } from '../core/succession.ts';
import { attachAll } from './attach.ts';
import { detachAll } from './detach.ts';
import type { ActingDecision, Round } from './operation.ts';
import type { Run } from './run.ts';
import type { StepOutcome } from './steps.ts';

/** Runs the steps of a plan in their order: intent, detach, attach, verify, result. Each may end the round. */
export async function perform(
  run: Run,
  { decision, plan, intent, recorder, log, released }: Round,
): Promise<StepOutcome> {
  const { reason, facts } = decision;
  if (plan.kind === 'new') {
    const recorded = await recorder.recordIntent(intent, reason);
    if (recorded.kind !== 'done') return recorded;
  }
  const isSuperseded = (view: InterfaceView): boolean => recorder.isSupersededIn(view, intent);
  const detached = await detachAll(run, plan.resources, {
    log,
    released,
    isSuperseded,
    forceAfterMs: (instanceId) => forceAfterMs(facts, instanceId),
    since: detachingSince(run, decision, intent),
  });
  if (detached.kind !== 'done') return detached;
  const stuckAfterMs = facts.settings.stuckAfterSeconds * 1000;
  const attached = await attachAll(run, plan, { log, released, isSuperseded, stuckAfterMs });
  if (attached.kind !== 'done') return attached;
  return recorder.recordResult(plan, intent, reason);
}

/** A run that has ended sends no detach any more: what it left under way counts from when its operation began. */
function detachingSince({ clock }: Run, { facts }: ActingDecision, intent: Intent): number {
  return isBound(facts, intent) ? clock.now() : (intent.begunAt ?? clock.now());
}
