import type { Answer } from './answer.ts';
import type { EditCode } from './codes.ts';
import { carriersOf, fullFor, hasRoomFor } from './carriers.ts';
import type { Facts } from './facts.ts';
import type { Ledger } from './ledger.ts';
import { encodeKeys, encodeLedger, inForce } from './ledger-codec.ts';
import type { PersonRequest } from './model.ts';
import { inTheirWords } from './requests.ts';
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
  const reason = inTheirWords(request, edit.reason);
  const whole = { ...encodeLedger({ ...ledger, reason }, statePrefix), ...own };
  const carriers = carriersOf(facts.observation);
  const roomFor = (tags: Tags): readonly string[] =>
    carriers.filter((each) => hasRoomFor(Object.keys(tags), each)).map(({ id }) => id);
  // Only that tag, so that an operation under way keeps its intent; all of them where there are none yet, and room.
  const tags = !facts.ledger && roomFor(whole).length > 0 ? whole : own;
  // It counts on whichever interface it stands.
  const interfaceIds = roomFor(tags);
  if (carriers.length > 0 && interfaceIds.length === 0)
    return { code: 'request-not-kept', reason: notKept(edit.code, facts, fullFor(Object.keys(own), carriers)) };
  return { code: edit.code, reason: edit.reason, write: { writes: [{ interfaceIds, tags }], news: [reason] } };
}

type Tags = Readonly<Record<string, string>>;

/** What is not as the person wanted it, and what they can do instead. */
const NOT_KEPT: Readonly<Record<EditCode, string>> = {
  pause:
    "Automation is not paused. Until it can be, the tag 'mode' with the value 'manual', where you may write it, holds it up; so does switching off the rules and the schedule of this deployment",
  resume: 'The pause is not ended. It ends by itself when its time is over',
  acknowledge: 'What happened still counts. A failover request is not held up by it',
};

/** Why a person's edit is not in force, and what to do. @param cause what AWS said, or what there is no room for. */
export function notKept(code: EditCode, { settings }: Pick<Facts, 'settings'>, cause: string): string {
  const instead = NOT_KEPT[code].replace("'mode'", `'${settings.tagPrefix}mode'`);
  const mend = 'Put that right and send the request again.';
  const tag = `the tag ${settings.statePrefix}pause`;
  return `${instead}. It would stand in ${tag}, which could not be written: ${cause.replace(/\.$/, '')}. ${mend}`;
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
    case 'switchover':
    case 'failback':
    case 'drill':
    case 'plan':
    case 'status':
    case 'check':
      return undefined;
  }
}
