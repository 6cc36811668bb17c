import { AHEAD, UPKEEP } from './codes-of-ahead.ts';
import { REJECTION, WARNING } from './codes-of-members.ts';
import { READINESS } from './codes-of-readiness.ts';

/**
 * Every code an operator, a log search or an alarm can meet, each with what it means. `docs/reference.md` has a table
 * for each kind; a test holds the page to these rows.
 */

/** The named condition that was observed, in the order in which they are tried (`situation.ts`). */
export const ANALYSIS = {
  'group-unreadable': 'a reply about one of its interfaces or instances could not be understood',
  'group-unknown': "no interface carries the group's tag",
  'too-many-interfaces': 'the group has more than 15 interfaces, more than its ledger can hold',
  'interface-primary':
    "an interface of the group is an instance's primary one (device index 0), which cannot be detached: it is the only one tagged, or became the primary one later",
  'interfaces-span-zones': "the group's interfaces are in different Availability Zones",
  'holder-not-member': 'an interface is attached to something that is not tagged as a member',
  'operation-interrupted': 'a recorded move is not finished',
  'group-split': 'the interfaces are on two instances, and no recorded move explains it',
  'interface-unattached': 'an interface is attached to nothing, and no recorded move explains it',
  'group-parked': 'every member is stopped',
  'members-span-zones': 'the only standbys are in another Availability Zone: this group cannot fail over',
  'holder-gone': 'the holder is shutting down or terminated',
  'holder-stopped': 'the holder is stopping or stopped',
  'holder-unreachable':
    'the holder answers the probe neither on the floating address nor on its own, while a witness does',
  'holder-not-serving': 'the holder is there, and the floating address does not answer the probe as asked',
  'holder-impaired': 'the holder fails a status check, or an alarm of ours on it is in ALARM',
  'holder-leaving':
    'EC2 takes the holder back within two minutes: a Spot instance, or one in an interrupted capacity reservation',
  'holder-unknown': 'the holder can be called neither healthy nor failed',
  'holder-healthy': 'the holder passes its checks and no alarm counts against it',
} as const;

/** Why nothing has to be done. */
const NO_ACTION = {
  status: 'a question was answered',
  'not-the-holder': 'the event is about an instance that does not hold the group',
  'holder-healthy': 'nothing to do',
  'holder-unknown': 'unknown is not failed; the sweep looks again',
  'group-parked': 'every member is stopped; there is nothing to fail over to',
  'already-moved': "the holder is no longer the request's `from`",
  'already-there': "the request's `to` holds the group already",
  'verdict-overtaken': "the probe's verdict is about another attachment than the one there is, or has grown old",
  'probe-serving': 'the probe says that an interface answers again',
  'probe-answers': 'what the probe had called down has answered one more look',
  'probe-unconfirmed':
    'one more look could not be had, or did not bear the verdict out: nothing moves; it is tried again while the verdict is younger than 30 s',
  'probe-reported':
    'the probe calls the holder unreachable or not serving, and that may move nothing: `probe-acts`, a cut path, or nobody who would serve better',
  'probe-blind': 'nobody answers the probe, so it may be the probe; nothing moves',
  'probe-no-witness':
    'no standby and no neighbour has ever answered the probe: a silent holder could not be told from a blind probe',
  'probe-never-answered': 'the interface has not answered the probe since it was attached, which is never a failure',
  'probe-slow': 'the event loop of a probe lags, so that what it misses counts for nobody: it sees no failure',
  'probe-over-capacity':
    'the probes have more to look at than their memory can bear; the sentence names what they need',
  'moved-not-serving':
    'a move by the word of the probe has ended, and the interface has not answered it there for 30 s; the probe moves it no further',
  'ledger-drift': 'the group is healthy on another member than the ledger said; the ledger was corrected',
} as const;

/** Why something that should be done is not. */
const BLOCKED = {
  'group-unreadable': 'as the analysis; somebody has to look',
  'group-unknown': 'as the analysis',
  'too-many-interfaces': 'as the analysis',
  'interface-primary': 'as the analysis',
  'interfaces-span-zones': 'as the analysis',
  'holder-not-member': 'as the analysis; tag the instance, or move the interface to a member',
  'group-split':
    "as the analysis, and more than one of them may be serving; a person's `failover` with `to` settles it",
  'no-candidate': 'a move is needed and no member can take over; `rejected` says why for each',
  'attach-denied':
    'a move is needed, and IAM denies the attach to whoever could take over; the reason names the action and the interface, and nothing was detached',
  'candidates-unknown':
    'a move is needed, nobody is known to be fit for it, and what would tell could not be read; the reason names the read. Where the holder is stopped or gone, a second sweep moves the group all the same',
  'target-not-eligible': "the request's `to` cannot take over",
  'operation-in-progress': 'the run that began the move may still be at it, until the deadline in its intent',
  'unattached-unconfirmed': 'an interface is loose and nothing says that its holder is gone; a second sweep decides',
  'attachment-in-transit':
    'an interface of a healthy holder is on its way off it, and no recorded move explains it; after `stuck-after` it is attached anew',
  'impaired-recently': 'checks are impaired, but not yet for `impaired-after`',
  'mode-manual': 'automation is off for this group',
  paused: 'a person paused automation',
  'vouched-for':
    'a person has moved the group to this holder with `ignoreHealth`, and the cooldown has not passed since',
  cooldown:
    '`max-moves` automatic moves were made within the cooldown; a move away from a stopped or gone holder is not held up. Where the tags are refused, one move is the bound',
  'detach-refused':
    'an interface is to leave its holder, which has failed or on which it hangs, and the detach was denied by IAM or refused by EC2; sweeps try again after 1, 2, 4 and then every 8 minutes',
  'change-throttled':
    'AWS throttled the changes that a move needs for as long as a run could wait; automation tries again with the next sweep, then after 1 and then every 2 minutes',
  'holder-not-well':
    'a `switchover`, `failback` or `drill` was asked for, and the holder is not well, or does not hold the whole group; `failover` moves it',
  'not-ready': 'a `drill` was asked for, and a failover would not succeed now',
  'nobody-preferred': 'a `failback` was asked for, and no member has a higher `priority` than every other',
  'request-not-kept':
    'a `pause`, `resume` or `acknowledge` could not be written into the tags, which are full or refused, and is not in force; the reason says what to do',
  'repeated-request': 'a `drill`, or a nameless `failover` or `switchover`, within five minutes of the last move',
} as const;

