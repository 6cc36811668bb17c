import { attachAll } from './attach.ts';
import { detachAll } from './detach.ts';
import type { Round } from './operation.ts';
import type { Run } from './run.ts';
import type { StepOutcome } from './steps.ts';

/** Runs the steps of a plan in their order: intent, detach, attach, verify, result. Each may end the round. */
export async function perform(run: Run, { decision, plan, intent, recorder, log }: Round): Promise<StepOutcome> {
  const { reason, facts } = decision;
  if (plan.kind === 'new') {
    const recorded = await recorder.recordIntent(intent, reason);
    if (recorded.kind !== 'done') return recorded;
  }
  const detached = await detachAll(run, plan.resources, facts.settings.forceAfterSeconds, log);
  if (detached.kind !== 'done') return detached;
  const attached = await attachAll(run, plan, log);
  if (attached.kind !== 'done') return attached;
  return recorder.recordResult(plan, intent, reason);
}
