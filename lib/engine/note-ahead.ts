import { type Ahead, type AheadFinding, findingsAhead } from '../core/ahead.ts';
import { AHEAD_KEY, aheadChange, type AheadNote, formatAhead, parseAhead } from '../core/ahead-note.ts';
import { carriersOf, hasRoomFor } from '../core/carriers.ts';
import { readLedger } from '../core/ledger-codec.ts';
import type { Observation } from '../core/model.ts';
import { failureOf } from '../errors.ts';
import { NO_ROOM } from './note.ts';
import type { GroupResult } from './result.ts';
import type { Run } from './run.ts';

/** What was told of groups, for the life of the process: tags may be refused, or read as they were a moment ago. */
export type ToldAhead = Map<string, AheadNote>;

/**
 * Tells what a look ahead has found, when it is new, and notes that in a tag of its own. A group that no sweep has
 * entered into the books yet is left for the next run: alone, the tag would look like a ledger that means nothing.
 * @returns undefined when there is nothing new.
 */
export async function noteAhead(
  run: Run,
  told: ToldAhead,
  observation: Observation,
  ahead: Ahead,
): Promise<GroupResult | undefined> {
  const { statePrefix } = run.settings;
  const { group, interfaces } = observation;
  if (readLedger(interfaces, statePrefix).status !== 'valid') return undefined;
  const key = statePrefix + AHEAD_KEY;
  const noted = [told.get(group), ...interfaces.map(({ tags }) => parseAhead(tags[key]))];
  const before = noted.flatMap((note) => note ?? []).reduce(newer, undefined);
  const change = aheadChange(before, ahead, findingsAhead(observation, ahead, run.settings), run.clock.now());
  if (!change) return undefined;
  const carriers = carriersOf(observation).filter((each) => hasRoomFor([key], each));
  const ids = carriers.map(({ id }) => id);
  const write = () => run.cloud.writeTags(ids, { [key]: formatAhead(change.note) });
  const failure = ids.length === 0 ? NO_ROOM : (await failureOf(write))?.message;
  told.set(group, change.note);
  const lost = failure === undefined ? [] : [`This could not be noted in the tags: ${failure}`];
  return resultOf(group, change.fresh, [...change.news, ...lost]);
}

function newer(one: AheadNote | undefined, other: AheadNote): AheadNote {
  return one === undefined || other.at > one.at ? other : one;
}

function resultOf(group: string, findings: readonly AheadFinding[], news: readonly string[]): GroupResult {
  const denials = findings.filter(({ severity }) => severity === 'blocking');
  return {
    group,
    analysis: 'not-observed',
    decision: 'no-action',
    code: denials.length > 0 ? 'denied-ahead' : 'looked-ahead',
    reason: news[0] ?? '',
    rejected: [],
    ...(findings.length > 0 && { findings }),
    // Whether the group is ready again, only a look at all of it says: the sweep's.
    ...(denials.length > 0 && { readiness: { ready: false, findings: denials } }),
    news,
  };
}
