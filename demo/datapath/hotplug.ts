import type { Attachment, Fact } from '../../lab/world/model.ts';
import type { World } from '../../lab/world/world.ts';
import type { Host } from './host.ts';
import { moveFloating } from './network.ts';
import type { Topology } from './topology.ts';

export interface HotplugOptions {
  readonly world: World;
  readonly topology: Topology;
  readonly hosts: readonly Host[];
  readonly onMoved: (place: string) => void;
  readonly onError: (error: Error) => void;
}

/** The place of an interface that no host holds. */
const NOBODY = 'subnet';

/**
 * Moves the real floating interface as EC2 does in the lab's world. A guest that is asked to let go loses it as soon
 * as it is `detaching`; one that hangs keeps it until EC2 has taken it away. The next one gets it when it is
 * `attached`.
 */
export class Hotplug {
  place = NOBODY;
  readonly #options: HotplugOptions;
  /** One move after the other. */
  #work: Promise<void> = Promise.resolve();

  constructor(options: HotplugOptions) {
    this.#options = options;
    options.world.onFact((fact) => this.#follow(fact));
  }

  /** Moves the device to a host, or to nobody, whatever the world says. */
  move(to: string): Promise<void> {
    this.#work = this.#work.then(() => this.#carry(to)).catch(this.#options.onError);
    return this.#work;
  }

  async #carry(to: string): Promise<void> {
    if (this.place === to) return;
    await moveFloating(this.#options.topology, this.place, to);
    this.place = to;
    this.#options.onMoved(to);
  }

  #follow({ kind, data }: Fact): void {
    const { floating } = this.#options.topology;
    if (kind !== 'transition' || data['interfaceId'] !== floating.interfaceId) return;
    const place = this.#placeOf(data['attachment'] as Attachment | undefined);
    if (place !== undefined) void this.move(place);
  }

  /** Where the device has to be; undefined when it stays where it is. */
  #placeOf(attachment: Attachment | undefined): string | undefined {
    if (attachment === undefined) return NOBODY;
    const { status, instanceId, stuck, forced } = attachment;
    if (status === 'attached') return this.#options.hosts.find((host) => host.instanceId === instanceId)?.name;
    const letsGo = status === 'detaching' && !stuck && !forced && !this.#hangs(instanceId);
    return letsGo ? NOBODY : undefined;
  }

  #hangs(instanceId: string): boolean {
    const instance = this.#options.world.instance(instanceId);
    return instance?.state !== 'running' || instance.hangsDetach;
  }
}
