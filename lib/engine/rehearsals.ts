import type { Refusal } from '../core/memory.ts';
import type { Plan } from '../core/plan.ts';
import type { AttachRequest, Permission } from './ports.ts';
import type { Run } from './run.ts';

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

type Pair = Pick<AttachRequest, 'interfaceId' | 'instanceId'>;

/** A member that may not take an interface, found out before anything was detached. */
export interface Denial extends Refusal {
  readonly instanceId: string;
}

/**
 * Asks EC2, before anything is detached, whether the attaches to come are allowed: by the very calls, with `DryRun`.
 * Only where something is to be detached: an interface that is loose is attached, which tells just as well.
 * @param afresh asks again about a pair that was denied a while ago, because a person may have put it right.
 * @returns the first denial; undefined when all is allowed, or nothing was said.
 */
export async function rehearse(run: Run, plan: Plan, afresh: boolean): Promise<Denial | undefined> {
  if (!plan.resources.some(({ leave }) => leave && !leave.detaching)) return undefined;
  const requests = plan.resources.flatMap(({ id, enter }) =>
    enter ? [{ interfaceId: id, instanceId: plan.to, ...enter }] : [],
  );
  const answers = await Promise.all(requests.map((request) => ask(run, request, afresh)));
  const [denial] = answers.flatMap((answer) => answer ?? []);
  return denial;
}

async function ask({ cloud, clock, rehearsals }: Run, request: AttachRequest, afresh: boolean) {
  const known = rehearsals.known(request, clock.now());
  const believed = known && !(afresh && known.kind === 'denied');
  const permission = believed ? known : await cloud.rehearseAttach(request);
  if (!believed) rehearsals.note(request, permission, clock.now());
  if (permission.kind !== 'denied') return undefined;
  return { instanceId: request.instanceId, ...refusalOf(request, permission) };
}

/** What is denied, and of what. @param words what AWS said, with the action that is denied. */
export function deniedSentence({ interfaceId, instanceId }: Pair, words: string): string {
  return `the attach of ${interfaceId} to ${instanceId} is denied: ${words.replace(/\.$/, '')}`;
}

function refusalOf(pair: Pair, { reason }: Permission & { readonly kind: 'denied' }): Refusal {
  return { interfaceId: pair.interfaceId, denied: true, reason: deniedSentence(pair, reason) };
}

const keyOf = ({ interfaceId, instanceId }: Pair): string => `${interfaceId} ${instanceId}`;

/** What work comes to, if it does so within this time, in milliseconds; a failure of it is still thrown. */
export async function within<Result>(
  { clock }: Pick<Run, 'clock'>,
  ms: number,
  work: Promise<Result>,
): Promise<Result | undefined> {
  const timer = new AbortController();
  const late = clock.sleep(ms, timer.signal).then(
    () => undefined,
    () => undefined,
  );
  try {
    return await Promise.race([work, late]);
  } finally {
    timer.abort();
  }
}
