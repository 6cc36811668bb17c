import type { PersonRequest, Trigger } from './model.ts';

/** What kind of thing a person's request asks for. */

/** Requests for a planned move. */
const PLANNED: readonly PersonRequest['action'][] = ['switchover', 'failback', 'drill'];

/** Requests that move a group. */
const MOVING: readonly PersonRequest['action'][] = ['failover', ...PLANNED];

/** Whether a person asks for a planned move. */
export const isPlanned = (trigger: Trigger): trigger is PersonRequest =>
  trigger.kind === 'request' && PLANNED.includes(trigger.action);

/** Whether a request moves a group, or asks what one that does would do. */
export const isAboutMoving = ({ action }: PersonRequest): boolean => action === 'plan' || MOVING.includes(action);

/** Whether a person asks how a group is, and for nothing to be done about it, or even planned. */
export function isLookedAtOnly(trigger: Trigger): boolean {
  return trigger.kind === 'request' && (trigger.action === 'status' || trigger.action === 'check');
}

/** A sentence that a request has led to, with the words in which the person gave the reason for it. */
export function inTheirWords(trigger: Trigger, sentence: string): string {
  const words = trigger.kind === 'request' ? trigger.reason?.trim().replace(/\.$/, '') : undefined;
  return words ? `On request: ${words}. ${sentence}` : sentence;
}
