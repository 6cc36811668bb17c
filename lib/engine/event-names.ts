/** Every event by its detail-type, with when it is told. `docs/reference.md` has these rows; a test compares them. */
export const EVENTS = {
  'Failover Started': 'an operation is written down, and about to be carried out',
  'Failover Completed': 'an operation has ended, and the group is where it was to go',
  'Failover Failed': 'an operation has ended, and the group is not where it was to go',
  'Failover Interrupted': 'a run ended before its operation; the next one goes on with it',
  'Failover Blocked': 'something should be done, and is not; it does not pass by itself within moments',
  'Readiness Changed': 'whether a failover would succeed has changed',
  'Member Joined': 'an instance has become a member of the group, and may receive its interfaces',
  'Interface Joined': 'an interface has become one of the group, and moves with it',
  'Failover Notice': 'anything else that is told once: something was mended, moved by hand, or is waited for',
} as const;

export type EventName = keyof typeof EVENTS;
