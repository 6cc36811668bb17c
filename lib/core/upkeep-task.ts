/** What a run of upkeep is asked for. */
export type UpkeepTask =
  /** The schedule, or a person: every group. */
  | { readonly kind: 'all' }
  /** The sweep: members of these groups have appeared or gone. */
  | { readonly kind: 'changed'; readonly groups: readonly string[] }
  /** A person, who is about to remove the stack: no alarm is left behind. */
  | { readonly kind: 'remove-alarms' };
