import type { CallRecord } from '../../lab/world/hooks.ts';
import type { FunctionRun } from '../phases.ts';
import type { Outage } from './outage.ts';

/** Where the time of an outage went. The parts follow one another, and their sum is the outage. */
export const PARTS = ['detection', 'confirmation', 'detach', 'attach', 'guest'] as const;
export type Part = (typeof PARTS)[number];
export type Parts = Readonly<Record<Part, number>>;

export const PARTS_EXPLAINED: Readonly<Record<Part, string>> = {
  detection: 'until something tells the function',
  confirmation: 'the function looks, decides and writes its intent',
  detach: 'EC2 takes the interface away, and the function sees it',
  attach: 'EC2 gives it to the standby',
  guest: 'the device appears, the guest configures it, the first client is answered',
};

export interface Sources {
  readonly outage: Outage;
  readonly calls: readonly CallRecord[];
  /** The invocations by an event or by the schedule. Moments in milliseconds since the epoch, as everywhere here. */
  readonly runs: readonly Pick<FunctionRun, 'functionName' | 'invokedMs'>[];
  readonly attachedMs: number | undefined;
}

/** Splits the outage of a move by the lab's journal; undefined when there was no move, or no end. */
export function partsOf({ outage, calls, runs, attachedMs }: Sources): Parts | undefined {
  const { startMs, endMs } = outage;
  const accepted = calls.filter(({ outcome, input }) => outcome === 'ok' && input['DryRun'] !== true);
  const first = (action: string): CallRecord | undefined => accepted.find((call) => call.action === action);
  const attach = first('AttachNetworkInterface');
  if (attach === undefined || attachedMs === undefined || endMs === undefined) return undefined;
  // Nobody has to detach what the end of its instance has freed.
  const leave = first('DetachNetworkInterface') ?? attach;
  const ends = [begunMs(leave, calls, runs), leave.atMs, attach.atMs, attachedMs, endMs];
  let fromMs = startMs;
  const parts = PARTS.map((part, nth): [Part, number] => {
    const untilMs = Math.min(Math.max(ends[nth] ?? fromMs, fromMs), endMs);
    const ms = untilMs - fromMs;
    fromMs = untilMs;
    return [part, ms];
  });
  return Object.fromEntries(parts) as unknown as Parts;
}

/** When the run began that made a call. A person's request comes from nowhere: its first call tells. */
function begunMs({ caller, atMs }: CallRecord, calls: Sources['calls'], runs: Sources['runs']): number | undefined {
  const run = runs.findLast(({ functionName, invokedMs }) => functionName === caller && invokedMs <= atMs);
  return run?.invokedMs ?? calls.find((call) => call.caller === caller)?.sentMs;
}
