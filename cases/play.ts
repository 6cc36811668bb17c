import type { Template } from '../lab/package/template.ts';
import { readSettings } from '../lib/config.ts';
import type { CallRecord } from '../lab/world/hooks.ts';
import type { Attachment } from '../lab/world/model.ts';
import { type Ids, idOf } from './cast.ts';
import type { Invocation } from './functions.ts';
import { happen } from './happen.ts';
import type { Case } from './model.ts';
import { Stage } from './stage.ts';
import type { Told } from './story.ts';
import { filledIn } from './text.ts';

const FIRST_SWEEP_MS = 60_000;

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
  /** The names of the alarms at the end that begin with the deployment's prefix. */
  readonly alarms: readonly string[];
  /** The calls of the functions. */
  readonly calls: readonly Pick<CallRecord, 'action' | 'input'>[];
  readonly invocations: readonly Partial<Invocation>[];
  /** What the runs logged. */
  readonly records: readonly object[];
  /** What each request that has a name returned. */
  readonly answers: Readonly<Record<string, unknown>>;
  /** How many messages lie in the on-failure queues. */
  readonly queued: number;
  readonly timeline: readonly Told[];
}

/** Plays a case in virtual time. @param template what the case's deployment consists of */
export async function play(given: Case, template: Template, seed: number): Promise<Played> {
  const stage = new Stage(given, template, seed);
  const { clock } = stage;
  const startMs = clock.now();
  // Before the schedule, so that the lines of a moment come before the sweep of that moment.
  for (const line of given.timeline.toSorted((one, two) => one.atMs - two.atMs)) {
    clock.schedule(startMs + line.atMs, () => {
      happen(stage, { ...line, given: filledIn(line.given, stage.ids, clock.now()) } as typeof line);
    });
  }
  if (given.sweeps !== 'none') stage.bus.startSchedules(FIRST_SWEEP_MS);
  await clock.runUntil(startMs + given.untilMs);
  return outcomeOf(given, template, stage, startMs);
}

function outcomeOf(given: Case, template: Template, stage: Stage, startMs: number): Played {
  const { world, ids, bus, functions, story, answers } = stage;
  const { alarmPrefix } = readSettings(template.functions[0]?.environment);
  const ours = new Set(template.functions.map(({ name }) => name));
  const placesOf = (name: string): readonly Place[] =>
    world.interfaces
      .history(idOf(ids, name))
      .map(({ atMs, value }) => ({ fromMs: atMs - startMs, attachment: value?.attachment }));
  return {
    startMs,
    ids,
    places: new Map(Object.keys(given.interfaces).map((name) => [name, placesOf(name)])),
    alarms: world.alarms.all().flatMap(({ config: { AlarmName: name } }) => (name.startsWith(alarmPrefix) ? name : [])),
    calls: world.calls.filter(({ caller }) => ours.has(caller)),
    invocations: functions.invocations,
    records: functions.records,
    answers,
    queued: [...bus.queues.values()].flat().length,
    timeline: story.told,
  };
}
