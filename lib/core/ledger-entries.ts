import type { Condition, ForcedDetach, Intent, Ledger, OperationAction, RecordedResource } from './ledger.ts';
import { isoTime, NONE, optional, parseAll, parseTime } from './tag-text.ts';
import { formatDevice, parseDevice } from './tags.ts';

/** The words of which the tags of a ledger are made; `parse…` gives undefined for what cannot be read. */

const ACTIONS: readonly OperationAction[] = ['failover', 'switchover', 'attach'];

export function parseInstanceId(text: string): string | undefined {
  return /^i-[0-9a-f]{8,17}$/.test(text) ? text : undefined;
}

export function formatIntent(intent: Intent): string {
  const by = intent.automatic ? 'automatic' : 'request';
  const flags = `${intent.ignoreHealth ? ' health=ignored' : ''}${intent.named ? ' target=named' : ''}${intent.probed ? ' cause=probe' : ''}${intent.plain ? ' detach=plain' : ''}${intent.drill === undefined ? '' : ` drill=${intent.drill}`}`;
  const route = `from=${intent.from ?? NONE} to=${intent.to}`;
  const begun = intent.begunAt === undefined ? '' : ` at=${isoTime(intent.begunAt)}`;
  return `${intent.action} ${route} id=${intent.id} run=${intent.runId} by=${by}${begun} deadline=${isoTime(intent.deadlineAt)}${flags}`;
}

export function parseIntent(text: string): Intent | undefined {
  const [action, ...pairs] = text.split(' ');
  const fields = parsePairs(pairs);
  const known = ACTIONS.find((name) => name === action);
  const from = optional(parseInstanceId)(fields.get('from') ?? '');
  const to = parseInstanceId(fields.get('to') ?? '');
  const deadlineAt = parseTime(fields.get('deadline') ?? '');
  const [id, runId, by] = [fields.get('id'), fields.get('run'), fields.get('by')];
  if (!known || !from || !to || deadlineAt === undefined || !id || !runId) return undefined;
  if (by !== 'automatic' && by !== 'request') return undefined;
  const ignoreHealth = fields.get('health') === 'ignored';
  const origin = from.value ? { from: from.value } : {};
  const named = fields.get('target') === 'named' ? ({ named: true } as const) : {};
  const probed = fields.get('cause') === 'probe' ? ({ probed: true } as const) : {};
  const plain = fields.get('detach') === 'plain' ? ({ plain: true } as const) : {};
  const home = parseInstanceId(fields.get('drill') ?? '');
  const begunAt = parseTime(fields.get('at') ?? '');
  const dates = { ...(begunAt !== undefined && { begunAt }), deadlineAt };
  return {
    id,
    action: known,
    ...origin,
    to,
    runId,
    ...dates,
    automatic: by === 'automatic',
    ignoreHealth,
    ...named,
    ...probed,
    ...plain,
    ...(home !== undefined && { drill: home }),
  };
}

/** `key=value` words. */
export function parsePairs(words: readonly string[]): ReadonlyMap<string, string> {
  return new Map(words.map((word) => [word.split('=')[0] ?? '', word.slice(word.indexOf('=') + 1)]));
}

/** The last 8 digits tell the interfaces of one group apart, and 15 of them fit into one value. */
export const shortId = (id: string): string => id.slice(-8);

/** `12345678:1`, `9abcdef0:2@1`: an interface, and the device it was at. */
export const formatPlace = (place: RecordedResource): string => `${shortId(place.id)}:${formatDevice(place)}`;

/** The digits before the place, if an entry has one. */
export const shortOf = (entry: string): string => entry.split(':')[0] ?? '';

