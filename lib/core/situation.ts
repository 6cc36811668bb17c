import { ANALYSIS, type Analysis } from './codes.ts';
import type { Intent } from './ledger.ts';
import { MAX_INTERFACES } from './ledger-fields.ts';
import type { InterfaceView, Observation } from './model.ts';
import type { Health } from './signals.ts';
import { isPrimary } from './tags.ts';

/** What kind of state a group is in: what can be asked of it next depends on this alone. */
export type Situation =
  | { readonly kind: 'unmovable' }
  /** A recorded operation is not finished. */
  | { readonly kind: 'interrupted'; readonly intent: Intent }
  /** On several members, and nothing recorded explains it. */
  | { readonly kind: 'split'; readonly holders: readonly string[] }
  /** Something of it is attached to nothing, and nothing recorded explains it. */
  | { readonly kind: 'loose' }
  | { readonly kind: 'parked' }
  /** Whole on one member, but an attachment is still, or again, on its way. */
  | { readonly kind: 'in-transit'; readonly way: 'attaching' | 'detaching' }
  | { readonly kind: 'held' };

/** What the table below looks at. */
export interface Scene extends Pick<Observation, 'group' | 'interfaces' | 'members' | 'unreadable'> {
  readonly intent: Intent | undefined;
  readonly holderId: string | undefined;
  readonly health: Health;
  /** Recorded as a holder, and gone since, with its tags. */
  readonly hasVanished: (instanceId: string) => boolean;
}

interface Match {
  readonly situation: Situation;
  /** One sentence: what was observed. */
  readonly summary: string;
}

/** Whether an analysis fits, and what follows; undefined when it is something else. */
type Matcher = (scene: Scene) => Match | undefined;

const row = (code: Analysis, match: Matcher) => ({ code, meaning: ANALYSIS[code], match });

/** Every analysis, in the order in which they are tried: what makes a group impossible to move comes first. */
export const ANALYSES = [
  row('group-unreadable', unreadable),
  row('group-unknown', unknown),
  row('too-many-interfaces', crowd),
  row('interface-primary', primary),
  row('interfaces-span-zones', spread),
  row('holder-not-member', foreign),
  row('operation-interrupted', interrupted),
  row('group-split', split),
  row('interface-unattached', loose),
  row('group-parked', parked),
  row('members-span-zones', stranded),
  row(
    'holder-gone',
    holder(({ code }) => code === 'gone'),
  ),
  row(
    'holder-stopped',
    holder(({ code }) => code === 'stopped'),
  ),
  row(
    'holder-unreachable',
    holder(({ code }) => code === 'holder-unreachable'),
  ),
  row(
    'holder-not-serving',
    holder(({ code }) => code === 'holder-not-serving'),
  ),
  row(
    'holder-impaired',
    holder(({ verdict }) => verdict === 'failed'),
  ),
  row(
    'holder-leaving',
    holder(({ verdict }) => verdict === 'leaving'),
  ),
  row(
    'holder-unknown',
    holder(({ verdict }) => verdict === 'unknown'),
  ),
  row(
    'holder-healthy',
    holder(() => true),
  ),
];

/** Names what is observed: the first row of {@link ANALYSES} that matches. */
export function analyze(scene: Scene): Match & { readonly analysis: Analysis } {
  for (const { code, match } of ANALYSES) {
    const found = match(scene);
    if (found) return { analysis: code, ...found };
  }
  throw new Error('the last row matches everything');
}

/** The instances that hold interfaces of the group, each once. */
export function holdersOf(interfaces: readonly InterfaceView[]): readonly string[] {
  return [...new Set(interfaces.flatMap((view) => view.attachment?.instanceId ?? []))];
}

/** The one member that has every interface of the group attached to it, in whatever state the attachments are. */
export function wholeOn(interfaces: readonly InterfaceView[]): string | undefined {
  const [only, ...others] = holdersOf(interfaces);
  return interfaces.every((view) => view.attachment) && others.length === 0 ? only : undefined;
}

/** The same where none is on its way: what is attaching, or detaching, is not held. */
export function settledOn(interfaces: readonly InterfaceView[]): string | undefined {
  return interfaces.every((view) => view.attachment?.status === 'attached') ? wholeOn(interfaces) : undefined;
}

/** The members that run. */
export function runningIn({ members }: Pick<Observation, 'members'>): ReadonlySet<string> {
  return new Set(members.filter(({ state }) => state === 'running').map(({ id }) => id));
}

/** Whether bringing a group to this instance takes anything off another one. */
export function isTakenFromOthers(interfaces: readonly InterfaceView[], instanceId: string): boolean {
  return interfaces.some(({ attachment }) => attachment !== undefined && attachment.instanceId !== instanceId);
}

