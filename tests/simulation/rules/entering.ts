import type { Instance, NetworkInterface } from '../../../lab/world/model.ts';
import { isExcludedBy } from '../truth.ts';
import { thoseWithPlace } from './idle.ts';
import { isServed, knownToLeave, servedByNobody } from './leaving.ts';
import { hasNoPlace } from './room.ts';
import { type Act, askedToMove, earlier, openOperation } from './rule.ts';

/** What is asked of a member that is to take the interfaces. */
export type Terms = 'successor' | 'vouched' | 'old-holder';

/** Why the sender could not have thought that this member may take the interfaces; undefined when it could. */
export function forbids(act: Act, instanceId: string, arriving: readonly NetworkInterface[]): string | undefined {
  const member = act.view.member(instanceId);
  if (!member) return 'it is no member of the group';
  const terms = termsOf(act, instanceId, arriving);
  return (
    unreachable(member, arriving) ??
    (terms === 'old-holder' ? unsettled(member) : unfit(act, member, terms)) ??
    hasNoPlace(act, member, thoseWithPlace(act, member, arriving))
  );
}

/** Who gets its interface back need not be well; whom a person vouches for neither. */
function termsOf(act: Act, instanceId: string, arriving: readonly NetworkInterface[]): Terms {
  const operation = openOperation(act);
  const group = act.view.interfaces() ?? [];
  // By the world's truth; or this very run took it off there, and somebody else has not kept it.
  const cameFrom =
    group.some(({ id }) => act.attachments.last(id, act.view.lookedMs)?.instanceId === instanceId) ||
    earlier(act, 'DetachNetworkInterface').some(({ input, outcome }) => {
      const found = act.attachments.byId(input['AttachmentId'] as string);
      return (
        outcome === 'ok' &&
        found?.attachment.instanceId === instanceId &&
        group.some(({ id }) => id === found.interfaceId)
      );
    });
  // What the sender took for the last holder of a group that nobody holds.
  const remembered = group.every(({ attachment }) => !attachment) && act.view.ledger()?.holder === instanceId;
  if (operation?.from === instanceId || remembered || (cameFrom && arriving.every(({ attachment }) => !attachment))) {
    return 'old-holder';
  }
  if (operation?.to === instanceId && operation.healthIgnored) return 'vouched';
  const { cause } = act.invocation;
  const asked = askedToMove(act) && cause.kind === 'request' && cause.request.to === instanceId;
  return asked && cause.request.ignoreHealth === true ? 'vouched' : 'successor';
}

function unreachable(member: Instance, arriving: readonly NetworkInterface[]): string | undefined {
  if (arriving.some(({ zone }) => zone !== member.zone)) return `it is in another zone, ${member.zone}`;
  if (arriving.some(({ ownerId }) => ownerId !== member.ownerId)) return 'it belongs to another account';
  if (arriving.some(({ outpostArn }) => outpostArn !== member.outpostArn)) return 'it is on other hardware';
  if (member.managedBy !== undefined && arriving.length > 0) return `it is managed by ${member.managedBy}`;
  return undefined;
}

function unsettled({ state }: Instance): string | undefined {
  return state === 'running' || state === 'stopped' ? undefined : `it is ${state}`;
}

/** Why a member may not be chosen for its own sake; undefined when it may. */
export function unfit(act: Act, member: Instance, terms: Terms): string | undefined {
  const { view } = act;
  if (isExcludedBy(member)) return 'it is excluded';
  if (member.state !== 'running') return `it is ${member.state}`;
  if (terms === 'vouched') return undefined;
  if (knownToLeave(act, member.id) && !joinsAPart(act, member.id)) return 'EC2 has given notice that it takes it back';
  const read = view.checks(member.id).map(({ verdict }) => verdict);
  // Checks that are still initializing, or that nobody could read, will do where nobody serves.
  const enough = read.some((verdict) => verdict === 'ok' || (verdict === 'initializing' && servedByNobody(act)));
  // A run looks at several groups at once: what another one was told of this member is no read of this one's.
  const unread = read.length === 0 || view.missedChecks(member.id);
  if (!enough && !(unread && servedByNobody(act))) return 'no read said that its checks are ok';
  const alarms = view.alarms(member.id);
  // Alarms that could not be read do not rule out a member whom EC2 itself vouches for.
  // Somebody has said of a muted one that it is not to be believed, or that cannot be read: it will do where nobody serves.
  const counts = (name: string): boolean => (!act.muted.has(name) && !missedMutes(act)) || !servedByNobody(act);
  return alarms.length === 0 || alarms.some((raised) => !raised.some(counts)) ? undefined : 'it has an alarm';
}

/** Whether the sender was last told nothing of mute rules when it asked for them. */
function missedMutes({ invocation: { replies }, call }: Act): boolean {
  const told = replies.findLast(
    ({ record, deliveredMs }) => record.action === 'ListAlarmMuteRules' && deliveredMs <= call.sentMs,
  );
  return told !== undefined && told.record.outcome !== 'ok';
}

/**
 * What it serves is taken off it by nothing that only the ledger says, and the rest goes where that is: for as long as
 * nobody else serves that rest, and not for the sake of what is on its way there itself.
 */
function joinsAPart(act: Act, instanceId: string): boolean {
  const interfaces = act.view.interfaces() ?? [];
  const serves = interfaces.some(
    ({ attachment }) => attachment?.instanceId === instanceId && attachment.status === 'attached',
  );
  const others = interfaces.filter(({ attachment }) => attachment?.instanceId !== instanceId);
  return serves && others.every((view) => view.attachment?.status !== 'attached' || !isServed(act, view));
}
