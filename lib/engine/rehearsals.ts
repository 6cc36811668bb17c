import type { Refusal } from '../core/memory.ts';
import type { AttachRequest, Permission } from './ports.ts';

/** An answer of EC2 about one interface and one instance is believed for so long. */
const BELIEVED_MS = 15 * 60_000;

/** What EC2 said of attaches before they were made, for the life of the process. */
export class Rehearsals {
  private readonly answers = new Map<string, { readonly permission: Permission; readonly at: number }>();

  /** What was said of this interface and this instance lately, if anything was. */
  known(pair: Pair, now: number): Permission | undefined {
    const answer = this.answers.get(keyOf(pair));
    return answer && now - answer.at < BELIEVED_MS ? answer.permission : undefined;
  }

  /** Keeps an answer; one that says neither yes nor no is none. */
  note(pair: Pair, permission: Permission, now: number): void {
    if (permission.kind !== 'unknown') this.answers.set(keyOf(pair), { permission, at: now });
  }

  /** The members that were denied an interface lately, by their ids, with what was said. */
  denied(interfaceIds: readonly string[], instanceIds: readonly string[], now: number): Record<string, Refusal> {
    const found = instanceIds.flatMap((instanceId) =>
      interfaceIds.flatMap((interfaceId): [string, Refusal][] => {
        const permission = this.known({ interfaceId, instanceId }, now);
        return permission?.kind === 'denied' ? [[instanceId, refusalOf({ interfaceId, instanceId }, permission)]] : [];
      }),
    );
    return Object.fromEntries(found);
  }
}

/** One interface and one instance. */
export type Pair = Pick<AttachRequest, 'interfaceId' | 'instanceId'>;

/** What is denied, and of what. @param words what AWS said, with the action that is denied. */
export function deniedSentence({ interfaceId, instanceId }: Pair, words: string): string {
  return `the attach of ${interfaceId} to ${instanceId} is denied: ${words.replace(/\.$/, '')}`;
}

/** The same as what a member was refused. */
export function refusalOf(pair: Pair, { reason }: Permission & { readonly kind: 'denied' }): Refusal {
  return { interfaceId: pair.interfaceId, denied: true, reason: deniedSentence(pair, reason) };
}

const keyOf = ({ interfaceId, instanceId }: Pair): string => `${interfaceId} ${instanceId}`;
