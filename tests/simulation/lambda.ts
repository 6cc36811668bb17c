import type { Random } from '../../lab/random.ts';
import type { CallRecord, CallRequest } from '../../lab/world/hooks.ts';
import type { World } from '../../lab/world/world.ts';
import type { InvocationResult } from '../../lib/app.ts';
import type { History } from './history.ts';
import type { MakeProduct } from '../../cases/product.ts';
import { Sandbox } from './sandbox.ts';
import type { Scenario } from './scenario.ts';

/** The timeout in serverless.yml. */
export const DEPLOYED_TIMEOUT_MS = 55_000;

export type FunctionName = 'failover' | 'sweep';

/** What made an invocation happen. */
export type Cause =
  | { readonly kind: 'event'; readonly detailType: string; readonly instanceId: string | undefined }
  | { readonly kind: 'request'; readonly request: Request }
  | { readonly kind: 'sweep' };

export interface Request {
  readonly action: string;
  readonly group?: string;
  readonly from?: string;
  readonly to?: string;
  readonly ignoreHealth?: boolean;
  readonly minutes?: number;
}

export type Outcome =
  | { readonly kind: 'returned'; readonly result: InvocationResult }
  | { readonly kind: 'threw'; readonly error: unknown }
  | { readonly kind: 'crashed' | 'timed-out' };

/** A reply that reached its client. */
export interface Reply {
  readonly record: CallRecord;
  readonly deliveredMs: number;
}

/** One attempt of one invocation, and all that its run could know and do. */
export interface Invocation {
  readonly id: string;
  readonly function: FunctionName;
  readonly runId: string;
  readonly cause: Cause;
  readonly sandbox: Sandbox;
  readonly startMs: number;
  endMs?: number;
  outcome?: Outcome;
  /** In the order of delivery. */
  readonly replies: Reply[];
  /** Everything it sent, in the order of arrival. */
  readonly calls: CallRecord[];
  /** The same in the order of sending: what never arrives, or much later, is among it. */
  readonly sent: Sent[];
  /** What it has announced so far. */
  readonly told: Told[];
}

/** A request as it left the process. */
export interface Sent extends Pick<CallRequest, 'action' | 'input'> {
  readonly sentMs: number;
}

/** One record of the log. */
export interface Told {
  readonly atMs: number;
  readonly record: Readonly<Record<string, unknown>>;
}

export interface LambdaOptions {
  readonly world: World;
  readonly scenario: Scenario;
  readonly random: Random;
  readonly history: History;
  readonly makeProduct: MakeProduct;
  readonly faultsAreOn: () => boolean;
  /** The resource that replies describe oddly now, if there is one. */
  readonly oddId?: () => string | undefined;
  readonly onStart: (invocation: Invocation) => void;
  readonly onEnd: (invocation: Invocation) => void;
  readonly onOverlap: (who: string) => void;
  readonly onDeadlock: (invocation: Invocation) => void;
}

interface Slot {
  readonly sandbox: Sandbox;
  readonly function: FunctionName;
  freeFromMs: number;
}

/** The Lambda service: sandboxes that are reused, die or run out of time. */
export class Lambda {
  readonly invocations: Invocation[] = [];
  readonly #options: LambdaOptions;
  readonly #sandboxes: Slot[] = [];
  readonly #records = new Map<string, CallRecord>();
  /** By caller, which is the sandbox: its invocations, the newest last. */
  readonly #served = new Map<string, Invocation[]>();

