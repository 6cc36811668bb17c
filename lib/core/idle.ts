import type { Ledger } from './ledger.ts';
import type { InterfaceView, MemberView, Observation } from './model.ts';

/**
 * Interfaces of a group that nobody holds and, as far as is known, nobody ever held. The last place of a member is for
 * what serves, or did: where there is none for both, these wait.
 */
export function idleAmong({ interfaces }: Pick<Observation, 'interfaces'>, ledger: Ledger | undefined) {
  const isHeld = interfaces.some(({ attachment }) => attachment !== undefined);
  const isIdle = ({ id, attachment }: InterfaceView): boolean => {
    const wasHeld = ledger ? ledger.resources.some((place) => place.id === id) : !isHeld;
    return attachment === undefined && !wasHeld;
  };
  return interfaces.filter(isIdle);
}

/** All but those; undefined where there are none, or where the others are on this member already. */
export function withoutIdle(
  observation: Pick<Observation, 'interfaces'>,
  ledger: Ledger | undefined,
  { id }: Pick<MemberView, 'id'>,
): readonly InterfaceView[] | undefined {
  const idle = idleAmong(observation, ledger);
  const others = observation.interfaces.filter((view) => !idle.includes(view));
  const isThere = others.every(({ attachment }) => attachment?.instanceId === id);
  return idle.length === 0 || isThere ? undefined : others;
}
