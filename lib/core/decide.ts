import { awaitedRead, secondLookMs } from './afterwards.ts';
import type { Answer, Asked } from './answer.ts';
import { CONFIRMED_AFTER_MS } from './confirmed.ts';
import { type Analysis, type DecisionKind, kindOf } from './codes.ts';
import { editOf } from './edits.ts';
import type { Rejection } from './elect.ts';
import { establish, type Facts } from './facts.ts';
import { isItToGoBack } from './failback.ts';
import { whatTheProbeSays } from './heard.ts';
import { attachmentsHang } from './hanging.ts';
import { finish } from './interrupted.ts';
import { notedSince } from './ledger.ts';
import type { Memory } from './memory.ts';
import { type MissingRead, subjectsOf, type Observation, type Trigger } from './model.ts';
import { newMove } from './new-move.ts';
import { nobody } from './nobody.ts';
import { noteOf } from './notes.ts';
import { objection, tooEarly } from './permission.ts';
import { denialIn, keptInPlan } from './refusals.ts';
import { type Readiness, readinessOf } from './readiness.ts';
import { replaces } from './replacement.ts';
import { inTheirWords, isLookedAtOnly } from './requests.ts';
import type { Settings } from './settings.ts';
import { isLost } from './signals.ts';
import { leftHolders, unlostHolders } from './split.ts';
import { holdElection, type Succession } from './succession.ts';
import { isAnybodyPreferred, isTheHolderWell, withTarget } from './switchover.ts';
import { unlessThrottled } from './throttled.ts';

/** What follows from one look at a group. */
export interface Decision extends Answer {
  readonly analysis: Analysis;
  readonly kind: DecisionKind;
  readonly rejected: readonly Rejection[];
  /** Reads may be behind the event that led here: look again after so long, instead of leaving it to the sweep. */
  readonly lookAgainAfterMs?: number;
  /** A read that failed and may be answered yet: an event is not done with before it was, or Lambda has tried again. */
  readonly waitsFor?: MissingRead;
  /** What a sweep has found besides, in a group that is at rest. */
  readonly readiness?: Readiness;
  readonly facts: Facts;
  /** Who would get the interfaces, whether or not they move. */
  readonly succession: Succession;
}

type Question = (asked: Asked) => Answer | undefined;

/** The questions in the order in which an operator would ask them; the first one that has an answer decides. */
const QUESTIONS: readonly Question[] = [
  wasThatAll,
  isThereAGroup,
  isTheLedgerToBeEdited,
  canItBeMovedAtAll,
  isAMoveUnfinished,
  isItSplit,
  whatTheProbeSays,
  isItLooseOnPurpose,
  isItAboutSomebodyElse,
  isItToGoBack,
  isItWellAsItIs,
  isAnybodyPreferred,
  objection,
  isTheHolderWell,
  canNobodyTakeIt,
  isItReady,
  tooEarly,
];

/**
 * All policy, as a pure function: no clock, no I/O, the same answer for the same input. Converges, never toggles:
 * the trigger is a hint to look, and what follows from it follows from the observation. The election is held first,
 * so that whatever stands in the way is told together with who could have taken over.
 * @param memory what the run that asks has learnt in its own operation on this group.
 * @param deployment the settings of the deployment; tags of the group override some.
 */
export function decide(given: Trigger, observation: Observation, memory: Memory, deployment: Settings): Decision {
  const facts = establish(given, observation, memory, deployment);
  const trigger = withTarget(given, facts);
  const asked = { trigger, facts, succession: holdElection(trigger, facts) };
  const wanted = QUESTIONS.reduce<Answer | undefined>((found, ask) => found ?? ask(asked), undefined) ?? newMove(asked);
  const answer = unlessThrottled(asked, wanted);
  // Nobody has asked just now: a sweep goes on with what somebody has.
  const isResumed = given.kind === 'sweep' && trigger !== given;
  const reason = isResumed ? `A drill was cut short. ${answer.reason}` : inTheirWords(trigger, answer.reason);
  const decided = { rejected: [], ...answer, reason, analysis: facts.analysis, kind: kindOf(answer.code) };
  const lookAgainAfterMs = secondLookMs(given, facts, answer.code);
  const waitsFor = awaitedRead(given, facts, answer.code);
  const isQuiet = given.kind === 'sweep' && decided.kind === 'no-action' && isAtRest(facts);
  // What a process was denied it forgets after a while, and another one does not know it.
  const readiness = isQuiet ? readinessNow(observation, { ...memory, denied: {} }, deployment) : undefined;
  const write = answer.write ?? (answer.plan ? undefined : noteOf(given, facts, decided, readiness));
  return {
    ...decided,
    ...(write && { write }),
    ...(lookAgainAfterMs !== undefined && { lookAgainAfterMs }),
    ...(waitsFor && { waitsFor }),
    ...(readiness && { readiness }),
    facts,
    succession: asked.succession,
  };
}

