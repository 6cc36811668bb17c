import type { Instance, NetworkInterface } from '../../lab/world/model.ts';
import { INSTANCE_TYPES } from '../../lab/world/model.ts';
import type { World } from '../../lab/world/world.ts';
import { listOn, shortOf } from './belonging.ts';
import { type Cast, type CastGroup, GROUP_TAG, STATE, TAG } from './build.ts';
import type { History } from './history.ts';
import type { Incident } from './scenario.ts';
import { crowding, groupsOf } from './truth.ts';

/** How long somebody who moves an interface by hand waits between the detach and the attach. */
const HAND_PAUSE_MS = 7_000;

/** Who asks for ten minutes of it cannot expect the group to be at rest before. */
const PATIENCE = `${TAG}force-after`;

type Of<Kind extends Incident['kind']> = Extract<Incident, { readonly kind: Kind }>;

/** People who work on the resources themselves, and the memory of what they did, so that it can be put right. */
export class Hands {
  /** Groups whose interfaces were detached or attached by hand. */
  readonly moved = new Set<string>();
  /** Alarms that people have asked to be quiet, and since when. */
  readonly muted = new Map<string, number>();
  /** State tags that people made unreadable, as `<interface> <key>`. */
  readonly garbled = new Set<string>();
  readonly #world: World;
  readonly #cast: Cast;
  readonly #history: History;
  /** What tags said before a person took them away or switched a group to manual. */
  readonly #undo = new Map<string, Record<string, string | undefined>>();

  constructor(world: World, cast: Cast, history: History) {
    this.#world = world;
    this.#cast = cast;
    this.#history = history;
  }

