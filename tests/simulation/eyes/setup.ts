/** What is wrong with a probe, from a moment on and until another. */
export interface Illness {
  readonly probe: number;
  readonly fromMs: number;
  readonly untilMs: number;
  /** It sees nobody, takes whom it is asked about for silent, cannot be invoked, never answers, or lags. */
  readonly kind: 'blind' | 'liar' | 'throttled' | 'dead' | 'starved';
}

export interface Setup {
  readonly seed: number;
  readonly probes: 1 | 2;
  readonly members?: 2 | 3;
  readonly tags?: Readonly<Record<string, string>>;
  readonly ills?: readonly Illness[];
  /** The numbers of sweeps that do not come. */
  readonly missingStarts?: readonly number[];
  /** How much longer than usual an asynchronous invocation is on its way. */
  readonly sendsTakeMs?: number;
  /** AWS takes and notices as it was recorded on it, alarms reach the failover function; else minutes are seconds. */
  readonly recorded?: boolean;
  /** Nobody asks the probe about the interface. */
  readonly unwatched?: boolean;
  /** A plain detach takes five seconds. */
  readonly slowDetach?: boolean;
  /** Of so many invocations one gets lost, comes twice, or comes half a minute late. */
  readonly oddSends?: { readonly every: number; readonly how: 'lost' | 'doubled' | 'late' };
}