/** Whether the group could fail over, should its holder fail now. */
export function readinessNow(observation: Observation, memory: Memory, deployment: Settings): Readiness {
  return readinessOf(decide({ kind: 'if-holder-failed' }, observation, memory, deployment));
}

/** Nothing moves or is to move: what would come next can be judged. */
export const isAtRest = ({ situation }: Pick<Facts, 'situation'>): boolean =>
  situation.kind === 'held' || situation.kind === 'parked';

function wasThatAll({ trigger, facts }: Asked): Answer | undefined {
  return isLookedAtOnly(trigger) ? { code: 'status', reason: facts.summary } : undefined;
}

function isThereAGroup({ facts: { analysis, summary } }: Asked): Answer | undefined {
  return analysis === 'group-unknown' ? { code: analysis, reason: summary } : undefined;
}

function isTheLedgerToBeEdited({ trigger, facts }: Asked): Answer | undefined {
  return trigger.kind === 'request' ? editOf(trigger, facts) : undefined;
}

function canItBeMovedAtAll({ facts: { analysis, summary } }: Asked): Answer | undefined {
  switch (analysis) {
    case 'group-unreadable':
    case 'too-many-interfaces':
    case 'interface-primary':
    case 'interfaces-span-zones':
    case 'holder-not-member':
      return { code: analysis, reason: summary };
    default:
      return undefined;
  }
}

function isAMoveUnfinished({ trigger, facts, succession }: Asked): Answer | undefined {
  const { situation } = facts;
  if (replaces(trigger, facts)) return undefined;
  if (situation.kind !== 'interrupted') return undefined;
  const answer = finish(facts, situation.intent, succession);
  const held = answer.plan && keptInPlan(trigger, facts, answer.plan);
  if (!held) return answer;
  // What is loose goes back meanwhile: it does not wait for what hangs.
  const isLoose = facts.observation.interfaces.some(({ attachment }) => !attachment);
  const known = { ...facts, memory: { ...facts.memory, abandoned: held.reason, kept: held.attachmentIds } };
  const back = isLoose ? finish(known, situation.intent, holdElection(trigger, known)) : undefined;
  return back?.plan ? back : { code: 'detach-refused', reason: held.reason, rejected: succession.rejected };
}

/** Only a person who names the target can say which half of an unexplained split is right, where two may be serving. */
function isItSplit({ trigger, facts }: Asked): Answer | undefined {
  const named = trigger.kind === 'request' && trigger.to !== undefined;
  if (named || unlostHolders(facts, trigger).length < 2) return undefined;
  const reason = `${facts.summary} A person has to decide: request a failover and name 'to'.`;
  return { code: 'group-split', reason };
}

/** Infrastructure tools detach and attach too; only the sweep, by looking twice, can tell that nobody is at it. */
function isItLooseOnPurpose({ trigger, facts }: Asked): Answer | undefined {
  if (facts.situation.kind !== 'loose' || trigger.kind === 'request' || isAbandoned(trigger, facts)) return undefined;
  const reason = `${facts.summary} Nothing says that its holder is gone, so nothing is done yet.`;
  return { code: 'unattached-unconfirmed', reason };
}

/** The holder is known to be gone or failed, the last operation to have failed, or two sweeps saw the same. */
function isAbandoned(trigger: Trigger, { ledger, memory, holderId, holderHealth, observation }: Facts): boolean {
  const { members, now } = observation;
  const subjects = subjectsOf(trigger);
  const gone = (id: string): boolean => {
    const state = members.find((member) => member.id === id)?.state;
    return state === undefined || state === 'terminated' || state === 'shutting-down';
  };
  if (ledger?.phase === 'failed' || trigger.kind === 'if-holder-failed') return true;
  const concerned = subjects === undefined || subjects.includes(holderId ?? '');
  if (holderHealth?.verdict === 'failed' && concerned) return true;
  if (ledger?.holder !== undefined && gone(ledger.holder)) return true;
  const noted = memory.noted ?? ledger?.condition;
  if (trigger.kind === 'sweep' || trigger.kind === 'instance-running')
    return now - (notedSince(noted, 'interface-unattached') ?? now) >= CONFIRMED_AFTER_MS;
  return ledger?.holder === undefined && trigger.kind === 'instance-state' && (subjects ?? []).every(gone);
}

