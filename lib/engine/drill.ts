import { STALENESS_MS } from '../core/afterwards.ts';
import { freshMemory, type Memory } from '../core/memory.ts';
import type { Observation, PersonRequest } from '../core/model.ts';
import { lookLater } from './later.ts';
import { rememberedInProcess } from './note.ts';
import { settle } from './reconcile.ts';
import { Released } from './released.ts';
import { memoryAtFirst } from './rehearse.ts';
import type { Drill, GroupResult, OperationResult } from './result.ts';
import type { Run } from './run.ts';

/**
 * Takes the group to a standby and back, and says how long each way took. One that this run cannot end is ended by a
 * sweep: each intent says where the group belongs.
 * @throws AwsCallError when IAM forbids a read.
 */
export async function drill(run: Run, request: PersonRequest, first: Observation): Promise<GroupResult> {
  const released = new Released();
  const given = { ...memoryAtFirst(run, request, first), ...rememberedInProcess(run, first.group) };
  const there = await settle(run, request, { first, seen: first }, given, released);
  const way = there.result.operation;
  // What was finished is another move, or the end of an earlier drill: nothing is away from home for this one.
  if (way?.result !== 'done' || !isAway(there.memory)) return there.result;
  const seen = await lookLater(run, request, first, STALENESS_MS);
  if (!seen || released.isAnyOld(seen)) return cutShort(there.result, { there: way });
  const { wrote } = there.memory;
  const known = { ...freshMemory(run.id), ...rememberedInProcess(run, first.group), ...(wrote && { wrote }) };
  // Who was to be left has been left.
  const { from: _, ...home } = request;
  const { result } = await settle(run, home, { first, seen }, known, released);
  return report(there.result, way, result);
}

/** Whether the group is where a drill has taken it. */
const isAway = ({ wrote }: Memory): boolean =>
  wrote?.operation?.drill !== undefined && wrote.phase === 'steady' && wrote.holder !== wrote.operation.drill;

function report(first: GroupResult, there: OperationResult, last: GroupResult): GroupResult {
  const back = last.operation;
  const news = [...(first.news ?? []), ...(last.news ?? [])];
  const both = { ...last, ...(news.length > 0 && { news }) };
  if (!back) return cutShort({ ...both, operation: there }, { there });
  if (back.result !== 'done' || back.to !== there.from) return cutShort(both, { there, back });
  const reason = `The group went from ${there.from} to ${there.to} (${lasted(there)}) and back (${lasted(back)}).`;
  return { ...both, reason, drill: { there, back } };
}

const lasted = ({ phases }: OperationResult): string => `${((phases?.outageMs ?? 0) / 1000).toFixed(1)} s of outage`;

/** The way back is left to a sweep, or to what the group has come to meanwhile. */
function cutShort(result: GroupResult, ways: Drill): GroupResult {
  const { from, to } = ways.there;
  const left = `The drill took the group from ${from} to ${to}, and is cut short there.`;
  const next = 'A sweep brings it back, or a drill request at once.';
  return { ...result, reason: `${left} ${next} ${ways.back?.reason ?? ''}`.trim(), drill: ways };
}
