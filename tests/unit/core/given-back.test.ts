import type { AttachmentView } from '../../../lib/core/model.ts';
import {
  A,
  alarmOn,
  alarmTrigger,
  attachment,
  B,
  C,
  decided,
  ENI,
  floating,
  type Given,
  ledger,
  ledgerTags,
  member,
  MINUTE_MS,
  moving,
  NOW,
  observation,
  request,
  SWEEP,
} from '../../support/observation.ts';
import { outcome } from '../../support/words.ts';

/** A move from A, which hangs, to B: B did not take the interface, and it goes back to A. */

const begunAt = NOW - 2 * MINUTE_MS;
const PAST = { deadlineAt: NOW - 1 };
const OTHER = { runId: 'run-2' };
const AT_1 = [{ kind: 'interface', id: ENI, deviceIndex: 1, networkCardIndex: 0 }] as const;
/** EC2 withholds the index that was left by force. */
const HANGS: Given = {
  alarms: { readable: true, inAlarm: [alarmOn(A)] },
  members: [member(A), member(B), member(C)],
};

const back = (given: Partial<AttachmentView> = {}, intent = {}, more: Given = HANGS) => {
  const on = attachment(ENI, A, { deviceIndex: 2, status: 'attached', attachedAt: NOW - 1_000, ...given });
  const written = { ...moving({ begunAt, ...intent }), resources: AT_1 };
  return observation({ interfaces: [floating(ENI, on, { tags: ledgerTags(written) })], ...more });
};

describe('what is given back to where its move began', () => {
  const by = (seen: ReturnType<typeof back>) => decided(alarmTrigger(A), seen, { memory: OTHER });

  it('should be left to whoever does that once the run of its move has ended, for as long as a run lasts', () => {
    const left = by(back({ attachedAt: NOW - 59_000 }, PAST));
    expect(outcome(left)).toBe('operation-in-progress');
    expect(left.reason).toContain(`until ${new Date(NOW + 1_000).toISOString()} its own run may still be at it`);
    expect(outcome(by(back({ attachedAt: NOW - 61_000 }, PAST)))).toBe(`complete to ${B}`);
  });

  it('should not be left there where that does not end', () => {
    const seen = (status: AttachmentView['status']) => back({ status, attachedAt: NOW - 40_000 }, PAST);
    expect(outcome(by(seen('attached')))).toBe('operation-in-progress');
    expect(outcome(by(seen('attaching')))).toBe(`complete to ${B}`);
  });
});

describe('a person who names the target that has just not taken it', () => {
  const asked = (to: string, seen = back()) => decided(request({ to }), seen, { memory: OTHER });

  it.each(['attaching', 'attached'] as const)('should be told what is in the way while it is %s', (status) => {
    const told = asked(B, back({ status }));
    expect(outcome(told)).toBe('operation-in-progress');
    expect(told.reason).toContain(
      `${B} has not taken it, it is on its way back to ${A}, and ${A} could not take back what is taken off it by force, for EC2 may withhold device index 1 and 2 there and nothing else is free; until `,
    );
  });

  it('should be obeyed where another member is named, where it is over, and where there is a way back', () => {
    expect(outcome(asked(C))).toBe(`failover to ${C}`);
    expect(outcome(asked(B, back({ attachedAt: NOW - 61_000 }, PAST)))).toBe(`failover to ${B}`);
    expect(outcome(asked(B, back({ deviceIndex: 1 })))).toBe(`failover to ${B}`);
    expect(outcome(asked(B, back({}, {}, { members: [member(A), member(B)] })))).toBe(`failover to ${B}`);
  });
});

describe('a person who names a member that has refused this minute', () => {
  const device = (deviceIndex: number) => ({ deviceIndex, networkCardIndex: 0 });
  const { launchedAt } = member(A);
  const forced = [{ instanceId: A, launchedAt, at: NOW - MINUTE_MS, devices: [device(1)] }];
  const asked = (code: string, agoMs: number, more: Partial<Parameters<typeof ledger>[0]> = { forced }) => {
    const known = ledger({ refused: [{ instanceId: B, at: NOW - agoMs, code }], ...more });
    const on = attachment(ENI, A, { deviceIndex: 2 });
    return decided(
      request({ to: B }),
      observation({ interfaces: [floating(ENI, on, { tags: ledgerTags(known) })], ...HANGS }),
    );
  };

  it.each(['refused', 'hung'])(
    'should be told so where nobody could take it back, and be obeyed later (%s)',
    (code) => {
      const told = asked(code, 59_000);
      expect(told.code).toBe('target-not-eligible');
      const when = new Date(NOW + 1_000).toISOString();
      expect(told.reason).toContain(`nothing else is free; it is tried again when a person names it, from ${when} on.`);
      expect(outcome(asked(code, 60_000))).toBe(`failover to ${B}`);
      expect(outcome(asked(code, 59_000, { forced: [] }))).toBe(`failover to ${B}`);
    },
  );

  it('should not be contradicted by a denial, which is asked anew', () => {
    expect(outcome(asked('denied', 1))).toBe(`failover to ${B}`);
  });
});

describe('what nobody holds, and no intent tells of', () => {
  const loose = (given: Partial<Parameters<typeof ledger>[0]>) => {
    const { launchedAt } = member(B);
    const known = ledger({ phase: 'failed', holder: A, stuck: [{ instanceId: B, launchedAt }], ...given });
    const { operation: _, ...without } = known;
    return observation({
      interfaces: [floating(ENI, undefined, { tags: ledgerTags(without) })],
      members: [member(A), member(B)],
    });
  };

  it('should go back to whoever held it before a member is tried again that did not take it', () => {
    expect(outcome(decided(SWEEP, loose({})))).toBe(`attach to ${A}`);
    expect(outcome(decided(SWEEP, loose({ stuck: [] })))).toMatch(/^attach to/);
  });
});
