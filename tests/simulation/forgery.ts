import { encodeLedger } from '../../lib/core/ledger-codec.ts';
import type { Ledger } from '../../lib/core/ledger.ts';

interface Claim {
  readonly now: number;
  readonly from: string;
  readonly to: string;
  readonly statePrefix: string;
}

/** The tags of a ledger that claims that a group is on its way to somebody: as good a forgery as can be made. */
export function forgedTags({ now, from, to, statePrefix }: Claim): Readonly<Record<string, string>> {
  const ledger: Ledger = {
    phase: 'moving',
    holder: from,
    operation: {
      id: 'op-forged-0000',
      action: 'failover',
      from,
      to,
      runId: 'forged',
      deadlineAt: now - 1_000,
      automatic: false,
      ignoreHealth: true,
    },
    resources: [],
    reason: 'The group is on its way.',
    changedAt: now + 1_000,
    epoch: 7,
    moves: [],
    members: [from, to].sort(),
    forced: [],
    stuck: [],
    refused: [],
    notices: [],
  };
  return encodeLedger(ledger, statePrefix);
}
