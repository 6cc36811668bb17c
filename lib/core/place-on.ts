import type { Facts } from './facts.ts';
import { withoutIdle } from './idle.ts';
import { ofThisLaunch } from './ledger.ts';
import type { InterfaceView, MemberView } from './model.ts';
import { type Placed, type Placement, place } from './placement.ts';
import { runningIn } from './situation.ts';
import type { Device } from './tags.ts';

/** Where on a member the interfaces would go, `partial` without what nobody ever held; or why there is no place. */
type Place = Exclude<Placement, Placed> | (Placed & { readonly partial: boolean });

/**
 * Once EC2 has declined an index that was left by force, the others that were are only tried where nothing else is
 * free: each of them would cost a refusal, while the interfaces are on nobody.
 */
export function placeOn(member: MemberView, facts: Facts): Place {
  const { devices = [] } = facts.memory.refused[member.id] ?? {};
  const left = devices.length > 0 ? (ofThisLaunch(member, facts.past.forced)?.devices ?? []) : [];
  const found = placeBeside([...devices, ...left], member, facts);
  return 'fault' in found && left.length > 0 ? placeBeside(devices, member, facts) : found;
}

/** Every interface, or, where there is no place for all, those that serve or did. */
function placeBeside(withheld: readonly Device[], member: MemberView, facts: Facts): Place {
  const { observation, ledger, settings, memory } = facts;
  const placed = (interfaces: readonly InterfaceView[]): Placement =>
    place(interfaces, member, observation.limits[member.type], {
      tagPrefix: settings.tagPrefix,
      remembered: ledger?.resources ?? [],
      carried: memory.carried ?? {},
      running: runningIn(observation),
      withheld,
    });
  const all = placed(observation.interfaces);
  if (!('fault' in all)) return { ...all, partial: false };
  const others = withoutIdle(observation, ledger, member);
  const some = others && placed(others);
  return some && !('fault' in some) ? { ...some, partial: true } : all;
}
