import type { NetworkInterface } from '../../lab/world/model.ts';
import { type CastGroup, GROUP_TAG } from './build.ts';
import { ledgerFaults, readLedgerTags } from './ledger-tags.ts';
import type { Stage } from './stage.ts';
import { groupsOf, lacksRoom } from './truth.ts';

/** What is not at rest on a holder that is well. */
export function unsettled(interfaces: readonly NetworkInterface[]): readonly string[] {
  const restless = interfaces.filter(({ attachment }) => attachment?.status !== 'attached');
  const risky = interfaces.filter(({ attachment }) => attachment?.deleteOnTermination);
  return [
    ...restless.map(({ id, attachment }) => `${id} is still ${attachment?.status}`),
    ...risky.map(({ id }) => `${id} would be deleted with its holder`),
  ];
}

/** What the ledger says of a group at rest that is not so. */
export function untruth(
  { world }: Stage,
  group: CastGroup,
  interfaces: readonly NetworkInterface[],
  holder: string,
): readonly string[] {
  const present = world.instances
    .all()
    .filter((each) => groupsOf(each).includes(group.name) && !['terminated', 'shutting-down'].includes(each.state))
    .map(({ id }) => id)
    .sort();
  // What has no room for a ledger has none, and nobody is to blame.
  if (interfaces.some(lacksRoom)) return [];
  // Nor is a ledger begun while others claim the name: it would decide between them.
  const isClaimed = world.interfaces
    .all()
    .some((each) => each.tags[GROUP_TAG] === group.name && !interfaces.includes(each));
  if (isClaimed && interfaces.every(({ tags }) => readLedgerTags(tags) === undefined)) return [];
  return interfaces.flatMap(({ id, tags }) => {
    const faults = ledgerFaults(tags);
    if (faults.length > 0) return faults.map((fault) => `${id}: ${fault}`);
    const ledger = readLedgerTags(tags);
    if (!ledger) return [`${id} has no ledger`];
    const { phase, members, condition } = ledger;
    return [
      ...(phase === 'steady' ? [] : [`the ledger of ${id} says ${phase}`]),
      ...(ledger.holder === holder ? [] : [`the ledger of ${id} says ${ledger.holder}, it is on ${holder}`]),
      ...(members.join() === present.join() ? [] : [`the ledger of ${id} has other members: ${members.join(' ')}`]),
      ...(condition === undefined ? [] : [`the ledger of ${id} still says ${condition}`]),
    ];
  });
}
