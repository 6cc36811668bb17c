import type { Decision } from '../../lib/core/decide.ts';
import { withLedger } from './election.ts';
import type { Ledger } from '../../lib/core/ledger.ts';
import { readLedger } from '../../lib/core/ledger-codec.ts';
import { DEFAULT_SETTINGS } from '../../lib/core/settings.ts';
import type { InterfaceView, Observation, VerdictTrigger } from '../../lib/core/model.ts';
import { type Confirmation, probeSignals } from '../../lib/core/probe.ts';
import type { VerdictDetail } from '../../lib/probe/verdict-event.ts';
import {
  A,
  attachment,
  B,
  decided,
  ENI,
  floating,
  type Given,
  ledger,
  ledgerTags,
  NOW,
  observation,
} from './observation.ts';

/** What the probe says of the holder A: that nobody there answers, a second ago, while B does. */
export function verdict(given: Partial<VerdictDetail> = {}): VerdictDetail {
  return {
    version: 1,
    group: 'web',
    interfaceId: ENI,
    attachmentId: attachment(ENI, A).id,
    instanceId: A,
    verdict: 'unreachable',
    acts: true,
    at: NOW - 1_000,
    lastAnswerAt: NOW - 4_000,
    found: 'silent',
    witness: { id: B, answeredAt: NOW - 1_500 },
    standbys: [{ instanceId: B, answers: true, passes: true }],
    confirmed: 'single',
    ...given,
  };
}

export const NOT_SERVING = { verdict: 'not-serving', reason: 'service', found: 'refused' } as const;

export function verdictTrigger(given: Partial<VerdictDetail> = {}): VerdictTrigger {
  const detail = verdict(given);
  return { kind: 'verdict', group: detail.group, instanceIds: [detail.instanceId], verdict: detail };
}

/** An interface on A with a probe, and other tags about it. */
export const probed = (
  tags: Readonly<Record<string, string>> = {},
  given: Partial<InterfaceView> = {},
): InterfaceView => {
  const named = Object.entries({ probe: 'tcp:443', ...tags }).map(([key, text]) => [`eni-failover:${key}`, text]);
  return floating(ENI, A, { address: '10.0.0.10', tags: Object.fromEntries(named), ...given });
};

/** A group with a probe, as it is looked at for a verdict whose second look came to this. */
export interface Probed extends Given {
  readonly ledger?: Ledger;
  readonly found?: Confirmation;
}

export function seenFor(trigger: VerdictTrigger, { found, ledger, ...given }: Probed = {}): Observation {
  const seen = observation({ interfaces: [probed()], ...given });
  const signals = found === undefined ? [] : probeSignals(trigger.verdict, seen.interfaces, found);
  const all = { ...seen, signals: [...seen.signals, ...signals] };
  return ledger ? withLedger(all, ledger) : all;
}

/** What follows from a verdict that one more look has borne out, unless given. */
export function decidedFor(
  given: Partial<VerdictDetail> = {},
  { found = 'agrees', ...seen }: Probed = {},
  rest: Parameters<typeof decided>[2] = {},
): Decision {
  const trigger = verdictTrigger(given);
  return decided(trigger, seenFor(trigger, { found, ...seen }), rest);
}

/** The ledger of a group at rest, as a decision's note leaves it; undefined where that cannot be read. */
export function noteAfter(decision: Decision): Ledger | undefined {
  const tags = decision.write?.writes.at(0)?.tags ?? {};
  const whole = ledgerTags(ledger());
  const reading = readLedger([{ id: ENI, tags: { ...whole, ...tags } }], DEFAULT_SETTINGS.statePrefix);
  return reading.status === 'valid' ? reading.ledger : undefined;
}
