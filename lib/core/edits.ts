import type { Answer } from './answer.ts';
import type { EditCode } from './codes.ts';
import { carrierIds, type Facts } from './facts.ts';
import type { Ledger } from './ledger.ts';
import { encodeKeys, encodeLedger, type LedgerKey } from './ledger-codec.ts';
import { inTheirWords, type PersonRequest } from './model.ts';
import { currentLedger } from './transitions.ts';

export const DEFAULT_PAUSE_MINUTES = 60;

/** A person's edit of the ledger: what it changes, and the keys it is about. */
interface Edit {
  readonly code: EditCode;
  readonly reason: string;
  readonly change: (ledger: Ledger) => Ledger;
  readonly keys: readonly LedgerKey[];
}

/** A request that changes what automation may do, or undefined for one that looks at the group itself. */
export function editOf(request: PersonRequest, facts: Facts): Answer | undefined {
  const edit = describe(request, facts.observation.now);
  if (!edit) return undefined;
  const { statePrefix } = facts.settings;
  const ledger = edit.change(currentLedger(facts));
  const own = encodeKeys(ledger, edit.keys, statePrefix);
  // Only the keys it is about, so that an operation under way keeps its intent; all of them where there are none yet.
  const reason = inTheirWords(request, edit.reason);
  const tags = facts.ledger ? own : { ...encodeLedger({ ...ledger, reason }, statePrefix), ...own };
  const interfaceIds = carrierIds(facts.observation);
  return { code: edit.code, reason: edit.reason, write: { writes: [{ interfaceIds, tags }], news: [reason] } };
}

function describe({ action, minutes = DEFAULT_PAUSE_MINUTES }: PersonRequest, now: number): Edit | undefined {
  switch (action) {
    case 'pause': {
      const pausedUntil = now + minutes * 60_000;
      const until = new Date(pausedUntil).toISOString();
      return {
        code: 'pause',
        reason: `Automation starts no new move until ${until}; a move that has begun is finished, and people's requests still work.`,
        change: (ledger) => ({ ...ledger, pausedUntil }),
        keys: ['pause'],
      };
    }
    case 'resume':
      return {
        code: 'resume',
        reason: 'Automation may move the group again.',
        change: ({ pausedUntil: _, ...ledger }) => ledger,
        keys: ['pause'],
      };
    case 'acknowledge':
      return {
        code: 'acknowledge',
        reason: 'The recent moves and the noted condition are acknowledged; the cooldown starts afresh.',
        change: ({ condition: _, ...ledger }) => ({ ...ledger, moves: [] }),
        keys: ['moves', 'condition'],
      };
    case 'failover':
    case 'plan':
    case 'status':
      return undefined;
  }
}
