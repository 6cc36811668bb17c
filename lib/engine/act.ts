import type { Intent } from '../core/ledger.ts';
import { attachAll } from './attach.ts';
import { detachAll } from './detach.ts';
import type { ActSight, Operation } from './operation.ts';
import type { StepOutcome } from './outcome.ts';
import type { Recorder } from './record.ts';
import type { Run } from './run.ts';

/** Runs the steps of a plan in their order: intent, detach, attach, verify, result. Each may end the round. */
export async function perform(
  run: Run,
  operation: Operation,
  { decision }: ActSight,
  intent: Intent,
  recorder: Recorder,
): Promise<StepOutcome> {
  const { plan, reason, situation } = decision;
  if (plan.kind === 'new') {
    const recorded = await recorder.recordIntent(intent, reason);
    if (recorded.kind !== 'done') return recorded;
  }
  const detached = await detachAll(run, plan.interfaces, situation.settings.forceAfterSeconds, operation.log);
  if (detached.kind !== 'done') return detached;
  const attached = await attachAll(run, plan, operation.log);
  if (attached.kind !== 'done') return attached;
  return recorder.recordResult(plan, intent, reason);
}
