import type { Analysis } from './codes.ts';
import type { Condition } from './ledger.ts';
import { notedSince } from './ledger.ts';
import { shortId } from './ledger-entries.ts';
import type { InterfaceView, Trigger } from './model.ts';

/**
 * A verdict by which the group would have moved, had nothing stood in the way. It stands in the ledger as the group's
 * condition, and is about one interface: that another one of the group serves says nothing of it.
 */

const FOUND = { 'holder-unreachable': 'unreachable', 'holder-not-serving': 'not-serving' } as const;
type Found = keyof typeof FOUND;
const ANALYSES = Object.keys(FOUND) as readonly Found[];

const foundIn = (condition: Condition | undefined): Found | undefined =>
  ANALYSES.find((each) => notedSince(condition, each) !== undefined);

/** Whether the probe has found it out, which no sweep can see. */
export const isOfTheProbe = (condition: Condition | undefined): boolean => foundIn(condition) !== undefined;

/** The interface that a condition is about, by the last 8 digits of its id: undefined where it is the group's. */
export function aboutOf(trigger: Trigger, analysis: Analysis): string | undefined {
  const isFound = ANALYSES.some((each) => each === analysis);
  return isFound && trigger.kind === 'verdict' ? shortId(trigger.verdict.interfaceId) : undefined;
}

/** Whether it is about this interface, in whatever place. One that names none may be about any. */
export const isAbout = ({ about }: Condition, id: string): boolean => about === undefined || about === shortId(id);

/** Whether it is about the present attachment of one of these: what is older than the attachment is about another. */
export function isOfNow(
  condition: Condition,
  interfaces: readonly Pick<InterfaceView, 'id' | 'attachment'>[],
): boolean {
  return interfaces.some(({ id, attachment }) => {
    return isAbout(condition, id) && condition.since >= (attachment?.attachedAt ?? 0);
  });
}

/** What the probe has said of the present attachment of an interface, and when, where a move was held up. */
export function heldUp(
  view: Pick<InterfaceView, 'id' | 'attachment'>,
  condition: Condition | undefined,
): { readonly code: string; readonly reason?: string; readonly at: number } | undefined {
  const found = foundIn(condition);
  if (!condition || !found || !isOfNow(condition, [view])) return undefined;
  const code = FOUND[found];
  return { code, at: condition.since, ...(code === 'not-serving' && { reason: 'service' }) };
}
