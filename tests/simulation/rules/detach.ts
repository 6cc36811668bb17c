import type { Attachment } from '../../../lab/world/model.ts';
import { slotsOf } from '../truth.ts';
import { readOperation } from '../ledger-tags.ts';
import { forbids, unfit } from './entering.ts';
import { mayLeave, readAsSilent } from './leaving.ts';
import {
  type Act,
  cannotRemember,
  earlier,
  gated,
  groupNumber,
  openOperation,
  replyTo,
  type Rule,
  wholeOn,
  writtenTags,
} from './rule.ts';

/** The attachment a detach names, as its sender last saw it; undefined when it was never seen so. */
function seen(act: Act) {
  const id = act.call.input['AttachmentId'] as string;
  const found = act.attachments.byId(id);
  const view = found && act.view.interface(found.interfaceId);
  return view?.attachment?.id === id ? { ...view, attachment: view.attachment } : undefined;
}

const namesWhatWasObserved: Rule = (act) =>
  seen(act) ? undefined : 'a detach names an attachment that its run did not see in its last read';

const leavesNobodyInGoodHealth: Rule = (act) => {
  const from = seen(act)?.attachment.instanceId ?? '';
  const interfaces = act.view.interfaces() ?? [];
  // What is begun is finished, however well the old holder has become meanwhile.
  const apart = wholeOn(interfaces) === undefined;
  const leaving = interfaces.some(({ attachment }) => attachment?.status === 'detaching');
  const begun = (apart || leaving) && openOperation(act) !== undefined;
  // Whoever does not get one of them attached does not serve the group.
  const undone = openOperation(act) !== undefined && cameUndoneOn(act, from);
  return begun || hangsOn(act, from) || undone || isForAPerson(act, from) || mayLeave(act, from)
    ? undefined
    : `a healthy holder, ${from}, is left without a reason`;
};

function hangsOn(act: Act, instanceId: string): boolean {
  const interfaces = act.view.interfaces() ?? [];
  return interfaces.some(({ attachment }) => attachment?.instanceId === instanceId && hangs(act, attachment));
}

/**
 * A target that a person has named replaces what was begun before, and whatever run goes on with that takes the group
 * from whoever had got it meanwhile. Only people's own runs record such a thing truly: others may have forged it.
 */
function isForAPerson(act: Act, from: string): boolean {
  const { named, run, to } = openOperation(act) ?? {};
  return named === true && run?.startsWith('person-') === true && to !== from;
}

function hasBroughtTo(act: Act, instanceId: string): boolean {
  return earlier(act, 'AttachNetworkInterface').some(
    (call) => call.input['InstanceId'] === instanceId && replyTo(act, call)?.outcome === 'ok',
  );
}

/** An attach of this very run was accepted there, and what is there now is another one's: it goes on from there. */
function cameUndoneOn(act: Act, instanceId: string): boolean {
  const interfaces = act.view.interfaces() ?? [];
  return earlier(act, 'AttachNetworkInterface').some((call) => {
    if (call.input['InstanceId'] !== instanceId || replyTo(act, call)?.outcome !== 'ok') return false;
    const { attachment } = interfaces.find(({ id }) => id === call.input['NetworkInterfaceId']) ?? {};
    return attachment === undefined || attachment.attachMs > call.atMs;
  });
}

/** Of a group in parts, too, what serves on a healthy member leaves it only for the move that was to leave it. */
const leavesPartsInPeace: Rule = (act) => {
  const found = seen(act);
  const from = found?.attachment.instanceId ?? '';
  if (found?.attachment.status !== 'attached' || !act.view.member(from) || mayLeave(act, from)) return undefined;
  const anchor = act.view.interfaces()?.[0];
  const anchorIsOn = anchor?.attachment?.instanceId;
  const follows = found.id !== anchor?.id && anchorIsOn !== undefined && anchorIsOn !== from;
  const operation = openOperation(act);
  const planned = operation?.from === from && operation.to !== from;
  const undone = operation !== undefined && (cameUndoneOn(act, from) || (hangsOn(act, from) && isOfTheMove(act, from)));
  return follows || planned || undone || isForAPerson(act, from)
    ? undefined
    : `${found.id} is torn from ${from}, which is healthy and has it`;
};

