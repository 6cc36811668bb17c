import type { ResourceMove } from '../core/plan.ts';
import type { StepResult } from './result.ts';
import type { Finish } from './steps.ts';

/** One interface on its way off an instance. */
export interface Leaving {
  readonly interfaceId: string;
  readonly attachmentId: string;
  readonly instanceId: string;
  /** Somebody's detach is under way already: a plain one would say nothing new, only waiting and force do. */
  readonly detaching: boolean;
  readonly overdue: boolean;
  /** When the plain detach was accepted: the wait before force counts from then, not from when it was first sent. */
  acceptedAt: number | undefined;
  /** `changed`: not as observed; `uncertain`, `throttled`: unknown, or not asked for; `hindered`: EC2 does not let it go. */
  state: 'waiting' | 'free' | 'changed' | 'uncertain' | 'throttled' | 'hindered';
  /** The forced detach has been sent. */
  forced: boolean;
  /** What the step will be called once the interface is free. */
  onFree: StepResult;
  problem: string;
  finish: Finish;
}

/** What has to leave by this move: one interface, or none. */
export function beginLeaving({ id, leave }: ResourceMove): Leaving[] {
  if (!leave) return [];
  const open = { acceptedAt: undefined, forced: false, problem: '', finish: () => undefined } as const;
  return [{ interfaceId: id, ...leave, ...open, state: 'waiting', onFree: 'done' }];
}

/** Once one of them cannot leave, the move is off: the others are not waited for, let alone forced. */
export function stillWaiting(leaving: readonly Leaving[]): readonly Leaving[] {
  if (leaving.some(({ state }) => state === 'hindered')) return [];
  return leaving.filter(({ state }) => state === 'waiting');
}

/** It left, and somebody has attached it again: it is not free. */
export function settleAsChanged(item: Leaving): void {
  settle(item, 'changed', 'already-done', 'it has a new attachment');
}

/** How it ended. @param reason what the step says of it, where there is more to say. */
export function settle(item: Leaving, state: Leaving['state'], result: StepResult, reason?: string): void {
  item.state = state;
  item.problem = reason ?? '';
  item.finish(result, reason);
}
