import type { Random } from '../../lab/random.ts';
import type { BusEvent } from '../../lab/world/model.ts';
import type { World } from '../../lab/world/world.ts';
import type { History } from './history.ts';
import type { Cause, FunctionName, Lambda, Outcome } from './lambda.ts';
import type { BusDraw } from './scenario.ts';

const MINUTE_MS = 60_000;
/** Lambda invokes an asynchronous function again after one minute and after two more. */
const RETRY_AFTER_MS = [MINUTE_MS, 2 * MINUTE_MS];

export type Trouble =
  | 'event-replayed'
  | 'event-lost'
  | 'event-duplicated'
  | 'event-delayed'
  | 'event-reordered'
  | 'invocation-retried';

export interface BusOptions {
  readonly world: World;
  readonly draw: BusDraw;
  readonly random: Random;
  readonly history: History;
  readonly lambda: Lambda;
  readonly faultsAreOn: () => boolean;
  readonly onTrouble: (what: Trouble) => void;
}

/** EventBridge and Lambda's queue: at least once, in no order, and now and then not at all. */
export class Bus {
  /** How often the sweep was due. */
  sweeps = 0;
  /** When one was due that EventBridge never delivered. */
  readonly lostSweepsMs: number[] = [];
  readonly #options: BusOptions;
  /** A stream of its own, so that other draws stay what they were. */
  readonly #replays: Random;
  #runs = 0;
  #published = 0;
  /** The newest event that has arrived: an older one that comes after it is late. */
  #delivered = 0;

  constructor(options: BusOptions) {
    this.#options = options;
    this.#replays = options.random.fork('replays');
    if (this.#replays.chance(0.3)) this.#replayNotice();
    options.world.onEvent((event) => this.#publish(event));
    const { world, random } = options;
    this.#sweepAt(world.clock.now() + random.int(0, MINUTE_MS));
  }

  #publish(event: BusEvent): void {
    const { draw, random, faultsAreOn, history, onTrouble } = this.#options;
    const on = faultsAreOn();
    if (on && random.chance(draw.lost)) {
      onTrouble('event-lost');
      history.tell('bus', `lost: ${describe(event)}`);
      return;
    }
    const muted = on && event['detail-type'].startsWith('CloudWatch') && random.chance(draw.muted);
    const sent = muted ? { ...event, detail: { ...event.detail, muteDetail: { mutedBy: 'a rule' } } } : event;
    const runId = this.#newRunId();
    this.#deliver(sent, runId);
    if (!on || !random.chance(draw.duplicated)) return;
    onTrouble('event-duplicated');
    // Both EventBridge and Lambda may double an event; only the second one keeps the request id.
    this.#deliver(sent, random.chance(0.4) ? runId : this.#newRunId());
  }

  /** Somebody replays an archive: a notice from before all this, about an instance that EC2 did not take back then. */
  #replayNotice(): void {
    const { world, faultsAreOn, onTrouble } = this.#options;
    const random = this.#replays;
    world.clock.schedule(world.clock.now() + random.int(60_000, 420_000), () => {
      if (!faultsAreOn()) return;
      const { id } = random.pick(world.instances.all());
      const detailType = 'EC2 Spot Instance Interruption Warning';
      const time = new Date(world.clock.now() - random.int(185_000, 3_600_000)).toISOString();
      const detail = { 'instance-id': id, 'instance-action': 'terminate' };
      const event = { source: 'aws.ec2', 'detail-type': detailType, time, detail };
      onTrouble('event-replayed');
      const cause = { kind: 'event', detailType, instanceId: id } as const;
      this.#attempt('failover', event, this.#newRunId(), cause, 0);
    });
  }

  #deliver(event: BusEvent, runId: string): void {
    const { world, draw, random, faultsAreOn, onTrouble } = this.#options;
    const delayed = faultsAreOn() && random.chance(draw.delayed);
    if (delayed) onTrouble('event-delayed');
    const delayMs = random.int(50, 1_500) + (delayed ? random.int(1_000, draw.longestDelayMs) : 0);
    const cause = { kind: 'event', detailType: event['detail-type'], instanceId: instanceOf(event) } as const;
    this.#published += 1;
    const number = this.#published;
    world.clock.schedule(world.clock.now() + delayMs, () => {
      if (number < this.#delivered) onTrouble('event-reordered');
      this.#delivered = Math.max(this.#delivered, number);
      this.#attempt('failover', event, runId, cause, 0);
    });
  }

  #attempt(name: FunctionName, input: unknown, runId: string, cause: Cause, retries: number): void {
    const { world, lambda, onTrouble } = this.#options;
    const retry = ({ kind }: Outcome): void => {
      const delayMs = RETRY_AFTER_MS[retries];
      if (kind === 'returned' || delayMs === undefined || name === 'sweep') return;
      onTrouble('invocation-retried');
      const again = (): void => this.#attempt(name, input, runId, cause, retries + 1);
      world.clock.schedule(world.clock.now() + delayMs, again);
    };
    lambda.invoke(name, input, runId, cause, retry);
  }

  #sweepAt(atMs: number): void {
    const { world, draw, random, faultsAreOn } = this.#options;
    world.clock.schedule(atMs, () => {
      this.#sweepAt(atMs + MINUTE_MS);
      this.sweeps += 1;
      const on = faultsAreOn();
      if (on && random.chance(draw.sweepsLost)) return void this.lostSweepsMs.push(atMs);
      const copies = on && random.chance(draw.sweepsDuplicated) ? 2 : 1;
      for (let copy = 0; copy < copies; copy += 1) {
        const start = (): void => this.#attempt('sweep', {}, this.#newRunId(), { kind: 'sweep' }, 0);
        world.clock.schedule(world.clock.now() + copy * random.int(0, 2_000), start);
      }
    });
  }

  #newRunId(): string {
    this.#runs += 1;
    return `run-${this.#runs}`;
  }
}

function instanceOf({ detail }: BusEvent): string | undefined {
  return (detail as { readonly 'instance-id'?: string })['instance-id'];
}

function describe(event: BusEvent): string {
  const { state, alarmName } = event.detail as { state?: unknown; alarmName?: string };
  return `${event['detail-type']} ${instanceOf(event) ?? alarmName ?? ''} ${typeof state === 'string' ? state : ''}`;
}
