import type { MemberView } from '../core/model.ts';
import { MOST_WITNESSES } from '../probe/verdict.ts';

/** Whoever may bear witness beside a floating interface, by an address of its own. */
export interface Witness {
  readonly id: string;
  readonly address: string;
}

/** The other members that run in a zone: as many as a probe is asked to look at. */
export function standbysOf(members: readonly MemberView[], holderId: string, zone: string): readonly Witness[] {
  const isStandby = (member: MemberView): boolean =>
    member.id !== holderId && member.state === 'running' && member.zone === zone;
  return addressed(members.filter(isStandby), MOST_WITNESSES.standbys);
}

/** The first so many of those of which EC2 has said an address. */
export function addressed(
  views: readonly { readonly id: string; readonly address?: string }[],
  most: number,
): readonly Witness[] {
  return views.flatMap(({ id, address }) => (address === undefined ? [] : [{ id, address }])).slice(0, most);
}
