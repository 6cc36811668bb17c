import { type BlockCode, type DecisionCode, type DecisionKind, isBlock } from './codes.ts';
import type { Candidate, Rejection } from './elect.ts';
import type { Facts } from './facts.ts';
import { type FindingCode, type MendedCode, mendOf } from './mends.ts';
import type { MemberView } from './model.ts';
import type { Succession } from './succession.ts';
import { codeOfWarning } from './warnings.ts';

/** Something that stands in the way of the next failover (`blocking`), or that should be put right before it. */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: 'blocking' | 'warning';
  /** The id of the instance or interface that it is about; absent where it is about the group. */
  readonly about?: string;
  /** What was found, in one sentence. */
  readonly reason: string;
  /** What a person does about it, in one sentence. */
  readonly mend: string;
}

/** Whether the group could fail over, should it have to now. */
export interface Readiness {
  /** Nothing that was found is blocking. */
  readonly ready: boolean;
  /** What is blocking first. */
  readonly findings: readonly Finding[];
}

/** What would be decided if the holder failed now. */
export interface IfFailed {
  readonly code: DecisionCode;
  readonly kind: DecisionKind;
  readonly reason: string;
  readonly succession: Succession;
  readonly facts: Facts;
}

/** What a person, or the past, holds automation up with: a request moves the group all the same. */
const HELD_UP: readonly DecisionCode[] = ['paused', 'mode-manual', 'cooldown', 'vouched-for'];

/**
 * Whether a failover would succeed: the very decision that would then be made, read as what stands in its way, and what
 * else was seen that should be put right before it is needed.
 * @param ahead what a look ahead has found besides, where there was one.
 */
export function readinessOf(ifFailed: IfFailed, ahead: readonly Finding[] = []): Readiness {
  const found = [...ofTheMove(ifFailed), ...ofTheGroup(ifFailed.facts), ...ahead];
  const isBlocking = ({ severity }: Finding): boolean => severity === 'blocking';
  const findings = once([...found.filter(isBlocking), ...found.filter((each) => !isBlocking(each))]);
  return { ready: !findings.some(isBlocking), findings };
}

/** One thing may have been found in two ways; what is blocking counts, and what was found first says more. */
function once(found: readonly Finding[]): readonly Finding[] {
  const isSame = (one: Finding, other: Finding): boolean =>
    one.code === other.code && (one.about === undefined ? one.reason === other.reason : isOn(one.about, other.about));
  return found.filter((each, nth) => found.findIndex((other) => isSame(each, other)) === nth);
}

/** A dry run is about an interface and an instance (`eni-… to i-…`), what is remembered of one about the instance. */
const isOn = (one: string, other: string | undefined): boolean =>
  one === other || one.endsWith(` to ${other}`) || (other?.endsWith(` to ${one}`) ?? false);

const finding = (code: MendedCode, severity: Finding['severity'], reason: string, about?: string): Finding => ({
  code,
  severity,
  ...(about !== undefined && { about }),
  reason,
  mend: mendOf(code),
});

/** Who could take over, and what keeps the others from it. */
function ofTheMove(ifFailed: IfFailed): readonly Finding[] {
  const { code, reason, succession, facts } = ifFailed;
  const heldUp = HELD_UP.includes(code);
  const held = heldUp ? [finding(code as BlockCode, 'warning', ofNow(reason))] : [];
  if (facts.analysis === 'group-parked') return [finding('every-member-stopped', 'blocking', whoStopped(facts))];
  const severity = isAble(ifFailed, heldUp) ? 'warning' : 'blocking';
  const standbys = standbysIn(facts);
  const rejected = succession.rejected.filter((each) => standbys.some(({ id }) => id === each.instanceId));
  const obstacles = rejected.map((each) => ofRejection(each, severity));
  if (severity === 'warning') return [...held, ...obstacles];
  if (facts.situation.kind === 'unmovable' || (isBlock(code) && !heldUp && !OF_STANDBYS.includes(code)))
    return [finding(code as BlockCode, 'blocking', ofNow(reason))];
  if (standbys.length === 0) return [...held, finding('no-standby', 'blocking', alone(facts))];
  const doubtful = ofDoubt(succession.successor, facts);
  return [...held, ...doubtful, ...obstacles];
}

/** Codes that say that nobody can take over: of each standby the election has said why. */
const OF_STANDBYS: readonly DecisionCode[] = ['no-candidate', 'attach-denied', 'candidates-unknown'];