  constructor(options: LambdaOptions) {
    this.#options = options;
    options.world.onCall((record) => this.#noteCall(record));
  }

  /** Who sent a call: what has left a sandbox may arrive long after its invocation ended. */
  senderOf({ caller, sentMs }: CallRecord): Invocation | undefined {
    return this.#served.get(caller)?.findLast((invocation) => invocation.startMs <= sentMs);
  }

  /** A request leaves a process. */
  noteSent({ caller, action, input }: CallRequest): void {
    this.#served.get(caller)?.at(-1)?.sent.push({ action, input, sentMs: this.#options.world.clock.now() });
  }

  get running(): readonly Invocation[] {
    return this.invocations.filter(({ endMs }) => endMs === undefined);
  }

  /** Starts an invocation. @param ended is told how it ended, one way or another. */
  invoke(
    name: FunctionName,
    input: unknown,
    runId: string,
    cause: Cause,
    ended: (outcome: Outcome) => void = () => undefined,
  ): void {
    const { world, history } = this.#options;
    const slot = this.#free(name);
    const { sandbox } = slot;
    slot.freeFromMs = Number.POSITIVE_INFINITY;
    const id = `#${this.invocations.length + 1}`;
    const startMs = world.clock.now();
    const invocation: Invocation = {
      id,
      function: name,
      runId,
      cause,
      sandbox,
      startMs,
      replies: [],
      calls: [],
      sent: [],
      told: [],
    };
    for (const other of this.running) this.#options.onOverlap(pairOf(invocation, other));
    this.invocations.push(invocation);
    this.#served.set(sandbox.id, [...(this.#served.get(sandbox.id) ?? []), invocation]);
    history.tell('invoke', `${id} ${name} ${runId} in ${sandbox.id}`, cause);
    this.#options.onStart(invocation);
    const remainingMs = this.#timeoutMs(name);
    sandbox.planCrash(this.#drawCrash());
    const end = (outcome: Outcome): void => {
      if (invocation.endMs !== undefined) return;
      invocation.endMs = world.clock.now();
      invocation.outcome = outcome;
      cancelTimeout();
      if (sandbox.alive) slot.freeFromMs = world.clock.now() + 1;
      history.tell('end', `${id} ${outcome.kind} ${told(outcome)}`);
      this.#options.onEnd(invocation);
      ended(outcome);
    };
    const cancelTimeout = world.clock.schedule(startMs + remainingMs, () => {
      if (sandbox.idle) this.#options.onDeadlock(invocation);
      end({ kind: 'timed-out' });
      sandbox.kill();
    });
    this.#deaths.set(sandbox.id, () => end({ kind: 'crashed' }));
    const { product } = sandbox;
    const work =
      name === 'sweep' ? product.sweep({ runId, remainingMs }) : product.failover(input, { runId, remainingMs });
    work.then(
      (result) => end({ kind: 'returned', result }),
      (error: unknown) => end({ kind: 'threw', error }),
    );
  }

  readonly #deaths = new Map<string, () => void>();

  #free(name: FunctionName): Slot {
    const now = this.#options.world.clock.now();
    const warm = this.#sandboxes.find((slot) => slot.function === name && slot.sandbox.alive && slot.freeFromMs <= now);
    if (warm) return warm;
    const { world, scenario, makeProduct, random } = this.#options;
    const id = `${name}-${this.#sandboxes.length + 1}`;
    const sandbox = new Sandbox({
      id,
      world,
      wire: scenario.wire,
      settings: scenario.settings,
      makeProduct,
      random: random.fork(id),
      skewMs: skewOf(scenario, random.fork(`skew of ${id}`)),
      onAnnounce: (record) => this.#served.get(id)?.at(-1)?.told.push({ atMs: world.clock.now(), record }),
      unlistedTypes: scenario.faults.unlistedTypes,
      oddId: this.#options.oddId ?? (() => undefined),
      onReply: (requestId) => this.#noteReply(id, requestId),
      onDeath: () => this.#deaths.get(id)?.(),
    });
    const slot = { sandbox, function: name, freeFromMs: now };
    this.#sandboxes.push(slot);
    return slot;
  }

  #timeoutMs(name: FunctionName): number {
    const { failoverTimeoutMs, sweepTimeoutMs } = this.#options.scenario.functions;
    if (!this.#options.faultsAreOn()) return DEPLOYED_TIMEOUT_MS;
    return name === 'sweep' ? sweepTimeoutMs : failoverTimeoutMs;
  }

  #drawCrash(): { nth: number; sent: boolean } | undefined {
    const { random, scenario, faultsAreOn } = this.#options;
    if (!faultsAreOn() || !random.chance(scenario.functions.crashes)) return undefined;
    return { nth: random.int(1, random.pick([8, 12, 30])), sent: random.chance(0.5) };
  }

  #noteCall(record: CallRecord): void {
    this.#records.set(record.requestId, record);
    this.senderOf(record)?.calls.push(record);
  }

  #noteReply(sandboxId: string, requestId: string): void {
    const record = this.#records.get(requestId);
    const invocation = this.#served.get(sandboxId)?.at(-1);
    if (!record || !invocation || record.sentMs < invocation.startMs) return;
    invocation.replies.push({ record, deliveredMs: this.#options.world.clock.now() });
  }
}

const skewOf = ({ skewMs }: Scenario, random: Random): number => random.int(-skewMs, skewMs);

/** `person and sweep`: who runs at the same time. */
function pairOf(...pair: readonly Invocation[]): string {
  const names = pair.map(({ cause, function: name }) => (cause.kind === 'request' ? 'person' : name));
  return names.sort().join(' and ');
}

function told(outcome: Outcome): string {
  if (outcome.kind === 'returned') {
    const groups = outcome.result.groups.map(({ group, analysis, decision, code, operation, reason }) => {
      const moved = operation ? ` ${operation.action} to ${operation.to} ${operation.result}` : '';
      return `${group}: ${analysis}/${decision}/${code}${moved} "${operation?.reason ?? reason}"`;
    });
    return groups.join('; ');
  }
  return outcome.kind === 'threw' ? String(outcome.error) : '';
}
