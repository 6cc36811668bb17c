import type { Ledger, LooseTries, StrayNote, Unready } from './ledger.ts';
import {
  formatCondition,
  formatDated,
  formatForced,
  formatProbe,
  parseCondition,
  parseDated,
  parseForced,
  parseInstanceId,
  parseProbe,
} from './ledger-entries.ts';
import { isoTime, joinSections, NONE, parseAll, parseTime, type Sections, splitSections } from './tag-text.ts';

/** The tag `notes`: what sweeps, and events that bring a notice, have to remember. */

/** So many interfaces that do not belong to the group are noted. */
export const MAX_STRAYS = 3;
const NOTES = ['condition', 'loose', 'due', 'fit', 'unready', 'strays', 'silent', 'notices', 'probe'];
/** So many reasons for which a group is not ready are noted. */
export const MAX_UNREADY = 4;
/** So many interfaces are noted of which the probe had something to tell. */
export const MAX_PROBE_NOTES = 3;

/**
 * `condition <analysis>/<code> since <time> of 12345678 loose 2@<time> due i-… fit i-…@<time> unready not-running+impaired@<time> strays 12345678@<time>/<code> silent i-…@<time>+3605
 * notices i-…@<time> probe 12345678@<time>/<code>/<reason>`.
 */
export function formatNotes({
  condition,
  loose,
  due,
  fit,
  unready,
  strays = [],
  silent = [],
  notices,
  probe = [],
}: Ledger): string {
  const sections: Sections = [
    ['condition', condition ? [formatCondition(condition)] : []],
    ['loose', loose ? [`${loose.count}@${isoTime(loose.lastAt)}${loose.throttled ? '/throttled' : ''}`] : []],
    ['due', due === undefined ? [] : [due]],
    ['fit', fit ? [formatDated('at')(fit)] : []],
    ['unready', unready ? [`${unready.codes.join('+')}@${isoTime(unready.since)}`] : []],
    ['strays', strays.slice(0, MAX_STRAYS).map(({ short, at, code }) => `${short}@${isoTime(at)}/${code}`)],
    ['silent', silent.map(formatForced)],
    ['notices', notices.map(formatDated('at'))],
    ['probe', probe.slice(-MAX_PROBE_NOTES).map(formatProbe)],
  ];

  // What keeps news from being told twice gives way to what keeps a group from being moved to the wrong member.
  return joinSections(sections, ['probe', 'strays', 'unready']);
}

/** Without the notices, which are read on their own: see `readNotices`. */
export function parseNotes(text: string): Partial<Ledger> | undefined {
  const wordsOf = splitSections(text === '' ? NONE : text, NOTES);
  const conditions =
    wordsOf('condition').length === 0 ? [] : parseAll([wordsOf('condition').join(' ')], parseCondition);
  const tries = parseAll(wordsOf('loose'), parseLooseTries);
  const strays = parseAll(wordsOf('strays'), parseStray);
  const planned = parseAll(wordsOf('due'), parseInstanceId);
  const fits = parseAll(wordsOf('fit'), parseDated('at'));
  const silent = parseAll(wordsOf('silent'), parseForced);
  const lacking = parseAll(wordsOf('unready'), parseUnready);
  const probe = parseAll(wordsOf('probe'), parseProbe);
  if (wordsOf('').length > 0 || !conditions || !tries || !planned || !strays || !silent || !probe || !lacking || !fits)
    return undefined;
  const [[condition], [loose], [due], [unready], [fit]] = [conditions, tries, planned, lacking, fits];
  return {
    notices: [],
    ...(condition && { condition }),
    ...(loose && { loose }),
    ...(due && { due }),
    ...(fit && { fit }),
    ...(unready && { unready }),
    ...(strays.length > 0 && { strays }),
    ...(silent.length > 0 && { silent }),
    ...(probe.length > 0 && { probe }),
  };
}

function parseStray(text: string): StrayNote | undefined {
  const [, short = '', time = '', code = ''] = /^([0-9a-f]{8})@(\S+)\/([a-z-]{1,24})$/.exec(text) ?? [];
  const at = parseTime(time);
  return at === undefined ? undefined : { short, at, code };
}

function parseUnready(text: string): Unready | undefined {
  const [, codes = '', time = ''] = /^([a-z0-9-]{1,40}(?:\+[a-z0-9-]{1,40})*)@(\S+)$/.exec(text) ?? [];
  const since = parseTime(time);
  return since === undefined ? undefined : { codes: codes.split('+'), since };
}

function parseLooseTries(text: string): LooseTries | undefined {
  const [, count, time = '', throttled] = /^(\d{1,6})@([^/]+)(\/throttled)?$/.exec(text) ?? [];
  const lastAt = parseTime(time);
  if (lastAt === undefined) return undefined;
  return { count: Number(count), lastAt, ...(throttled !== undefined && { throttled: true }) };
}

/** The notices of one tag, entry by entry: what cannot be read spoils nothing else. */
export function noticesIn(text: string): readonly { readonly instanceId: string; readonly at: number }[] {
  const words = splitSections(text, NOTES)('notices');
  return words.flatMap((word) => parseDated('at')(word) ?? []);
}
