/** What only a look ahead reads: nothing is wrong with what serves now, and something would be if the holder failed. */
export const AHEAD = {
  'alarm-missing': 'no alarm watches the status checks of a member: only the sweep would notice that it fails',
  'alarm-disabled': 'the actions of an alarm on a member are switched off, so it moves nothing',
  'alarm-muted': 'a mute rule is active for an alarm on a member, so it moves nothing',
  'alarm-without-data': 'an alarm on a member has had no data for a quarter of an hour',
  'not-spread': 'nothing keeps the members on different hardware: no placement group of the strategy `spread` has all',
  'detach-denied': 'IAM denies the detach that a failover begins with',
  'tagging-denied': 'IAM denies the tags of the ledger',
} as const;

export type AheadCode = keyof typeof AHEAD | 'attach-denied';

/** What a run of upkeep says of a group. */
export const UPKEEP = {
  'looked-ahead': 'a look ahead found something new, or that something is over; `news` says what',
  'denied-ahead': 'a look ahead found out that IAM denies a call which the next failover needs',
} as const;

export type UpkeepCode = keyof typeof UPKEEP;
