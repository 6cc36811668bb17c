import { carrierIds } from './carriers.ts';
import { type Ledger, renewed } from './ledger.ts';
import { inForce } from './ledger-codec.ts';
import { type Memory, NO_PAST, type Past } from './memory.ts';
import type { Observation } from './model.ts';
import type { Settings } from './settings.ts';

/**
 * What is known of the past: by the ledger, and, where tags are refused, by the process as long as it lives.
 * What a person has acknowledged does not count, whoever remembers it.
 */
export function pastOf(ledger: Ledger | undefined, { unrecorded }: Memory): Past {
  if (!unrecorded) return ledger ?? NO_PAST;
  const known = ledger ?? NO_PAST;
  const loose = [known.loose, unrecorded.loose].reduce((one, other) =>
    (other?.lastAt ?? 0) > (one?.lastAt ?? 0) ? other : one,
  );
  const silent = renewed(known.silent ?? [], unrecorded.silent ?? []);
  const holder = known.holder ?? unrecorded.holder;
  const all: Past = {
    moves: [...new Set([...known.moves, ...unrecorded.moves])].sort((a, b) => a - b),
    // The process is only asked while the tags are refused: what it knows of a member is newer than what they say.
    forced: renewed(known.forced, unrecorded.forced),
    stuck: renewed(known.stuck, unrecorded.stuck),
    refused: renewed(known.refused, unrecorded.refused),
    notices: renewed(known.notices, unrecorded.notices),
    ...(holder !== undefined && { holder }),
    ...(loose && { loose }),
    ...(silent.length > 0 && { silent }),
  };
  return ledger ? inForce({ ...ledger, ...all }) : all;
}

/** Whether nothing of what is done with the group can be written down: its tags are full, or were refused lately. */
export function isUntaggable(observation: Observation, { statePrefix }: Settings, { untaggable }: Memory): boolean {
  return untaggable === true || carrierIds(observation, statePrefix).length === 0;
}
