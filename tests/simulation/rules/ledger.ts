import type { Attachment, Tags } from '../../../lab/world/model.ts';
import type { World } from '../../../lab/world/world.ts';
import { STATE, TAG } from '../build.ts';
import {
  epochIn,
  holderIn,
  type OperationTag,
  phaseIn,
  readLedgerTags,
  readMoves,
  readNotices,
  readOperation,
} from '../ledger-tags.ts';
import { forbids } from './entering.ts';
import { thoseThatGo } from './idle.ts';
import { impairedTooShortly, mayLeave, readAsStopped } from './leaving.ts';
import { type Act, earlier, groupNumber, replyTo, type Rule, wholeOn, writtenTags } from './rule.ts';

const writesOnlyItsOwnTags: Rule = ({ call }) => {
  const foreign = [...writtenTags(call).keys()].find((key) => key.startsWith('!'));
  return foreign && `the tag ${foreign.slice(1)} is not the product's to write`;
};

/** A pause belongs to people: automation may give it to an interface that has none, and never changes one. */
const leavesPausesAlone: Rule = ({ call, invocation, world }) => {
  const { cause } = invocation;
  const written = writtenTags(call).get('pause');
  const asked = cause.kind === 'request' && ['pause', 'resume', 'acknowledge'].includes(cause.request.action ?? '');
  if (written === undefined || asked) return undefined;
  const changed = ((call.input['Resources'] ?? []) as readonly string[]).find((id) => {
    const before = world.interfaces.get(id, call.atMs - 1)?.tags[`${STATE}pause`];
    return before !== undefined && before !== written;
  });
  return changed && `a run that nobody asked to changes the pause of ${changed}`;
};

/** `steady` on a holder is only said of a group that was seen attached to it, whole. */
const recordsWhatIsTrue: Rule = (act) => {
  const tags = writtenTags(act.call);
  const state = tags.get('state');
  const told = holderIn(state);
  const result = phaseIn(state) === 'steady' && (tags.get('operation') ?? 'none') !== 'none';
  const known = act.view.ledger();
  // A late joiner gets a copy of what the others say already.
  const copied = known?.phase === 'steady' && known.holder === told && `${known.epoch}` === epochIn(state);
  if (!result || copied) return undefined;
  // Where the tags are refused there are no lists, and each place is looked after on its own: what is written to counts.
  const written = (act.call.input['Resources'] ?? []) as readonly string[];
  const interfaces = thoseThatGo(act, told ?? '').filter(({ id }) => act.call.outcome === 'ok' || written.includes(id));
  const isThere = interfaces.every(({ attachment }) => attachment?.status === 'attached');
  if (isThere && wholeOn(interfaces) === told) return undefined;
  return `the ledger says that ${told} holds the group before that was seen`;
};

/** Only what EC2 truly announced is noted, to the second. */
const notesTrueNotices: Rule = ({ call, warned }) => {
  const untrue = readNotices(writtenTags(call).get('notes')).find(({ instanceId, atMs }) => {
    return !(warned.get(instanceId) ?? []).some((givenMs) => Math.abs(givenMs - atMs) <= 1_000);
  });
  return untrue && `nobody gave notice about ${untrue.instanceId} then: ${writtenTags(call).get('notes')}`;
};

/** The operation that this write begins, when it begins one. */
export function begun({ call, view }: Act): OperationTag | undefined {
  const tags = writtenTags(call);
  const operation = phaseIn(tags.get('state')) === 'moving' ? readOperation(tags.get('operation')) : undefined;
  return operation && !view.operationsSeen().has(operation.id) && !wasWrittenBefore(view, operation)
    ? operation
    : undefined;
}

/** A later note about the same operation begins nothing. */
function wasWrittenBefore({ invocation, sentMs }: Act['view'], { id }: OperationTag): boolean {
  return invocation.calls.some(
    (call) =>
      call.action === 'CreateTags' &&
      call.sentMs < sentMs &&
      readOperation(writtenTags(call).get('operation'))?.id === id,
  );
}

