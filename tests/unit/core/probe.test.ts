import { forceAfterMs } from '../../../lib/core/patience.ts';
import { begun } from '../../../lib/core/transitions.ts';
import {
  A,
  alarmOn,
  attachment,
  B,
  decided,
  ENI,
  ENI2,
  intent,
  ledger,
  member,
  NOW,
} from '../../support/observation.ts';
import { decidedFor, NOT_SERVING, probed, seenFor, verdictTrigger } from '../../support/probe.ts';

describe('holder-unreachable, with a second look that agrees', () => {
  it('should move the group, whatever EC2 says of the checks, and say why', () => {
    const decision = decidedFor();
    expect(decision).toMatchObject({ analysis: 'holder-unreachable', code: 'failover' });
    expect(decision.plan).toMatchObject({ from: A, to: B, automatic: true, probed: true });
    expect(decision.reason).toBe(
      `The holder ${A} answers the probe neither on ${ENI} nor on its own address since 2026-08-20T09:59:56.000Z, while ${B} does. ${B} takes over.`,
    );
  });

  it('should not lift the cooldown, nor a pause, nor manual mode', () => {
    expect(decidedFor({}, { ledger: ledger({ moves: [NOW - 2, NOW - 1] }) }).code).toBe('cooldown');
    expect(decidedFor({}, { ledger: ledger({ pausedUntil: NOW + 1 }) }).code).toBe('paused');
    expect(decidedFor({}, {}, { settings: { mode: 'manual' } }).code).toBe('mode-manual');
  });

  it('should use force after two seconds, for nobody there lets go', () => {
    expect(forceAfterMs(decidedFor().facts, A)).toBe(2_000);
    expect(forceAfterMs(decidedFor().facts, B)).toBe(10_000);
  });

  it('should mark the old holder when the move begins, until it is launched anew', () => {
    const { facts } = decidedFor();
    const { silent } = begun(ledger(), facts, { intent: intent(), reason: 'it moves', now: NOW });
    expect(silent).toEqual([{ instanceId: A, launchedAt: member(A).launchedAt, at: NOW }]);
  });

  it('should go on in the run that began it, while the interface is on its way', () => {
    const trigger = verdictTrigger();
    const loose = { interfaces: [probed({}, { attachment: undefined as never })] };
    const { facts } = decided(trigger, seenFor(trigger, { found: 'agrees', ...loose }));
    expect(facts.signals.find(({ source }) => source === 'probe')).toMatchObject({ instanceId: A, unanswering: true });
  });

  it('should say nothing any more of an instance that has the interface anew', () => {
    const trigger = verdictTrigger();
    const anew = { interfaces: [probed({}, { attachment: attachment(ENI, A, { id: 'eni-attach-new' }) })] };
    const { code, facts } = decided(trigger, seenFor(trigger, { found: 'agrees', ...anew }));
    expect([code, facts.holderHealth?.code]).toEqual(['verdict-overtaken', 'healthy']);
  });
});

describe('holder-not-serving, with a second look that agrees', () => {
  it('should move the group, with the long patience: the host answers', () => {
    const decision = decidedFor(NOT_SERVING);
    expect(decision).toMatchObject({ analysis: 'holder-not-serving', code: 'failover' });
    expect(forceAfterMs(decision.facts, A)).toBe(10_000);
    const { silent } = begun(ledger(), decision.facts, { intent: intent(), reason: 'it moves', now: NOW });
    expect(silent).toBeUndefined();
  });

  it('should have the long patience even beside an alarm, for whoever answers lets go', () => {
    const alarms = { readable: true, inAlarm: [alarmOn(A)] } as const;
    expect(forceAfterMs(decidedFor(NOT_SERVING, { alarms }).facts, A)).toBe(10_000);
    expect(forceAfterMs(decidedFor({}, { alarms, found: 'answers' }).facts, A)).toBe(10_000);
  });
});

describe('verdict-overtaken, whatever the second look says', () => {
  const detaching = probed({}, { attachment: attachment(ENI, A, { status: 'detaching' }) });
  it.each([
    ['another attachment', { attachmentId: 'eni-attach-old' }, {}],
    ['another instance', { instanceId: B }, {}],
    ['another interface', { interfaceId: ENI2 }, {}],
    ['one that is on its way', {}, { interfaces: [detaching] }],
    ['31 seconds ago', { at: NOW - 30_001 }, {}],
    ['the future', { at: NOW + 10_001 }, {}],
  ])('should be what is about %s', (_, given, seen) => {
    const decision = decidedFor(given, seen);
    expect(decision.code).toBe('verdict-overtaken');
    expect([decision.plan, decision.write]).toEqual([undefined, undefined]);
  });

  it('should not be 30 seconds ago, and what clocks differ by', () => {
    expect(decidedFor({ at: NOW - 30_000 }).code).toBe('failover');
    expect(decidedFor({ at: NOW + 10_000 }).code).toBe('failover');
  });
});

describe('probe-answers, where the second look was answered', () => {
  it('should veto the verdict', () => {
    const decision = decidedFor({}, { found: 'answers' });
    expect(decision).toMatchObject({ code: 'probe-answers', kind: 'no-action', analysis: 'holder-healthy' });
    expect(decision.lookAgainAfterMs).toBeUndefined();
  });
});

describe('probe-unconfirmed, where no second look was had', () => {
  it('should move nothing, and be looked at again while the verdict is none of history', () => {
    expect(decidedFor({}, { found: 'unknown' })).toMatchObject({ code: 'probe-unconfirmed', lookAgainAfterMs: 2_000 });
    expect(decidedFor({ at: NOW - 25_000 }, { found: 'unknown' }).lookAgainAfterMs).toBeUndefined();
  });

  it('should be what is said where nobody was asked at all', () => {
    const trigger = verdictTrigger();
    expect(decided(trigger, seenFor(trigger)).code).toBe('probe-unconfirmed');
  });
});