/** The places of those interfaces that are in the group, and the other entries as they are. */
export function parsePlaces(
  entries: readonly string[],
  group: readonly { readonly id: string }[],
): Pick<Ledger, 'resources' | 'others'> | undefined {
  const places = parseAll(entries, (entry) => {
    const device = parseDevice(entry.slice(shortOf(entry).length + 1));
    const isReadable = /^[0-9a-f]{8}(:.*)?$/.test(entry) && (device !== undefined || !entry.includes(':'));
    return isReadable ? { entry, device } : undefined;
  });
  if (!places) return undefined;
  const known = new Map(places.map(({ entry, device }) => [shortOf(entry), device]));
  const resources = group.flatMap(({ id }) => {
    const device = known.get(shortId(id));
    return device ? [{ kind: 'interface', id, ...device } as const] : [];
  });
  const placed = new Set(resources.map(({ id }) => shortId(id)));
  const others = entries.filter((entry) => !placed.has(shortOf(entry)));
  return { resources, ...(others.length > 0 && { others }) };
}

/** The first time in full, each later one in seconds after the first: `2026-08-20T10:00:00Z +55 +310.5`. */
export function formatTimes([first, ...later]: readonly number[]): readonly string[] {
  if (first === undefined) return [];
  return [isoTime(first), ...later.map((at) => `+${Math.round(at - first) / 1000}`)];
}

export function parseTimes([first, ...later]: readonly string[]): readonly number[] | undefined {
  if (first === undefined) return [];
  const start = parseTime(first);
  if (start === undefined) return undefined;
  const rest = parseAll(later, (word) => {
    return /^\+-?\d+(\.\d{1,3})?$/.test(word) ? start + Math.round(Number(word.slice(1)) * 1000) : undefined;
  });
  return rest && [start, ...rest];
}

/** `i-…@<time>`; `key` is what the time is called. */
export const formatDated =
  <Key extends string>(key: Key) =>
  (entry: Dated<Key>): string =>
    `${entry.instanceId}@${isoTime(entry[key])}`;

export type Dated<Key extends string> = { readonly instanceId: string } & Readonly<Record<Key, number>>;

export function parseDated<Key extends string>(key: Key) {
  return (text: string): Dated<Key> | undefined => {
    const [id = '', time = ''] = text.split('@');
    const at = parseTime(time);
    if (!parseInstanceId(id) || at === undefined) return undefined;
    return { instanceId: id, [key]: at } as Dated<Key>;
  };
}

/** `i-…@<launch>+3605/1+2@1`: when it was launched, how many seconds later it was left by force, and which devices. */
export function formatForced(entry: ForcedDetach): string {
  const { launchedAt, at, devices = [] } = entry;
  const later = at === undefined ? '' : `+${Math.round(at - launchedAt) / 1000}`;
  const which = devices.length === 0 ? '' : `/${devices.map(formatDevice).join('+')}`;
  return `${formatDated('launchedAt')(entry)}${later}${which}`;
}

export function parseForced(text: string): ForcedDetach | undefined {
  const [, dated = '', later, which] = /^([^+/]+)(?:\+(-?\d+(?:\.\d{1,3})?))?(?:\/(.+))?$/.exec(text) ?? [];
  const entry = parseDated('launchedAt')(dated);
  const devices = which === undefined ? [] : parseAll(which.split('+'), parseDevice);
  if (!entry || !devices) return undefined;
  const at = later === undefined ? {} : { at: entry.launchedAt + Math.round(Number(later) * 1000) };
  return { ...entry, ...at, ...(devices.length > 0 && { devices }) };
}

/** `<analysis>/<code> since <time> of 12345678`. */
export const formatCondition = ({ what, since, about }: Condition): string =>
  `${what} since ${isoTime(since)}${about === undefined ? '' : ` of ${about}`}`;

export function parseCondition(text: string): Condition | undefined {
  const [, what, time = '', about] = /^(.+) since (\S+)(?: of ([0-9a-f]{8}))?$/.exec(text) ?? [];
  const since = parseTime(time);
  return what && since !== undefined ? { what, since, ...(about !== undefined && { about }) } : undefined;
}