/** What is done. */
const ACT = {
  failover: 'the group moves to another member',
  switchover: 'the group moves from a holder that is well to another member, as a person has planned',
  drill: 'the group is taken to a standby and back, or a drill that was cut short is brought to its end',
  attach: 'interfaces that nobody holds are attached',
  complete: 'a recorded operation is brought to its end',
  'roll-back': 'a recorded operation cannot be completed: what was detached goes back to the old holder',
  close: 'a recorded operation had detached nothing and is not wanted any more: only the ledger changes',
} as const;

/** What a person's request changed in the ledger; nothing moves for it. */
const EDIT = {
  pause: 'automation is paused',
  resume: 'the pause has ended',
  acknowledge: 'recent moves, refusals, forced detaches and the noted condition are forgotten',
} as const;

/** Why no group was looked at. */
const IGNORED = {
  'in-no-group': "the event's instance belongs to no group",
  'members-unread':
    'who is a member could not be read, for an event about the state of an instance; the sweep looks at every group',
  'alarm-not-ours': 'the alarm watches no EC2 status check of an instance and its name lacks our prefix',
  'alarm-names-nobody':
    'the alarm is ours by its name, and no instance can be told from it; the reason says what to do',
  'alarm-not-raised': 'the alarm went to another state than ALARM',
  'alarm-muted': 'a mute rule is active for the alarm',
  'state-not-relevant': 'the instance went to a state that moves nothing',
  'verdict-is-history': "the probe's verdict is older than 30 s, or about an interface that is in no such group",
  'event-not-taken': 'an event of another kind, or one that something else has wrapped; the reason says what to do',
} as const;

/** A group's turn that ended early; the other groups are looked after all the same. */
const FAILED = {
  'aws-call-failed': 'a call for this group failed; the IAM action is named',
  'not-reached': 'the sweep had no time left for this group; it is among the first of the next one',
  'internal-error': 'a defect of this product, met at this group; please report it',
} as const;

export type NoActionCode = keyof typeof NO_ACTION;
export type BlockCode = keyof typeof BLOCKED;
export type ActCode = keyof typeof ACT;
export type EditCode = keyof typeof EDIT;
export type IgnoredCode = keyof typeof IGNORED;
export type FailedCode = keyof typeof FAILED;
export type WarningCode = keyof typeof WARNING;
export type RejectionCode = keyof typeof REJECTION;
export type Analysis = keyof typeof ANALYSIS;

/** What {@link decide} may answer. */
export type DecisionCode = NoActionCode | BlockCode | ActCode | EditCode;

/** What kind of answer a code is. */
export type DecisionKind = 'no-action' | 'blocked' | 'act';

export type CodeKind =
  | 'analysis'
  | 'no-action'
  | 'blocked'
  | 'act'
  | 'edit'
  | 'ignored'
  | 'failed'
  | 'rejection'
  | 'warning'
  | 'readiness'
  | 'ahead'
  | 'upkeep';

export interface CodeRow {
  readonly code: string;
  readonly kind: CodeKind;
  readonly meaning: string;
}

const rows = (kind: CodeKind, meanings: Readonly<Record<string, string>>): readonly CodeRow[] =>
  Object.entries(meanings).map(([code, meaning]) => ({ code, kind, meaning }));

/** All of them, in the order of the reference. */
export const CODES: readonly CodeRow[] = [
  ...rows('analysis', ANALYSIS),
  ...rows('no-action', NO_ACTION),
  ...rows('blocked', BLOCKED),
  ...rows('act', ACT),
  ...rows('edit', EDIT),
  ...rows('ignored', IGNORED),
  ...rows('failed', FAILED),
  ...rows('rejection', REJECTION),
  ...rows('warning', WARNING),
  ...rows('readiness', READINESS),
  ...rows('ahead', AHEAD),
  ...rows('upkeep', UPKEEP),
];

/** Whether a decision with this code acts, is held up, or has nothing to do; an edit of the ledger is an act. */
export function kindOf(code: DecisionCode): DecisionKind {
  if (code in NO_ACTION) return 'no-action';
  return code in BLOCKED ? 'blocked' : 'act';
}

export const isBlock = (code: DecisionCode): code is BlockCode => code in BLOCKED;

export const isWarning = (text: string): text is WarningCode => text in WARNING;

export const isEdit = (code: DecisionCode): code is EditCode => code in EDIT;
