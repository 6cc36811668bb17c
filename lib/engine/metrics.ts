import { isHeldUp } from './events.ts';
import type { GroupResult, OperationResult, StepKind } from './result.ts';
import type { Count } from './turned.ts';

/** A metric: what one datapoint of it counts. */
interface Metric {
  readonly unit: 'Count' | 'Milliseconds';
  /** `group`: by group and without dimension, only when something happened. `sweep`: without, at each sweep. */
  readonly of: 'group' | 'sweep';
  readonly meaning: string;
}

/**
 * Every metric by its name. One that is kept for each group costs as many metrics as there are groups, for each hour in
 * which it has a datapoint (docs/monitoring.md): so nothing of a quiet group is published. `docs/reference.md` has these
 * rows; a test compares them.
 */
export const METRICS = {
  Moves: { unit: 'Count', of: 'group', meaning: 'moves that were completed' },
  FailedMoves: { unit: 'Count', of: 'group', meaning: 'moves that have failed' },
  InterruptedMoves: { unit: 'Count', of: 'group', meaning: 'runs that ended before their move' },
  ForcedDetaches: { unit: 'Count', of: 'group', meaning: 'detaches by force in a move' },
  MoveDuration: { unit: 'Milliseconds', of: 'group', meaning: 'a move as far as this run took it' },
  IntentDuration: { unit: 'Milliseconds', of: 'group', meaning: 'of that: writing the intent' },
  DetachDuration: { unit: 'Milliseconds', of: 'group', meaning: 'of that: until EC2 had let go' },
  AttachDuration: { unit: 'Milliseconds', of: 'group', meaning: 'of that: until EC2 showed it attached' },
  RecordDuration: { unit: 'Milliseconds', of: 'group', meaning: 'of that: writing the result' },
  Blocked: { unit: 'Count', of: 'group', meaning: 'once, when something should be done and is not' },
  Ready: { unit: 'Count', of: 'group', meaning: '1 or 0, when whether a failover would succeed has changed' },
  Groups: { unit: 'Count', of: 'sweep', meaning: 'groups that the sweep found' },
  ReadyGroups: { unit: 'Count', of: 'sweep', meaning: 'those that could fail over now' },
  NotReadyGroups: { unit: 'Count', of: 'sweep', meaning: 'those that could not' },
  BlockedGroups: { unit: 'Count', of: 'sweep', meaning: 'those for which something should be done and is not' },
} as const satisfies Readonly<Record<string, Metric>>;

type MetricName = keyof typeof METRICS;
type Values = Partial<Readonly<Record<MetricName, number>>>;

/** Where there is no deployment to name it after. */
const DEFAULT_NAMESPACE = 'eni-failover';

/** What a log line carries so that CloudWatch takes metrics out of it. */
export interface Embedding {
  readonly namespace: string;
  readonly now: number;
}

/**
 * CloudWatch's embedded metric format (CloudWatch User Guide, "Embedded metric format specification"). Lambda's log
 * stream is the transport, so it costs no call.
 */
function embedded(values: Values, { namespace, now }: Embedding, dimensions: readonly (readonly string[])[]) {
  const Metrics = (Object.keys(values) as MetricName[]).map((Name) => ({ Name, Unit: METRICS[Name].unit }));
  const directive = { Namespace: namespace || DEFAULT_NAMESPACE, Dimensions: dimensions, Metrics };
  return { _aws: { Timestamp: now, CloudWatchMetrics: [directive] }, ...values };
}

/** The metrics of one group's result; none where nothing happened. */
export function metricsOf(result: GroupResult, embedding: Embedding): Readonly<Record<string, unknown>> {
  const { group, operation, news = [], readiness } = result;
  if (group === null) return {};
  const values = {
    ...(operation && operation.result !== 'planned' && ofOperation(operation)),
    ...(!operation && news.length > 0 && isHeldUp(result) && { Blocked: 1 }),
    ...(news.length > 0 && readiness && { Ready: readiness.ready ? 1 : 0 }),
  };
  if (Object.keys(values).length === 0) return {};
  return { ...embedded(values, embedding, [['Group'], []]), Group: group };
}

const PHASES = {
  IntentDuration: ['record-intent'],
  DetachDuration: ['detach', 'force-detach'],
  AttachDuration: ['attach'],
  RecordDuration: ['record-result'],
} satisfies Partial<Record<MetricName, readonly StepKind[]>>;

function ofOperation({ result, steps, durationMs }: OperationResult): Values {
  const phases = Object.entries(PHASES).flatMap(([name, kinds]: [string, readonly StepKind[]]) => {
    const taken = steps.filter(({ kind }) => kinds.includes(kind));
    return taken.length === 0 ? [] : [[name, taken.reduce((sum, step) => sum + step.durationMs, 0)] as const];
  });
  return {
    Moves: result === 'done' ? 1 : 0,
    FailedMoves: result === 'failed' ? 1 : 0,
    InterruptedMoves: result === 'interrupted' ? 1 : 0,
    ForcedDetaches: steps.filter(({ kind }) => kind === 'force-detach').length,
    MoveDuration: durationMs,
    ...(Object.fromEntries(phases) as Values),
  };
}

const isNotReady = ({ readiness }: GroupResult): boolean => readiness?.ready === false;

/**
 * The sums of a sweep.
 * @param found how many groups there are, and which of those that are well could not fail over.
 * @param results of the sweep: each group of which there was something to say.
 */
export function sumsOf({ groups: found, unready }: Count, results: readonly GroupResult[], embedding: Embedding) {
  const groupsThat = (is: (result: GroupResult) => boolean): readonly (string | null)[] =>
    results.filter((result) => result.group !== null && is(result)).map(({ group }) => group);
  const notReady = new Set([...unready, ...groupsThat(isNotReady)]).size;
  const values = {
    Groups: found,
    ReadyGroups: found - notReady,
    NotReadyGroups: notReady,
    BlockedGroups: new Set(groupsThat(isHeldUp)).size,
  };
  return embedded(values, embedding, [[]]);
}
