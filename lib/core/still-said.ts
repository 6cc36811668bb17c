import type { Observation, Signal } from './model.ts';
import { holdersOf } from './situation.ts';

/** Which signals a read gives. */
const SOURCES = { status: 'status', alarms: 'alarm', mutes: undefined } as const;

/** What rules a standby out. */
const AGAINST: readonly string[] = ['status/impaired', 'alarm/raised', 'alarm/muted', 'alarm/unconfirmed'];

/**
 * What a look of a moment ago said against a standby, where the next look of the same run could not read it: a read that
 * fails is no clean bill. Of a holder it says nothing any more, because failed is confirmed at the time of the act.
 */
export function stillSaid(
  before: Pick<Observation, 'signals'>,
  { interfaces, members, missing = [] }: Pick<Observation, 'interfaces' | 'members' | 'missing'>,
): readonly Signal[] {
  const unread = missing.map(({ source }) => SOURCES[source]);
  const holders = holdersOf(interfaces);
  const standbys = new Set(members.map(({ id }) => id).filter((id) => !holders.includes(id)));
  return before.signals.filter(
    ({ instanceId, source, verdict }) =>
      unread.some((each) => each === source) && standbys.has(instanceId) && AGAINST.includes(`${source}/${verdict}`),
  );
}
