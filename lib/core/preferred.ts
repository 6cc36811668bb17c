import type { Facts } from './facts.ts';
import type { MemberView } from './model.ts';
import { isExcluded, priorityOf } from './tags.ts';

/** The one member whose priority is higher than that of every other; one that is excluded is nobody's choice. */
export function preferredOf({
  observation,
  settings,
}: Pick<Facts, 'observation' | 'settings'>): MemberView | undefined {
  const present = observation.members.filter(
    (member) => !GONE.includes(member.state) && !isExcluded(member, settings.tagPrefix),
  );
  const ranked = present
    .map((member) => ({ member, priority: priorityOf(member, settings.tagPrefix) }))
    .sort((a, b) => b.priority - a.priority);
  const [first, second] = ranked;
  return first && first.priority !== second?.priority ? first.member : undefined;
}

const GONE: readonly MemberView['state'][] = ['terminated', 'shutting-down'];
