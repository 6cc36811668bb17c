import { massSilence } from '../probe/mass.ts';
import { readConfirmReply, type WatchReply } from '../probe/protocol.ts';
import type { Judgement } from '../probe/verdict.ts';
import { type VerdictDetail, verdictEvent } from '../probe/verdict-event.ts';
import type { WatchedGroup } from './input.ts';
import { firstsOf, isOver, isSerious, type Judged, type More, type OfTheProbes } from './judged.ts';
import type { Leads } from './leads.ts';
import { disagreement, hasUsableLook, isLooking } from './opinion.ts';
import type { WatchPorts } from './ports.ts';
import { tellOfRevived } from './revived.ts';
import { Roster } from './roster.ts';
import type { Says } from './says.ts';
import {
  asWanted,
  detailOf,
  holdersOf,
  isDue,
  isHeard,
  isNewsOf,
  isOfTheProbes,
  isSuspect,
  isWell,
  lookOf,
  type SecondOpinion,
  silencesOf,
  type Tracked,
  weigh,
} from './tracked.ts';

/** A look takes a second; the rest is a cold start, and the way there and back. */
const CONFIRM_MS = 4_000;
/** While a verdict is dealt with, nothing about its interface ends a call. */
const BUSY_MS = 3_000;
/** A blind probe does not end its calls more often than that. */
const BLIND_MS = 10_000;
/** How long the count stays doubled after the other probe could not be asked. */
const DOUBLED_MS = 30_000;
const COUNT = 3;

/**
 * What becomes of the lead's verdicts: the other probe has to see the same, and then they are told. This goes on while
 * the next call is under way.
 */
export class Settling {
  readonly #groups: readonly WatchedGroup[];
  readonly #leads: Leads;
  readonly #says: Says;
  readonly #ports: WatchPorts;
  readonly #pending = new Set<Promise<void>>();
  readonly #roster: Roster;
  #doubledUntil = Number.NEGATIVE_INFINITY;
  /** Verdicts that were told. */
  told = 0;

  constructor(groups: readonly WatchedGroup[], all: readonly Tracked[], leads: Leads, says: Says, ports: WatchPorts) {
    this.#groups = groups;
    this.#roster = new Roster(all);
    this.#leads = leads;
    this.#says = says;
    this.#ports = ports;
  }

  /** What is still watched. A group that may move now is not judged until the next run knows where it is. */
  get watched(): readonly Tracked[] {
    return this.#roster.judged;
  }

  /** Misses in a row that count now. */
  get count(): number {
    return this.#isDoubled ? 2 * COUNT : COUNT;
  }

  /** Whether there is another probe that can be asked, as far as is known. */
  canAsk(lead: string): boolean {
    return this.#leads.otherThan(lead) !== undefined && !this.#isDoubled;
  }

