import type { World } from '../../../lab/world/world.ts';
import type { Attempt } from '../../../lib/probe/attempt.ts';
import type { OutcomeClass } from '../../../lib/probe/outcome.ts';
import type { Illness, Setup } from './setup.ts';

const MINUTE_MS = 60_000;

/**
 * What a host does with whoever asks it. `stuck`: its service stands still under load, so that the queue of the floating
 * address is full, and that of its own is not. `closed`: it is well, and the security group of its floating interface lets
 * nothing in.
 */
export type Does = OutcomeClass | 'stuck' | 'closed';

/**
 * What is to be seen in the VPC, and what probes make of it: hosts that answer or do not, and probes that are ill.
 * Addresses are those of EC2, and follow the interfaces. All times count from the beginning.
 */
export class Hosts {
  readonly #world: World;
  readonly #startMs: number;
  /** The floating interface of the first group. */
  readonly #eni: string;
  readonly #ills: readonly Illness[];
  /** When EC2's checks notice that a guest hangs: as the world has it, or only after long. */
  readonly #noticed: { readonly noticedAfterMs?: number };
  /** What each look at a member really meets, from a moment on. */
  readonly #does = new Map<string, { readonly from: number; readonly does: Does }[]>();
  readonly #interfaces = new Map<string, string>();

  constructor(world: World, eni: string, { ills = [], recorded = false }: Setup) {
    this.#world = world;
    this.#startMs = world.clock.now();
    this.#eni = eni;
    this.#ills = ills;
    this.#noticed = recorded ? {} : { noticedAfterMs: 120 * MINUTE_MS };
  }

  /** What a member's addresses do from a moment on. EC2 goes on calling it well. */
  set(id: string, does: Does, fromMs: number): void {
    this.#does.set(id, [...(this.#does.get(id) ?? []), { from: fromMs, does }]);
    // A hung guest lets nothing go by itself.
    const hang = (): void => this.#world.failInstance(id, { hangsDetach: true, ...this.#noticed });
    const task = does === 'silent' ? hang : () => this.#world.recoverInstance(id);
    this.#world.clock.schedule(this.#startMs + fromMs, task);
  }

  /** Whether a member answers nobody, or does not serve. */
  isDown(id: string): boolean {
    return this.#hostDoes(id) !== 'answered';
  }

  /** What is wrong with a probe now. */
  illOf(name: string): readonly Illness[] {
    const now = this.#nowMs();
    const isIll = ({ probe, fromMs, untilMs }: Illness): boolean =>
      `probe-${probe}` === name && now >= fromMs && now < untilMs;
    return this.#ills.filter(isIll);
  }

  /** Looks as a probe has them. @param name of the probe. */
  attempt(name: string): Attempt {
    const { clock } = this.#world;
    return async (_target, address, limits, signal) => {
      const at = clock.now();
      const found = this.#seen(name, address);
      const ms = { silent: limits.connectMs, slow: limits.answerMs }[found as string] ?? 2;
      const isOver = await clock.sleep(ms, signal).then(
        () => true,
        () => false,
      );
      return { class: isOver ? found : 'unsent', ms: Math.round(clock.now() - at) };
    };
  }

  #nowMs(): number {
    return this.#world.clock.now() - this.#startMs;
  }

  #seen(name: string, address: string): OutcomeClass {
    const ills = this.illOf(name);
    const view = this.#world.interface(this.#idOf(address));
    const owner = view?.attachment?.status === 'attached' ? view.attachment.instanceId : undefined;
    const isBlind = ills.some(({ kind }) => kind === 'blind');
    if (isBlind || owner === undefined || this.#world.instance(owner)?.state !== 'running') return 'silent';
    if (ills.some((ill) => this.#liesAbout(ill, owner))) return 'silent';
    const does = this.#hostDoes(owner);
    if (does !== 'stuck' && does !== 'closed') return does;
    return view?.id === this.#eni ? 'silent' : does === 'stuck' ? 'slow' : 'answered';
  }

  /** It takes whoever holds the floating interface for silent, on all its addresses. */
  #liesAbout({ kind, about }: Illness, owner: string): boolean {
    if (kind !== 'liar') return false;
    return about === 'all' ? this.#world.interfacesOf(owner).length > 1 : owner === this.#world.holderOf(this.#eni);
  }

  #idOf(address: string): string {
    const known = this.#interfaces.get(address);
    if (known !== undefined) return known;
    const id = this.#world.interfaces.all().find(({ privateIps }) => privateIps.includes(address))?.id ?? '';
    this.#interfaces.set(address, id);
    return id;
  }

  #hostDoes(id: string): Does {
    return this.#does.get(id)?.findLast(({ from }) => from <= this.#nowMs())?.does ?? 'answered';
  }
}