function unmovable(summary: string): Match {
  return { situation: { kind: 'unmovable' }, summary };
}

function unreadable({ unreadable: found }: Scene): Match | undefined {
  if (found.length === 0) return undefined;
  const what = found.map(({ id, reason }) => `${id} could not be read (${reason.replace(/\.$/, '')})`).join('; ');
  return unmovable(`${what}. Nothing is moved on a guess.`);
}

function unknown({ group, interfaces }: Scene): Match | undefined {
  if (interfaces.length > 0) return undefined;
  return unmovable(`No network interface is tagged with the group '${group}'.`);
}

function crowd({ interfaces }: Scene): Match | undefined {
  if (interfaces.length <= MAX_INTERFACES) return undefined;
  const ids = interfaces.slice(MAX_INTERFACES).map(({ id }) => id);
  const most = `a group has at most ${MAX_INTERFACES}, and this one has ${interfaces.length}`;
  return unmovable(`Too many interfaces: ${most}. Take the group's tag off ${ids.join(' and ')}, or off others.`);
}

function primary({ interfaces }: Scene): Match | undefined {
  const found = interfaces.find(({ attachment }) => attachment && isPrimary(attachment));
  if (!found) return undefined;
  const whose = `${found.id} is the primary interface of ${found.attachment?.instanceId}`;
  return unmovable(`${whose}, which cannot be detached; tag a secondary one.`);
}

function spread({ interfaces }: Scene): Match | undefined {
  const zones = [...new Set(interfaces.map((view) => view.zone))];
  if (zones.length < 2) return undefined;
  return unmovable(
    `The interfaces of the group are spread over ${zones.join(' and ')}; no instance can hold them all.`,
  );
}

function foreign({ group, interfaces, members, hasVanished }: Scene): Match | undefined {
  const isOurs = (id: string | undefined): boolean =>
    id !== undefined && (members.some((member) => member.id === id) || hasVanished(id));
  const found = interfaces.find(({ attachment }) => attachment && !isOurs(attachment.instanceId));
  if (!found) return undefined;
  const who = found.attachment?.instanceId ?? 'something that is not an instance of this account';
  return unmovable(`${found.id} is attached to ${who}, which is not tagged as a member of the group '${group}'.`);
}

function interrupted({ intent }: Scene): Match | undefined {
  if (!intent) return undefined;
  const summary = `The ${intent.action} ${intent.id} to ${intent.to} was begun and not finished.`;
  return { situation: { kind: 'interrupted', intent }, summary };
}

function split({ interfaces }: Scene): Match | undefined {
  const holders = holdersOf(interfaces);
  if (holders.length < 2) return undefined;
  const where = holders.join(' and ');
  const summary = `The interfaces of the group are split between ${where}, and no operation explains it.`;
  return { situation: { kind: 'split', holders }, summary };
}

function loose({ interfaces }: Scene): Match | undefined {
  const ids = interfaces.filter((view) => !view.attachment).map((view) => view.id);
  if (ids.length === 0) return undefined;
  const summary = `${ids.join(' and ')} ${ids.length > 1 ? 'are' : 'is'} not attached to any instance.`;
  return { situation: { kind: 'loose' }, summary };
}

function parked({ members }: Scene): Match | undefined {
  const allStopped = members.every(({ state }) => state === 'stopped' || state === 'stopping');
  if (members.length === 0 || !allStopped) return undefined;
  const summary = 'Every member of the group is stopped; there is nothing to fail over to.';
  return { situation: { kind: 'parked' }, summary };
}

function stranded(scene: Scene): Match | undefined {
  const standbys = scene.members.filter(({ id }) => id !== scene.holderId);
  const zone = scene.interfaces[0]?.zone;
  if (standbys.length === 0 || standbys.some((member) => member.zone === zone)) return undefined;
  const where = [...new Set(standbys.map((member) => member.zone))].join(' and ');
  const summary = `The interface is in ${zone} and every standby is in ${where}; an interface cannot leave its Availability Zone.`;
  return { situation: onOneMember(scene), summary };
}

function holder(fits: (health: Health) => boolean): (scene: Scene) => Match | undefined {
  return (scene) => {
    if (!fits(scene.health)) return undefined;
    return { situation: onOneMember(scene), summary: `The holder ${scene.holderId} ${scene.health.because}.` };
  };
}

function onOneMember({ interfaces }: Scene): Situation {
  const statuses = interfaces.map((view) => view.attachment?.status);
  if (statuses.includes('detaching')) return { kind: 'in-transit', way: 'detaching' };
  return statuses.includes('attaching') ? { kind: 'in-transit', way: 'attaching' } : { kind: 'held' };
}
