import { cooldownOf } from './cooldown.ts';
import type { RejectionCode } from './codes.ts';
import { type Candidate, elect, type Rejection, type Terms } from './elect.ts';
import type { Facts } from './facts.ts';
import { notedSince } from './ledger.ts';

/** Who would get what a member that is well does not have of its group: that member, mostly. */

/** Who would get the interfaces. It is worked out before anybody asks whether they may move at all. */
export interface Succession {
  readonly successor: Candidate | undefined;
  /** `back`: nobody can take over, and the old holder takes back what was its own. */
  readonly way: 'onward' | 'back';
  readonly rejected: readonly Rejection[];
  /** A member that is well and has part of the group: it gets the rest, or nobody does. */
  readonly server?: string;
}

/** What a member that is well serves stays with it, so that it alone may take the rest, whatever its health is worth. */
export function electToJoin(facts: Facts, server: string, { asked }: Terms): Succession {
  const { eligible, rejected } = elect(facts, { ...(asked && { asked }), ...joining(server) });
  const instead = eligible[0] || asked ? undefined : electForAll(facts, server, rejected);
  return instead ?? { successor: eligible[0], way: 'onward', rejected, server };
}

/** Why a member has no place for an interface, as long as nobody makes room there. */
export const NO_PLACE: readonly RejectionCode[] = [
  'no-free-slot',
  'no-free-attachment',
  'too-few-addresses',
  'device-index-taken',
  'device-index-beyond-limit',
];
/** So long people have to make room, whatever the cooldown is set to. */
const LEAST_WAIT_MS = 15 * 60_000;

/**
 * A member that is well, serves the smaller part and has no place for the rest would keep that on nobody for ever.
 * Once it has been so for the cooldown, a member that takes all of it comes first: one short outage of a part, for an
 * end to that of the rest (docs/decisions/016-parts-that-wait.md).
 */
function electForAll(facts: Facts, server: string, rejected: readonly Rejection[]): Succession | undefined {
  const { memory, ledger, analysis, observation, settings, pausedUntil = 0 } = facts;
  const code = rejected.find(({ instanceId }) => instanceId === server)?.code;
  const since = notedSince(memory.noted ?? ledger?.condition, analysis);
  const waitMs = Math.max(settings.cooldownSeconds * 1000, LEAST_WAIT_MS);
  const isDue = since !== undefined && observation.now - since >= waitMs;
  const served = observation.interfaces.filter(({ attachment }) => attachment?.instanceId === server).length;
  if (code === undefined || !NO_PLACE.includes(code) || !isDue || 2 * served >= observation.interfaces.length)
    return undefined;
  // It takes something off a member that is well: people, and the bound on such moves, come first.
  const isHeld = settings.mode === 'manual' || pausedUntil > observation.now || cooldownOf(facts).until !== undefined;
  const all = isHeld ? undefined : elect(facts, { holder: { id: server, failed: false } });
  const successor = all?.eligible.find(({ lastResort, partial }) => !lastResort && !partial);
  return all && successor ? { successor, way: 'onward', rejected: all.rejected } : undefined;
}

export const joining = (instanceId: string) =>
  ({ only: { instanceId, because: 'holder-serves' }, asOldHolder: true, evenStuck: true }) as const;

/**
 * Nobody takes all of the group: whoever takes at least a part of what nobody holds. One interface that is refused,
 * be it the anchor, must not keep the others from serving.
 */
export function electForParts(facts: Facts, terms: Terms): Candidate | undefined {
  const loose = facts.observation.interfaces.filter(({ attachment }) => !attachment).map(({ id }) => id);
  for (const candidate of elect(facts, { ...terms, inParts: true }).eligible) {
    const { interfaceId, others = [], unanswered } = facts.memory.refused[candidate.member.id] ?? {};
    // What nobody has declined may still arrive: the others wait for it.
    if (unanswered) continue;
    const refused = [...others, ...(interfaceId === undefined ? [] : [interfaceId])];
    if (refused.length === 0 || loose.every((id) => refused.includes(id))) continue;
    return { ...candidate, placed: candidate.placed.filter((each) => !refused.includes(each.interfaceId)) };
  }
  return undefined;
}

/** The first reason given for each member; a denial counts for more, because a person has to put it right. */
export function joined(first: readonly Rejection[], more: readonly Rejection[]): readonly Rejection[] {
  const has = (list: readonly Rejection[], { instanceId }: Rejection): boolean =>
    list.some((each) => each.instanceId === instanceId);
  const denials = more.filter(({ code }) => code === 'attach-denied');
  const kept = first.filter((rejection) => !has(denials, rejection));
  return [...kept, ...more.filter((rejection) => !has(kept, rejection))];
}
