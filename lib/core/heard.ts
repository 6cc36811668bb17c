import type { Answer, Asked } from './answer.ts';
import type { NoActionCode } from './codes.ts';
import type { Facts } from './facts.ts';
import type { Signal, VerdictTrigger } from './model.ts';
import { mayMove, overtaken, speaksAgainst } from './probe.ts';
import { OF_THE_PROBES } from '../probe/verdict.ts';
import { probeNoteOf } from './probe-told.ts';
import { wasMovedByProbe } from './silent.ts';

/**
 * What is to be said of a verdict by which nothing moves: it is history, it only tells, it was vetoed, or nobody could
 * confirm it. Undefined where the questions go on: its signals then speak for themselves.
 */
export function whatTheProbeSays({ trigger, facts }: Asked): Answer | undefined {
  if (trigger.kind !== 'verdict') return undefined;
  const past = overtaken(trigger, facts.observation);
  if (past !== undefined)
    return { code: 'verdict-overtaken', reason: `The probe's verdict counts for nothing: ${past}. ${facts.summary}` };
  const { verdict } = trigger;
  if (!speaksAgainst(verdict)) return told(trigger, facts);
  if (!mayMove(verdict, facts.probe)) return { code: 'probe-reported', reason: reported(trigger, facts) };
  return unconfirmed(trigger, facts.signals);
}

function unconfirmed({ verdict }: VerdictTrigger, signals: readonly Signal[]): Answer | undefined {
  const { instanceId, interfaceId } = verdict;
  const own = signals.filter((signal) => signal.source === 'probe' && signal.instanceId === instanceId);
  if (own.some((signal) => signal.verdict === verdict.verdict)) return undefined;
  const answers = own.find((signal) => signal.verdict === 'answers');
  if (answers) return { code: 'probe-answers', reason: `Asked once more, ${instanceId} ${answers.because}.` };
  const reason = `The probe calls ${instanceId} ${verdict.verdict} on ${interfaceId}, and one more look could not confirm it: nothing moves.`;
  return { code: 'probe-unconfirmed', reason };
}

/** What each verdict is called that only tells something, and what is said of it. */
const TOLD: Readonly<
  Record<string, readonly [code: NoActionCode, sentence: (id: string, holder: string, neededMb?: number) => string]>
> = {
  serving: ['probe-serving', (id, holder) => `${id} answers the probe on ${holder}.`],
  'probe-blind': [
    'probe-blind',
    (id, holder) => `Nobody answers the probe, neither ${id} on ${holder} nor anybody beside it: it may be the probe.`,
  ],
  'probe-no-witness': [
    'probe-no-witness',
    (id) =>
      `No standby, and no neighbour, of ${id} answers the probe: were it silent, that could not be told from a blind probe. Let the security groups of the standbys accept the probe.`,
  ],
  'probe-never-answered': [
    'probe-never-answered',
    (id, holder) =>
      `${id} has not answered the probe since it was attached to ${holder}: look at its tag, its security groups and what listens there.`,
  ],
  'probe-slow': [
    'probe-slow',
    (id) =>
      `A probe that looks at ${id} lags behind, so what it misses counts for nobody and it sees no failure: set probeMemoryMb higher, for more memory is more CPU.`,
  ],
  'probe-over-capacity': [
    'probe-over-capacity',
    (id, _, neededMb) =>
      `The probes have more to look at than they can bear, ${id} among it: set probeMemoryMb to ${neededMb ?? 'more'}.`,
  ],
};

function told({ verdict: { verdict, interfaceId, instanceId, neededMb } }: VerdictTrigger, facts: Facts): Answer {
  if (verdict === 'serving' && isAboutTheProbes(interfaceId, facts))
    return {
      code: 'probe-serving',
      reason: `The probes keep up again with what they look at, ${interfaceId} among it.`,
    };
  const [code, sentence] = TOLD[verdict] ?? ['probe-reported', () => `The probe says '${verdict}'.`];
  if (code === 'probe-never-answered' && wasMovedByProbe(facts.ledger, instanceId))
    return {
      code: 'moved-not-serving',
      reason: `The group was moved to ${instanceId} by the probe's word, and ${interfaceId} has not answered it there. The probe moves it no further.`,
    };
  return { code, reason: sentence(interfaceId, instanceId, neededMb) };
}

function isAboutTheProbes(interfaceId: string, { observation, ledger }: Facts): boolean {
  const view = observation.interfaces.find(({ id }) => id === interfaceId);
  return view !== undefined && OF_THE_PROBES.includes(probeNoteOf(view, ledger)?.code ?? '');
}

function reported({ verdict }: VerdictTrigger, { probe, summary }: Facts): string {
  const { verdict: what, reason, instanceId, interfaceId, acts } = verdict;
  const why =
    reason === 'path'
      ? `its own address answers, so only the way to ${interfaceId} is cut: a security group, a network ACL or the routing in the guest would move along`
      : reason === 'mass'
        ? 'so many fell silent at once that one probe is not believed'
        : acts
          ? `the tag probe-acts is ${probe.acts}`
          : 'nobody would serve it better';
  return `The probe calls ${instanceId} ${what} on ${interfaceId}, and nothing moves for that: ${why}. ${summary}`;
}