function isItAboutSomebodyElse({ trigger, facts }: Asked): Answer | undefined {
  const subjects = subjectsOf(trigger);
  const { holderId, holderHealth, summary, situation } = facts;
  if (situation.kind === 'loose' || subjects === undefined) return undefined;
  if (subjects.includes(holderId ?? '') || leftHolders(facts).some((id) => subjects.includes(id))) return undefined;
  // A member that has started may be what a group has waited for whose holder is off.
  const waits = holderHealth?.code === 'stopped' || holderHealth?.code === 'gone';
  if (trigger.kind === 'instance-running' && waits) return undefined;
  const reason = `The event is about ${subjects.join(', ')}; the holder is ${holderId}. ${summary}`;
  return { code: 'not-the-holder', reason };
}

/** Nobody has to move; what may still be wrong is what the ledger says. */
function isItWellAsItIs(asked: Asked): Answer | undefined {
  const { trigger, facts } = asked;
  const { situation, analysis, summary, holderId, holderHealth, ledger } = facts;
  if (trigger.kind === 'request' || situation.kind === 'loose' || situation.kind === 'split') return undefined;
  if (analysis === 'group-parked') return { code: 'group-parked', reason: summary };
  if (isLost(holderHealth)) return undefined;
  const hanging = attachmentsHang(asked);
  if (hanging) return hanging === 'overdue' ? undefined : hanging;
  if (ledger?.phase === 'steady' && ledger.holder !== undefined && ledger.holder !== holderId) {
    const reason = `${summary} The ledger named ${ledger.holder}: somebody moved the group by hand.`;
    return { code: 'ledger-drift', reason };
  }
  return { code: holderHealth?.verdict === 'healthy' ? 'holder-healthy' : 'holder-unknown', reason: summary };
}

/** Nobody may take the group: say it once as a sentence, and for each member why. */
function canNobodyTakeIt({ trigger, facts, succession }: Asked): Answer | undefined {
  const { successor, rejected, server } = succession;
  if (successor) return undefined;
  const to = trigger.kind === 'request' ? trigger.to : undefined;
  if (to === undefined) {
    const denial = denialIn(rejected);
    if (denial)
      return { code: 'attach-denied', reason: `${facts.summary} No member can take over: ${denial.reason}.`, rejected };
    const withheld = rejected.find(({ code }) => code === 'device-index-withheld');
    if (withheld) {
      const reason = `${facts.summary} Nobody else can take over from a holder that serves than ${withheld.instanceId}, and ${withheld.reason}.`;
      return { code: 'no-candidate', reason, rejected };
    }
    const why = rejected.find(({ instanceId }) => instanceId === server)?.reason;
    const sure =
      why === undefined ? 'No member can take over.' : `${server} serves the rest and cannot take it: ${why}.`;
    return nobody(facts, rejected, (inDoubt) => {
      const who = inDoubt === undefined ? sure : `Whether ${inDoubt} can take over is not known.`;
      return `${facts.summary} ${who}`;
    });
  }
  const known = rejected.find(({ instanceId }) => instanceId === to);
  const why = known?.reason ?? 'it is not tagged as a member of the group';
  const all = known ? rejected : [...rejected, { instanceId: to, code: 'not-a-member', reason: why } as const];
  return { code: 'target-not-eligible', reason: `${to} cannot take over: ${why}.`, rejected: all };
}

/** A group that could not fail over is not tried with a drill; what one has taken away is brought back in any case. */
function isItReady({ trigger, facts, succession: { rejected } }: Asked): Answer | undefined {
  const isDrill = trigger.kind === 'request' && trigger.action === 'drill' && trigger.to === undefined;
  if (!isDrill) return undefined;
  const ifFailed = decide({ kind: 'if-holder-failed' }, facts.observation, facts.memory, facts.settings);
  const { ready, findings } = readinessOf(ifFailed);
  if (ready) return undefined;
  const why = findings.flatMap(({ severity, reason }) => (severity === 'blocking' ? [reason] : []));
  return { code: 'not-ready', reason: `A drill is for a group that could fail over now. ${why.join(' ')}`, rejected };
}