const beginsNothingWhileHeldBack: Rule = (act) => {
  const operation = begun(act);
  const byPerson = act.invocation.cause.kind === 'request';
  if (!operation) return undefined;
  if (operation.automatic === byPerson) return `the operation says it is ${byPerson ? 'automatic' : 'a request'}`;
  return byPerson ? undefined : (paused(act) ?? manual(act) ?? pastTheBound(act) ?? uncounted(act, operation));
};

function paused({ view, call, skewMs }: Act): string | undefined {
  const until = view.ledger()?.pausedUntilMs;
  return until !== undefined && until > call.sentMs + skewMs
    ? 'an automatic move begins while the group is paused'
    : undefined;
}

function manual({ view }: Act): string | undefined {
  const isManual = (view.interfaces() ?? []).some(({ tags }) => tags[`${TAG}mode`] === 'manual');
  return isManual ? 'an automatic move begins in manual mode' : undefined;
}

/** The moves of the current window, by the ledger as it was read, or as the run itself wrote it since. */
function recentMoves(act: Act): readonly number[] {
  const windowMs = groupNumber(act, 'cooldown') * 1_000;
  return (writtenMoves(act) ?? act.view.ledger()?.movesMs ?? []).filter(
    (atMs) => act.call.sentMs - atMs < windowMs - 2 * act.skewMs,
  );
}

/** An older look does not bring back what a run has written off: an operation that it closed. */
function writtenMoves(act: Act): readonly number[] | undefined {
  const ids = (act.view.interfaces() ?? []).map(({ id }) => id);
  const last = earlier(act, 'CreateTags').findLast(
    (call) =>
      call.atMs > act.view.lookedMs &&
      ((call.input['Resources'] ?? []) as readonly string[]).some((id) => ids.includes(id)) &&
      writtenTags(call).has('moves') &&
      replyTo(act, call)?.outcome === 'ok',
  );
  return last && readMoves(writtenTags(last).get('moves'));
}

function pastTheBound(act: Act): string | undefined {
  const holder = wholeOn(act.view.interfaces() ?? []);
  if (holder === undefined || readAsStopped(act, holder)) return undefined;
  const moves = recentMoves(act).length;
  return moves >= groupNumber(act, 'max-moves') ? `an automatic move begins after ${moves} others` : undefined;
}

/** What takes something off a member and is not counted when it begins is never counted. */
function uncounted(act: Act, { to }: OperationTag): string | undefined {
  const listed = readMoves(writtenTags(act.call).get('moves'));
  const missing = recentMoves(act).find((atMs) => !listed.includes(atMs));
  if (missing !== undefined) return `the move of ${new Date(missing).toISOString()} is forgotten`;
  const takes = (act.view.interfaces() ?? []).some(({ attachment }) => attachment && attachment.instanceId !== to);
  return !takes || listed.some((atMs) => atMs >= act.invocation.startMs - act.skewMs)
    ? undefined
    : 'this move is not counted';
}

/** An interface that a healthy member has, and that would have to leave it for another one. */
function servingElsewhere(act: Act, to: string): { readonly what: string; readonly from: string } | undefined {
  for (const { id, attachment } of act.view.interfaces() ?? []) {
    const from = attachment?.status === 'attached' ? attachment.instanceId : to;
    if (from !== to && act.view.member(from) && !mayLeave(act, from)) return { what: id, from };
  }
  return undefined;
}

/** It never gets where it is on its way to, or its guest never lets go of it. */
function hangsOnItsWay({ instances }: World, { status, stuck, instanceId }: Attachment): boolean {
  const guestHangs = status === 'detaching' && instances.get(instanceId)?.hangsDetach === true;
  return guestHangs || (status !== 'attached' && stuck);
}

const beginsForAReason: Rule = (act) => {
  const operation = begun(act);
  const interfaces = act.view.interfaces() ?? [];
  if (operation && act.features.has('parts-as-wholes')) {
    const torn = servingElsewhere(act, operation.to);
    if (torn !== undefined) return `a move begins that takes ${torn.what} from ${torn.from}, which is healthy`;
  }
  const holder = wholeOn(interfaces);
  // What hangs on its way to a member, or off a healthy holder, is attached anew.
  const hangs = interfaces.some(({ attachment }) => attachment && hangsOnItsWay(act.world, attachment));
  if (!operation || holder === undefined || operation.to === holder || hangs) return undefined;
  if (!mayLeave(act, holder)) return `a move away from ${holder} begins, which is healthy`;
  if (impairedTooShortly(act, holder)) return `the sweep leaves ${holder}, which has only just become impaired`;
  const why = forbids(act, operation.to, interfaces);
  return why && `a move to ${operation.to} begins, although ${why}`;
};

