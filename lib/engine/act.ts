import type { InterfaceView } from '../core/model.ts';
import { forceAfterMs } from '../core/patience.ts';
import { attachAll } from './attach.ts';
import { detachAll } from './detach.ts';
import type { Round } from './operation.ts';
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
    since: intent.begunAt ?? run.clock.now(),
  });
  if (detached.kind !== 'done') return detached;
  const stuckAfterMs = facts.settings.stuckAfterSeconds * 1000;
  const attached = await attachAll(run, plan, { log, released, isSuperseded, stuckAfterMs });
  if (attached.kind !== 'done') return attached;
  return recorder.recordResult(plan, intent, reason);
}
