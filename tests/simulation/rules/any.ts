import type { CallRecord } from '../../../lab/world/hooks.ts';
import { type Act, earlier, replyTo, type Rule } from './rule.ts';

const CHANGES: readonly string[] = [
  'AttachNetworkInterface',
  'DetachNetworkInterface',
  'CreateTags',
  'ModifyNetworkInterfaceAttribute',
];
/** For up to three groups: a dozen rounds, five attempts of a throttled call, three interfaces, 55 s of polling. */
const MOST_CHANGES = 200;
const MOST_CALLS = 600;
const GROUPS = 3;

const callsOnlyWhatItMay: Rule = ({ call }) =>
  CHANGES.includes(call.action) ? undefined : `${call.action} is not an action of this product`;

const staysWithinBounds: Rule = ({ invocation, groups }) => {
  const times = Math.max(1, groups / GROUPS);
  const changes = invocation.calls.filter(({ action }) => CHANGES.includes(action)).length;
  if (changes > MOST_CHANGES * times) return `${changes} changing calls in one run`;
  return invocation.calls.length > MOST_CALLS * times ? `${invocation.calls.length} calls in one run` : undefined;
};

/** Somebody who only asks, or edits the ledger, moves nothing. */
const changesOnlyWhatWasAsked: Rule = ({ call, invocation }) => {
  const { cause } = invocation;
  if (cause.kind !== 'request' || cause.request.action === 'failover') return undefined;
  const { action } = cause.request;
  if (action === 'plan' || action === 'status') return `${action} changes something: ${call.action}`;
  return call.action === 'CreateTags' ? undefined : `${action} moves something: ${call.action}`;
};

const touchesOnlyWhatIsTagged: Rule = (act) => {
  const tagged = act.view.taggedInterfaces();
  const untagged = interfacesOf(act).find((id) => !tagged.has(id));
  if (untagged !== undefined) return `${untagged} was not seen with the tag of the group`;
  const instance = instanceOf(act);
  // An instance that is gone, or going, may have no tags left to look at.
  const state = instance === undefined ? undefined : act.world.instance(instance)?.state;
  const isGone = state === undefined || state === 'shutting-down' || state === 'terminated';
  if (instance === undefined || isGone || act.view.member(instance)) return undefined;
  return `${instance} was not seen with the tag of the group`;
};

const neverMakesItDieWithItsHolder: Rule = ({ call }) => {
  if (call.action !== 'ModifyNetworkInterfaceAttribute') return undefined;
  const { Attachment } = call.input as { readonly Attachment?: { readonly DeleteOnTermination?: boolean } };
  return Attachment?.DeleteOnTermination === false ? undefined : 'only DeleteOnTermination=false may be set';
};

/** A change whose fate is unknown is looked after before the same is tried again. */
const repeatsNothingBlindly: Rule = (act) => {
  const key = keyOf(act.call);
  const before = earlier(act, act.call.action).findLast(
    (other) => keyOf(other) === key && other.sentMs < act.call.sentMs,
  );
  if (!before || !isUncertain(act, before)) return undefined;
  const looked = interfacesOf(act).every((id) => act.view.sawInterfaceSince(id, before.sentMs));
  return looked ? undefined : `${act.call.action} is sent again although the first may have been applied`;
};

export const COMMON_RULES: readonly Rule[] = [
  callsOnlyWhatItMay,
  staysWithinBounds,
  changesOnlyWhatWasAsked,
  touchesOnlyWhatIsTagged,
  neverMakesItDieWithItsHolder,
  repeatsNothingBlindly,
];

function isUncertain(act: Act, before: CallRecord): boolean {
  const reply = replyTo(act, before);
  return reply === undefined || ['InternalError', 'Unavailable'].includes(reply.outcome);
}

function keyOf({ input, action }: CallRecord): string {
  const { NetworkInterfaceId, AttachmentId, Resources } = input;
  return `${action} ${JSON.stringify(NetworkInterfaceId ?? AttachmentId ?? Resources)}`;
}

function interfacesOf({ call, attachments }: Act): readonly string[] {
  const { NetworkInterfaceId, AttachmentId, Resources } = call.input as Record<string, string | string[] | undefined>;
  if (Array.isArray(Resources)) return Resources;
  if (typeof NetworkInterfaceId === 'string') return [NetworkInterfaceId];
  return [attachments.byId(AttachmentId as string)?.interfaceId ?? 'nothing'];
}

function instanceOf({ call, attachments }: Act): string | undefined {
  const { InstanceId, AttachmentId } = call.input as Record<string, string | undefined>;
  return InstanceId ?? attachments.byId(AttachmentId ?? '')?.attachment.instanceId;
}
