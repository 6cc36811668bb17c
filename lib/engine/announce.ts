import type { GroupResult, Step } from './result.ts';

/** Receives one structured record for each group of a run. Never on the critical path, never able to fail a move. */
export type Announce = (record: Readonly<Record<string, unknown>>) => void;

/** CloudWatch namespace of the metrics. */
const NAMESPACE = 'EniFailover';

/**
 * One log line for a group: the result as it is returned, and, when something was attempted, metrics in CloudWatch's
 * embedded metric format (CloudWatch User Guide, "Embedded metric format specification"). Lambda's log stream is the
 * transport, so announcing costs no call.
 */
export function announcement(
  result: GroupResult,
  trigger: string,
  runId: string,
  now: number,
): Readonly<Record<string, unknown>> {
  const record = {
    level: levelOf(result),
    message: result.reason,
    runId,
    trigger,
    ...result,
  };
  return result.operation && result.operation.result !== 'planned'
    ? { ...record, ...metrics(result, result.operation, now) }
    : record;
}

function levelOf({ decision, operation }: GroupResult): 'INFO' | 'WARN' | 'ERROR' {
  if (operation?.result === 'failed' || operation?.result === 'interrupted') return 'ERROR';
  return decision === 'blocked' || operation?.result === 'detaching' ? 'WARN' : 'INFO';
}

function metrics(
  { group }: GroupResult,
  { result, durationMs, steps }: NonNullable<GroupResult['operation']>,
  now: number,
) {
  const names = [
    { Name: 'Moves', Unit: 'Count' },
    { Name: 'FailedMoves', Unit: 'Count' },
    { Name: 'ForcedDetaches', Unit: 'Count' },
    { Name: 'MoveDuration', Unit: 'Milliseconds' },
  ];
  return {
    _aws: { Timestamp: now, CloudWatchMetrics: [{ Namespace: NAMESPACE, Dimensions: [['Group']], Metrics: names }] },
    Group: group,
    Moves: result === 'done' ? 1 : 0,
    FailedMoves: result === 'done' || result === 'detaching' ? 0 : 1,
    ForcedDetaches: steps.filter((step: Step) => step.kind === 'force-detach').length,
    MoveDuration: durationMs,
  };
}
