import { anonymous } from '../core/afterwards.ts';
import type { Clock } from '../clock.ts';
import { EVENT_SOURCE, type OwnEvent } from './events.ts';
import type { EventBus } from './ports.ts';
import { within } from './rehearse.ts';

/** PutEvents takes ten entries at most (EventBridge API Reference, "PutEvents"). */
const MOST_AT_ONCE = 10;
/** So long the end of a run waits for what is under way, in milliseconds: nobody's address waits for it. */
export const FLUSH_MS = 1_500;
/** What lasts may be told anew after so long: by then nobody remembers. */
const TOLD_LASTS_MS = 30 * 60_000;
/** What a sandbox that lives for months may remember. */
const MOST_REMEMBERED = 2_000;

export interface OutboxOptions {
  readonly bus: EventBus;
  readonly clock: Clock;
  /** Told, once, that events cannot be sent, and then not before they could be again. */
  readonly onFailure: (message: string) => void;
}

/**
 * Sends events without anybody waiting for it: what is added is under way at once, and whatever happens meanwhile goes
 * with the next call. Nothing that goes wrong here reaches whoever adds.
 */
export class Outbox {
  private readonly options: OutboxOptions;
  private readonly waiting: OwnEvent[] = [];
  private readonly told = new Map<string, number>();
  private sending: Promise<void> | undefined;
  private isFailing = false;

  constructor(options: OutboxOptions) {
    this.options = options;
  }

  /** Has events sent, but for those that were told already. @param make whatever goes wrong in it is told, not thrown. */
  add(make: () => readonly OwnEvent[]): void {
    try {
      this.waiting.push(...make().filter((event) => this.isNew(event)));
    } catch (error) {
      this.fail(String(error));
    }
    if (this.waiting.length > 0) this.sending ??= this.send().finally(() => (this.sending = undefined));
  }

  /** Waits until everything is sent, or {@link FLUSH_MS} are over; what is left then is dropped, and that is told. */
  async flush(): Promise<void> {
    if (!this.sending) return;
    const isDone = await within(
      this.options,
      FLUSH_MS,
      this.sending.then(() => true),
    );
    const left = this.waiting.splice(0).length;
    if (isDone === undefined)
      this.fail(`no answer from EventBridge within ${FLUSH_MS} ms; ${left} more were not sent.`);
  }

  private async send(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, MOST_AT_ONCE);
      try {
        await this.options.bus.put(
          batch.map(({ name, detail }) => ({ source: EVENT_SOURCE, detailType: name, detail })),
        );
        this.isFailing = false;
      } catch (error) {
        this.fail(error instanceof Error ? error.message : String(error));
      }
    }
  }

  private fail(why: string): void {
    if (!this.isFailing) this.options.onFailure(`Events could not be put on the bus: ${why}`);
    this.isFailing = true;
  }

  /**
   * A beginning is told once for each operation, however often its intent is written; what lasts and no tag remembers
   * (a read that fails every minute) once in half an hour.
   */
  private isNew({ name, detail }: OwnEvent): boolean {
    const now = this.options.clock.now();
    const { group, code, operation, joined, news } = detail;
    const gist = operation ? operation.id : [code, joined, ...news.map(anonymous)];
    const key = JSON.stringify([name, group, gist]);
    const before = this.told.get(key);
    const isKnown = before !== undefined && now - before <= TOLD_LASTS_MS;
    if (operation ? name === 'Failover Started' && isKnown : isKnown) return false;
    if (this.told.size >= MOST_REMEMBERED) this.told.clear();
    this.told.set(key, now);
    // Trouble that comes back after something else was told of the group is news again.
    if (operation && name !== 'Failover Started') this.forget(group);
    return true;
  }

  private forget(group: string | null): void {
    for (const key of this.told.keys())
      if ((JSON.parse(key) as [string, string | null])[1] === group && !key.includes('"Failover Started"'))
        this.told.delete(key);
  }
}
