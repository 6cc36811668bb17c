import type { Facts } from './facts.ts';
import type { Ledger, ProbeNote, SilentHolder } from './ledger.ts';
import { shortId } from './ledger-entries.ts';
import type { InterfaceView, Trigger } from './model.ts';
import { mayMove, overtaken, speaksAgainst } from './probe.ts';
import { isReached } from './probe-reach.ts';
import { MALFORMED, neededReason, OUT_OF_REACH, probeNoteOf } from './probe-told.ts';
import type { Part } from './stray-notes.ts';

/** What the ledger remembers of the probe: what was told of each interface, and whom nobody answered for. */

/**
 * What a look changes in what is remembered of the probe.
 * @param said what was decided, in a sentence: it is the news of a verdict.
 */
export function probeChanges(trigger: Trigger, facts: Facts, before: Ledger, said: string): readonly Part[] {
  const notes = facts.observation.interfaces.flatMap((view) => noteNow(trigger, facts, before, view) ?? []);
  const silent = silentNow(trigger, facts, before);
  const isNew = (note: ProbeNote): boolean => !before.probe?.some((known) => isSame(known, note));
  const isOver = (before.probe ?? []).filter((known) => !notes.some((note) => isSame(known, note)));
  const fresh = notes.filter(isNew);
  const cleared = (before.silent ?? []).filter((mark) => !silent.includes(mark));
  if (fresh.length + isOver.length + cleared.length === 0) return [];
  const { verdict } = trigger.kind === 'verdict' ? trigger : { verdict: undefined };
  const about = (short: string): boolean =>
    verdict !== undefined && !verdict.isOnlyNoted && shortId(verdict.interfaceId) === short;
  const news = [
    ...fresh.flatMap(({ short, code }) =>
      about(short)
        ? said
        : code === MALFORMED
          ? malformed(facts, short)
          : code === OUT_OF_REACH
            ? outOfReach(facts, short)
            : [],
    ),
    ...(isOver.some(({ short }) => about(short)) && verdict?.verdict === 'serving' ? [said] : []),
    ...cleared.flatMap((mark) => answered(mark, trigger)),
  ];
  const apply = ({ probe: _, silent: __, ...ledger }: Ledger): Ledger => ({
    ...ledger,
    ...(notes.length > 0 && { probe: notes }),
    ...(silent.length > 0 && { silent }),
  });
  return [{ keys: ['notes'], news, apply }];
}

const isSame = (a: ProbeNote, b: ProbeNote): boolean =>
  a.short === b.short && a.code === b.code && a.reason === b.reason && a.at <= b.at;

function noteNow(trigger: Trigger, facts: Facts, before: Ledger, view: InterfaceView): ProbeNote | undefined {
  const { probe, observation } = facts;
  const short = shortId(view.id);
  const known = probeNoteOf(view, before);
  if (probe.malformed.has(view.id))
    return known?.code === MALFORMED ? known : { short, at: observation.now, code: MALFORMED };
  if (!probe.targets.has(view.id)) return undefined;
  // Where nobody has read the probe's VPC this time, what is known of it stays.
  if (!isReached(view, observation) || (known?.code === OUT_OF_REACH && !observation.probeVpcs))
    return known?.code === OUT_OF_REACH ? known : { short, at: observation.now, code: OUT_OF_REACH };
  const kept = known?.code === MALFORMED || known?.code === OUT_OF_REACH ? undefined : known;
  if (trigger.kind !== 'verdict' || trigger.verdict.interfaceId !== view.id) return kept;
  if (overtaken(trigger, observation) !== undefined) return kept;
  const { verdict, neededMb } = trigger.verdict;
  const reason = neededMb === undefined ? trigger.verdict.reason : neededReason(neededMb);
  if (verdict === 'serving') return undefined;
  // What might move the group is not done with once it was told: it is told again for as long as it is so.
  if (speaksAgainst(trigger.verdict) && mayMove(trigger.verdict, probe)) return kept;
  if (kept?.code === verdict && kept.reason === reason) return kept;
  return { short, at: observation.now, code: verdict, ...(reason !== undefined && { reason }) };
}

function malformed({ probe }: Facts, short: string): readonly string[] {
  return [...probe.malformed].flatMap(([id, sentence]) => (shortId(id) === short ? sentence : []));
}

function outOfReach({ observation: { interfaces } }: Facts, short: string): readonly string[] {
  return interfaces.flatMap(({ id, vpcId }) =>
    shortId(id) === short ? `${id} is in ${vpcId}, where no probe is: it is looked after without one.` : [],
  );
}

/** Whoever answers, was launched anew or is no member any more is not silent. */
function silentNow(trigger: Trigger, { observation }: Facts, before: Ledger): readonly SilentHolder[] {
  return (before.silent ?? []).filter(({ instanceId, launchedAt }) => {
    const member = observation.members.find(({ id }) => id === instanceId);
    return member?.launchedAt === launchedAt && !answers(instanceId, trigger);
  });
}

function answers(instanceId: string, trigger: Trigger): boolean {
  if (trigger.kind !== 'verdict') return false;
  const { verdict } = trigger;
  if (verdict.instanceId === instanceId) return verdict.verdict === 'serving' || verdict.verdict === 'not-serving';
  return verdict.standbys.some((each) => each.instanceId === instanceId && each.answers === true);
}

const answered = ({ instanceId }: SilentHolder, trigger: Trigger): readonly string[] =>
  answers(instanceId, trigger) ? [`${instanceId} answers the probe again, and may take over like any other.`] : [];
