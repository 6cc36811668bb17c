import type { Answer } from './answer.ts';
import type { EditCode } from './codes.ts';
import { carriersOf } from './carriers.ts';
import type { Facts } from './facts.ts';
import type { Ledger } from './ledger.ts';
import { encodeKeys, encodeLedger, inForce } from './ledger-codec.ts';
import { inTheirWords, type PersonRequest } from './model.ts';
import { currentLedger } from './transitions.ts';

export const DEFAULT_PAUSE_MINUTES = 60;

/** A person's edit of the ledger, which is about people's own tag. */
interface Edit {
  readonly code: EditCode;
  readonly reason: string;
  readonly change: (ledger: Ledger) => Ledger;
}

/** A request that changes what automation may do, or undefined for one that looks at the group itself. */
export function editOf(request: PersonRequest, facts: Facts): Answer | undefined {
  const edit = describe(request, facts.observation.now);
  if (!edit) return undefined;
  const { statePrefix } = facts.settings;
  const ledger = edit.change(currentLedger(facts));
  const own = encodeKeys(ledger, ['pause'], statePrefix);
  // Only that tag, so that an operation under way keeps its intent; all of them where there are none yet.
  const reason = inTheirWords(request, edit.reason);
  const tags = facts.ledger ? own : { ...encodeLedger({ ...ledger, reason }, statePrefix), ...own };
  // To all, room or not: what a person asked for is done, or refused by EC2 in its own words.
  const interfaceIds = carriersOf(facts.observation).map(({ id }) => id);
  return { code: edit.code, reason: edit.reason, write: { writes: [{ interfaceIds, tags }], news: [reason] } };
}

function describe(
  { action, minutes = DEFAULT_PAUSE_MINUTES, reason: words }: PersonRequest,
  now: number,
): Edit | undefined {
  switch (action) {
    case 'pause': {
      const pausedUntil = now + minutes * 60_000;
      const until = new Date(pausedUntil).toISOString();
      return {
        code: 'pause',
        reason: `Automation starts no new move until ${until}; a move that has begun is finished, and people's requests still work.`,
        change: ({ pauseReason: _, ...ledger }) => ({ ...ledger, pausedUntil, ...(words && { pauseReason: words }) }),
      };
    }
    case 'resume':
      return {
        code: 'resume',
        reason: 'Automation may move the group again.',
        change: ({ pausedUntil: _, pauseReason: __, ...ledger }) => ledger,
      };
    case 'acknowledge':
      return {
        code: 'acknowledge',
        reason: 'The recent moves and the noted condition are acknowledged; the cooldown starts afresh.',
        // A time, and not a change of what others write: an operation under way may be about to write it once more.
        change: (ledger) => inForce({ ...ledger, acknowledgedAt: now }),
      };
    case 'failover':
    case 'plan':
    case 'status':
      return undefined;
  }
}
