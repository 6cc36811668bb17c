import type { CallRecord } from '../../../lab/world/hooks.ts';
import { GROUP_TAG } from '../build.ts';
import { phaseIn, readLedgerTags } from '../ledger-tags.ts';
import {
  type Act,
  earlier,
  gated,
  groupNumber,
  hasForgotten,
  openOperation,
  replyTo,
  type Rule,
  writtenTags,
} from './rule.ts';
import { begun } from './ledger.ts';

/** From the look to what follows from it, a throttled write of the intent included. */
const OLDEST_PICTURE_MS = 20_000;
/** Within ten minutes one member is tried with one interface so many times, whatever becomes of it. */
const MOST_ATTACHES = 15;
const ATTACHES_COUNT_FOR_MS = 600_000;

/** Whatever this run took off an instance was truly attached somewhere again before it says that all is well. */
const steadyIsSeen: Rule = (act) => {
  const tags = writtenTags(act.call);
  if (phaseIn(tags.get('state')) !== 'steady') return undefined;
  const detached = earlier(act, 'DetachNetworkInterface').filter(
    (call) => call.outcome === 'ok' && isOfTheGroup(act, call),
  );
  const lost = detached.find((detach) => !wasAttachedSince(act, detach.input['AttachmentId'] as string));
  const id = lost && act.attachments.byId(lost.input['AttachmentId'] as string)?.interfaceId;
  return id && `the ledger says steady, and ${id}, which this run detached, is on nobody`;
};

/** A run moves several groups at once, and of one name several sets, where their interfaces do not know each other. */
function isOfTheGroup({ attachments, view }: Act, { input }: CallRecord): boolean {
  const interfaceId = attachments.byId(input['AttachmentId'] as string)?.interfaceId ?? '';
  return view.interfaces()?.some(({ id }) => id === interfaceId) === true;
}

function wasAttachedSince({ attachments, call }: Act, attachmentId: string): boolean {
  const interfaceId = attachments.byId(attachmentId)?.interfaceId ?? '';
  return attachments.wasAttachedAfter(interfaceId, attachmentId, call.sentMs);
}

const beginsOnAFreshPicture: Rule = (act) => (begun(act) ? tooOld(act) : undefined);

const detachesOnAFreshPicture: Rule = (act) => tooOld(act);

function tooOld(act: Act): string | undefined {
  const { call, view, attachments } = act;
  // What EC2 has throttled is sent again as it is: it was judged when it was sent first.
  const key = call.input['AttachmentId'];
  const isRepeated = earlier(act, call.action).some(
    (before) => before.input['AttachmentId'] === key && replyTo(act, before)?.outcome === 'RequestLimitExceeded',
  );
  if (key !== undefined && isRepeated) return undefined;
  const interfaceId = attachments.byId(call.input['AttachmentId'] as string)?.interfaceId;
  const seenMs = Math.max(view.lookSentMs, interfaceId === undefined ? 0 : view.interfaceSeenMs(interfaceId));
  const ageMs = call.sentMs - seenMs;
  return ageMs > OLDEST_PICTURE_MS ? `it is based on a picture that is ${ageMs} ms old` : undefined;
}

/**
 * That a person had the moves forgotten is itself not forgotten. One interface of the group that says so is enough: it
 * counts for all of them, and one that joins later is given no word of people's.
 */
const forgetsWhatWasAcknowledged: Rule = (act) => {
  const { call, acknowledgedMs, world, invocation, view } = act;
  if (invocation.cause.kind === 'request' || call.outcome !== 'ok' || hasForgotten(act)) return undefined;
  const written = (call.input['Resources'] ?? []) as readonly string[];
  const group = [...written, ...(view.interfaces() ?? []).map(({ id }) => id)];
  const saidAt = (atMs?: number): number =>
    Math.max(
      ...group.map((id) => readLedgerTags(world.interfaces.get(id, atMs)?.tags ?? {})?.acknowledgedAtMs ?? -Infinity),
    );
  const dueMs = acknowledgedMs - A_REQUEST_MS - act.skewMs;
  const isLost = Number.isFinite(acknowledgedMs) && saidAt(acknowledgedMs) >= dueMs && saidAt() < dueMs;
  return isLost && call.sentMs > acknowledgedMs ? `${view.group} no longer says that a person acknowledged` : undefined;
};

