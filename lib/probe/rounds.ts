import { setMaxListeners } from 'node:events';
import type { Clock } from '../clock.ts';
import type { Attempt } from './attempt.ts';
import type { Limits } from './connection.ts';
import { LagMeter, MOST_SLOW_ROUNDS } from './lag.ts';
import { isLife, type Outcome, passes } from './outcome.ts';
import type { WatchReply, WatchRequest } from './protocol.ts';
import { Sight } from './sight.ts';

/** What ships; docs/decisions/014-probe-transport.md has the reasons. */
export const LIMITS: Limits = { connectMs: 1_000, answerMs: 3_000 };
/** The looks of a round are spread over so many moments: all at once, they would wait for one another. */
const SLOTS = 20;
const SLOT_MS = 1_000 / SLOTS;
/** Those that fail at the same moment are told in one reply. */
const GRACE_MS = 20;
/** One answer serves all that ask the same address the same within this time: a standby of many groups. */
const SHARED_MS = 500;

export interface RoundsPorts {
  readonly clock: Clock;
  readonly attempt: Attempt;
}

export type Rounds = Pick<WatchReply, 'ended' | 'endedAt' | 'slowRounds' | 'targets'>;

/**
 * Looks at every target once a second, from start to start, until one has something to tell or the time is up. Looks
 * under way at the end are dropped, with their sockets. Never rejects.
 * @param endsAt when it has to be over, whatever the request wants.
 */
export async function watchRounds(request: WatchRequest, ports: RoundsPorts, endsAt: number): Promise<Rounds> {
  return new Watching(request, ports, endsAt).run();
}

class Watching {
  readonly #request: WatchRequest;
  readonly #ports: RoundsPorts;
  readonly #endsAt: number;
  readonly #sights: readonly Sight[];
  readonly #lag: LagMeter;
  readonly #looks = new AbortController();
  readonly #ticks = new AbortController();
  readonly #shared = new Map<string, { readonly at: number; readonly outcome: Promise<Outcome> }>();
  #ended: Rounds['ended'] | undefined;

  constructor(request: WatchRequest, ports: RoundsPorts, endsAt: number) {
    const now = ports.clock.now();
    // Each look listens to it; Node takes more than ten for a leak, and warns.
    setMaxListeners(0, this.#looks.signal);
    this.#request = request;
    this.#ports = ports;
    this.#endsAt = Math.min(endsAt, now + request.runMs);
    const { length } = request.targets;
    const offset = (i: number): number => Math.floor((i * SLOTS) / length) * SLOT_MS;
    this.#sights = request.targets.map((watched, i) => new Sight(watched, request.count, now, offset(i)));
    this.#lag = new LagMeter(now);
  }

  async run(): Promise<Rounds> {
    const { clock } = this.#ports;
    // What earlier calls have seen may amount to something by now.
    for (const sight of this.#sights) this.#weigh(sight);
    while (this.#ended === undefined) {
      const leftMs = this.#endsAt - clock.now();
      if (leftMs <= 0) this.#end('time');
      else {
        this.#tick(clock.now());
        await this.#pause(Math.min(SLOT_MS, leftMs));
      }
    }
    if (this.#ended !== 'time') await clock.sleep(GRACE_MS);
    this.#looks.abort();
    const now = clock.now();
    return { ended: this.#ended, endedAt: now, slowRounds: this.#lag.slowRounds, targets: this.#told(now) };
  }

  #told(now: number): Rounds['targets'] {
    return this.#sights.map((sight) => {
      const judgement = sight.judge(now);
      return { id: sight.watched.id, evidence: sight.evidence, ...(judgement && { judgement }) };
    });
  }

  #tick(now: number): void {
    this.#lag.tick(now);
    if (this.#lag.slowRounds >= MOST_SLOW_ROUNDS && !this.#request.isKnownSlow) this.#end('slow');
    for (const sight of this.#sights) {
      if (this.#ended !== undefined) return;
      if (!sight.takeTurn(now)) continue;
      this.#lookAtFloating(sight);
      this.#lookAtWitnesses(sight);
    }
  }

  async #pause(ms: number): Promise<void> {
    const { clock } = this.#ports;
    this.#lag.expect(clock.now() + ms);
    await clock.sleep(ms, this.#ticks.signal).catch(() => undefined);
  }

  #end(ended: Rounds['ended']): void {
    this.#ended ??= ended;
    this.#ticks.abort();
  }

  #lookAtFloating(sight: Sight): void {
    const { target, watched } = sight;
    this.#look(
      sight,
      watched.address,
      (found, at) => {
        sight.addLook(found, at);
        if (passes(target.kind, found.class) || found.class === 'unsent') return;
        if (this.#request.endsOnSuspicion && sight.isSuspicious(this.#ports.clock.now())) this.#end('suspicion');
        else if (this.#ended === undefined) this.#lookAtWitnesses(sight);
      },
      false,
    );
  }

  #lookAtWitnesses(sight: Sight): void {
    if (!sight.takeWitnessTurn(this.#ports.clock.now())) return;
    const { own } = sight.watched;
    if (own !== null) this.#look(sight, own, (found, at) => sight.addOwn(found, at), true);
    for (const { id, address } of sight.witnesses)
      this.#look(sight, address, (found, at) => sight.addWitness(id, found, at), true);
  }

  /** @param add takes what was found; what was missed while this process was held up is left out. */
  #look(sight: Sight, address: string, add: (found: Outcome, at: number) => void, isShared: boolean): void {
    const { clock } = this.#ports;
    const { at, outcome } = isShared ? this.#sharedLook(sight, address) : this.#freshLook(sight, address);
    const take = (found: Outcome): void => {
      if (this.#looks.signal.aborted) return;
      if (!isGood(sight, found) && this.#lag.isLate(at, clock.now())) return;
      add(found, at);
      this.#weigh(sight);
    };
    void outcome.then(take);
  }

  #freshLook({ target }: Sight, address: string): { at: number; outcome: Promise<Outcome> } {
    const { attempt, clock } = this.#ports;
    return { at: clock.now(), outcome: attempt(target, address, LIMITS, this.#looks.signal) };
  }

  #sharedLook(sight: Sight, address: string): { at: number; outcome: Promise<Outcome> } {
    const key = `${address} ${sight.watched.target}`;
    const known = this.#shared.get(key);
    if (known !== undefined && this.#ports.clock.now() - known.at < SHARED_MS) return known;
    const look = this.#freshLook(sight, address);
    this.#shared.set(key, look);
    return look;
  }

  #weigh(sight: Sight): void {
    const now = this.#ports.clock.now();
    const judgement = sight.judge(now);
    if (judgement !== undefined && sight.isNews(judgement, now)) this.#end('verdict');
  }
}

/** What speaks for whoever was asked is true, however late it is heard. */
function isGood({ target }: Sight, found: Outcome): boolean {
  return passes(target.kind, found.class) || (isLife(found.class) && found.class !== 'slow');
}
