import type { Facts } from './facts.ts';
import { ofThisLaunch } from './ledger.ts';
import type { InterfaceView, MemberView } from './model.ts';
import { runningHolders } from './parts.ts';
import { isLikelyToHang } from './patience.ts';
import { type Device, formatDevice } from './tags.ts';
import { isShutBy } from './withheld.ts';

/**
 * What is taken by force off a member that hangs and still runs may not find its way back: EC2 may withhold the
 * device index until the member is restarted (DetachNetworkInterface, EC2 API Reference). Where a standby has refused
 * the interfaces before, whether that way is open decides whether they may leave for it once more.
 */

/**
 * The member that could not take back what would leave it, with a sentence on it; undefined where the way back is open.
 * @param left devices that it was left at by force as far as can be told, though nobody has noted that yet.
 */
export function wayBackClosed(to: string, facts: Facts, left: readonly Device[] = []): string | undefined {
  const hung = runningHolders(facts).filter((id) => id !== to && isLikelyToHang(facts.signals, id));
  const holders = facts.observation.members.filter(({ id }) => hung.includes(id));
  return holders
    .map((holder) => closedOn(holder, ownOf(holder, facts), facts, left))
    .find((sentence) => sentence !== undefined);
}

/**
 * A member that is well has attachments that hang on their way, and only force ends them: why it could not have those
 * interfaces anew; undefined where it could. What it serves keeps its place there.
 */
export function wayAnewClosed(holderId: string, facts: Facts): string | undefined {
  const holder = facts.observation.members.find(({ id }) => id === holderId);
  if (!holder) return undefined;
  const hanging = ownOf(holder, facts).filter(({ attachment }) => attachment?.status !== 'attached');
  return closedOn(holder, hanging, facts);
}

const ownOf = ({ id }: MemberView, { observation }: Facts): readonly InterfaceView[] =>
  observation.interfaces.filter(({ attachment }) => attachment?.instanceId === id);

function closedOn(
  holder: MemberView,
  own: readonly InterfaceView[],
  { observation, settings, past }: Facts,
  left: readonly Device[] = [],
): string | undefined {
  const before = ofThisLaunch(holder, past.forced)?.devices ?? [];
  const withheld: readonly Device[] = [...before, ...left, ...own.flatMap(({ attachment }) => attachment ?? [])];
  const loose = own.map(({ attachment: _, ...view }): InterfaceView => view);
  const known = { limits: observation.limits, tagPrefix: settings.tagPrefix, remembered: [] };
  if (!isShutBy(withheld, loose, holder, known)) return undefined;
  const which = [...new Set(withheld.map(formatDevice))].join(' and ');
  return `${holder.id} could not take back what is taken off it by force, for EC2 may withhold device index ${which} there and nothing else is free`;
}