/** A request takes a moment from its own time to its write. */
const A_REQUEST_MS = 6_000;

/** So often in a cooldown window may something be taken off a running member, one try for each member on top. */
const takesOnlySoMuch: Rule = (act) => {
  const operation = openOperation(act);
  if (act.call.outcome !== 'ok' || operation?.automatic !== true || !isTakenFromARunningOne(act)) return undefined;
  const sinceMs = act.call.atMs - groupNumber(act, 'cooldown') * 1_000;
  const recent = act.taken.filter((each) => each.atMs > sinceMs && each.operation?.automatic === true);
  const count = new Set([operation.id, ...recent.map((each) => each.operation?.id)]).size;
  const most = groupNumber(act, 'max-moves') + Math.max(0, act.view.members().length - 1);
  return count > most ? `the ${count}th operation within the cooldown takes something off a running member` : undefined;
};

/** Where IAM lets nobody attach anything, nothing is taken off a running member: a dry run would have told. */
const takesNothingItCannotAttach: Rule = (act) => {
  const { call, invocation, deniedAttaches } = act;
  if (call.outcome !== 'ok' || !deniedAttaches(call.sentMs) || !isTakenFromARunningOne(act)) return undefined;
  // What this run has begun to take, which was judged then, EC2 does not give back: force takes no more.
  const isBegun = earlier(act, 'DetachNetworkInterface').some(
    (before) => before.input['AttachmentId'] === call.input['AttachmentId'] && replyTo(act, before)?.outcome === 'ok',
  );
  if (isBegun) return undefined;
  const dryRuns = invocation.calls.filter(
    ({ action, input }) => action === ATTACH && input['DryRun'] === true && isAboutTheGroup(act, input),
  );
  // One that was not answered in time says nothing, whatever was said of another member; and none is sent once a
  // change was throttled.
  const last = dryRuns.filter(({ input }) => input['InstanceId'] === dryRuns.at(-1)?.input['InstanceId']);
  const heard = last.some((dryRun) => replyTo(act, dryRun) !== undefined);
  const unanswered = dryRuns.length > 0 && (!heard || dryRuns.some(({ fault }) => fault !== 'deny'));
  const throttled = invocation.calls.some(({ outcome }) => /Limit|Throttl/.test(outcome));
  return unanswered || throttled ? undefined : 'it is taken off a running member, although every attach is denied';
};

function isAboutTheGroup({ world, view }: Act, input: CallRecord['input']): boolean {
  return world.interface(input['NetworkInterfaceId'] as string)?.tags[GROUP_TAG] === view.group;
}

const ATTACH = 'AttachNetworkInterface';

/** Whether an accepted detach takes something from an instance that runs. */
export function isTakenFromARunningOne({ call, attachments, world }: Act): boolean {
  const from = attachments.byId(call.input['AttachmentId'] as string)?.attachment.instanceId ?? '';
  return world.instances.get(from, call.atMs)?.state === 'running';
}

const triesOnlySoOften: Rule = ({ call, world, invocation }) => {
  if (invocation.cause.kind === 'request' || call.input['DryRun'] === true) return undefined;
  const same = world.calls.filter(
    ({ action, input, outcome, atMs, caller }) =>
      action === call.action &&
      outcome === 'ok' &&
      caller !== '' &&
      atMs > call.atMs - ATTACHES_COUNT_FOR_MS &&
      input['NetworkInterfaceId'] === call.input['NetworkInterfaceId'] &&
      input['InstanceId'] === call.input['InstanceId'],
  );
  return same.length > MOST_ATTACHES ? `accepted for the ${same.length}th time, to the same member` : undefined;
};

export const TRUTHS: Readonly<Record<string, readonly Rule[]>> = {
  AttachNetworkInterface: [gated('attaches-bounded', triesOnlySoOften)],
  DetachNetworkInterface: [
    gated('fresh-pictures', detachesOnAFreshPicture),
    gated('takings-bounded', takesOnlySoMuch),
    gated('denied-throughout', takesNothingItCannotAttach),
  ],
  CreateTags: [
    gated('steady-is-seen', steadyIsSeen),
    gated('fresh-pictures', beginsOnAFreshPicture),
    gated('acknowledged-stays', forgetsWhatWasAcknowledged),
  ],
};
