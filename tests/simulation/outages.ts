import type { Attachment } from '../../lab/world/model.ts';
import type { CastGroup } from './build.ts';
import { isHeldBack, isSpent } from './held-back.ts';
import { interfacesOf, someoneTakes } from './liveness.ts';
import { DEPLOYED_TIMEOUT_MS, type Invocation } from './lambda.ts';
import { isMisread } from './odd-replies.ts';
import type { Stage } from './stage.ts';

/** One time in which nobody held an interface. */
export interface Outage {
  readonly interfaceId: string;
  /** How it began, and what stood in the way of its end: `moved, calls`. */
  readonly cause: string;
  readonly fromMs: number;
  readonly looseMs: number;
  /** The part of it in which some member could have taken the group. */
  readonly fitMs: number;
  /** How often a person has had forgotten meanwhile that a sweep had seen it: the next one starts afresh. */
  readonly forgotten: number;
}

interface Open {
  readonly interfaceId: string;
  readonly group: CastGroup;
  readonly began: Began;
  readonly fromMs: number;
  fitMs: number;
  people: boolean;
  /** Nobody has to say it twice. */
  missed: boolean;
}

/** By the product's detach, because its holder ended, or by somebody else's hand. */
type Began = 'moved' | 'gone' | 'by hand';
/** `people` stands for whatever only they can end: a pause, or a reply that nobody understands. */
type Hindrance = 'nothing' | 'old reads' | 'delivery' | 'calls' | 'people';

const SAMPLE_MS = 1_000;
const HEARD_AFTER_MS = 180_000;
/** The same trouble, of another interface of the group, may have been told before. */
const TOLD_BEFORE_MS = 900_000;
const THROTTLED = /Limit|Throttl/;

/**
 * The longest time, in which some member could have taken the group, for which nobody may hold an interface. Without
 * anything in the way a move takes seconds, and what nobody announces is found by one sweep and confirmed by the next.
 * Where calls fail or runs are lost, one sweep after another tries again.
 */
export const MOST_MS: Readonly<Record<string, number>> = {
  'moved, nothing': 75_000,
  'moved, old reads': 90_000,
  'moved, delivery': 200_000,
  'moved, calls': 420_000,
  'gone, nothing': 130_000,
  'gone, old reads': 150_000,
  'gone, delivery': 300_000,
  'gone, calls': 600_000,
  'by hand, nothing': 150_000,
  'by hand, old reads': 200_000,
  'by hand, delivery': 300_000,
  'by hand, calls': 700_000,
};

const A_SWEEP_MS = 60_000;

/** What is wrong with a time in which nobody held an interface, if something is. */
export function overlong({ interfaceId, cause, fitMs, forgotten }: Outage): string | undefined {
  const mostMs = (MOST_MS[cause] ?? Number.POSITIVE_INFINITY) + forgotten * A_SWEEP_MS;
  if (fitMs <= mostMs) return undefined;
  return `nobody held ${interfaceId} for ${fitMs} ms (${cause}) although a member could; at most ${mostMs} ms is right`;
}

export interface OutagesOptions {
  /** Whether the product asked for the end of an attachment. */
  readonly wasOurs: (attachmentId: string) => boolean;
  /** When a sweep was due and was never delivered. */
  readonly lostSweepsMs: readonly number[];
  readonly onEnd: (outage: Outage) => void;
  readonly onSilence: (what: string) => void;
}

/** Keeps account of every interface that nobody holds, by the world's own truth. */
export class Outages {
  readonly closed: Outage[] = [];
  readonly #stage: Stage;
  readonly #open = new Map<string, Open>();
  readonly #ended: (outage: Outage) => void;
  readonly #onSilence: (what: string) => void;
  readonly #wasOurs: (attachmentId: string) => boolean;
  readonly #lostSweepsMs: readonly number[];
  readonly #last = new Map<string, Attachment>();

  constructor(stage: Stage, { wasOurs, lostSweepsMs, onEnd, onSilence }: OutagesOptions) {
    this.#stage = stage;
    this.#ended = onEnd;
    this.#onSilence = onSilence;
    this.#wasOurs = wasOurs;
    this.#lostSweepsMs = lostSweepsMs;
    for (const { id, attachment } of stage.world.interfaces.all()) if (attachment) this.#last.set(id, attachment);
    stage.world.onFact(({ kind, data }) => {
      if (kind !== 'transition' || typeof data['interfaceId'] !== 'string') return;
      this.#note(data['interfaceId'], data['attachment'] as Attachment | undefined);
    });
  }

