import type { Ledger } from '../../../lib/core/ledger.ts';
import {
  A,
  alarmTrigger,
  attachment,
  B,
  C,
  decided,
  ENI,
  floating,
  type Given,
  inAlarm,
  ledger,
  ledgerTags,
  member,
  moving,
  NOW,
  observation,
  request,
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

describe('a member that an earlier run has found to be stuck', () => {
  const { launchedAt } = member(B);
  const known = { stuck: [{ instanceId: B, launchedAt }] };
  const failed = (given: Partial<Ledger>, seen: Given = {}) =>
    decided(
      alarmTrigger(A),
      observation({
        interfaces: [floating(ENI, attachment(ENI, A), { tags: ledgerTags(ledger(given)) })],
        alarms: inAlarm(A),
        members: [member(A), member(B), member(C, { tags: { ...member(C).tags, 'eni-failover:priority': '-1' } })],
        ...seen,
      }),
    );

  it('should be passed over for one with a lower priority', () => {
    expect(failed(known).plan?.to).toBe(C);
  });

  it('should count again once it was launched anew', () => {
    expect(failed({ stuck: [{ instanceId: B, launchedAt: launchedAt - 1 }] }).plan?.to).toBe(B);
  });

  it('should be tried again when there is no other: a holder that failed serves nobody', () => {
    expect(failed(known, { members: [member(A), member(B)] }).plan?.to).toBe(B);
  });

  it('should take what nobody else can: it is better than nobody', () => {
    const loose = [floating(ENI, undefined, { tags: ledgerTags(ledger({ ...known, phase: 'failed' })) })];
    const members = [member(A, { state: 'terminated' }), member(B)];
    expect(failed(known, { interfaces: loose, members, alarms: inAlarm() }).plan?.to).toBe(B);
  });

  it('should be tried when a person names it', () => {
    const interfaces = [floating(ENI, attachment(ENI, A), { tags: ledgerTags(ledger(known)) })];
    expect(decided(request({ action: 'failover', to: B }), observation({ interfaces })).plan?.to).toBe(B);
  });
});
