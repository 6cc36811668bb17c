import type { Condition, Ledger, Notice } from './ledger.ts';
import type { EnaOptions } from './model.ts';
import type { Device } from './tags.ts';

/**
 * What a run has learnt in the course of its own operation on one group; another run knows only the ledger. It
 * stands beside the observation: it is not something that can be seen in AWS.
 */
export interface Memory {
  /** The run that looks: an intent it wrote itself does not bind it. */
  readonly runId: string;
  /** Members that EC2 did not let take an interface, with EC2's words. */
  readonly refused: Readonly<Record<string, Refusal>>;
  /** Members of which an earlier run of this process learnt, by a dry run, that it may not attach to them. */
  readonly denied?: Readonly<Record<string, Refusal>>;
  /** How it saw interfaces attached that may be detached now: what the next attach has to ask for again. */
  readonly carried?: Readonly<Record<string, EnaOptions>>;
  /** The ledger as this run wrote it last: a read that shows an older one is behind. */
  readonly wrote?: Ledger;
  /** What it would have noted, had the tags not been refused: as good as noted, for this run. */
  readonly noted?: Condition;
  /** The tags of the group were refused lately, for a reason that does not pass. */
  readonly untaggable?: boolean;
  /** What earlier runs of this process could not write down. */
  readonly unrecorded?: Past;
  /** Members on which an attach did not end or came undone, with a sentence about it. */
  readonly stuck?: Readonly<Record<string, string>>;
  /** Attachments that this run has waited for long enough, by id. */
  readonly overdue?: readonly string[];
  /** Set when the move must not go on (a denied detach): put back what was detached. */
  readonly abandoned?: string;
  /** Notices of members that it heard of while it waited: a read may not show them yet. */
  readonly heard?: readonly Notice[];
  /** Instances that somebody else has taken the group off while it ran. */
  readonly left?: readonly string[];
  /** This run is in the middle of an operation: what others have given up meanwhile does not hold it. */
  readonly isAtIt?: true;
  /** Attachments that this run asked in vain to end, by id: what hangs there is not tried once more. */
  readonly kept?: readonly string[];
}

/** What a ledger says of the past, as far as it binds automation: the part that a process remembers where tags are refused. */
export type Past = Pick<Ledger, 'holder' | 'moves' | 'forced' | 'stuck' | 'refused' | 'notices' | 'loose' | 'silent'>;

export const NO_PAST: Past = { moves: [], forced: [], stuck: [], refused: [], notices: [] };

/** An interface that a member was not allowed to take, and EC2's words for it. */
export interface Refusal {
  readonly interfaceId: string;
  /** It was not EC2 that declined the member: we lack the permission. */
  readonly denied?: boolean;
  /** Nobody has declined anything: EC2 did not say what became of it, again and again. */
  readonly unanswered?: boolean;
  /** Other interfaces that it was not allowed to take, either. */
  readonly others?: readonly string[];
  /** The devices that EC2 did not give it, where that was all it declined. */
  readonly devices?: readonly Device[];
  readonly reason: string;
}

/** The memory of a run that has done nothing yet. */
export const freshMemory = (runId: string): Memory => ({ runId, refused: {} });

/** The code of a refusal in results. */
export const refusalCode = ({ denied }: Refusal) => (denied ? 'attach-denied' : 'refused-by-ec2');
