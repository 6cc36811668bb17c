import type { GroupResult, HistoryLine, OperationResult } from './result.ts';
import type { Run } from './run.ts';

/** As many lines as somebody reads who arrives in the morning. */
const LINES = 10;
/** What is kept of the logs is the deployment's to say (`logRetentionDays`); older than this, nobody looks. */
const REACH_MS = 30 * 24 * 60 * 60_000;

/** A log line of a run, as far as it is looked at: what `announcement` has made of a result, and when it was written. */
type Record = Partial<GroupResult> & { readonly trigger?: string; readonly at: number };

/**
 * Adds the last moves of a group, what people have asked for and what was in the way, the newest first, from the log
 * lines of all functions.
 * @throws AwsCallError when the logs cannot be read.
 */
export async function historyReport(run: Run, result: GroupResult): Promise<GroupResult> {
  if (!run.logs) return { ...result, reason: 'This function has no log groups to look into: LOG_GROUPS names none.' };
  const { group } = result;
  if (group === null || result.analysis === 'group-unknown') return result;
  const found = await run.logs.search([`"group":"${group}"`], TELLING, run.clock.now() - REACH_MS);
  const history = historyOf(found).slice(0, LINES);
  const [last] = history;
  const reason = last
    ? `The last of ${history.length} things that are told of the group '${group}', at ${last.at}: ${last.why}`
    : `Nothing is told of the group '${group}' in the logs of the last 30 days.`;
  return { ...result, reason, history };
}

/** What a line says that tells of a move, of something in the way, or of what a person has asked for. */
const TELLING: readonly string[] = ['"operation":{', '"decision":"blocked"', '"decision":"act"'];

/** Lines of the log as lines of the history, the newest first; what is no result of ours, or tells the same again, is left out. */
export function historyOf(lines: readonly { readonly at: number; readonly message: string }[]): readonly HistoryLine[] {
  const records = lines.flatMap(({ at, message }) => recordIn(at, message) ?? []);
  const told = records.toSorted((a, b) => b.at - a.at).flatMap((record) => lineOf(record) ?? []);
  return told.filter((line, nth) => !isSame(line, told[nth + 1]));
}

/** What Lambda writes in front of a line, and behind it, is none of it. */
function recordIn(at: number, message: string): Record | undefined {
  const [start, end] = [message.indexOf('{'), message.lastIndexOf('}')];
  if (start === -1 || end < start) return undefined;
  try {
    const value = JSON.parse(message.slice(start, end + 1)) as unknown;
    return typeof value === 'object' && value !== null ? { ...value, at } : undefined;
  } catch {
    return undefined;
  }
}

function lineOf({ at, decision, code, reason, trigger, operation }: Record): HistoryLine | undefined {
  const common = { at: new Date(at).toISOString(), by: trigger ?? 'unknown' };
  if (code === undefined || reason === undefined || operation?.result === 'planned') return undefined;
  if (operation) return { ...common, what: operation.action, ...moveOf(operation, reason) };
  if (decision === 'no-action') return undefined;
  return { ...common, what: code, result: decision === 'blocked' ? 'blocked' : 'done', why: reason };
}

function moveOf({ id, from, to, result, reason, durationMs }: OperationResult, why: string) {
  // How it ended says more than why it began, where it has not come to its good end.
  const ended = result === 'done' || why.includes(reason) ? '' : ` ${result}: ${reason}`;
  return { id, ...(from !== undefined && { from }), to, result, durationMs, why: `${why}${ended}` };
}

/** A trouble that goes on is told once; so is what an older line of the same kind says in the same words. */
const isSame = (line: HistoryLine, older: HistoryLine | undefined): boolean =>
  older !== undefined && line.what === older.what && line.result === older.result && line.why === older.why;
