/** How a part of a move ended, and so what has to happen next. */
export type StepOutcome =
  | { readonly kind: 'done' }
  /** Something is not as it was observed, or unknown: observe and decide anew. */
  | { readonly kind: 'look-again'; readonly throttled?: boolean }
  /** EC2 does not let this member take the interfaces: another one has to. */
  | { readonly kind: 'refused'; readonly instanceId: string; readonly interfaceId: string; readonly reason: string }
  /** The move must not go on: what was detached goes back. */
  | { readonly kind: 'abandon'; readonly reason: string }
  /** Nothing was begun, because it could not be written down first. */
  | { readonly kind: 'failed'; readonly reason: string }
  /** Time is up: whoever comes next goes on. */
  | { readonly kind: 'interrupted'; readonly reason: string };
