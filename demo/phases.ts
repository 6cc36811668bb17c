import type { CallRecord } from '../lab/world/hooks.ts';

/** One invocation; moments in milliseconds since the epoch. */
export interface FunctionRun {
  readonly functionName: string;
  readonly invokedMs: number;
  /** When its process was there and had loaded the code. */
  readyMs: number;
  endedMs: number;
}

export interface Moments {
  readonly faultMs: number;
  readonly publishedMs: number;
  /** When the last interface was attached. */
  readonly attachedMs: number | undefined;
  readonly runs: readonly FunctionRun[];
}

/** Where a part of the time went. Phases follow one another without a gap. */
export interface Phase {
  readonly name: PhaseName;
  readonly ms: number;
}

type PhaseName = 'detection' | 'delivery' | 'nobody at it' | 'cold start' | 'observe' | Step | 'second look';
type Step = 'intent' | 'detach' | 'attach' | 'record';

type End = readonly [name: PhaseName, ms: number | undefined];

/** Splits an incident into its phases, by the calls the functions made. One that did not happen is left out. */
export function phasesOf({ faultMs, publishedMs, attachedMs, runs }: Moments, calls: readonly CallRecord[]): Phase[] {
  const ends = runs.flatMap((run, nth) => endsOf(run, nth === 0 ? 'delivery' : 'nobody at it', calls, attachedMs));
  let fromMs = faultMs;
  return [['detection', publishedMs] as const, ...ends].flatMap(([name, endMs]) => {
    const ms = Math.round((endMs ?? fromMs) - fromMs);
    fromMs = endMs ?? fromMs;
    return ms > 0 ? [{ name, ms }] : [];
  });
}

function endsOf(
  run: FunctionRun,
  before: PhaseName,
  calls: readonly CallRecord[],
  attachedMs: number | undefined,
): readonly End[] {
  const own = calls.filter(({ caller, sentMs }) => caller === run.functionName && sentMs >= run.invokedMs);
  const sent = (matches: (call: CallRecord) => boolean): number | undefined => own.find(matches)?.sentMs;
  const detachSentMs = sent(({ action }) => action === 'DetachNetworkInterface');
  const attachSentMs = sent(({ action, input }) => action === 'AttachNetworkInterface' && input['DryRun'] !== true);
  const recordedMs = own.find(
    ({ action, sentMs }) => action === 'CreateTags' && sentMs >= (attachedMs ?? Infinity),
  )?.atMs;
  const looksAgain = own.some(({ action, sentMs }) => isRead(action) && sentMs >= (recordedMs ?? Infinity));
  return [
    [before, run.invokedMs],
    ['cold start', run.readyMs],
    ['observe', sent(({ action }) => !isRead(action)) ?? run.endedMs],
    ['intent', detachSentMs],
    ['detach', attachSentMs ?? (detachSentMs && run.endedMs)],
    ['attach', attachSentMs && attachedMs],
    ['record', looksAgain ? recordedMs : run.endedMs],
    ['second look', run.endedMs],
  ];
}

const isRead = (action: string): boolean => /^(Describe|List)/.test(action);