/**
 * This very run, or another one in the course of the move that is under way, has brought it there. With another part of
 * that move hanging there, the move is not at its end: whoever goes on with it brings all of it to one that takes it whole.
 */
function isOfTheMove(act: Act, instanceId: string): boolean {
  const { atMs: begunMs } = openOperation(act) ?? { atMs: Number.POSITIVE_INFINITY };
  const attachedMs = seen(act)?.attachment.attachMs ?? Number.NEGATIVE_INFINITY;
  return hasBroughtTo(act, instanceId) || attachedMs >= begunMs - act.skewMs;
}

/** Whoever attached the anchor has won the group, whatever the intent said: the others follow it there. */
const leavesTheAnchorToItsWinner: Rule = (act) => {
  const interfaces = act.view.interfaces() ?? [];
  const [anchor, ...followers] = interfaces;
  const winner = anchor?.attachment?.instanceId;
  const operation = openOperation(act);
  if (!operation || winner === undefined || seen(act)?.id !== anchor?.id || wholeOn(interfaces)) return undefined;
  if (winner === operation.from || winner === operation.to || mayLeave(act, winner)) return undefined;
  // What hangs on its way has won nothing.
  if (anchor?.attachment && hangs(act, anchor.attachment)) return undefined;
  const tried = [...earlier(act, 'AttachNetworkInterface'), ...earlier(act, 'DetachNetworkInterface')];
  if (tried.some((call) => replyTo(act, call)?.outcome !== 'ok')) return undefined;
  const member = act.view.member(winner);
  const arriving = followers.filter(({ attachment }) => attachment?.instanceId !== winner);
  const taken = slotsOf(act.view.occupants(winner));
  const clash = arriving.some(({ id }) => act.attachments.places(id).some((place) => taken.includes(place)));
  const why = member && (unfit(act, member, 'successor') ?? forbids(act, winner, arriving));
  return member && !clash && why === undefined
    ? `the anchor is taken from ${winner}, which could have had the others, too`
    : undefined;
};

const hasItsIntentWritten: Rule = (act) =>
  openOperation(act) || cannotRemember(act) ? undefined : 'a detach before any intent of it was recorded';

const hasASuccessor: Rule = (act) => {
  const interfaces = act.view.interfaces() ?? [];
  const holder = wholeOn(interfaces);
  const leaving = interfaces.some(({ attachment }) => attachment?.status === 'detaching');
  const hanging = interfaces.some(({ attachment }) => attachment && hangs(act, attachment));
  // What is leaving already has to leave, if only to be given back; what hangs is attached anew, if only there.
  if (holder === undefined || leaving || hanging) return undefined;
  const others = act.view.members().filter(({ id }) => id !== holder);
  const reasons = others.map(({ id }) => `${id}: ${forbids(act, id, interfaces) ?? 'fine'}`);
  const someone = reasons.some((reason) => reason.endsWith(': fine'));
  return someone ? undefined : `a holder loses its interface although nobody can take it: ${reasons.join(', ')}`;
};

