import { isOverdue } from '../../../lib/core/transit.ts';
import { DEFAULT_SETTINGS } from '../../../lib/core/settings.ts';
import {
  A,
  attachment,
  B,
  C,
  decided,
  ENI,
  ENI2,
  floating,
  ledger,
  ledgerTags,
  member,
  moving,
  NOW,
  observation,
  request,
  SWEEP,
  T3_SMALL,
} from '../../support/observation.ts';

const ago = (seconds: number): number => NOW - seconds * 1000;
const on = (id: string, holder: string, given: object) =>
  floating(id, attachment(id, holder, { deviceIndex: id === ENI ? 1 : 2, ...given }));
/** A ledger in which a sweep has noted, so many seconds ago, that something hangs. */
const noted = (seconds: number) =>
  ledgerTags(ledger({ condition: { what: 'holder-healthy/attachment-in-transit', since: ago(seconds) } }));

describe('an attach', () => {
  const { stuckAfterSeconds } = DEFAULT_SETTINGS;

  it.each([
    [stuckAfterSeconds - 1, 'attaching', false],
    [stuckAfterSeconds, 'attaching', true],
    [3_600, 'attached', false],
    [3_600, 'detaching', false],
  ] as const)('should, %i seconds after EC2 took it and %s, be overdue: %s', (seconds, status, expected) => {
    expect(isOverdue(attachment(ENI, A, { status, attachedAt: ago(seconds) }), NOW, DEFAULT_SETTINGS)).toBe(expected);
  });

  it('should not be overdue when EC2 does not say since when', () => {
    expect(isOverdue(attachment(ENI, A, { status: 'attaching' }), NOW, DEFAULT_SETTINGS)).toBe(false);
  });
});

describe('attachment-in-transit', () => {
  const leaving = on(ENI, A, { status: 'detaching' });

  it('should be told of an interface that leaves a healthy holder, with when something is done about it', () => {
    const { code, reason, write } = decided(SWEEP, observation({ interfaces: [leaving] }));
    expect(code).toBe('attachment-in-transit');
    expect(reason).toContain(`${ENI} is detaching from it`);
    expect(reason).toContain('30 seconds');
    expect(write?.news).toHaveLength(1);
  });

  it('should not be told twice', () => {
    const interfaces = [{ ...leaving, tags: noted(10) }];
    expect(decided(SWEEP, observation({ interfaces })).write).toBeUndefined();
  });

  it('should be over when it has lasted: another member takes the interface, by force', () => {
    const { code, plan } = decided(SWEEP, observation({ interfaces: [{ ...leaving, tags: noted(30) }] }));
    expect([code, plan?.to]).toEqual(['failover', B]);
    expect(plan?.resources[0]?.leave).toMatchObject({ detaching: true, overdue: true });
  });

  const ROOMY = { 't3.small': { ...T3_SMALL, maxInterfaces: 4, cards: [{ index: 0, maxInterfaces: 4 }] } };
  const serving = on(ENI2, A, {});
  const inBooks = (seconds: number) => [leaving, serving].map((view) => ({ ...view, tags: noted(seconds) }));
  it('should be over with the holder taking it anew where it serves the rest of the group', () => {
    const seen = observation({ interfaces: inBooks(30), members: [member(A), member(B)], limits: ROOMY });
    const { code, plan } = decided(SWEEP, seen);
    expect([code, plan?.to, plan?.action]).toEqual(['attach', A, 'attach']);
    expect(plan?.resources[1]).toEqual({ kind: 'interface', id: ENI2 });
  });

  it('should be over with another member taking all of it where force would use up the only index of the holder', () => {
    const { code, plan } = decided(SWEEP, observation({ interfaces: inBooks(30), members: [member(A), member(B)] }));
    expect([code, plan?.to]).toEqual(['failover', B]);
    expect(plan?.resources.map(({ leave }) => leave?.overdue)).toEqual([true, false]);
  });

  it('should last, with what to do about it, where no other member can take over and the holder could not have it anew', () => {
    const stopped = member(B, { state: 'stopped' });
    for (const seconds of [0, 30, 3_600]) {
      const given = { interfaces: seconds > 0 ? inBooks(seconds) : [leaving, serving], members: [member(A), stopped] };
      const { code, plan, reason, rejected } = decided(SWEEP, observation(given));
      expect([code, plan]).toEqual(['attachment-in-transit', undefined]);
      expect(reason).toContain(`${A} could not take back what is taken off it by force`);
      expect(reason).toContain(`If it hangs, stop and start ${A}.`);
      expect(rejected.map((each) => each.code)).toContain('not-running');
    }
  });

  it('should be ended by force all the same where it is an attach that hangs: that serves nobody', () => {
    const arriving = { ...on(ENI, A, { status: 'attaching', attachedAt: ago(31) }), tags: noted(1) };
    const members = [member(A), member(B, { state: 'stopped' })];
    const { code, plan } = decided(
      SWEEP,
      observation({ interfaces: [arriving, { ...serving, tags: noted(1) }], members }),
    );
    expect([code, plan?.to]).toEqual(['attach', A]);
  });

  it('should not be said of an attach that has begun a moment ago', () => {
    const interfaces = [on(ENI, A, { status: 'attaching', attachedAt: ago(5) })];
    expect(decided(SWEEP, observation({ interfaces })).code).toBe('holder-healthy');
  });

  it('should not wait for a sweep to note it where EC2 says since when', () => {
    const interfaces = [on(ENI, A, { status: 'attaching', attachedAt: ago(31) })];
    const { code, plan } = decided(SWEEP, observation({ interfaces }));
    expect([code, plan?.to]).toEqual(['failover', B]);
  });

  it('should leave a group in manual mode, or paused, to its people', () => {
    const tags = { ...noted(31), 'eni-failover:mode': 'manual' };
    expect(decided(SWEEP, observation({ interfaces: [{ ...leaving, tags }] })).code).toBe('mode-manual');
  });
});

