import type { Clock } from '../clock.ts';
import type { Condition } from '../core/ledger.ts';
import type { Past } from '../core/memory.ts';
import type { MissingRead } from '../core/model.ts';
import type { Settings } from '../core/settings.ts';
import type { AheadSources } from './ahead-sources.ts';
import type { Beginning } from './events.ts';
import type { Cloud, LogReader, ProbePorts, UpkeepPorts } from './ports.ts';
import { Rehearsals } from './rehearsals.ts';
import type { StepListener } from './steps.ts';

/** What could not be noted of a group. */
export interface Unwritten {
  /** What was told last, and of a trouble since it began, without the ids of operations and without times. */
  readonly said: readonly string[];
  /** It is about a trouble. */
  readonly lasts: boolean;
  readonly at: number;
  readonly condition?: Condition;
}

/** Something that goes wrong again and again. */
export interface Failing {
  readonly count: number;
  readonly since: number;
  readonly lastAt: number;
}

/** What a process remembers from one run to the next: enough to be quick and quiet, and nothing that may be wrong for long. */
export interface ProcessMemory {
  /** Reads that failed, and were told of. */
  readonly told: Set<MissingRead['source']>;
  /** What EC2 said of attaches before they were made. */
  readonly rehearsals: Rehearsals;
  /** Groups about which something could not be noted. */
  readonly unwritten: Map<string, Unwritten>;
  /** Groups whose tags were refused, for a reason that does not pass, when they were written last. */
  readonly untaggable: Set<string>;
  /** Groups of which no intent could be written down lately, one after the other, though AWS has not refused it. */
  readonly unwrittenIntents: Map<string, Failing>;
  /** Interfaces whose tags were refused, for a reason that does not pass, when they were written last. */
  readonly refused: Set<string>;
  /** Interfaces that were seen on a member, by group. */
  readonly served: Map<string, ReadonlySet<string>>;
  /** Interfaces that were seen on one member together before any of them had a list, by group. */
  readonly together: Map<string, ReadonlySet<string>>;
  /** What could not be written down of the moves of a group: it is all the memory that they have. */
  readonly unrecorded: Map<string, Past>;
  /** What members are called, by id. */
  readonly names: Map<string, string>;
  /** When a detach was accepted, or first seen under way, by the id of the attachment. */
  readonly leaving: Map<string, number>;
  /** Groups that the last sweep had no time for. */
  readonly unreached: Set<string>;
  /** That the watch could not be started was told. */
  watchFailed?: boolean;
  /** Who the members of each group were when upkeep was started last. */
  membership?: ReadonlyMap<string, string>;
  /** That upkeep could not be started was told. */
  upkeepFailed?: boolean;
  /** The VPCs of the probes, and when they were read. */
  probeVpcs?: { readonly at: number; readonly ids: readonly string[] };
  /** Who is a member of a group, or holds an interface of one, as it was a moment ago. */
  known?: { readonly at: number; readonly ids: ReadonlySet<string> };
}

export const freshProcess = (): ProcessMemory => ({
  told: new Set(),
  rehearsals: new Rehearsals(),
  unwritten: new Map(),
  untaggable: new Set(),
  unwrittenIntents: new Map(),
  refused: new Set(),
  served: new Map(),
  together: new Map(),
  unrecorded: new Map(),
  names: new Map(),
  leaving: new Map(),
  unreached: new Set(),
});

/** Everything one invocation works with. */
export interface Run extends ProbePorts, UpkeepPorts {
  readonly cloud: Cloud;
  /** Attachments of which one more look of this run has borne a verdict out. */
  readonly confirmed: Set<string>;
  readonly clock: Clock;
  readonly settings: Settings;
  /** Lambda's request id: the same for every retry of one event. */
  readonly id: string;
  /** Writes one structured record to the log at once; what goes wrong with it stays without consequence. */
  readonly log: (record: Readonly<Record<string, unknown>>) => void;
  /** Tells that an operation is about to be carried out; nobody waits for it. */
  readonly begun?: (beginning: Beginning) => void;
  readonly process: ProcessMemory;
  /** Hears of the steps of a move while they are made. */
  readonly onStep?: StepListener;
  /** Its role lets it look and nothing else: it asks EC2 for no dry run. */
  readonly looksOnly?: true;
  /** What runs have written down; absent where it is not known where. */
  readonly logs?: LogReader;
  /** What a check reads of the whole Region, for all groups that it is about. */
  readonly ahead?: AheadSources;
  /** When Lambda ends the run, in milliseconds since the epoch. */
  readonly deadlineAt: number;
}

/** Kept back from the run's time for the last tag write and the reply. */
export const RESERVE_MS = 2_500;
/** A move is not begun with less than this: a detach, an attach and their records would hardly fit. */
export const LEAST_RUNWAY_MS = 8_000;

/** Time left to wait for AWS, in milliseconds; at most zero means: stop in good order now. */
export function timeLeftMs(run: Run): number {
  return run.deadlineAt - RESERVE_MS - run.clock.now();
}