/** Plain first; force only for an attachment that has been leaving for as long as the setting says. */
const forcesOnlyAfterTheWait: Rule = (act) => {
  const { call, view } = act;
  const found = seen(act);
  if (call.input['Force'] !== true || !found) return undefined;
  // By the world's truth: whichever run has asked, the guest has had that long. This run has waited, too, where EC2 has
  // refused what it asked for, or has not got it yet: nobody told it, and what it saw under way may have been its own.
  const accepted = act.world.calls.filter(({ outcome, caller }) => outcome === 'ok' || caller === call.caller);
  const asked = [...accepted, ...act.invocation.sent].filter(
    ({ action, input }) =>
      action === 'DetachNetworkInterface' && input['AttachmentId'] === found.attachment.id && input['Force'] !== true,
  );
  const sinceMs = Math.min(
    ...asked.map(({ sentMs }) => sentMs),
    view.sawDetachingMs(found.id, found.attachment.id) ?? Number.POSITIVE_INFINITY,
    begunByAnotherMs(act),
  );
  const silent = readAsSilent(act, found.attachment.instanceId);
  const settings = (['force-after', ...(silent ? ['force-failed-after' as const] : [])] as const).map((tag) =>
    groupNumber(act, tag),
  );
  const waitMs = Math.min(...settings) * 1_000;
  // Forced once is forced: again, it takes nothing from anybody.
  const forced = act.world.calls.some(
    ({ input, outcome, atMs }) =>
      outcome === 'ok' &&
      input['Force'] === true &&
      input['AttachmentId'] === found.attachment.id &&
      atMs < call.sentMs,
  );
  if (forced || hangs(act, found.attachment)) return undefined;
  if (waitMs === 0 || call.sentMs - sinceMs >= waitMs) return undefined;
  const waited = Number.isFinite(sinceMs) ? `after ${call.sentMs - sinceMs} ms` : 'at once';
  return `forced ${waited}, not after ${waitMs} ms`;
};

/**
 * When an operation was recorded that another run goes on with: its patience is counted from there, from one clock to
 * another.
 */
function begunByAnotherMs(act: Act): number {
  const operation = openOperation(act);
  if (operation === undefined) return Number.POSITIVE_INFINITY;
  // Not by the name of the run: of an event that is delivered twice both have the same.
  const written = earlier(act, 'CreateTags').map((call) => readOperation(writtenTags(call).get('operation'))?.id);
  return written.includes(operation.id) ? Number.POSITIVE_INFINITY : operation.atMs - 2 * act.skewMs;
}

/**
 * An attach that EC2 does not bring to its end, or a detach of which an earlier run has noted that it hangs. How long
 * an attach has taken is the difference between EC2's clock and the sender's, and that one may be off.
 */
function hangs(act: Act, { status, attachMs }: Attachment): boolean {
  const lateMs = groupNumber(act, 'stuck-after') * 1_000;
  // What is attached has arrived, whatever was noted while it was on its way.
  if (status === 'attached') return false;
  if (status === 'attaching') return act.call.sentMs + act.skewMs - inWholeSeconds(attachMs) >= lateMs;
  const noted = act.view.interfaces()?.some(({ tags }) => Object.values(tags).some(saysThatItHangs));
  return noted === true || hungBeforeThisProcess(act, lateMs);
}

/** As EC2 tells it. */
const inWholeSeconds = (ms: number): number => Math.floor(ms / 1_000) * 1_000;

const saysThatItHangs = (text: string): boolean => text.includes('attachment-in-transit');

/** What EC2 did not let a process note in the tags, it remembers for as long as it lives. */
function hungBeforeThisProcess({ world, call, view }: Act, lateMs: number): boolean {
  const ids = new Set((view.interfaces() ?? []).map(({ id }) => id));
  return world.calls.some(
    (note) =>
      note.caller === call.caller &&
      note.action === 'CreateTags' &&
      note.outcome !== 'ok' &&
      call.sentMs - note.sentMs >= lateMs &&
      ((note.input['Resources'] ?? []) as readonly string[]).some((id) => ids.has(id)) &&
      saysThatItHangs(writtenTags(note).get('notes') ?? ''),
  );
}

const neverThePrimary: Rule = (act) =>
  seen(act)?.attachment.deviceIndex === 0 ? 'a primary interface is detached' : undefined;

export const DETACH_RULES: readonly Rule[] = [
  namesWhatWasObserved,
  neverThePrimary,
  hasItsIntentWritten,
  leavesTheAnchorToItsWinner,
  leavesNobodyInGoodHealth,
  gated('parts-as-wholes', leavesPartsInPeace),
  hasASuccessor,
  forcesOnlyAfterTheWait,
];
