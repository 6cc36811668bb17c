import { type Embedding, metricsOf, sumsOf } from './metrics.ts';
import type { GroupResult } from './result.ts';
import type { Count } from './turned.ts';

/** Receives one structured record for each group of a run. Never on the critical path, never able to fail a move. */
export type Announce = (record: Readonly<Record<string, unknown>>) => void;

/** One log line for a group: the result as it is returned, and metrics of it where something happened. */
export function announcement(
  result: GroupResult,
  trigger: string,
  runId: string,
  embedding: Embedding,
): Readonly<Record<string, unknown>> {
  const record = {
    level: levelOf(result),
    message: result.reason,
    runId,
    trigger,
    ...result,
  };
  return { ...record, ...metricsOf(result, embedding) };
}

/** One log line for a sweep, with its sums. */
export function sweepAnnouncement(
  found: Count,
  results: readonly GroupResult[],
  runId: string,
  embedding: Embedding,
): Readonly<Record<string, unknown>> {
  const message = `The sweep has looked at ${found.groups} group${found.groups === 1 ? '' : 's'}.`;
  return { level: 'INFO', message, runId, trigger: 'sweep', ...sumsOf(found, results, embedding) };
}

function levelOf({ decision, operation }: GroupResult): 'INFO' | 'WARN' | 'ERROR' {
  if (operation?.result === 'failed' || operation?.result === 'interrupted') return 'ERROR';
  return decision === 'blocked' || operation?.result === 'detaching' ? 'WARN' : 'INFO';
}
