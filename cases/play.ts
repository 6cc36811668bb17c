import { type Bus, createBus, type Outcome } from '../lab/bus/bus.ts';
import { VirtualClock } from '../lab/clock.ts';
import { applyRoles } from '../lab/package/deploy.ts';
import type { PackagedFunction, Template } from '../lab/package/template.ts';
import { Random } from '../lab/random.ts';
import type { CallRecord } from '../lab/world/hooks.ts';
import type { Attachment } from '../lab/world/model.ts';
import { World } from '../lab/world/world.ts';
import { readSettings } from '../lib/config.ts';
import { buildCast, type Ids, idOf } from './cast.ts';
import { Functions, type Invocation } from './functions.ts';
import { happen } from './happen.ts';
import type { Case } from './model.ts';
import { Story, type Told } from './story.ts';
import { filledIn } from './text.ts';

const START_MS = Date.UTC(2026, 7, 20, 10);
const MINUTE_MS = 60_000;
const DELIVERY_MS = 500;

/** One status of one interface, from a moment on; times count from the beginning of the case. */
export interface Place {
  readonly fromMs: number;
  /** Nothing: attached to nothing, or no longer there. */
  readonly attachment: Pick<Attachment, 'instanceId' | 'status'> | undefined;
}

/** Everything that came of a case. */
export interface Played {
  readonly startMs: number;
  readonly ids: Ids;
  /** By the name of an interface: where it was, in order of time. */
  readonly places: ReadonlyMap<string, readonly Place[]>;
  /** The calls of the functions. */
  readonly calls: readonly CallRecord[];
  readonly invocations: readonly Invocation[];
  readonly records: readonly object[];
  /** What each request that has a name returned. */
  readonly answers: Readonly<Record<string, unknown>>;
  /** How many messages lie in the on-failure queues. */
  readonly queued: number;
  readonly timeline: readonly Told[];
}

/** What a timeline is played with. */
export interface Stage {
  readonly world: World;
  readonly ids: Ids;
  readonly bus: Bus;
  readonly story: Story;
  /** Sends a request to the failover function. */
  readonly request: (input: object, as: string | undefined) => void;
}

/** Plays a case in virtual time. @param template what the case's deployment consists of. */
export async function play(given: Case, template: Template, seed: number): Promise<Played> {
  const clock = new VirtualClock(START_MS);
  const world = new World({ clock, seed, region: regionIn(template) });
  const failover = functionOf(template, 'failover');
  const ids = buildCast(world, given, readSettings(failover.environment).tagPrefix);
  const story = new Story(world, ids);
  applyRoles(world, template);
  const functions = new Functions(world, new Random(seed).fork('functions'));
  let requests = 0;
  const newRequestId = (): string => `request-${(requests += 1)}`;
  const invoke = async (target: PackagedFunction, event: object, requestId: string): Promise<Outcome> => {
    const outcome = await functions.invoke(target, event, requestId);
    story.tellEnd(target.name, requestId, outcome);
    return outcome;
  };
  const bus = createBus({
    template: withSweeps(template, given),
    clock,
    invoke,
    newRequestId,
    onDelivery: (delivery) => story.tellDelivery(delivery),
    deliveryMs: (kind) => (kind === 'ticked' ? 0 : DELIVERY_MS),
  });
  world.onEvent((event) => bus.publish(event));
  const answers: Record<string, unknown> = {};
  const request = (input: object, as: string | undefined): void => {
    const answer = (outcome: Outcome): void => {
      if (as !== undefined) answers[as] = outcome.ok ? outcome.payload : errorOf(outcome);
    };
    void invoke(failover, input, newRequestId()).then(answer);
  };
  // In this order, so that the lines of a moment come before the sweep of that moment.
  for (const line of given.timeline.toSorted((one, two) => one.atMs - two.atMs)) {
    clock.schedule(START_MS + line.atMs, () => {
      const filled = { ...line, given: filledIn(line.given, ids, clock.now()) } as typeof line;
      happen({ world, ids, bus, story, request }, filled);
    });
  }
  if (given.sweeps !== 'none') bus.startSchedules(MINUTE_MS);
  await clock.runUntil(START_MS + given.untilMs);
  const names = new Set(template.functions.map(({ name }) => name));
  return {
    startMs: START_MS,
    ids,
    places: new Map(Object.keys(given.interfaces).map((name) => [name, placesOf(world, idOf(ids, name))])),
    calls: world.calls.filter(({ caller }) => names.has(caller)),
    invocations: functions.invocations,
    records: functions.records,
    answers,
    queued: [...bus.queues.values()].flat().length,
    timeline: story.told,
  };
}

function placesOf(world: World, interfaceId: string): readonly Place[] {
  return world.interfaces
    .history(interfaceId)
    .map(({ atMs, value }) => ({ fromMs: atMs - START_MS, attachment: value?.attachment }));
}

/** What Lambda returns to whoever invoked a function that failed. */
function errorOf({ errorType, errorMessage }: Extract<Outcome, { ok: false }>): object {
  return { errorType, errorMessage };
}

function withSweeps(template: Template, { sweeps }: Case): Template {
  if (typeof sweeps !== 'object') return template;
  const minutes = sweeps.everyMs / MINUTE_MS;
  const schedule = minutes === 1 ? 'rate(1 minute)' : `rate(${minutes} minutes)`;
  const rules = template.rules.map((rule) => (rule.schedule === undefined ? rule : { ...rule, schedule }));
  return { ...template, rules };
}

function functionOf({ functions }: Template, name: string): PackagedFunction {
  const found = functions.find(({ handler }) => handler === `functions/${name}.handler`);
  if (found === undefined) throw new Error(`the package has no function ${name}`);
  return found;
}

/** The Region in the functions' ARNs. */
function regionIn(template: Template): string {
  return functionOf(template, 'failover').arn.split(':')[3] ?? '';
}
