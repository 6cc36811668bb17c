import type { Evidence } from '../probe/evidence.ts';
import type { Silence } from '../probe/mass.ts';
import { isLife } from '../probe/outcome.ts';
import type { ConfirmReply, ConfirmRequest, Told, Watched, WatchReply } from '../probe/protocol.ts';
import { isNews } from '../probe/sight.ts';
import { secondLook, targetOf } from '../probe/protocol.ts';
import { confirms, FRESH_MS, type Judgement, letsMove, standing, OF_THE_PROBES } from '../probe/verdict.ts';
import type { VerdictDetail } from '../probe/verdict-event.ts';
import type { WatchedGroup, WatchedInterface, WatchInput } from './input.ts';
import { keyOf, type Memory } from './memory.ts';
import { withProof } from './proof.ts';

/** One interface that is watched, in one run. */
export interface Tracked {
  readonly group: WatchedGroup;
  readonly watched: WatchedInterface;
  evidence: Evidence | undefined;
  told: Told | undefined;
  /** Until then nothing about it ends a call: it is being dealt with. */
  quietUntil: number;
  /** Old holders that nobody answered for, as the ledger has it; none once it was told that they answer. */
  marked: readonly string[];
  /** The other probe's look, under way or over. */
  look: Look | undefined;
}

interface Look {
  /** When it was asked, and who. */
  readonly at: number;
  readonly by: string;
  /** Undefined where it could not be asked. Never rejects. */
  readonly opinion: Promise<SecondOpinion | undefined>;
}

/** One more look of the other probe at one interface. */
export interface SecondOpinion {
  readonly at: number;
  readonly isSlow: boolean;
  readonly found: ConfirmReply['targets'][number];
}

/** What is watched, with what this process remembers of it. */
export function trackedOf(input: WatchInput, memory: Memory): Tracked[] {
  return input.groups.flatMap((group) =>
    group.interfaces.map((watched) => ({
      group,
      watched,
      evidence: withProof(memory.evidence.get(keyOf(watched.attachmentId, group.holder.id)), watched),
      told: watched.told,
      quietUntil: 0,
      marked: group.marked ?? [],
      look: undefined,
    })),
  );
}

/** Where one interface and its witnesses are, for either kind of request. */
export function lookOf({ group, watched }: Tracked): ConfirmRequest['targets'][number] {
  return {
    id: watched.id,
    address: watched.address,
    target: watched.target,
    own: group.holder.address,
    standbys: group.standbys,
    ...(group.neighbours && { neighbours: group.neighbours }),
  };
}

/** What the lead is asked to watch. */
export function watchedOf(tracked: Tracked): Watched {
  const { group, evidence, quietUntil } = tracked;
  const told = toldToProbe(tracked);
  return {
    ...lookOf(tracked),
    serviceAfterMs: group.serviceAfterSeconds * 1_000,
    quietUntil,
    ...(told && { told }),
    ...(evidence && { evidence }),
  };
}

/** A probe does not know what a group wants: that a move could follow now is no news to one that wants none. */
function toldToProbe({ group, told }: Tracked): Told | undefined {
  // What was told of the probes themselves is nothing against it.
  if (told === undefined || OF_THE_PROBES.includes(told.verdict)) return undefined;
  return { ...told, acts: (told.acts ?? true) || !asWanted(group, { ...told, acts: true }).acts };
}

/** A judgement with what the group wants to follow from it (`probe-acts`). */
export function asWanted({ acts }: WatchedGroup, judgement: Judgement): Judgement {
  return { ...judgement, acts: judgement.acts && letsMove(acts, judgement.verdict) };
}

/** Whether a judgement is to be told of an interface now. */
export function isDue(tracked: Tracked, judgement: Judgement, now: number): boolean {
  return now >= tracked.quietUntil && isNewsOf(tracked, asWanted(tracked.group, judgement));
}

/** Whether it was told of the probes themselves, and is to be told when that is over. */
export const isOfTheProbes = ({ told }: Tracked): boolean => OF_THE_PROBES.includes(told?.verdict ?? 'serving');

/** Whether nothing was told that is so still, but that it serves. */
export const isWell = ({ told }: Tracked): boolean => (told?.verdict ?? 'serving') === 'serving';

