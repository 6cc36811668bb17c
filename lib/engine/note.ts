import type { Decision } from '../core/decide.ts';
import type { Condition, Notice } from '../core/ledger.ts';
import { anonymous } from '../core/afterwards.ts';
import { type Memory, NO_PAST } from '../core/memory.ts';
import type { LedgerWrite } from '../core/notes.ts';
import { type AwsCallError, failureOf } from '../errors.ts';
import type { Run, Unwritten } from './run.ts';

/** What is said of a group none of whose interfaces has room for the ledger. */
export const NO_ROOM = 'No interface of the group has room for the tags of the ledger.';

/** What is said where the one tag that it belongs into has no room for it. */
const FULL = 'The tag of the notes is full.';

/** Refused for a reason that does not pass by itself: a limit, a policy. */
export const isForGood = ({ failure }: AwsCallError): boolean => ['denied', 'invalid', 'refused'].includes(failure);

/**
 * Writes what a decision without a move leaves behind, in its order: one that joins is named by the others before it
 * names them, because until then it would be a group of its own.
 * @throws AwsCallError when the tags could not be written.
 */
export async function write({ cloud }: Run, { writes }: LedgerWrite): Promise<void> {
  const wanted = writes.filter(({ interfaceIds }) => interfaceIds.length > 0);
  for (const { interfaceIds, tags } of wanted) await cloud.writeTags(interfaceIds, tags);
}

/**
 * The same, but one that could not be written is announced all the same, and tried again by the next sweep.
 * @returns the news to announce.
 */
export async function tryToWrite(run: Run, group: string, note: LedgerWrite): Promise<readonly string[]> {
  const why = await lossOf(run, note);
  const ids = note.writes.flatMap(({ interfaceIds }) => interfaceIds);
  rememberRefused(run, ids, why?.forGood === true);
  if (why === undefined) {
    // What was told while it could not be noted is only noted now.
    const news = wasTold(run, group, note.news, note.condition !== undefined) ? [] : note.news;
    run.process.unwritten.delete(group);
    run.process.untaggable.delete(group);
    return news;
  }
  if (why.forGood) run.process.untaggable.add(group);
  const lost = note.notices ? keepNotices(run, group, note.notices) : [];
  const news = [...note.news, `This could not be noted in the tags: ${why.message}`, ...lost];
  return once(run, group, news, note.condition !== undefined, note.condition);
}

/** Which interfaces cannot be written to, whatever group they are of: others may claim its name. */
export function rememberRefused({ process: { refused } }: Run, ids: readonly string[], isRefused: boolean): void {
  for (const id of ids)
    if (isRefused) refused.add(id);
    else refused.delete(id);
}

/** Notices of members that EC2 takes back: what no tag can tell other processes, this one remembers. */
function keepNotices({ process: { unrecorded } }: Run, group: string, notices: readonly Notice[]): readonly string[] {
  unrecorded.set(group, { ...NO_PAST, ...unrecorded.get(group), notices });
  const ids = [...new Set(notices.map(({ instanceId }) => instanceId))].join(' and ');
  return [`The notice is not kept: until it has run out, another run may take ${ids} for a fit member.`];
}

/** Writes the note of a decision without a move, if it has one. @returns the news. */
export async function noteDown(run: Run, { write: note, facts }: Decision): Promise<readonly string[]> {
  return note ? tryToWrite(run, facts.observation.group, note) : [];
}

async function lossOf(run: Run, note: LedgerWrite): Promise<{ message: string; forGood: boolean } | undefined> {
  if (note.writes.length === 0) return { message: FULL, forGood: false };
  if (note.writes.every(({ interfaceIds }) => interfaceIds.length === 0)) return { message: NO_ROOM, forGood: true };
  const failure = await failureOf(() => write(run, note));
  return failure && { message: failure.message, forGood: isForGood(failure) };
}

/**
 * Where no tag remembers what was told, the process does, as long as it lives. Two sentences may tell of one trouble by
 * turns (that a move fails, and when it is tried again), so all are remembered until it is over.
 * @param lasts whether it is about a trouble.
 * @returns what is new of it.
 */
export function once(
  run: Run,
  group: string,
  news: readonly string[],
  lasts: boolean,
  condition?: Condition,
): readonly string[] {
  const before = lastTold(run, group);
  const isKnown = wasTold(run, group, news, lasts);
  const earlier = lasts && before?.lasts === true ? before.said : [];
  const said = [...new Set([...earlier, ...news.map(gist)])];
  run.process.unwritten.set(group, { said, lasts, at: run.clock.now(), ...(condition && { condition }) });
  return isKnown ? [] : news;
}

/** That all is well is news after any trouble, whatever was told before that. */
function wasTold(run: Run, group: string, news: readonly string[], lasts: boolean): boolean {
  const before = lastTold(run, group);
  if (!before || (before.lasts && !lasts)) return false;
  return news.every((text) => before.said.includes(gist(text)));
}

/** A trouble that no sweep has met for so long is over, although nobody has said so. */
const OVER_AFTER_MS = 30 * 60_000;

function lastTold({ process: { unwritten }, clock }: Run, group: string): Unwritten | undefined {
  const last = unwritten.get(group);
  return last && clock.now() - last.at <= OVER_AFTER_MS ? last : undefined;
}

/** Neither what an operation is called nor when something is tried again is what is new about it. */
const gist = (text: string): string => anonymous(text).replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'then');

/** No sweep comes later than this after the one before, unless it is the first after a while. */
const SWEEPS_APART_MS = 90_000;

/** What the look before this one would have noted of a group, had its tags not been refused. */
export function notedInProcess({ process: { unwritten }, clock }: Run, group: string): Condition | undefined {
  const last = unwritten.get(group);
  return last && clock.now() - last.at <= SWEEPS_APART_MS ? last.condition : undefined;
}

/** What this process knows of a group whose tags do not say it. */
export function rememberedInProcess(run: Run, group: string): Pick<Memory, 'noted' | 'untaggable' | 'unrecorded'> {
  const { untaggable, unrecorded } = run.process;
  const [noted, past] = [notedInProcess(run, group), unrecorded.get(group)];
  return {
    ...(noted && { noted }),
    ...(untaggable.has(group) && { untaggable: true }),
    ...(past && { unrecorded: past }),
  };
}
