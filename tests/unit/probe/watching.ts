import { VirtualClock, withRandom } from '../../../lab/clock.ts';
import { Random } from '../../../lab/random.ts';
import type { Clock } from '../../../lib/clock.ts';
import type { Watched, WatchRequest } from '../../../lib/probe/protocol.ts';
import { type Rounds, watchRounds } from '../../../lib/probe/rounds.ts';
import { Network } from '../../support/network.ts';

export const START = Date.UTC(2026, 7, 20, 10);
export const FLOATING = '10.0.0.10';
export const OWN = '10.0.0.1';
export const STANDBY = '10.0.0.2';

export const WATCHED: Watched = {
  id: 'eni-1',
  address: FLOATING,
  target: 'tcp:443',
  own: OWN,
  standbys: [{ id: 'i-b', address: STANDBY }],
  serviceAfterMs: 10_000,
};

/** What a probe is asked at most: to look for 20 s, alone. */
export const watchRequest = <Targets>(targets: Targets) =>
  ({
    version: 1,
    kind: 'watch',
    runMs: 20_000,
    count: 3,
    endsOnSuspicion: false,
    isKnownSlow: false,
    targets,
  }) as const;

/** A clock and a network in which all is well, and a probe in them. */
export function scene(targets: readonly Watched[] = [WATCHED]) {
  const time = new VirtualClock(START);
  const clock: Clock = withRandom(time, new Random(1));
  const network = new Network(clock);
  for (const address of [FLOATING, OWN, STANDBY]) network.set(address, 'answered');
  let request: WatchRequest = watchRequest(targets);
  /** Calls the probe once; the next call knows what this one has seen. */
  const call = async (
    change: Partial<WatchRequest> = {},
    { attempt = network.attempt(), on = clock } = {},
  ): Promise<Rounds> => {
    request = { ...request, ...change };
    const rounds = await time.run(watchRounds(request, { clock: on, attempt }, time.now() + 60_000));
    const seen = new Map(rounds.targets.map(({ id, evidence }) => [id, evidence]));
    request = {
      ...request,
      targets: request.targets.map((each) => ({ ...each, ...(seen.has(each.id) && { evidence: seen.get(each.id) }) })),
    };
    return rounds;
  };
  const told = (verdict: Watched['told']): Partial<WatchRequest> => ({
    targets: request.targets.map((each) => ({ ...each, told: verdict })),
  });
  return { time, clock, network, call, told };
}

export const after = (rounds: Rounds): number => rounds.endedAt - START;
