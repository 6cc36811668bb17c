import type { NetworkInterface } from '../../../lab/world/model.ts';
import { STATE, TAG } from '../build.ts';
import { slotOf } from '../truth.ts';
import { forbids } from './entering.ts';
import { thoseThatGo } from './idle.ts';
import { readAsStopped } from './leaving.ts';
import { isNotToBeHad } from './room.ts';
import { type Act, cannotRemember, earlier, hasForgotten, openOperation, replyTo, type Rule } from './rule.ts';

interface AttachInput {
  readonly NetworkInterfaceId: string;
  readonly InstanceId: string;
  readonly DeviceIndex: number;
  readonly NetworkCardIndex?: number;
}

const inputOf = ({ call }: Act): AttachInput => call.input as unknown as AttachInput;

const entersOnlyWhoMay: Rule = (act) => {
  const { InstanceId, NetworkInterfaceId } = inputOf(act);
  const arriving = (act.view.interfaces() ?? []).filter(
    ({ id, attachment }) => id === NetworkInterfaceId || attachment?.instanceId !== InstanceId,
  );
  const why = forbids(act, InstanceId, arriving);
  return why === undefined ? undefined : `an attach to ${InstanceId}, although ${why}`;
};

/** How EC2 says that a member does not get an interface. */
const REFUSALS = [
  'IncorrectState',
  'AttachmentLimitExceeded',
  'InvalidParameterValue',
  'UnsupportedOperation',
  'OperationNotPermitted',
  'UnauthorizedOperation',
];

/** The answer to a dry run is remembered for a quarter of an hour. */
const ANSWERS_LAST_MS = 900_000;

/** The anchor goes first; whoever is known to hold it gets the rest. */
const followsTheAnchor: Rule = (act) => {
  const { InstanceId, NetworkInterfaceId } = inputOf(act);
  const [anchor] = thoseThatGo(act, InstanceId);
  if (!anchor || anchor.id === NetworkInterfaceId) return undefined;
  if (anchor.attachment?.instanceId === InstanceId) return undefined;
  const won = earlier(act, 'AttachNetworkInterface').some((other) => {
    const about = other.input['NetworkInterfaceId'] === anchor.id && other.input['InstanceId'] === InstanceId;
    // One that is refused keeps nobody else from serving.
    return about && ['ok', ...REFUSALS].includes(replyTo(act, other)?.outcome ?? '');
  });
  if (won || isShutOut(act, anchor) || isHeldInSpiteOfForce(act, anchor)) return undefined;
  return `${NetworkInterfaceId} follows to ${InstanceId}, which is not known to hold the anchor`;
};

/** Not even force takes the anchor off its old holder: the others do not wait for that. */
function isHeldInSpiteOfForce({ world, call }: Act, { attachment }: NetworkInterface): boolean {
  return world.calls.some(
    ({ action, input, atMs }) =>
      action === 'DetachNetworkInterface' &&
      input['Force'] === true &&
      input['AttachmentId'] === attachment?.id &&
      call.sentMs - atMs >= FORCE_ENDS_WITHIN_MS,
  );
}

/** A forced detach that has any effect has it sooner. */
const FORCE_ENDS_WITHIN_MS = 9_000;

/**
 * IAM denies the anchor this member, a dry run of a while ago included, and whoever has it is off or refuses the
 * follower: what nobody holds may be served there all the same.
 */
function isShutOut(act: Act, anchor: NetworkInterface): boolean {
  const { InstanceId, NetworkInterfaceId } = inputOf(act);
  const isDenied = act.world.calls.some(
    ({ action, input, outcome, atMs }) =>
      action === act.call.action &&
      outcome === 'UnauthorizedOperation' &&
      input['NetworkInterfaceId'] === anchor.id &&
      input['InstanceId'] === InstanceId &&
      atMs > act.call.sentMs - ANSWERS_LAST_MS,
  );
  const host = anchor.attachment?.instanceId;
  const isRefused = earlier(act, 'AttachNetworkInterface').some(
    (other) =>
      other.input['NetworkInterfaceId'] === NetworkInterfaceId &&
      other.input['InstanceId'] === host &&
      REFUSALS.includes(replyTo(act, other)?.outcome ?? ''),
  );
  return isDenied && (host === undefined || readAsStopped(act, host) || isRefused);
}

const hasItsIntentWritten: Rule = (act) =>
  openOperation(act) || cannotRemember(act) ? undefined : 'an attach before any intent of it was recorded';

