import type { Facts } from './facts.ts';
import { notedSince } from './ledger.ts';
import type { Trigger } from './model.ts';
import { healthOfHolder, isLost, isOnlyImpaired } from './signals.ts';

/**
 * A group on several members, which no operation explains. Where two of them may be serving, only a person can say which
 * half is right. Where all but one are lost, nothing is left to say: what those have goes to the one, and where none is
 * left, to whoever is best.
 */

/** The holders of a split group that nothing is known of that would make anybody leave them. */
export function unlostHolders({ situation, observation, signals }: Facts, trigger: Trigger): readonly string[] {
  // What is only assumed of a holder does not settle what it serves.
  const known = trigger.kind === 'if-holder-failed' ? observation.signals : signals;
  const holders = situation.kind === 'split' ? situation.holders : [];
  return holders.filter((id) => !isLost(healthOfHolder(id, known)));
}

/** The holders that a move leaves: of a split group those that are lost, else the one there is. */
export function leftHolders({ situation, holderId, signals }: Facts): readonly string[] {
  if (situation.kind !== 'split') return holderId === undefined ? [] : [holderId];
  return situation.holders.filter((id) => isLost(healthOfHolder(id, signals)));
}

/** The holders that have nothing but impaired checks against them, and since when the last of them is known to have. */
export function impairedOnly(facts: Facts): { readonly since: number | undefined } | undefined {
  const { signals, ledger, analysis, situation } = facts;
  const impaired = leftHolders(facts).filter((id) => isOnlyImpaired(id, signals));
  if (impaired.length === 0) return undefined;
  const noted = notedSince(ledger?.condition, situation.kind === 'split' ? analysis : 'holder-impaired');
  const since = impaired.map((id) => healthOfHolder(id, signals).since ?? noted);
  return { since: since.includes(undefined) ? undefined : Math.max(...since.map((at) => at ?? 0)) };
}

/** Whether nothing is lost by taking a split group's parts off those that have them: all are stopped, or gone. */
export function isOffItsHolders(facts: Facts): boolean {
  const codes = leftHolders(facts).map((id) => healthOfHolder(id, facts.signals).code);
  return facts.situation.kind === 'split' && codes.every((code) => code === 'stopped' || code === 'gone');
}

/** Where a move begins: of a split group, with the anchor's holder, unless that is where automation brings the rest. */
export function originOf(trigger: Trigger, facts: Facts, to: string): string | undefined {
  const { situation, anchor, holderId } = facts;
  if (situation.kind === 'interrupted') return situation.intent.from;
  if (situation.kind !== 'split') return holderId;
  const first = anchor?.attachment?.instanceId;
  return trigger.kind !== 'request' && first === to ? leftHolders(facts)[0] : first;
}
