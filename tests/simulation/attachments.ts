import type { Attachment } from '../../lab/world/model.ts';
import type { World } from '../../lab/world/world.ts';
import { slotsOf } from './truth.ts';

interface Entry {
  readonly atMs: number;
  readonly attachment: Attachment | undefined;
}

/** Every attachment each interface ever had: the oracle's own memory, kept from the world's story. */
export class Attachments {
  readonly #entries = new Map<string, Entry[]>();
  readonly #world: World;
  /** Attachments that the product's own detach ended. */
  readonly #detached = new Set<string>();

  constructor(world: World) {
    this.#world = world;
    for (const { id, attachment } of world.interfaces.all()) this.#note(id, world.clock.now(), attachment);
    world.onCall(({ action, outcome, input }) => {
      if (action === 'DetachNetworkInterface' && outcome === 'ok') this.#detached.add(input['AttachmentId'] as string);
    });
    world.onFact(({ kind, atMs, data }) => {
      if (kind !== 'transition' || typeof data['interfaceId'] !== 'string') return;
      this.#note(data['interfaceId'], atMs, data['attachment'] as Attachment | undefined);
    });
  }

  /** Where the interface is, or where it was last. */
  last(interfaceId: string, atMs = Number.POSITIVE_INFINITY): Attachment | undefined {
    const entries = this.#entriesOf(interfaceId);
    return entries.findLast((entry) => entry.attachment !== undefined && entry.atMs <= atMs)?.attachment;
  }

  /** The interface an attachment belongs to, and that attachment. */
  byId(attachmentId: string): { readonly interfaceId: string; readonly attachment: Attachment } | undefined {
    for (const { id: interfaceId } of this.#world.interfaces.all()) {
      const entries = this.#entriesOf(interfaceId);
      const attachment = entries.findLast((entry) => entry.attachment?.id === attachmentId)?.attachment;
      if (attachment) return { interfaceId, attachment };
    }
    return undefined;
  }

  /** Whether an interface was seen attached by an attachment that came after this one, at some moment up to another. */
  wasAttachedAfter(interfaceId: string, attachmentId: string, atMs: number): boolean {
    const entries = this.#entriesOf(interfaceId);
    const last = entries.findLastIndex(({ attachment }) => attachment?.id === attachmentId);
    return entries.slice(last + 1).some((entry) => entry.attachment?.status === 'attached' && entry.atMs <= atMs);
  }

  /** Whether the product asked for the end of this attachment. */
  wasEndedByUs(attachmentId: string): boolean {
    return this.#detached.has(attachmentId);
  }

  /** Where the product itself took the interface from, when nobody else did since: it has to remember that place. */
  left(interfaceId: string, atMs: number): Attachment | undefined {
    const last = this.last(interfaceId, atMs);
    return last && this.#detached.has(last.id) ? last : undefined;
  }

  /** Every place the interface ever had. */
  places(interfaceId: string): readonly string[] {
    return slotsOf(this.#entriesOf(interfaceId));
  }

  #note(interfaceId: string, atMs: number, attachment: Attachment | undefined): void {
    this.#entriesOf(interfaceId).push({ atMs, attachment });
  }

  /** What was created in the middle of the history has the attachment that it was created with. */
  #entriesOf(interfaceId: string): Entry[] {
    const known = this.#entries.get(interfaceId);
    if (known) return known;
    const [first] = this.#world.interfaces.history(interfaceId);
    const entries = first?.value ? [{ atMs: first.atMs, attachment: first.value.attachment }] : [];
    this.#entries.set(interfaceId, entries);
    return entries;
  }
}