/** A moved interface keeps its device index and card, where they are to be had. */
const keepsItsPlace: Rule = (act) => {
  const { NetworkInterfaceId, InstanceId, DeviceIndex, NetworkCardIndex } = inputOf(act);
  if (NetworkCardIndex === undefined) return 'an attach that does not name the network card';
  const before = act.attachments.left(NetworkInterfaceId, act.call.atMs);
  if (!before || hasForgotten(act) || couldNeverRecord(act, before.id)) return undefined;
  const wanted = act.view.interface(NetworkInterfaceId)?.tags[`${TAG}device-index`];
  const given = slotOf({ deviceIndex: DeviceIndex, networkCardIndex: NetworkCardIndex });
  const fits = given === slotOf(before) || given === slotNamed(wanted) || isTakenByItsOwn(act, slotOf(before));
  const gives = wanted === undefined && (isNotToBeHad(act, InstanceId, before) || wasDeclinedItsPlace(act, before));
  return fits || gives || isWhereTheMoveBegan(act, given)
    ? undefined
    : `${NetworkInterfaceId} was at ${slotOf(before)} and is attached at ${given}`;
};

/** The place that a tag names: `2`, or `2@1` for index 2 on network card 1. */
function slotNamed(text = ''): string {
  const [index, card = '0'] = text.split('@');
  return `${card}:${index}`;
}

/** A person put it elsewhere in the middle of a move: the ledger says where it was, and it truly was there. */
function isWhereTheMoveBegan(act: Act, given: string): boolean {
  const { NetworkInterfaceId } = inputOf(act);
  const noted = act.view.interface(NetworkInterfaceId)?.tags[`${STATE}devices`] ?? '';
  const entry = noted.split(' ').find((text) => text.startsWith(`${NetworkInterfaceId.slice(-8)}:`));
  return given === slotNamed(entry?.split(':')[1]) && act.attachments.places(NetworkInterfaceId).includes(given);
}

/** No tag was ever written to it that could say where it was, and it was another run that took it off. */
function couldNeverRecord(act: Act, attachmentId: string): boolean {
  const { NetworkInterfaceId } = inputOf(act);
  const recorded = act.world.calls.some(
    ({ action, outcome, input }) =>
      action === 'CreateTags' && outcome === 'ok' && (input['Resources'] as string[]).includes(NetworkInterfaceId),
  );
  const own = earlier(act, 'DetachNetworkInterface').some(({ input }) => input['AttachmentId'] === attachmentId);
  return !recorded && !own;
}

/** EC2 has declined, in this very run, the place that it had there or where the move began: any other will do. */
function wasDeclinedItsPlace(act: Act, before: Parameters<typeof slotOf>[0]): boolean {
  const { InstanceId, NetworkInterfaceId } = inputOf(act);
  return earlier(act, 'AttachNetworkInterface').some((call) => {
    const { DeviceIndex, NetworkCardIndex = 0, ...tried } = call.input as unknown as AttachInput;
    if (tried.NetworkInterfaceId !== NetworkInterfaceId || tried.InstanceId !== InstanceId) return false;
    const slot = slotOf({ deviceIndex: DeviceIndex, networkCardIndex: NetworkCardIndex });
    const isItsOwn = slot === slotOf(before) || isWhereTheMoveBegan(act, slot);
    return isItsOwn && replyTo(act, call)?.outcome === 'InvalidParameterValue';
  });
}

/** Another interface of the group is there already: among themselves they give way. */
function isTakenByItsOwn(act: Act, slot: string): boolean {
  const { InstanceId, NetworkInterfaceId } = inputOf(act);
  const group = act.view.interfaces() ?? [];
  const there = group.some(({ id, attachment }) => {
    const elsewhere = id === NetworkInterfaceId || attachment?.instanceId !== InstanceId;
    return !elsewhere && attachment && slotOf(attachment) === slot;
  });
  // The anchor, a moment ago, by this very run.
  const arriving = earlier(act, 'AttachNetworkInterface').some(({ input }) => {
    const { DeviceIndex, NetworkCardIndex = 0 } = input as unknown as AttachInput;
    const place = slotOf({ deviceIndex: DeviceIndex, networkCardIndex: NetworkCardIndex });
    return input['NetworkInterfaceId'] === group[0]?.id && input['InstanceId'] === InstanceId && place === slot;
  });
  return there || arriving;
}

const neverAManagedOrSpecial: Rule = (act) => {
  const found = act.view.interface(inputOf(act).NetworkInterfaceId);
  const immovable = found && (found.requesterManaged || found.operatorManaged || found.interfaceType !== 'interface');
  return immovable ? `${found.id} cannot be moved at all` : undefined;
};

export const ATTACH_RULES: readonly Rule[] = [
  hasItsIntentWritten,
  neverAManagedOrSpecial,
  followsTheAnchor,
  entersOnlyWhoMay,
  keepsItsPlace,
];
