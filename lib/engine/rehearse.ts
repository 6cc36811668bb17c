import { freshMemory, type Memory, type Refusal } from '../core/memory.ts';
import type { Observation, Trigger } from '../core/model.ts';
import type { Plan } from '../core/plan.ts';
import type { AttachRequest } from './ports.ts';
import { refusalOf } from './rehearsals.ts';
import type { Run } from './run.ts';
import { isLookedAtOnly } from '../core/requests.ts';

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
  if (!plan.resources.some(({ leave }) => leave)) return undefined;
  const requests = plan.resources.flatMap(({ id, enter }) =>
    enter ? [{ interfaceId: id, instanceId: plan.to, ...enter }] : [],
  );
  // What nobody holds is tried again and again, however often it was denied: how often, the decision says.
  const again = afresh || plan.resources.some(({ leave, enter }) => enter && !leave);
  const answers = requests.map((request) => ask(run, request, again));
  // One denial says enough: it must not wait for an answer that comes late.
  const denials = answers.map(async (answer) => (await answer) ?? new Promise<never>(() => undefined));
  return Promise.race([...denials, Promise.all(answers).then(([first]) => first)]);
}

async function ask({ cloud, clock, process: { rehearsals } }: Run, request: AttachRequest, afresh: boolean) {
  const known = rehearsals.known(request, clock.now());
  const believed = known && !(afresh && known.kind === 'denied');
  const permission = believed ? known : await cloud.rehearseAttach(request);
  if (!believed) rehearsals.note(request, permission, clock.now());
  if (permission.kind !== 'denied') return undefined;
  return { instanceId: request.instanceId, ...refusalOf(request, permission) };
}

/** A plan for one group is as good as what IAM says to it; of all groups at once nobody asks EC2 that. */
export async function rehearsePlan(run: Run, trigger: Trigger, plan: Plan): Promise<Denial | undefined> {
  const named = trigger.kind === 'request' && trigger.group !== undefined;
  return named && !run.looksOnly ? rehearse(run, plan, true) : undefined;
}

/** What this process learnt of the group's members before; a person who asks for a move may have put it right. */
export function memoryAtFirst(run: Run, trigger: Trigger, { interfaces, members }: Observation): Memory {
  const asksAfresh = trigger.kind === 'request' && !isLookedAtOnly(trigger);
  if (asksAfresh) return freshMemory(run.id);
  const ids = [interfaces, members].map((views) => views.map(({ id }) => id));
  const [interfaceIds = [], instanceIds = []] = ids;
  return { ...freshMemory(run.id), denied: run.process.rehearsals.denied(interfaceIds, instanceIds, run.clock.now()) };
}

const NOT_YET: unique symbol = Symbol('not yet');

/** What work comes to, if it does so within this time, in milliseconds; a failure of it is still thrown. */
export async function within<Result>(
  { clock }: Pick<Run, 'clock'>,
  ms: number,
  work: Promise<Result>,
): Promise<Result | undefined> {
  // Whoever waits gives up its place in a sweep: not for what is there already.
  const ready = await Promise.race<Result | typeof NOT_YET>([work, Promise.resolve(NOT_YET)]);
  if (ready !== NOT_YET) return ready;
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
