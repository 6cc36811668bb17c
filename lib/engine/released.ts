import { STALENESS_MS } from '../core/afterwards.ts';
import type { InterfaceView, Observation } from '../core/model.ts';

/**
 * The attachments that this run has asked EC2 to end, or has seen gone. An attachment id is never used again
 * (DetachNetworkInterface, EC2 API reference), so a look that shows one of them as if nothing had happened is older
 * than what this run did: it proves nothing, least of all that a move has come to rest.
 */
export class Released {
  private readonly askedAt = new Map<string, number>();
  private readonly gone = new Set<string>();

  /** A detach was sent at this time, in milliseconds since the epoch; whether EC2 accepted it may be unknown. */
  ask(attachmentId: string, now: number): void {
    this.askedAt.set(attachmentId, now);
  }

  /** When this run asked EC2 to end an attachment, in milliseconds since the epoch. */
  whenAsked(attachmentId: string): number | undefined {
    return this.askedAt.get(attachmentId);
  }

  /** EC2 refused the detach: nothing has changed, and nothing will. */
  refuse(attachmentId: string): void {
    this.askedAt.delete(attachmentId);
  }

  /** A look showed the interface without it. */
  see(attachmentId: string): void {
    this.gone.add(attachmentId);
  }

  /** Whether any of a group's interfaces is shown as it was before what this run did. */
  isAnyOld({ interfaces, now }: Pick<Observation, 'interfaces' | 'now'>): boolean {
    return interfaces.some((view) => this.isOld(view, now));
  }

  /**
   * Whether a look at an interface is from before what this run did. One that shows an attachment which was seen gone
   * always is; one that shows it untouched although its detach was sent is, until reads must have caught up.
   */
  isOld({ attachment }: Pick<InterfaceView, 'attachment'>, now: number): boolean {
    if (!attachment) return false;
    if (this.gone.has(attachment.id)) return true;
    const askedAt = this.askedAt.get(attachment.id);
    return askedAt !== undefined && attachment.status !== 'detaching' && now - askedAt < STALENESS_MS;
  }
}