/** Whether it differs from what was told. */
export function isNewsOf({ told }: Tracked, judgement: Judgement): boolean {
  return isNews(judgement, told);
}

/** Whether anybody of its group has given a sign of life just now. */
export function isHeard({ evidence }: Tracked, now: number): boolean {
  if (evidence === undefined) return false;
  const { floating, own, witnesses } = evidence;
  const heardAt = [floating, own, ...Object.values(witnesses)].map((each) => each?.lastAnswerAt ?? 0);
  const isRefused = floating.misses.some((miss) => isLife(miss.class));
  return isRefused || now - Math.max(...heardAt) <= FRESH_MS;
}

/** Whether it answered until now, as far as was told, and was just missed. */
export function isSuspect(tracked: Tracked): boolean {
  const { missed, lastAnswerAt } = tracked.evidence?.floating ?? { missed: 0, lastAnswerAt: null };
  return missed > 0 && lastAnswerAt !== null && (isWell(tracked) || isOfTheProbes(tracked));
}

/** Whether the other probe has to see the same: whoever is said to be down deserves it. */
export function needsAnother({ verdict, reason }: Judgement): boolean {
  return verdict === 'unreachable' || (verdict === 'not-serving' && reason === 'service');
}

/** What the other probe's look makes of a judgement. */
export function weigh(
  { evidence, watched }: Tracked,
  { verdict }: Judgement,
  opinion: SecondOpinion,
): ReturnType<typeof confirms> {
  const claim = { verdict, found: evidence?.floating.misses.at(-1)?.class, own: evidence?.own?.last ?? undefined };
  return confirms(claim, targetOf(watched.target).kind, secondLook(opinion.found, opinion.isSlow));
}

/** The holders that are silent now, for the rule about many at once. One lost packet is no silence. */
export function silencesOf(all: readonly Tracked[]): readonly Silence[] {
  return all.flatMap(({ group, evidence }) => {
    if (evidence === undefined || evidence.floating.lastAnswerAt === null) return [];
    const { missed, missingSince, misses } = evidence.floating;
    const isSilent = missed >= 2 && misses.slice(-2).every((miss) => miss.class === 'silent');
    return isSilent && missingSince !== null
      ? [{ zone: group.zone, instanceId: group.holder.id, since: missingSince }]
      : [];
  });
}

/** How many holders are watched in each zone. */
export function holdersOf(groups: readonly WatchedGroup[]): ReadonlyMap<string, number> {
  const holders = new Map<string, Set<string>>();
  for (const { zone, holder } of groups) holders.set(zone, (holders.get(zone) ?? new Set()).add(holder.id));
  return new Map([...holders].map(([zone, ids]) => [zone, ids.size]));
}

/** What is told of a judgement. @param at when it was reached. */
export function detailOf(
  { group, watched, evidence }: Tracked,
  judgement: Judgement,
  at: number,
  confirmed: VerdictDetail['confirmed'],
): VerdictDetail {
  const { verdict, reason, acts, witness } = asWanted(group, judgement);
  const { kind } = targetOf(watched.target);
  const own = evidence?.own?.last ?? undefined;
  const answeredAt = witness === undefined ? undefined : (evidence?.witnesses[witness]?.lastAnswerAt ?? undefined);
  return {
    version: 1,
    group: group.group,
    interfaceId: watched.id,
    attachmentId: watched.attachmentId,
    instanceId: group.holder.id,
    verdict,
    acts,
    at,
    lastAnswerAt: evidence?.floating.lastAnswerAt ?? null,
    found: evidence?.floating.misses.at(-1)?.class ?? 'answered',
    standbys: group.standbys.map(({ id }) => (evidence ? standing(evidence, kind, id) : { instanceId: id })),
    confirmed,
    ...(own !== undefined && { own }),
    ...(reason !== undefined && { reason }),
    ...(witness !== undefined && answeredAt !== undefined && { witness: { id: witness, answeredAt } }),
  };
}

/** Takes over what a call has seen. */
export function absorb(all: readonly Tracked[], reply: WatchReply): void {
  const seen = new Map(reply.targets.map((each) => [each.id, each.evidence]));
  for (const tracked of all) tracked.evidence = seen.get(tracked.watched.id) ?? tracked.evidence;
}
