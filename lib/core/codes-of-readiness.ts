/** What only a look ahead finds: nothing is wrong with what serves now. */
export const READINESS = {
  'no-standby': 'the group has no member besides its holder',
  'every-member-stopped': 'nobody runs who could serve; the sentence says who stopped them',
  'delete-on-termination': 'an interface would be deleted with its instance; the sweep switches that off',
  'tag-malformed': 'a tag under our prefix cannot be read, and does not say what it seems to',
  'read-missing': 'something that the next decision would look at cannot be read now',
  'retirement-scheduled': 'EC2 has planned a retirement, a stop or a reboot of a member',
  'auto-scaling-member':
    'a member belongs to an Auto Scaling group, which may replace it, and knows nothing of the interface',
} as const;

export type ReadinessCode = keyof typeof READINESS;