  detach(group: CastGroup, { pick, force }: Pick<Of<'detach-by-hand'>, 'pick' | 'force'>): void {
    const attached = this.#interfaces(group).filter(
      ({ attachment }) => attachment?.status === 'attached' && attachment.deviceIndex > 0,
    );
    const chosen = attached[Math.floor(pick * attached.length)];
    if (!chosen) return;
    this.moved.add(group.name);
    this.#world.detachByHand(chosen.id, force);
  }

  /** Attaches a loose interface; where none is loose, detaches one first. */
  attach(group: CastGroup, incident: Of<'attach-by-hand'>, subject: Instance | undefined): void {
    const target = incident.stranger ? this.#cast.stranger : subject?.id;
    const loose = this.#interfaces(group).find(({ attachment }) => attachment === undefined);
    if (loose) return this.#attachIfPossible(group, loose.id, target);
    this.detach(group, { pick: incident.pick, force: false });
    const leaving = this.#interfaces(group).find(({ attachment }) => attachment?.status === 'detaching');
    if (!leaving) return;
    const atMs = this.#world.clock.now() + HAND_PAUSE_MS;
    this.#world.clock.schedule(atMs, () => this.#attachIfPossible(group, leaving.id, target));
  }

  mute(alarms: readonly string[]): void {
    for (const name of alarms) {
      this.#world.mutes.add(name);
      if (!this.muted.has(name)) this.muted.set(name, this.#world.clock.now());
    }
  }

  unmute(alarms: readonly string[]): void {
    for (const name of alarms) {
      this.#world.mutes.delete(name);
      this.muted.delete(name);
    }
  }

  retag(group: CastGroup, { of, pick, edits }: Of<'retag'>, subject: Instance | undefined): void {
    const at = Math.floor(pick * group.interfaces.length);
    const ids = of === 'interfaces' ? group.interfaces : [of === 'instance' ? subject?.id : group.interfaces[at]];
    for (const id of ids) {
      const found = this.#world.instance(id ?? '') ?? this.#world.interface(id ?? '');
      if (found) this.#edit(found, edits);
      // An interface that left the group for a while may come back to find the group elsewhere.
      if (of === 'one-interface' && GROUP_TAG in edits) this.moved.add(group.name);
    }
  }

  /** Gives back what makes it undecidable who may hold a group: its tags, automatic mode, an end to all patience; nothing else. */
  tidy(): void {
    for (const [id, tags] of this.#undo) {
      if (this.#world.instance(id) ?? this.#world.interface(id)) this.#world.retag(id, tags);
    }
    for (const group of this.#cast.groups) this.#noteNewcomers(group);
    for (const id of this.#cast.groups.flatMap(({ interfaces }) => interfaces)) {
      const found = this.#world.interface(id);
      if (found?.tags[`${TAG}mode`] === 'manual') this.#world.retag(id, { [`${TAG}mode`]: undefined });
      if (found?.tags[PATIENCE] === '600') this.#world.retag(id, { [PATIENCE]: undefined });
    }
    for (const group of this.#cast.groups) {
      if (!this.moved.has(group.name)) continue;
      this.#takeBack(group);
      this.#finishDetaches(group);
    }
    this.#history.tell('people', 'what was done by hand is tidied up');
  }

  /** The product has come to know a group while one of its interfaces had no tag: given back, that is a stranger to it. */
  #noteNewcomers(group: CastGroup): void {
    const tagged = this.#interfaces(group).filter(({ tags }) => tags[GROUP_TAG] === group.name);
    const strays = this.#world.interfaces.all().filter(({ id }) => this.#cast.strays.get(id) === group.name);
    const all = [...tagged, ...strays];
    for (const { id } of tagged) {
      // Its own list, from before, says nothing where the others have begun theirs anew.
      const listed = all
        .filter((other) => other.id !== id)
        .map(({ tags }) => tags[`${STATE}devices`] ?? '')
        .filter((text) => text.includes('interface '));
      const isNamed = listed.some((text) => text.includes(id.slice(-8)));
      if (listed.length > 0 && !isNamed) this.#cast.strays.set(id, group.name);
    }
  }

  /** Whoever put a part on an instance that is no member, be it for a comma in its tag, takes it off again. */
  #takeBack(group: CastGroup): void {
    for (const { id, attachment } of this.#interfaces(group)) {
      const host = this.#world.instance(attachment?.instanceId ?? '');
      const stays = host?.state === 'running' || host?.state === 'stopped';
      if (stays && !groupsOf(host).includes(group.name)) this.#world.detachByHand(id);
    }
  }

  /** Whoever began a detach by hand that hangs in the guest ends it by force. */
  #finishDetaches(group: CastGroup): void {
    for (const { id, attachment } of this.#interfaces(group)) {
      const hangs = attachment?.status === 'detaching' && this.#world.instance(attachment.instanceId)?.hangsDetach;
      if (hangs) this.#world.detachByHand(id, true);
    }
  }

  #edit(found: Instance | NetworkInterface, edits: Readonly<Record<string, string | undefined>>): void {
    if (GROUP_TAG in edits && !this.#undo.has(found.id)) {
      this.#undo.set(found.id, { [GROUP_TAG]: found.tags[GROUP_TAG] });
    }
    for (const key of Object.keys(edits)) if (key.startsWith(STATE)) this.garbled.add(`${found.id} ${key}`);
    this.#world.retag(found.id, edits);
  }

  #attachIfPossible(group: CastGroup, interfaceId: string, target: string | undefined): void {
    const wanted = this.#world.interface(interfaceId);
    const instance = this.#world.instance(target ?? '');
    if (!wanted || wanted.attachment || instance?.state !== 'running' || instance.zone !== wanted.zone) return;
    const present = this.#world.interfacesOf(instance.id);
    const taken = present.map(({ attachment }) => (attachment?.networkCardIndex === 0 ? attachment.deviceIndex : -1));
    const deviceIndex = [1, 2, 3, 4, 5, 6, 7].find((index) => !taken.includes(index)) ?? 8;
    if (present.length >= (INSTANCE_TYPES[instance.type]?.cards[0] ?? 0)) return;
    // EC2 lets nobody attach what the type has no room for, people least of all.
    if (crowding(instance, present, [wanted]) !== undefined) return;
    this.moved.add(group.name);
    this.#history.tell('people', `attach ${interfaceId} to ${instance.id} by hand`);
    this.#world.attachByHand(interfaceId, { instanceId: instance.id, deviceIndex });
    this.#notePutApart(group, wanted, instance.id);
  }

  /** What is in nobody's list goes by the place it is in: put elsewhere, it is on its own. */
  #notePutApart(group: CastGroup, moved: NetworkInterface, to: string): void {
    const others = this.#interfaces(group).filter(({ id }) => id !== moved.id);
    const isApart = others.some(({ attachment }) => attachment?.instanceId !== to);
    const isNamed = others.some((other) => listOn(other)?.includes(shortOf(moved.id)));
    if (isApart && !isNamed) this.#cast.strays.set(moved.id, group.name);
  }

  #interfaces(group: CastGroup): NetworkInterface[] {
    return group.interfaces.flatMap((id) => this.#world.interface(id) ?? []);
  }
}
