import type { CastGroup } from '../build.ts';
import type { Invocation } from '../lambda.ts';
import { couldHold } from '../liveness.ts';
import { isMisread } from '../odd-replies.ts';
import type { Stage } from '../stage.ts';

/** What a person may be told instead of being obeyed, when the request itself says so. */
const ANSWERS: readonly string[] = ['already-there', 'already-moved'];

/** Three minutes, and what two clocks may differ. */
const NOTICE_COUNTS_MS = 190_000;

/** Whether people get what they ask for, as far as the world allows it. */
export class People {
  readonly #stage: Stage;
  readonly #warned: (instanceId: string) => readonly number[];
  /** Requests whose target could take the group when they arrived. */
  readonly #feasible = new Set<string>();
  readonly #acknowledged = new Map<string, number>();

  /** @param warned when EC2 gave notice that it takes an instance back, in milliseconds since the epoch. */
  constructor(stage: Stage, warned: (instanceId: string) => readonly number[]) {
    this.#stage = stage;
    this.#warned = warned;
  }

  /** When the recent moves of a group were last forgotten for a person. */
  acknowledgedMs(group: string): number {
    return this.#acknowledged.get(group) ?? Number.NEGATIVE_INFINITY;
  }

  noteStart(invocation: Invocation): void {
    if (this.#target(invocation)) this.#feasible.add(invocation.id);
  }

  /** @returns what is wrong with the answer. */
  judgeEnd(invocation: Invocation): readonly string[] {
    this.#noteAcknowledged(invocation);
    const { features } = this.#stage;
    if (!features.has('people-are-obeyed') || !this.#feasible.has(invocation.id)) return [];
    const to = this.#target(invocation);
    const { outcome } = invocation;
    if (to === undefined || outcome?.kind !== 'returned' || !wentWell(invocation)) return [];
    return outcome.result.groups.flatMap(({ code, decision, operation, reason }) => {
      const obeyed = ANSWERS.includes(code) || (decision === 'act' && operation?.to === to);
      return obeyed ? [] : [`was asked for ${to}, which could take the group, and answered ${code}: ${reason}`];
    });
  }

  /** The target of a request that could take the group now, beyond doubt. */
  #target({ cause }: Invocation): string | undefined {
    const { cast, scenario } = this.#stage;
    if (cause.kind !== 'request' || cause.request.action !== 'failover' || scenario.staleMs > 0) return undefined;
    const { to, group: name } = cause.request;
    const group = cast.groups.find((each) => each.name === name);
    if (to === undefined || group === undefined) return undefined;
    // What EC2 has announced to take back is given to nobody who does not vouch for it, while the notice counts.
    const now = this.#stage.world.clock.now();
    if (this.#warned(to).some((atMs) => now - atMs <= NOTICE_COUNTS_MS)) return undefined;
    return this.#isSound(group) && couldHold(this.#stage, group, to) ? to : undefined;
  }

  /** Nothing about the group's own tags is odd. */
  #isSound(group: CastGroup): boolean {
    const { hands, cast } = this.#stage;
    const garbled = [...hands.garbled].some((entry) => group.interfaces.some((id) => entry.startsWith(id)));
    return !garbled && !isMisread(this.#stage, group) && ![...cast.strays.values()].includes(group.name);
  }

  #noteAcknowledged({ cause, calls }: Invocation): void {
    if (cause.kind !== 'request' || cause.request.action !== 'acknowledge') return;
    const written = calls.findLast(({ action, outcome }) => action === 'CreateTags' && outcome === 'ok');
    if (written) this.#acknowledged.set(cause.request.group ?? '', written.atMs);
  }
}

const wentWell = ({ calls }: Invocation): boolean =>
  calls.every(({ fault, outcome }) => fault === undefined && !/Limit|Throttl|Denied|Unauthorized/.test(outcome));
