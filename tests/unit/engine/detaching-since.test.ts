import { detachingSince } from '../../../lib/engine/act.ts';
import type { ActingDecision } from '../../../lib/engine/operation.ts';
import {
  A,
  attachment,
  B,
  decided,
  ENI,
  floating,
  ledgerTags,
  moving,
  NOW,
  observation,
  SWEEP,
} from '../../support/observation.ts';

const BEGUN = NOW - 60_000;
const run = { clock: { now: () => NOW } } as Parameters<typeof detachingSince>[0];

/** An interface that is on its way off a member, in a move that began a minute ago. */
function leaving(attachedAt: number) {
  const written = moving({ begunAt: BEGUN, deadlineAt: NOW - 1, to: B });
  const there = attachment(ENI, A, { status: 'detaching', attachedAt });
  const seen = observation({ interfaces: [floating(ENI, there, { tags: ledgerTags(written) })] });
  const decision = decided(SWEEP, seen);
  const intent = decision.facts.intent;
  if (!intent) throw new Error('the move is not recorded');
  return detachingSince(run, decision as ActingDecision, { startedAt: NOW - 5_000 }, intent)(there.id);
}

describe('the wait before force for a detach that another run has begun', () => {
  it('should count from when the move began', () => {
    expect(leaving(BEGUN - 1)).toBe(BEGUN);
  });

  it('should count from its attach where that came later: what another run has attached meanwhile was not leaving then', () => {
    expect(leaving(NOW - 1_000)).toBe(NOW - 1_000);
  });
});
