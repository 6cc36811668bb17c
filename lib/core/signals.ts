import type { RejectionCode } from './codes.ts';
import type { Signal } from './model.ts';

/**
 * Failed is confirmed, healthy is confirmed, leaving is announced; everything else is unknown, and unknown is never
 * failed.
 */
export type Verdict = 'healthy' | 'failed' | 'leaving' | 'unknown';

export type HealthCode = (typeof TABLE)[number][1];

export interface Health {
  readonly verdict: Verdict;
  readonly code: HealthCode;
  /** Completes the sentence "The instance …". */
  readonly because: string;
  /** Since when, as far as the source says. */
  readonly since?: number;
}

/** What a signal means; `nothing` in a column: it says nothing there. */
type SignalRow = readonly [
  /** `source/verdict` of the signal. */
  on: string,
  code: string,
  /** Against whoever holds the interface. */
  holder: Verdict | 'nothing',
  /** Against whoever might take it. */
  standby: Verdict | 'nothing',
  /** Why a standby may not take it; absent where EC2's word about the instance itself is enough. */
  rejects?: RejectionCode,
];

/**
 * Every signal there is; of several the first row counts. An alarm of ours that is still in ALARM outweighs checks
 * that say ok: it may watch what EC2 cannot see. A muted one moves nobody away, but recommends nobody either, unless nobody serves. And
 * CloudWatch being away must not strand an interface while EC2 itself vouches for the standby.
 */
const TABLE = [
  // What is asked with it is what would happen if this were so, whatever else is the case.
  ['assumption/failed', 'assumed', 'failed', 'nothing'],
  ['state/gone', 'gone', 'failed', 'failed', 'not-running'],
  ['state/stopped', 'stopped', 'failed', 'failed', 'not-running'],
  ['state/pending', 'pending', 'unknown', 'unknown', 'not-running'],
  ['alarm/raised', 'own-alarm', 'failed', 'failed', 'own-alarm'],
  ['status/impaired', 'impaired', 'failed', 'failed', 'impaired'],
  // EC2's word that the checks pass may be minutes old: it vetoes neither. What vetoes is an answer, before it gets here.
  ['probe/unreachable', 'holder-unreachable', 'failed', 'failed', 'unreachable'],
  ['probe/not-serving', 'holder-not-serving', 'failed', 'nothing'],
  ['notice/leaving', 'leaving', 'leaving', 'leaving', 'spot-interruption'],
  // What only stands in the ledger, where others could have written it, is no reason to leave a healthy holder.
  ['notice/noted', 'leaving', 'nothing', 'leaving', 'spot-interruption'],
  // Somebody has said that it is not to be believed: that is no failure, and no clean bill.
  ['alarm/muted', 'alarm-muted', 'nothing', 'unknown', 'muted-alarm'],
  ['status/unreadable', 'health-unknown', 'unknown', 'unknown', 'health-unknown'],
  ['status/initializing', 'initializing', 'unknown', 'unknown', 'initializing'],
  ['status/insufficient-data', 'health-unknown', 'unknown', 'unknown', 'health-unknown'],
  ['alarm/unreadable', 'alarms-unreadable', 'unknown', 'unknown'],
  ['alarm/unconfirmed', 'alarms-unreadable', 'unknown', 'unknown', 'muted-alarm'],
  ['status/ok', 'healthy', 'healthy', 'healthy'],
  // Neither a failure nor a clean bill: somebody switched the check off, or EC2 has something planned.
  ['status/suppressed', 'healthy', 'nothing', 'nothing'],
  ['schedule/due', 'healthy', 'nothing', 'nothing'],
  ['probe/answers', 'healthy', 'nothing', 'nothing'],
  ['probe/unknown', 'healthy', 'nothing', 'nothing'],
  // They rank a standby, or rule it out where what fails is the service: `elect.ts`.
  ['probe/silent', 'healthy', 'nothing', 'nothing'],
  ['probe/fails', 'healthy', 'nothing', 'nothing'],
] as const satisfies readonly SignalRow[];

/** A running instance of which nothing was read: unknown, and so never failed and never chosen. */
const UNTOLD: Health = {
  verdict: 'unknown',
  code: 'health-unknown',
  because: 'has status checks that could not be read',
};

/** What speaks for or against whoever holds the interface. */
export function healthOfHolder(instanceId: string, signals: readonly Signal[]): Health {
  const found = strongest(instanceId, signals, ([, , holder]) => holder);
  return found ? healthOf(found) : UNTOLD;
}

/** The same for a member that might take it, and the code under which it is rejected, if it is. */
export function healthOfStandby(
  instanceId: string,
  signals: readonly Signal[],
): { readonly health: Health; readonly rejects: RejectionCode | undefined } {
  const found = strongest(instanceId, signals, ([, , , standby]) => standby);
  if (!found) return { health: UNTOLD, rejects: 'health-unknown' };
  const [, , , , rejects] = found.row;
  return { health: healthOf(found), rejects };
}

/** Whether a holder is to be left: it has failed, or it is about to go. */
export const isLost = (health: Health | undefined): boolean =>
  health?.verdict === 'failed' || health?.verdict === 'leaving';

/** Whether nothing but its status checks speaks against a holder: they fail for a while at every reboot. */
export function isOnlyImpaired(instanceId: string, signals: readonly Signal[]): boolean {
  const rest = signals.filter(({ source, verdict }) => source !== 'status' || verdict !== 'impaired');
  return isLost(healthOfHolder(instanceId, signals)) && !isLost(healthOfHolder(instanceId, rest));
}

/** Signals that rule nobody out and still rank one candidate behind another: how many, by their source. */
export function doubts(instanceId: string, signals: readonly Signal[], source: Signal['source']): number {
  return signals.filter(
    (signal) => signal.instanceId === instanceId && signal.source === source && signal.verdict !== 'ok',
  ).length;
}

interface Found {
  readonly row: (typeof TABLE)[number];
  readonly verdict: Verdict;
  readonly signal: Signal;
}

function strongest(
  instanceId: string,
  signals: readonly Signal[],
  column: (row: SignalRow) => Verdict | 'nothing',
): Found | undefined {
  const own = signals.filter((signal) => signal.instanceId === instanceId);
  for (const row of TABLE) {
    const verdict = column(row);
    const signal = own.find((each) => `${each.source}/${each.verdict}` === row[0]);
    if (signal && verdict !== 'nothing') return { row, verdict, signal };
  }
  return undefined;
}

function healthOf({ row: [, code], verdict, signal: { because, since } }: Found): Health {
  return { verdict, code, because, ...(since !== undefined && { since }) };
}