  /** Those that are still open end here. */
  close(): void {
    for (const id of this.#open.keys()) this.#end(id);
  }

  #note(interfaceId: string, attachment: Attachment | undefined): void {
    const before = this.#last.get(interfaceId);
    if (attachment) {
      this.#last.set(interfaceId, attachment);
      return this.#end(interfaceId);
    }
    const group = this.#stage.cast.groups.find(({ interfaces }) => interfaces.includes(interfaceId));
    if (!group || this.#open.has(interfaceId)) return;
    const fromMs = this.#stage.world.clock.now();
    this.#open.set(interfaceId, {
      interfaceId,
      group,
      fromMs,
      fitMs: 0,
      people: false,
      missed: false,
      began: this.#howItBegan(before),
    });
    this.#sampleAt(interfaceId, fromMs);
  }

  #howItBegan(before: Attachment | undefined): Began {
    if (before && this.#wasOurs(before.id)) return 'moved';
    const { state = 'terminated' } = this.#stage.world.instance(before?.instanceId ?? '') ?? {};
    return state === 'terminated' ? 'gone' : 'by hand';
  }

  #sampleAt(interfaceId: string, fromMs: number): void {
    const { clock } = this.#stage.world;
    clock.schedule(
      clock.now() + SAMPLE_MS,
      () => {
        const open = this.#open.get(interfaceId);
        if (open?.fromMs !== fromMs) return;
        if (!this.#stage.world.interface(interfaceId)) return void this.#open.delete(interfaceId);
        this.#sample(open);
        this.#sampleAt(interfaceId, fromMs);
      },
      true,
    );
  }

  #sample(open: Open): void {
    const interfaces = interfacesOf(this.#stage, open.group);
    // Out of the group by its tag, it is nobody's concern.
    if (!interfaces.some(({ id }) => id === open.interfaceId)) return;
    if (isHeldBack(this.#stage, open.group) || isMisread(this.#stage, open.group)) open.people = true;
    else if (someoneTakes(this.#stage, open.group) && !isSpent(this.#stage, open.group)) open.fitMs += SAMPLE_MS;
    this.#listen(open);
  }

  /** After two sweeps that could have told it, somebody must have heard of it. */
  #listen(open: Open): void {
    const { lambda, features, world } = this.#stage;
    if (open.missed || world.clock.now() - open.fromMs < HEARD_AFTER_MS || !features.has('never-silent')) return;
    const sweeps = lambda.invocations.filter(({ cause, startMs, outcome, calls }) => {
      const could =
        outcome?.kind === 'returned' &&
        calls.every((call) => call.fault === undefined && !THROTTLED.test(call.outcome));
      return cause.kind === 'sweep' && startMs > open.fromMs && could;
    });
    const told = lambda.invocations.some((each) =>
      each.told.some(({ atMs, record }) => record['group'] === open.group.name && atMs >= open.fromMs - TOLD_BEFORE_MS),
    );
    if (told || sweeps.length < 2) return;
    open.missed = true;
    this.#onSilence(`nobody holds ${open.interfaceId} of ${open.group.name}, and nobody is told`);
  }

  #end(interfaceId: string): void {
    const open = this.#open.get(interfaceId);
    if (!open) return;
    this.#open.delete(interfaceId);
    const { fromMs, fitMs, began, group } = open;
    const looseMs = this.#stage.world.clock.now() - fromMs;
    const cause = `${began}, ${this.#hindrance(open)}`;
    const forgotten = this.#stage.lambda.invocations.filter(
      ({ cause: why, startMs }) =>
        why.kind === 'request' &&
        why.request.action === 'acknowledge' &&
        why.request.group === group.name &&
        startMs >= fromMs,
    ).length;
    const outage = { interfaceId, cause, fromMs, looseMs, fitMs, forgotten };
    this.closed.push(outage);
    this.#ended(outage);
  }

  /** What made it longer than it had to be; the strongest reason counts. */
  #hindrance({ fromMs, people, group }: Open): Hindrance {
    const { world, lambda, scenario } = this.#stage;
    if (people) return 'people';
    const since = (atMs: number | undefined): boolean => atMs !== undefined && atMs >= fromMs - BEFORE_MS;
    const failed = world.calls.some(
      ({ atMs, fault, outcome }) => since(atMs) && (fault !== undefined || !FINE.has(outcome)),
    );
    if (failed) return 'calls';
    // What was to go on with it and never began is as lost as a run that died.
    const lost =
      this.#lostSweepsMs.some(since) ||
      lambda.invocations.some(
        ({ endMs, outcome }) => since(endMs) && (outcome?.kind === 'crashed' || outcome?.kind === 'timed-out'),
      );
    const cutShort = lambda.invocations.some((each) => since(each.endMs) && this.#wasCutShort(each, group));
    if (lost || cutShort) return 'delivery';
    return scenario.staleMs > 0 ? 'old reads' : 'nothing';
  }

  /** A run that had less time than a deployed one has, and left the group unfinished, is as good as lost. */
  #wasCutShort({ function: name, startMs, outcome }: Invocation, group: CastGroup): boolean {
    const { world, scenario } = this.#stage;
    const { sweepTimeoutMs, failoverTimeoutMs } = scenario.functions;
    const timeoutMs = name === 'sweep' ? sweepTimeoutMs : failoverTimeoutMs;
    const isShort = startMs - world.startedMs < scenario.phaseOneMs && timeoutMs < DEPLOYED_TIMEOUT_MS;
    if (!isShort || outcome?.kind !== 'returned') return false;
    return outcome.result.groups.some((each) => each.group === group.name && each.operation?.result === 'interrupted');
  }
}

/** What went wrong right before it began may have to do with it. */
const BEFORE_MS = 10_000;
/** What EC2 answers in the ordinary course of a race. */
const FINE: ReadonlySet<string> = new Set(['ok', 'DryRunOperation']);