/** A request that names `from` moves the group from there or not at all; an echo moves nothing. */
const doesWhatWasAsked: Rule = (act) => {
  const { cause } = act.invocation;
  if (!begun(act) || cause.kind !== 'request') return undefined;
  const { from, to } = cause.request;
  const interfaces = act.view.interfaces() ?? [];
  // Of a split group several members are holders.
  const holders = interfaces.flatMap(({ attachment }) => attachment?.instanceId ?? []);
  if (from !== undefined && !holders.includes(from)) return `asked to move from ${from}, it moves from ${holders[0]}`;
  const movedMs = act.view.ledger()?.movedAtMs ?? Number.NEGATIVE_INFINITY;
  // What nobody holds is not moved, but put back, whoever asks and how often.
  const loose = interfaces.some(({ attachment }) => !attachment);
  const early = act.call.sentMs - movedMs < 300_000 - 2 * act.skewMs;
  const echo = from === undefined && to === undefined && early && !loose;
  return echo ? 'a nameless request moves the group again right after a move' : undefined;
};

/** Only a person can vouch for a member's health. */
const vouchesForNobody: Rule = (act) => {
  const operation = readOperation(writtenTags(act.call).get('operation'));
  const known = act.view.ledger()?.operation;
  const { cause } = act.invocation;
  if (!operation?.healthIgnored || (known?.id === operation.id && known.healthIgnored)) return undefined;
  const asked = cause.kind === 'request' && cause.request.ignoreHealth === true;
  return asked ? undefined : 'the operation ignores health, which nobody asked for';
};

/** A note is left when something changed; a look at the same trouble as before writes no tag. People are obeyed. */
const saysSomethingNew: Rule = ({ call, view, invocation, world }) => {
  const written = writtenTags(call);
  const begins = (written.get('operation') ?? 'none') !== 'none';
  if (invocation.cause.kind === 'request' || begins) return undefined;
  const group = view.interfaces() ?? [];
  const dated = dateOf(written.get('state'));
  const saidAt = (lookedMs: number): boolean => {
    // Of what was written in the same millisecond nobody can say that the look showed it.
    const tagsOf = (id: string): Tags => world.interfaces.get(id, lookedMs - 1)?.tags ?? {};
    // What one interface has is given to another, date and all; what is new has a date of its own.
    const isCopy = group.some(({ id }) => dateOf(tagsOf(id)[`${STATE}state`]) === dated);
    return group.every(({ id }) =>
      [...written].every(([key, value]) => {
        const said = countingTag(tagsOf(id), key);
        return untimed(said) === untimed(value) || (!isCopy && undated(said) === undated(value));
      }),
    );
  };
  const known = view.looksMs.every((lookedMs) => saidAt(lookedMs));
  return known ? 'the ledger says all this already' : undefined;
};

function untimed(value: string | undefined): string | undefined {
  return value?.replace(/since \S+/, 'since');
}

/** A condition from before the last move, or a person's acknowledgement, says nothing any more. */
function countingTag(tags: Tags, key: string): string | undefined {
  const said = tags[STATE + key];
  const isOver = key === 'notes' && said?.startsWith('condition') && readLedgerTags(tags)?.condition === undefined;
  return isOver ? undefined : said;
}

const dateOf = (state: string | undefined): string | undefined => / changed=(\S+)/.exec(state ?? '')?.[1];

function undated(state: string | undefined): string | undefined {
  return state?.replace(/ changed=\S+/, '');
}

export const LEDGER_RULES: readonly Rule[] = [
  saysSomethingNew,
  writesOnlyItsOwnTags,
  leavesPausesAlone,
  recordsWhatIsTrue,
  notesTrueNotices,
  beginsNothingWhileHeldBack,
  beginsForAReason,
  doesWhatWasAsked,
  vouchesForNobody,
];
