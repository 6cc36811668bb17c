import { decide, type Decision } from '../core/decide.ts';
import { holdsOf } from '../core/permission.ts';
import type { Observation, PersonRequest, Trigger } from '../core/model.ts';
import type { ActingDecision } from './operation.ts';
import { memoryAtFirst, rehearsePlan } from './rehearse.ts';
import { groupReport, plannedReport } from './report.ts';
import type { GroupResult, HoldText } from './result.ts';
import type { Run } from './run.ts';

const SWEEP = { kind: 'sweep' } as const;
const IF_FAILED = { kind: 'if-holder-failed' } as const;

/**
 * What automation would do now with a group as it is; where that is nothing, what it would do if the holder failed now.
 * With all that holds it up. Nothing is changed.
 */
export async function foresee(run: Run, request: PersonRequest, seen: Observation): Promise<GroupResult> {
  const now = decide(SWEEP, seen, memoryAtFirst(run, request, seen), run.settings);
  if (now.kind !== 'no-action') return report(run, await rehearsed(run, request, SWEEP, now));
  const then = await rehearsed(run, request, IF_FAILED, decide(IF_FAILED, seen, now.facts.memory, run.settings));
  const reason = `Now automation has nothing to do: ${now.reason} If the holder failed now: ${then.reason}`;
  return { ...report(run, then), analysis: now.analysis, reason };
}

/** The same decision once EC2 has said whether it would allow the attaches of its plan. */
async function rehearsed(run: Run, request: PersonRequest, trigger: Trigger, first: Decision): Promise<Decision> {
  let decision = first;
  while (decision.plan) {
    const denial = await rehearsePlan(run, request, decision.plan);
    if (!denial) return decision;
    const { observation, memory } = decision.facts;
    const refused = { ...memory.refused, [denial.instanceId]: denial };
    decision = decide(trigger, observation, { ...memory, refused }, run.settings);
  }
  return decision;
}

function report(run: Run, decision: Decision): GroupResult {
  const trigger = decision.kind === 'act' ? undefined : IF_FAILED;
  const holds = trigger ? holdsOf({ trigger, facts: decision.facts, succession: decision.succession }) : [];
  const said = isActing(decision) ? plannedReport(decision, run.looksOnly) : groupReport(decision);
  return holds.length > 0 ? { ...said, holds: holds.map(text) } : said;
}

const isActing = (decision: Decision): decision is ActingDecision => decision.plan !== undefined;

const text = ({ code, reason, until }: ReturnType<typeof holdsOf>[number]): HoldText => ({
  code,
  reason,
  ...(until !== undefined && { until: new Date(until).toISOString() }),
});
