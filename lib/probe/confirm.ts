import { setMaxListeners } from 'node:events';
import type { Limits } from './connection.ts';
import { LagMeter } from './lag.ts';
import type { Outcome, OutcomeClass } from './outcome.ts';
import { type ConfirmReply, type ConfirmRequest, targetOf } from './protocol.ts';
import type { RoundsPorts } from './rounds.ts';
import { witnessesOf } from './sight.ts';

/** In a VPC a connection takes milliseconds or does not come: one second in all, but for the oddest case. */
const LIMITS: Limits = { connectMs: 1_000, answerMs: 950 };
const TICK_MS = 50;

/** One more look, at all addresses at once. Never rejects. */
export async function confirmNow(request: ConfirmRequest, { clock, attempt }: RoundsPorts): Promise<ConfirmReply> {
  const at = clock.now();
  const lag = new LagMeter(at);
  const over = new AbortController();
  // Each look listens to it; Node takes more than ten for a leak, and warns.
  setMaxListeners(0, over.signal);
  const shared = new Map<string, Promise<Outcome>>();
  const look = async (address: string, target: string): Promise<OutcomeClass> => {
    const key = `${address} ${target}`;
    const outcome = shared.get(key) ?? attempt(targetOf(target), address, LIMITS, over.signal);
    shared.set(key, outcome);
    return (await outcome).class;
  };
  const ticking = ticksOf(lag, clock, over.signal);
  const targets = await Promise.all(request.targets.map((each) => lookAt(each, look)));
  const isSlow = lag.isLate(at, clock.now());
  over.abort();
  await ticking;
  return { version: 1, kind: 'confirm', at, isSlow, targets };
}

async function lookAt(
  asked: ConfirmRequest['targets'][number],
  look: (address: string, target: string) => Promise<OutcomeClass>,
): Promise<ConfirmReply['targets'][number]> {
  const { id, address, target } = asked;
  // All of them begin before any is waited for.
  const floating = look(address, target);
  const own = asked.own === null ? undefined : look(asked.own, target);
  const witnesses = witnessesOf(asked).map(async (each) => ({ id: each.id, seen: await look(each.address, target) }));
  return {
    id,
    floating: await floating,
    ...(own && { own: await own }),
    witnesses: await Promise.all(witnesses),
  };
}

async function ticksOf(lag: LagMeter, clock: RoundsPorts['clock'], over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    lag.tick(clock.now());
    lag.expect(clock.now() + TICK_MS);
    await clock.sleep(TICK_MS, over).catch(() => undefined);
  }
}