function isAble({ kind, succession }: IfFailed, heldUp: boolean): boolean {
  return (kind === 'act' || heldUp) && succession.successor !== undefined && isSure(succession);
}

/** What goes back to the old holder is no failover, and nobody can count on a member that EC2 may refuse. */
export const isSure = ({ way, successor }: Succession): boolean => way === 'onward' && successor?.withheld !== true;

function standbysIn({ observation, holderId }: Facts): readonly MemberView[] {
  const isThere = ({ state }: MemberView): boolean => state !== 'terminated' && state !== 'shutting-down';
  return observation.members.filter((member) => member.id !== holderId && isThere(member));
}

const ofRejection = ({ code, reason, instanceId }: Rejection, severity: Finding['severity']): Finding =>
  finding(code, severity, `${instanceId} cannot take over: ${reason}.`, instanceId);

/** It is the one that would get the interfaces, and EC2 may refuse it. */
function ofDoubt(successor: Candidate | undefined, { withheld }: Facts): readonly Finding[] {
  const why = successor && withheld.get(successor.member.id);
  if (!successor || why === undefined) return [];
  const { id } = successor.member;
  return [finding('device-index-withheld', 'blocking', `${id} may refuse the group: ${why}.`, id)];
}

/** Without what was only assumed. */
const ofNow = (reason: string): string =>
  reason
    .replace(/: The holder \S+ has failed, it is assumed/, '')
    .replace(/The holder \S+ has failed, it is assumed\. ?/, '')
    .trim();

function alone({ holderId, observation: { group } }: Facts): string {
  return holderId === undefined
    ? `No instance is tagged as a member of the group '${group}'.`
    : `${holderId} is the only member of the group '${group}': nobody could take over from it.`;
}

function whoStopped({ observation: { members } }: Facts): string {
  const each = members.map(({ id, stateReason }) => (stateReason === undefined ? id : `${id} (${stateReason})`));
  return `Every member is stopped: ${each.join(', ')}.`;
}

/** What could not be read, as something to put right. */
export const unread = (sentence: string): Finding => finding('read-missing', 'warning', sentence);

/** Warnings that are more than that before a failover: it would not be remembered, or pass somebody over. */
const BLOCKING: readonly FindingCode[] = ['tags-full', 'group-tag-malformed'];

/** What was seen of the group besides. */
function ofTheGroup({ observation, warnings, faults, signals }: Facts): readonly Finding[] {
  const { interfaces, members, missing = [] } = observation;
  const risky = interfaces.filter(({ attachment }) => attachment?.deleteOnTermination);
  const planned = signals.filter(({ source }) => source === 'schedule');
  return [
    ...warnings.flatMap(ofWarning),
    ...faults.map((fault) => finding('tag-malformed', 'warning', fault)),
    ...missing.map(({ reason }) => unread(reason)),
    ...risky.map(({ id }) =>
      finding('delete-on-termination', 'warning', `${id} would be deleted with the instance that holds it.`, id),
    ),
    ...planned.map(({ instanceId: id, because }) =>
      finding('retirement-scheduled', 'warning', `${id} ${because}.`, id),
    ),
    ...members.flatMap(ofAutoScaling),
  ];
}

/** A warning says by itself what is to be done. */
const withoutMend = (sentence: string, code: MendedCode): string => sentence.replace(` ${mendOf(code)}`, '');

function ofWarning(text: string): readonly Finding[] {
  const { code, sentence } = codeOfWarning(text);
  if (code === undefined) return [];
  const [about] = /\b(?:eni|i)-(?:[0-9a-f]{17}|[0-9a-f]{8})\b/.exec(sentence) ?? [];
  return [finding(code, BLOCKING.includes(code) ? 'blocking' : 'warning', withoutMend(sentence, code), about)];
}

/** A tag that Auto Scaling sets itself (Amazon EC2 Auto Scaling User Guide, "Tag Auto Scaling groups and instances"). */
const AUTO_SCALING_TAG = 'aws:autoscaling:groupName';

function ofAutoScaling({ id, tags }: MemberView): readonly Finding[] {
  const name = tags[AUTO_SCALING_TAG];
  if (name === undefined) return [];
  const sentence = `${id} belongs to the Auto Scaling group ${name}, which may replace it when a check fails.`;
  return [finding('auto-scaling-member', 'warning', sentence, id)];
}
