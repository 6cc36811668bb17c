import type { Situation } from './analyze.ts';
import type { LedgerCode } from './codes.ts';
import { encodeKeys, encodeLedger, type LedgerKey } from './ledger-codec.ts';
import type { Ledger } from './ledger.ts';
import type { PersonRequest } from './model.ts';
import { currentLedger } from './transitions.ts';

export const DEFAULT_PAUSE_MINUTES = 60;

/** A person's edit of the ledger: nothing moves for it. */
export interface LedgerEdit {
  readonly code: LedgerCode;
  readonly reason: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** A request that changes what automation may do, or undefined for one that looks at the group itself. */
export function ledgerEdit(request: PersonRequest, situation: Situation, now: number): LedgerEdit | undefined {
  switch (request.action) {
    case 'pause': {
      const pausedUntil = now + (request.minutes ?? DEFAULT_PAUSE_MINUTES) * 60_000;
      const until = new Date(pausedUntil).toISOString();
      const reason = `Automation starts no new move until ${until}; a move that has begun is finished, and people's requests still work.`;
      return edit('pause', reason, (ledger) => ({ ...ledger, pausedUntil }), ['pause']);
    }
    case 'resume':
      return edit('resume', 'Automation may move the group again.', ({ pausedUntil: _, ...ledger }) => ledger, [
        'pause',
      ]);
    case 'acknowledge': {
      const reason = 'The recent moves and the noted condition are acknowledged; the cooldown starts afresh.';
      const forget = ({ condition: _, ...ledger }: Ledger): Ledger => ({ ...ledger, moves: [] });
      return edit('acknowledge', reason, forget, ['moves', 'condition']);
    }
    case 'failover':
    case 'plan':
    case 'status':
      return undefined;
  }

  function edit(
    code: LedgerCode,
    reason: string,
    change: (ledger: Ledger) => Ledger,
    keys: readonly LedgerKey[],
  ): LedgerEdit {
    const { statePrefix } = situation.settings;
    const ledger = change(currentLedger(situation, now));
    const own = encodeKeys(ledger, keys, statePrefix);
    // Only the keys it is about, so that an operation under way keeps its intent; all of them where there are none yet.
    const tags = situation.ledger ? own : { ...encodeLedger({ ...ledger, reason }, statePrefix), ...own };
    return { code, reason, tags };
  }
}
