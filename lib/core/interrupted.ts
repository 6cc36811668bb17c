import type { Answer } from './answer.ts';
import type { Facts } from './facts.ts';
import { idleAmong } from './idle.ts';
import type { Intent } from './ledger.ts';
import { NO_PLACE } from './join.ts';
import { nobody } from './nobody.ts';
import { movesAnything, planMove, planNothing, termsOf, withoutKept } from './plan.ts';
import { denialIn } from './refusals.ts';
import { isLost } from './signals.ts';
import { settledOn, wholeOn } from './situation.ts';
import { isBound, type Succession } from './succession.ts';
import { wayAnewClosed, wayBackClosed } from './way-back.ts';

/**
 * A move was begun and is not finished: by this run a moment ago, by a run that died, or by one that is at it now.
 * It is always finished or rolled back, pause or not. There is no path of its own for that: this is what follows from
 * looking at the half-done state.
 */
export function finish(facts: Facts, intent: Intent, succession: Succession): Answer {
  const back = cameBack(facts, intent);
  const because = `it is on its way back to ${intent.from}`;
  if (back.length > 0 && isBound(facts, intent)) return leaveToItsRun(facts, intent, because);
  const answer = goOn(facts, intent, succession);
  if (facts.memory.runId === intent.runId) return answer;
  const leaves = answer.plan?.resources.map(({ leave }) => leave?.attachmentId) ?? [];
  const isLeftAlone = (id: string): boolean => leaves.includes(id) && !facts.overdue.has(id);
  const recent = back.find(({ id, until }) => isLeftAlone(id) && until > facts.observation.now);
  return recent ? leaveToItsRun(facts, { ...intent, deadlineAt: recent.until }, because, answer.rejected) : answer;
}

function goOn(facts: Facts, intent: Intent, succession: Succession): Answer {
  const holder = settledOn(facts.observation.interfaces);
  if (isStillWhole(facts, intent)) return untouched(facts, intent, succession);
  const closed = leftToHang(facts, intent, succession);
  if (closed !== undefined) return leaveHanging(facts, intent, succession, closed);
  if (holder !== undefined && holder !== intent.from) return arrived(facts, intent, holder);
  return converge(facts, intent, succession);
}

/** All of it is where the move began, none of it on its way off: back, or never gone. */
function isStillWhole({ observation: { interfaces }, overdue }: Facts, { from }: Intent): boolean {
  const leaving = interfaces.some(({ attachment }) => attachment?.status === 'detaching');
  const hanging = interfaces.some(({ attachment }) => attachment && overdue.has(attachment.id));
  return from !== undefined && !leaving && !hanging && wholeOn(interfaces) === from;
}

/** Whoever has attached something is at it for no longer: the functions end after 55 seconds. */
const AT_IT_MS = 60_000;

/**
 * What came to where the move began after it had begun, and until when its run may be at it: whoever gives it back knows
 * why the target did not take it, and whoever else took it off again could leave it without a way back. That need not be
 * the run of the intent: one that has ended binds nobody, and another one goes on. EC2's times are whole seconds.
 */
function cameBack(
  { observation: { interfaces } }: Facts,
  { from, begunAt }: Intent,
): readonly { readonly id: string; readonly until: number }[] {
  return interfaces.flatMap(({ attachment }) => {
    const { instanceId, id = '', attachedAt = Number.NEGATIVE_INFINITY } = attachment ?? {};
    const isBack = instanceId !== undefined && instanceId === from && begunAt !== undefined && attachedAt > begunAt;
    return isBack ? [{ id, until: attachedAt + AT_IT_MS }] : [];
  });
}

/**
 * A person names the very target that has just not taken it, while it goes back to a holder that hangs: taken off that
 * one by force once more, it would have no way back. What was left of it is recorded, what has become of it not yet.
 */
export function givenBack(facts: Facts, intent: Intent, to: string | undefined): Answer | undefined {
  const [back] = cameBack(facts, intent).filter(({ until }) => until > facts.observation.now);
  if (!back || to !== intent.to) return undefined;
  const closed = wayBackClosed(to, facts, facts.ledger?.resources);
  const because = `${to} has not taken it, it is on its way back to ${intent.from}, and ${closed}`;
  return closed === undefined ? undefined : leaveToItsRun(facts, { ...intent, deadlineAt: back.until }, because);
}

/** Nothing was detached yet, so the question whether to move at all is still open. */
function untouched(facts: Facts, intent: Intent, succession: Succession): Answer {
  const { memory, holderHealth } = facts;
  const { abandoned } = memory;
  const wanted = isLost(holderHealth) || (memory.runId === intent.runId && !intent.automatic);
  if (abandoned !== undefined || wanted) return converge(facts, intent, succession);
  if (isBound(facts, intent)) return leaveToItsRun(facts, intent, 'nothing has been detached yet');
  return closing(facts, intent, 'the holder is not failed any more, and nothing was detached');
}

