import { elect, type Rejection, type Terms } from '../../lib/core/elect.ts';
import { establish, type Facts } from '../../lib/core/facts.ts';
import type { Ledger } from '../../lib/core/ledger.ts';
import { freshMemory, type Memory } from '../../lib/core/memory.ts';
import type { MemberView, Observation, Trigger } from '../../lib/core/model.ts';
import { A, B, ENI, floating, type Given, ledgerTags, member, observation, settings, SWEEP } from './observation.ts';

/** The facts of an observation, as a run sees them that has done nothing yet, unless given. */
export function factsOf(seen: Observation, memory: Partial<Memory> = {}, trigger: Trigger = SWEEP): Facts {
  return establish(trigger, seen, { ...freshMemory('run-now'), ...memory }, settings());
}

/** What was said of a member: `<code>: <reason>`, or `eligible` when nothing was. */
export function verdictOn(instanceId: string, { rejected }: { readonly rejected: readonly Rejection[] }): string {
  const found = rejected.find((each) => each.instanceId === instanceId);
  return found ? `${found.code}: ${found.reason}` : 'eligible';
}

/** A group whose holder A has failed: what it elects on. */
export interface Electorate extends Given {
  /** What is special about B. */
  readonly b?: Partial<MemberView>;
  readonly ledger?: Ledger;
  readonly memory?: Partial<Memory>;
  readonly terms?: Terms;
}

const FAILED_A: Terms = { holder: { id: A, failed: true } };

/** The verdict on B as the only standby of A, which has failed. */
export function verdictOnB(given: Electorate = {}): string {
  const { b, memory, terms = FAILED_A, ledger, ...rest } = given;
  const seen = observation({ members: [member(A), member(B, b)], ...rest });
  return verdictOn(B, elect(factsOf(ledger ? withLedger(seen, ledger) : seen, memory), terms));
}

/** The ids of those that may take over from A, best first. */
export function rankingOf(standbys: readonly MemberView[], given: Electorate = {}): readonly string[] {
  const { ledger, memory, terms = FAILED_A, ...rest } = given;
  const seen = observation({ members: [member(A), ...standbys], ...rest });
  const { eligible } = elect(factsOf(ledger ? withLedger(seen, ledger) : seen, memory), terms);
  return eligible.map((candidate) => candidate.member.id);
}

/** The same observation with a ledger on each of its interfaces. */
export function withLedger(seen: Observation, ledger: Ledger): Observation {
  const tags = ledgerTags(ledger);
  return { ...seen, interfaces: seen.interfaces.map((view) => ({ ...view, tags: { ...view.tags, ...tags } })) };
}

/** A group of one interface on A, with these tags under the prefix of the deployment. */
export function tagged(tags: Readonly<Record<string, string>>, given: Given = {}): Observation {
  const prefixed = Object.entries(tags).map(([key, value]) => [`eni-failover:${key}`, value]);
  return observation({ interfaces: [floating(ENI, A, { tags: Object.fromEntries(prefixed) })], ...given });
}
