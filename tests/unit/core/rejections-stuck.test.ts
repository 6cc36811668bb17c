import {
  A,
  attachment,
  B,
  C,
  decided,
  ENI,
  floating,
  ledgerTags,
  member,
  moving,
  NOW,
  observation,
  SWEEP,
} from '../../support/observation.ts';
import { outcome } from '../../support/words.ts';

describe('attach-stuck', () => {
  const half = (seconds: number) => ({
    ...floating(ENI, attachment(ENI, B, { status: 'attaching', attachedAt: NOW - seconds * 1000 })),
    tags: ledgerTags(moving()),
  });

  it('should keep the member of an attach that does not end from being chosen again: the next one is', () => {
    const members = [member(A), member(B), member(C)];
    const { plan, rejected } = decided(SWEEP, observation({ interfaces: [half(31)], members }), {
      memory: { runId: 'run-1' },
    });
    expect(plan?.to).toBe(C);
    expect(plan?.resources[0]?.leave).toMatchObject({ instanceId: B, overdue: true });
    expect(rejected).toContainEqual(expect.objectContaining({ instanceId: B, code: 'attach-stuck' }));
  });

  it('should lead back to the old holder when there is no other', () => {
    const decision = decided(SWEEP, observation({ interfaces: [half(31)] }), { memory: { runId: 'run-1' } });
    expect(outcome(decision)).toBe(`roll-back to ${A}`);
  });

  it('should not be said of an attach that may still end', () => {
    const { plan } = decided(SWEEP, observation({ interfaces: [half(10)] }), { memory: { runId: 'run-1' } });
    expect(plan?.resources).toEqual([{ kind: 'interface', id: ENI }]);
  });
});
