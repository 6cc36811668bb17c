/**
 * Every code an operator, a log search or an alarm can meet. Each has a row in docs/reference.md and a golden case;
 * the tests walk these lists.
 */

/** The named condition that was observed. */
export const ANALYSES = [
  'group-unknown',
  'interface-primary',
  'interfaces-span-zones',
  'holder-not-member',
  'operation-interrupted',
  'group-split',
  'interface-unattached',
  'group-parked',
  'members-span-zones',
  'holder-gone',
  'holder-stopped',
  'holder-leaving',
  'holder-impaired',
  'holder-unknown',
  'holder-healthy',
] as const;
export type Analysis = (typeof ANALYSES)[number];

/** Why nothing has to be done. */
export const NO_ACTION_CODES = [
  'status',
  'not-the-holder',
  'holder-healthy',
  'holder-unknown',
  'group-parked',
  'already-moved',
  'already-there',
  'ledger-drift',
] as const;

/** Why something that should be done is not. */
export const BLOCK_CODES = [
  'group-unknown',
  'interface-primary',
  'interfaces-span-zones',
  'holder-not-member',
  'group-split',
  'no-candidate',
  'target-not-eligible',
  'operation-in-progress',
  'unattached-unconfirmed',
  'impaired-recently',
  'mode-manual',
  'paused',
  'cooldown',
  'repeated-request',
] as const;

export type BlockCode = (typeof BLOCK_CODES)[number];

/** What is done. */
export const ACT_CODES = ['failover', 'attach', 'complete', 'roll-back'] as const;

/** Why an event needs no look at any group. */
export const IGNORED_CODES = ['alarm-not-ours', 'alarm-not-raised', 'alarm-muted', 'state-not-relevant'] as const;
export type IgnoredCode = (typeof IGNORED_CODES)[number];

/** What a person's request changed in the ledger; nothing moves for it. */
export const LEDGER_CODES = ['pause', 'resume', 'acknowledge'] as const;
export type LedgerCode = (typeof LEDGER_CODES)[number];

export type DecisionCode = (typeof NO_ACTION_CODES)[number] | BlockCode | (typeof ACT_CODES)[number];

/** Why a member may not take the interfaces. */
export const REJECTION_CODES = [
  'failed-holder',
  'current-holder',
  'not-requested',
  'not-a-member',
  'intent-pending',
  'refused-by-ec2',
  'spot-interruption',
  'excluded',
  'other-account',
  'other-zone',
  'not-running',
  'own-alarm',
  'impaired',
  'initializing',
  'health-unknown',
  'interface-efa',
  'interface-managed',
  'limits-unreadable',
  'no-free-slot',
  'device-index-taken',
  'too-few-addresses',
] as const;
export type RejectionCode = (typeof REJECTION_CODES)[number];