  /** Takes what a call of the lead came to. Nothing of it is waited for. */
  take(lead: string, reply: WatchReply): void {
    const now = this.#ports.clock.now();
    const judgements = new Map(reply.targets.map(({ id, judgement }) => [id, judgement]));
    const judged = this.#roster.judged.flatMap((tracked): Judged[] => {
      const judgement = judgements.get(tracked.watched.id);
      return judgement && isDue(tracked, judgement, now) && !this.#isKnownOfProbes(tracked, judgement)
        ? [{ tracked, judgement, at: reply.endedAt }]
        : [];
    });
    for (const { tracked } of judged) tracked.quietUntil = now + BUSY_MS;
    const [serious, rest] = [judged.filter(isSerious), judged.filter((each) => !isSerious(each))];
    const others = rest.filter((each) => !isOver(each));
    this.#begin(this.#tellAll(rest.filter(isOver)));
    this.#begin(tellOfRevived(this.#roster.judged, judgements, reply.endedAt, this.#ports));
    if (this.canAsk(lead)) this.#lookAtSuspects(lead, now);
    for (const each of this.#withoutBlindness(lead, others)) this.#begin(this.#tell(each, 'unasked'));
    if (serious.length > 0) this.#begin(this.#settle(lead, serious));
  }

  /**
   * Tells what is wrong with the probes themselves: whatever group is asked about, that is among what is to be put
   * right. A group of which something else was told keeps that.
   */
  tellOfProbes({ neededMb, ...judgement }: OfTheProbes, at: number): void {
    const judged = firstsOf(this.#roster.judged)
      .filter(isWell)
      .map((tracked): Judged => ({ tracked, judgement, at }));
    this.#begin(this.#tellAll(judged, neededMb === undefined ? {} : { neededMb }));
  }

  /** One is told, the others take note: it is the same news. */
  async #tellAll(judged: readonly Judged[], more: More = {}): Promise<void> {
    for (const [nth, each] of judged.entries())
      await this.#tell(each, 'unasked', nth === 0 ? more : { ...more, isOnlyNoted: true });
  }

  /** While a probe is as it was told, that somebody serves is nothing new. */
  #isKnownOfProbes(tracked: Tracked, { verdict }: Judgement): boolean {
    return verdict === 'serving' && isOfTheProbes(tracked) && this.#says.isSaid(tracked.told?.verdict ?? '');
  }

  /** Waits for what is under way. */
  async ended(): Promise<void> {
    while (this.#pending.size > 0) await Promise.all(this.#pending);
  }

  get #isDoubled(): boolean {
    return this.#ports.clock.now() < this.#doubledUntil;
  }

  #begin(work: Promise<void>): void {
    const pending: Promise<void> = work.finally(() => this.#pending.delete(pending));
    this.#pending.add(pending);
  }

  /** One probe that sees nobody at all is ill: that is said of the probe, once, and not to every group. */
  #withoutBlindness(lead: string, judged: readonly Judged[]): readonly Judged[] {
    const now = this.#ports.clock.now();
    const isSomebodyHeard = this.#roster.judged.some((tracked) => isHeard(tracked, now));
    if (isSomebodyHeard) this.#says.unsay('probe-sees-nothing', lead);
    const blind = judged.filter(({ judgement }) => judgement.verdict === 'probe-blind');
    if (isSomebodyHeard || this.#roster.judged.length < 2 || blind.length === 0) return judged;
    this.#leads.isIll(lead, now);
    for (const { tracked } of blind) tracked.quietUntil = now + BLIND_MS;
    const news = `The probe ${lead} is answered by nobody: look at its subnet and its security group.`;
    this.#says.say('probe-sees-nothing', lead, news);
    return judged.filter((each) => !blind.includes(each));
  }

  /** Asks the other probe at the first suspicion, so that its answer is there when the count is full. */
  #lookAtSuspects(lead: string, now: number): void {
    const suspects = this.#roster.judged.filter((tracked) => isSuspect(tracked) && !isLooking(tracked, now));
    if (suspects.length > 0) this.#look(lead, suspects);
  }

  #look(lead: string, all: readonly Tracked[]): void {
    const other = this.#leads.otherThan(lead) ?? '';
    const at = this.#ports.clock.now();
    const opinions = this.#ask(other, all);
    for (const tracked of all)
      tracked.look = { at, by: other, opinion: opinions.then((found) => found?.get(tracked.watched.id)) };
    this.#begin(opinions.then(() => undefined));
  }

  /** @returns undefined when it could not be asked. Never rejects. */
  async #ask(other: string, all: readonly Tracked[]): Promise<ReadonlyMap<string, SecondOpinion> | undefined> {
    const { clock, invoker } = this.#ports;
    try {
      const request = { version: 1, kind: 'confirm', targets: all.map(lookOf) };
      const { at, isSlow, targets } = readConfirmReply(await invoker.ask(other, request, CONFIRM_MS));
      this.#says.unsay('probe-unavailable', other);
      return new Map(targets.map((found) => [found.id, { at, isSlow, found }]));
    } catch (error) {
      this.#doubledUntil = clock.now() + DOUBLED_MS;
      this.#says.say(
        'probe-unavailable',
        other,
        `The probe ${other} cannot confirm, so twice the count is wanted: ${String(error)}`,
      );
      return undefined;
    }
  }

  async #settle(lead: string, judged: readonly Judged[]): Promise<void> {
    const hasOther = this.#leads.otherThan(lead) !== undefined;
    const stale = judged.filter(({ tracked }) => !hasUsableLook(tracked, lead, this.#ports.clock.now()));
    if (this.canAsk(lead) && stale.length > 0)
      this.#look(
        lead,
        stale.map(({ tracked }) => tracked),
      );
    await Promise.all(judged.map((each) => (hasOther ? this.#confirm(lead, each) : this.#alone(each, 'single'))));
  }

  async #confirm(lead: string, judged: Judged): Promise<void> {
    const { tracked, judgement } = judged;
    const usable = hasUsableLook(tracked, lead, this.#ports.clock.now());
    const opinion = usable ? await tracked.look?.opinion : undefined;
    const weight = opinion && weigh(tracked, judgement, opinion);
    if (weight === undefined || (opinion?.isSlow && weight === 'unknown')) return this.#doubled(judged);
    if (weight === 'agrees') return this.#tell(judged, 'both');
    tracked.look = undefined;
    this.#says.say('probe-disagrees', tracked.watched.id, disagreement(judged, weight));
  }

  /** It could not be asked: twice the count is wanted, which the next call counts to. */
  async #doubled(judged: Judged): Promise<void> {
    const { clock } = this.#ports;
    if (!this.#isDoubled) this.#doubledUntil = clock.now() + DOUBLED_MS;
    if ((judged.tracked.evidence?.floating.missed ?? 0) >= 2 * COUNT) return this.#alone(judged, 'doubled');
    judged.tracked.quietUntil = clock.now();
  }

  /** One probe's word, which is not enough where many fell silent at once. */
  async #alone(judged: Judged, confirmed: 'single' | 'doubled'): Promise<void> {
    const { tracked } = judged;
    const zones = massSilence(silencesOf(this.#roster.everybody), holdersOf(this.#groups));
    if (judged.judgement.verdict !== 'unreachable' || !zones.has(tracked.group.zone))
      return this.#tell(judged, confirmed);
    return this.#tell({ ...judged, judgement: { verdict: 'probe-blind', reason: 'mass', acts: false } }, 'unasked');
  }

  async #tell(
    { tracked, judgement, at }: Judged,
    confirmed: VerdictDetail['confirmed'],
    more: More = {},
  ): Promise<void> {
    const { clock, failover, invoker } = this.#ports;
    const wanted = asWanted(tracked.group, judgement);
    if (!this.#roster.judged.includes(tracked) || !isNewsOf(tracked, wanted)) return;
    const detail = { ...detailOf(tracked, judgement, at, confirmed), ...more };
    const gone = wanted.acts ? this.#roster.letGo(tracked) : [];
    const { told } = tracked;
    tracked.told = wanted;
    try {
      await invoker.send(failover, verdictEvent(detail));
      this.told += 1;
      for (const code of ['verdict-not-delivered', 'probe-disagrees'] as const)
        this.#says.unsay(code, tracked.watched.id);
      this.#says.verdict({ ...detail });
    } catch (error) {
      tracked.told = told;
      tracked.quietUntil = clock.now() + 1_000;
      this.#roster.takeBack(gone);
      this.#says.say(
        'verdict-not-delivered',
        tracked.watched.id,
        `${failover} could not be told of ${detail.verdict}: ${String(error)}`,
      );
    }
  }
}
