import { alarmInstances } from '../core/alarms.ts';
import type { EventTrigger, Observation, PersonRequest, VerdictTrigger } from '../core/model.ts';
import { isTimely } from '../core/probe.ts';
import { type ErrorCode, FailoverError } from '../errors.ts';
import { aheadSources } from './ahead-sources.ts';
import { concernedBy } from './concerned.ts';
import { isMeant } from './disputes.ts';
import { drill } from './drill.ts';
import { foresee } from './foresee.ts';
import { withKnownGroups } from './known-groups.ts';
import { reconcile } from './reconcile.ts';
import { notObserved } from './report.ts';
import type { GroupResult } from './result.ts';
import type { Run } from './run.ts';
import { type Look, lookAt, takeTurn } from './turn.ts';

/** Finds the groups a trigger hints at and gives each of them its turn. Groups do not wait for one another. */
export function runTrigger(
  run: Run,
  trigger: EventTrigger | VerdictTrigger | PersonRequest,
): Promise<readonly GroupResult[]> {
  if (trigger.kind === 'verdict') return runVerdict(run, trigger);
  return trigger.kind === 'request' ? runRequest(run, trigger) : runEvent(run, trigger);
}

/** It names its group itself; an old one is not worth a single call. */
async function runVerdict(run: Run, trigger: VerdictTrigger): Promise<readonly GroupResult[]> {
  const { group, verdict } = trigger;
  const what = `The probe's verdict on ${verdict.interfaceId}`;
  if (!isTimely(verdict, run.clock.now()))
    return [notObserved(null, 'verdict-is-history', `${what} is of ${new Date(verdict.at).toISOString()}.`)];
  const looks = await lookAt(run, trigger, [group]);
  const meant = looks.filter(({ seen }) => !seen || seen.interfaces.some(({ id }) => id === verdict.interfaceId));
  if (meant.length === 0)
    return [notObserved(null, 'verdict-is-history', `${what} is about no interface of a group '${group}'.`)];
  return turnsOf(run, trigger, meant);
}

async function turnsOf(
  run: Run,
  trigger: EventTrigger | VerdictTrigger,
  looks: readonly Look[],
): Promise<readonly GroupResult[]> {
  const turns = await Promise.all(
    looks.map((look) => takeTurn(look.group, async () => reconcile(run, trigger, await look.observation()))),
  );
  return turns.map(({ result }) => result);
}

/** @throws whatever ended the turn of every group that was asked about; one among several is only reported. */
async function runRequest(given: Run, request: PersonRequest): Promise<readonly GroupResult[]> {
  const run = request.action === 'check' ? { ...given, ahead: aheadSources(given) } : given;
  const found = await lookAt(run, request, request.group === undefined ? undefined : [request.group]);
  const looks = found.filter((look) => isMeant(request, look));
  const turns = await Promise.all(
    looks.map((look) => takeTurn(look.group, async () => answer(run, request, await look.observation()))),
  );
  const [first] = turns;
  if (first?.error && turns.every(({ error }) => error !== undefined)) throw first.error;
  return withKnownGroups(
    run,
    turns.map(({ result }) => result),
  );
}

/** What automation would do is asked of the group, and nothing is done; everything else is carried out. */
function answer(run: Run, request: PersonRequest, seen: Observation): Promise<GroupResult> {
  if (request.as === 'automation') return foresee(run, request, seen);
  return request.action === 'drill' ? drill(run, request, seen) : reconcile(run, request, seen);
}

/** An event names an instance, not a group: it has to be found out whether it concerns us at all. */
async function runEvent(run: Run, event: EventTrigger): Promise<readonly GroupResult[]> {
  const trigger = event.watches ? await aboutChildren(run, event, event.watches) : event;
  const { instanceIds } = trigger;
  if (instanceIds.length === 0) return [notObserved(null, 'alarm-names-nobody', noChildren(event.watches ?? []))];
  const concerned = await concernedBy(run, trigger);
  if ('code' in concerned) return [concerned];
  const { groups, members } = concerned;
  return turnsOf(run, trigger, await lookAt(run, trigger, groups, { members }));
}

/** The event of a composite alarm names other alarms only: those of them that are in ALARM say whom to look at. */
async function aboutChildren(run: Run, event: EventTrigger, watches: readonly string[]): Promise<EventTrigger> {
  const alarms = await run.cloud.alarmsInAlarm();
  const children = alarms.readable ? alarms.inAlarm.filter(({ name }) => watches.includes(name)) : [];
  return { ...event, instanceIds: [...new Set(children.flatMap(alarmInstances))] };
}

const noChildren = (watches: readonly string[]): string =>
  `None of the alarms that the composite alarm watches (${watches.join(', ')}) is in ALARM and names an instance.`;

/**
 * For an event, a move that was interrupted or failed is thrown, and so is a turn that ended early: Lambda then invokes
 * the function again and in the end tells its on-failure destination.
 * @throws FailoverError `OperationInterrupted`, `OperationFailed`, `AwsCallFailed` or `InternalError`, with a sentence
 *   for each group.
 */
export function throwIfUnfinished(results: readonly GroupResult[]): void {
  const faults = results.flatMap((result) => faultOf(result) ?? []);
  const [worst] = SEVERITY.filter((code) => faults.some((fault) => fault.code === code));
  if (worst === undefined) return;
  throw new FailoverError(
    worst,
    'The move is not done:',
    faults.map(({ text }) => text),
  );
}

/** Of several faults the first of these names the error. */
const SEVERITY: readonly ErrorCode[] = ['OperationInterrupted', 'OperationFailed', 'AwsCallFailed', 'InternalError'];

function faultOf({ group, operation, code, reason }: GroupResult) {
  if (code === 'aws-call-failed') return { code: 'AwsCallFailed', text: `${group}: ${reason}` } as const;
  if (code === 'internal-error') return { code: 'InternalError', text: `${group}: ${reason}` } as const;
  if (operation?.result !== 'failed' && operation?.result !== 'interrupted') return undefined;
  const { action, id, result } = operation;
  const text = `${group}: ${action} ${id} ${result}: ${operation.reason}`;
  return { code: result === 'interrupted' ? 'OperationInterrupted' : 'OperationFailed', text } as const;
}
