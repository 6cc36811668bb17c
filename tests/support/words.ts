import type { Decision } from '../../lib/core/decide.ts';
import type { Ledger } from '../../lib/core/ledger.ts';
import type { Observation } from '../../lib/core/model.ts';
import { A, ENI, floating, type Given, ledgerTags, observation } from './observation.ts';

/** Groups and decisions in a few words, so that a case fits on a row of a table. */

/** A group that A holds, with this ledger on its interface. */
export function recorded(written: Ledger, given: Given = {}): Observation {
  return observation({ interfaces: [floating(ENI, A, { tags: ledgerTags(written) })], ...given });
}

/** A group whose only interface is attached to nothing, with this ledger on it, if any. */
export function loose(written: Ledger | undefined, given: Given = {}): Observation {
  const tags = written ? ledgerTags(written) : {};
  return observation({ interfaces: [floating(ENI, undefined, { tags })], ...given });
}

/** `paused`, or where something moves `failover to i-bbbbbbbb`. */
export function outcome({ code, plan }: Decision): string {
  return plan ? `${code} to ${plan.to}` : code;
}

/** Who was passed over, and why: `i-aaaaaaaa failed-holder`. */
export function passedOver({ rejected }: Decision): readonly string[] {
  return rejected.map(({ instanceId, code }) => `${instanceId} ${code}`);
}