describe('a move for what hangs in a detach, that nobody takes', () => {
  const parts = (written: Parameters<typeof ledgerTags>[0]) =>
    [on(ENI, A, { status: 'detaching' }), on(ENI2, A, {})].map((view) => ({ ...view, tags: ledgerTags(written) }));
  const members = [member(A), member(B, { state: 'stopped' })];

  it('should be closed where only force would end it and its holder could not have it anew', () => {
    const { code, plan, reason } = decided(
      SWEEP,
      observation({ interfaces: parts(moving({ deadlineAt: NOW - 1 })), members }),
    );
    expect([code, plan?.kind, plan?.resources.some(({ leave }) => leave)]).toEqual(['close', 'close', false]);
    expect(reason).toContain(`nobody else can take over, and ${A} could not take back`);
  });

  it('should be told once it is closed, with what to do', () => {
    const closed = { ...moving({ deadlineAt: NOW - 1 }), phase: 'failed' as const };
    const { code, plan, reason } = decided(SWEEP, observation({ interfaces: parts(closed), members }));
    expect([code, plan]).toEqual(['attachment-in-transit', undefined]);
    expect(reason).toContain(`stop and start ${A}.`);
  });

  it('should go on where another member is fit', () => {
    const { code, plan } = decided(SWEEP, observation({ interfaces: parts(moving()) }));
    expect([code, plan?.to]).toEqual(['complete', B]);
  });
});

describe('a request that names another target than the recorded one', () => {
  const interfaces = [{ ...on(ENI, B, { status: 'attaching', attachedAt: ago(5) }), tags: ledgerTags(moving()) }];
  const members = [member(A), member(B), member(C)];
  const seen = observation({ interfaces, members });

  it('should replace it, whatever run is at it, and keep where it began', () => {
    const { code, plan } = decided(request({ action: 'failover', to: C }), seen);
    expect([code, plan?.kind, plan?.from, plan?.to]).toEqual(['failover', 'new', A, C]);
  });

  it('should only be refused for what speaks against that target', () => {
    const stopped = observation({ interfaces, members: [member(A), member(B), member(C, { state: 'stopped' })] });
    expect(decided(request({ action: 'failover', to: C }), stopped).code).toBe('target-not-eligible');
  });

  it('should not replace what this run itself has recorded', () => {
    const memory = { runId: 'run-2', wrote: moving({ runId: 'run-2', to: C }) };
    expect(decided(request({ action: 'failover', to: C }), seen, { memory }).code).toBe('complete');
  });

  it('should be refused when what it is to leave was never left', () => {
    const wrong = request({ action: 'failover', from: C, to: A });
    expect(decided(wrong, seen).code).toBe('already-moved');
  });
});
