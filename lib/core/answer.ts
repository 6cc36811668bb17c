import type { DecisionCode } from './codes.ts';
import type { Rejection } from './elect.ts';
import type { Facts } from './facts.ts';
import type { Trigger } from './model.ts';
import type { LedgerWrite } from './notes.ts';
import type { Plan } from './plan.ts';
import type { Succession } from './succession.ts';

/** What a question may look at. */
export interface Asked {
  readonly trigger: Trigger;
  readonly facts: Facts;
  readonly succession: Succession;
}

/** What a question may be answered with; every branch of the decision gives the same. */
export interface Answer {
  readonly code: DecisionCode;
  /** One sentence or two that an operator can read at 3 a.m. */
  readonly reason: string;
  readonly rejected?: readonly Rejection[];
  /** What to do, when something is to be done. */
  readonly plan?: Plan;
  /** What to write into the ledger, when nothing moves. */
  readonly write?: LedgerWrite;
}
