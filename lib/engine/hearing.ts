import type { Facts } from '../core/facts.ts';
import type { Notice } from '../core/ledger.ts';
import { readNotices } from '../core/ledger-codec.ts';
import type { InterfaceView, Observation } from '../core/model.ts';
import type { Plan } from '../core/plan.ts';
import { isCurrent } from '../core/readers.ts';
import type { Released } from './released.ts';
import type { Run } from './run.ts';

/** What a run hears in the course of its operation: every look that it takes shows what others have noted since. */
export class Hearing {
  private readonly heard = new Map<string, Notice>();
  private readonly statePrefix: string;

  constructor(statePrefix: string) {
    this.statePrefix = statePrefix;
  }

  listen(view: Pick<InterfaceView, 'id' | 'tags'>): void {
    for (const notice of readNotices([view], this.statePrefix)) {
      this.heard.set(`${notice.instanceId} ${notice.at}`, notice);
    }
  }

  notices(): readonly Notice[] {
    return [...this.heard.values()];
  }

  /**
   * Whether EC2 was heard to take the plan's target back, which was not known when the target was chosen; where nobody
   * else runs, that makes no difference.
   */
  speaksAgainst({ to, from }: Plan, { notices, observation: { members } }: Facts, now: number): boolean {
    const isKnown = (notice: Notice): boolean =>
      notices.some(({ instanceId, at }) => instanceId === notice.instanceId && at === notice.at);
    const isNew = this.notices().some(
      (notice) => notice.instanceId === to && isCurrent(notice, now) && !isKnown(notice),
    );
    return isNew && members.some(({ id, state }) => id !== to && id !== from && state === 'running');
  }
}

/** One more look before anything is detached, for what was noted since. A look that cannot be taken tells nothing. */
export async function listenOnce({ cloud }: Run, { resources }: Plan, hearing: Hearing): Promise<void> {
  const { views } = await cloud.interfacesById(resources.map(({ id }) => id)).catch(() => ({ views: [] }));
  views.forEach((view) => hearing.listen(view));
}

/**
 * The instances that somebody else has taken the group off since the run looked first: they may know why. Where no tag
 * tells, that is all there is to be known of a notice which another process has got.
 */
export function leftSince(first: Observation, { interfaces }: Observation, released: Released): readonly string[] {
  const before = first.interfaces.flatMap(({ attachment }) => {
    const ours = attachment && released.whenAsked(attachment.id) !== undefined;
    return attachment?.instanceId === undefined || ours ? [] : [attachment.instanceId];
  });
  return [...new Set(before)].filter((id) => !interfaces.some(({ attachment }) => attachment?.instanceId === id));
}