function closing({ summary, observation }: Facts, intent: Intent, because: string): Answer {
  const plan = planNothing('close', intent.from ?? intent.to, observation.interfaces, termsOf(intent));
  return { code: 'close', reason: `${summary} It is closed: ${because}.`, plan };
}

/** It is closed once, and then waits for a person, or for another member that takes all of it. */
function leaveHanging(facts: Facts, intent: Intent, { rejected }: Succession, closed: string): Answer {
  const because = `nobody else can take over, and ${closed}`;
  if (facts.ledger?.phase !== 'failed') return closing(facts, intent, because);
  const reason = `${explained(facts.summary, because)}. What hangs is not ended by force; stop and start ${intent.from}.`;
  return { code: 'attachment-in-transit', reason, rejected };
}

/**
 * What hangs in a detach is on a member that is well, and would go back there. Only force ends it, and where that member
 * could not have it anew it is better left: a sentence on why it could not.
 */
function leftToHang(facts: Facts, intent: Intent, { successor }: Succession): string | undefined {
  const { observation, holderHealth } = facts;
  const { from } = intent;
  const statuses = observation.interfaces.map(({ attachment }) => attachment?.status);
  const isThere = from !== undefined && wholeOn(observation.interfaces) === from && successor?.member.id === from;
  const hangs = statuses.includes('detaching') && !statuses.includes('attaching');
  if (!isThere || !hangs || isLost(holderHealth) || isBound(facts, intent)) return undefined;
  return wayAnewClosed(from, facts);
}

/** Everything is in one place already; how that member feels is a question for the next decision. */
function arrived({ summary, observation }: Facts, intent: Intent, holder: string): Answer {
  const plan = planNothing('complete', holder, observation.interfaces, termsOf(intent));
  return { code: 'complete', reason: `${summary} ${holder} holds it.`, plan };
}

/** Brings every interface to whoever was elected, or back; while another run may be at it, only where it meant to. */
function converge(facts: Facts, intent: Intent, { successor, way, rejected, server }: Succession): Answer {
  const { memory, summary } = facts;
  const cause = memory.abandoned;
  if (isBound(facts, intent) && (cause !== undefined || !successor))
    return leaveToItsRun(facts, intent, cause ?? `${intent.to} cannot take it now`, rejected);
  const from = intent.from ?? 'nobody';
  const servers = rejected.find(({ instanceId }) => instanceId === server)?.reason;
  const because = cause ?? denialIn(rejected)?.reason ?? servers ?? 'no member could take over';
  // What nobody ever held, and nobody has a place for, keeps no move from being done.
  const hasNoPlace = rejected.some(({ instanceId, code }) => instanceId === server && NO_PLACE.includes(code));
  const idle = !successor && hasNoPlace ? idleAmong(facts.observation, facts.ledger) : [];
  const holder = settledOn(facts.observation.interfaces.filter((view) => !idle.includes(view)));
  if (idle.length > 0 && holder !== undefined && holder !== intent.from) return arrived(facts, intent, holder);
  if (!successor) {
    const back = intent.from === undefined ? 'nobody had it before' : `${from} cannot take it back`;
    const stays = server === undefined ? back : staysOn(server, facts);
    return nobody(facts, rejected, (inDoubt) => {
      const doubt = inDoubt === undefined ? '' : ` Whether ${inDoubt} could is not known.`;
      return `${explained(summary, because)}, and ${stays}.${doubt}`;
    });
  }
  const code = way === 'back' ? 'roll-back' : 'complete';
  const whole = planMove(code, successor, facts, termsOf(intent));
  const plan = withoutKept(whole, memory.kept ?? []);
  // What hangs where it is not let go stays: it was tried in this run, and is tried again by a later one.
  if (movesAnything(whole) && !movesAnything(plan))
    return { code: 'detach-refused', reason: `${explained(summary, because)}.`, rejected };
  const outcome = way === 'back' ? `It is rolled back to ${from}: ${because}.` : `${successor.member.id} gets it.`;
  return { code, reason: `${summary} ${outcome}`, rejected, plan };
}

/** What is still on its way to a member is served by nobody yet, and may come undone. */
function staysOn(server: string, { observation: { interfaces } }: Facts): string {
  const serves = interfaces.some(({ attachment: on }) => on?.instanceId === server && on.status === 'attached');
  return serves ? `what ${server} serves stays there` : `an attach to ${server} is under way`;
}

function leaveToItsRun({ summary }: Facts, intent: Intent, because: string, rejected: Answer['rejected'] = []): Answer {
  const until = `until ${new Date(intent.deadlineAt).toISOString()} its own run may still be at it`;
  return { code: 'operation-in-progress', reason: `${explained(summary, because)}; ${until}.`, rejected };
}

/** Goes on with a sentence: "It was begun. x" becomes "It was begun: x". */
const explained = (summary: string, because: string): string => `${summary.replace(/\.$/, '')}: ${because}`;
