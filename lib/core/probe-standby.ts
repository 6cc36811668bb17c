import type { RejectionCode } from './codes.ts';
import type { Facts } from './facts.ts';
import { ofThisLaunch } from './ledger.ts';
import type { MemberView } from './model.ts';

/** What the probe says of whoever might take the interfaces. */

const says = ({ signals }: Pick<Facts, 'signals'>, verdict: string, instanceId?: string) =>
  signals.find(
    (signal) =>
      signal.source === 'probe' &&
      signal.verdict === verdict &&
      (instanceId === undefined || signal.instanceId === instanceId),
  );

/** Where it is the service that fails, one that is known to fail the same probe would serve nobody, either. */
export function failsAlike(
  { id }: MemberView,
  facts: Facts,
  { asOldHolder, ignoreHealthOf }: { readonly asOldHolder?: boolean; readonly ignoreHealthOf?: string },
): { readonly code: RejectionCode; readonly reason: string } | undefined {
  const fails = says(facts, 'fails', id);
  if (!fails || !says(facts, 'not-serving') || asOldHolder || ignoreHealthOf === id) return undefined;
  return { code: 'fails-probe', reason: `it ${fails.because}` };
}

/**
 * Whether nobody there is known to answer: it used to, and is silent now, or it was left because of that, and EC2
 * calling it well is no answer. A new launch is a new guest.
 */
export function isSilent(member: MemberView, facts: Facts): boolean {
  const mark = ofThisLaunch(member, facts.past.silent ?? []);
  return mark !== undefined || says(facts, 'silent', member.id) !== undefined;
}
