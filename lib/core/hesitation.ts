import type { Facts } from './facts.ts';

/** A started instance's checks were seen to be `ok` 2 to 2.5 minutes after it ran; one older than this has been through that. */
const PAST_ITS_START_MS = 600_000;

/**
 * A sentence about a holder whose checks initialize although it has run for long. Of a guest that was cut off from its
 * network EC2 was seen to say so for a minute and a half before it said `impaired`; after a reboot it says the same. So
 * it is worth a word, and no failure.
 */
export function hesitation({
  holderId,
  holderHealth,
  observation,
}: Pick<Facts, 'holderId' | 'holderHealth' | 'observation'>): string | undefined {
  const launchedAt = observation.members.find(({ id }) => id === holderId)?.launchedAt;
  const isOld = launchedAt !== undefined && observation.now - launchedAt >= PAST_ITS_START_MS;
  if (holderHealth?.code !== 'initializing' || !isOld) return undefined;
  const since = new Date(launchedAt).toISOString();
  return `The holder ${holderId} was launched ${since}, and its status checks initialize anew: it was rebooted, or EC2 is about to call it impaired.`;
}
