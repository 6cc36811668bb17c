import type { Delivery, Outcome } from '../lab/bus/bus.ts';
import type { World } from '../lab/world/world.ts';
import { tellMoment } from './moments.ts';

/** One line of what happened. */
export interface Told {
  /** Since the beginning, such as `1m30s`. */
  readonly at: string;
  readonly kind: string;
  readonly text: string;
}

/** What happened, in order, with the names of the case in place of ids. Reads are left out. */
export class Story {
  readonly told: Told[] = [];
  readonly #world: World;
  readonly #names: ReadonlyMap<string, string>;

  constructor(world: World, ids: ReadonlyMap<string, string>) {
    this.#world = world;
    this.#names = new Map([...ids].map(([name, id]) => [id, name]));
    world.onFact(({ kind, text, data }) => {
      const isRead = kind === 'call' && /^(Describe|List)/.test(text);
      if (kind !== 'metric' && !isRead) this.tell(kind, kind === 'call' ? `${text} ${callText(data)}` : text);
    });
  }

  tell(kind: string, text: string): void {
    const at = tellMoment(this.#world.clock.now() - this.#world.startedMs);
    this.told.push({ at, kind, text: this.#named(text) });
  }

  /** An event that finds no rule is not told, nor is a sweep that is due: its end is. */
  tellDelivery(delivery: Delivery): void {
    const { kind, functionName } = delivery;
    if (kind === 'matched') this.tell('bus', `${functionName}: ${delivery.rule}`);
    if (kind === 'gave-up') this.tell('bus', `${functionName}: given up, ${delivery.record.requestContext.condition}`);
  }

  /** Says how an invocation ended; a sweep that has nothing to say says nothing. */
  tellEnd(functionName: string, requestId: string, outcome: Outcome): void {
    const said = outcome.ok ? groupsIn(outcome.payload) : `${outcome.errorType}: ${outcome.errorMessage}`;
    if (said !== '') this.tell(outcome.ok ? 'result' : 'error', `${functionName} ${requestId}: ${said}`);
  }

  #named(text: string): string {
    return text.replaceAll(/\b(?:i|eni)-0[0-9a-f]{16}\b/g, (id) => this.#names.get(id) ?? id);
  }
}

function groupsIn(payload: unknown): string {
  const { groups = [] } = payload as { groups?: readonly { group: string | null; code: string; reason: string }[] };
  return groups.map(({ group, code, reason }) => `${group ?? 'no group'}: ${code}: ${reason}`).join('; ');
}

function callText(data: Readonly<Record<string, unknown>>): string {
  const { record } = data as { record: { input: Readonly<Record<string, unknown>>; caller: string; fault?: string } };
  const { input, caller, fault } = record;
  return `by ${caller}${fault === undefined ? '' : `, ${fault}`} ${JSON.stringify(input)}`;
}
