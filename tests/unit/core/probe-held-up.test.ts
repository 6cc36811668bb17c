import type { Observation } from '../../../lib/core/model.ts';
import { A, attachment, decided, ENI, ENI2, floating, ledger, NOW, SWEEP } from '../../support/observation.ts';
import { decidedFor, noteAfter, probed, seenFor, verdictTrigger } from '../../support/probe.ts';

const TELLS = { acts: false, standbys: [] } as const;

describe('what a verdict has found out', () => {
  const condition = { what: 'holder-unreachable/cooldown', since: NOW - 60_000 };
  const found = ledger({ condition });
  it('should not be unsaid by a sweep, to which EC2 says that all is well', () => {
    expect(decided(SWEEP, seenFor(verdictTrigger(), { ledger: found })).write).toBeUndefined();
  });

  it('should not be told again by the next verdict', () => {
    const held = { ...found, moves: [NOW - 2, NOW - 1] };
    expect(decidedFor({}, { ledger: held })).toMatchObject({ code: 'cooldown' });
    expect(decidedFor({}, { ledger: held }).write).toBeUndefined();
  });

  it('should be unsaid by an answer, and where the interface has no probe any more', () => {
    const answered = decidedFor({}, { ledger: found, found: 'answers' });
    expect(answered.write?.news).toEqual([answered.reason]);
    const serving = decidedFor({ ...TELLS, verdict: 'serving' }, { ledger: found });
    expect(serving.write?.news).toEqual([serving.reason]);
    const without = { ledger: found, interfaces: [floating(ENI, A)] };
    expect(decided(SWEEP, seenFor(verdictTrigger(), without)).write?.news).toHaveLength(1);
  });

  describe('of one of two interfaces', () => {
    const second = (given = {}) => ({ ...probed(), ...floating(ENI2, A, given), tags: probed().tags });
    const both = (given = {}) => [probed(), second({ attachment: attachment(ENI2, A, { deviceIndex: 2, ...given }) })];
    const about = ledger({ condition: { ...condition, about: ENI2.slice(-8) } });
    const of2 = { interfaceId: ENI2, attachmentId: attachment(ENI2, A).id } as const;
    const held = { moves: [NOW - 2, NOW - 1] };

    it('should name it', () => {
      const noted = noteAfter(decidedFor(of2, { interfaces: both(), ledger: ledger(held) }))?.condition;
      expect(noted).toEqual({ what: 'holder-unreachable/cooldown', since: NOW, about: ENI2.slice(-8) });
    });

    it('should be unsaid by an answer of that one alone', () => {
      const seen = { interfaces: both(), ledger: about };
      expect(decidedFor({ ...TELLS, verdict: 'serving' }, seen).write).toBeUndefined();
      expect(decidedFor({}, { ...seen, found: 'answers' }).write).toBeUndefined();
      const own = decidedFor({ ...TELLS, ...of2, verdict: 'serving' }, seen);
      expect([own.write?.news, noteAfter(own)?.condition]).toEqual([[own.reason], undefined]);
    });

    it('should not be told again because the other is down, too', () => {
      expect(decidedFor({}, { interfaces: both(), ledger: { ...about, ...held } }).write).toBeUndefined();
    });

    it('should have a time of its own where something else stands in the way of the other', () => {
      const paused = { ...about, pausedUntil: NOW + 60_000 };
      expect(noteAfter(decidedFor(of2, { interfaces: both(), ledger: paused }))?.condition?.since).toBe(NOW - 60_000);
      const noted = noteAfter(decidedFor({}, { interfaces: both(), ledger: paused }))?.condition;
      expect(noted).toEqual({ what: 'holder-unreachable/paused', since: NOW, about: ENI.slice(-8) });
    });

    it('should end with its attachment, and where nobody probes it any more', () => {
      const swept = (interfaces: Observation['interfaces']) =>
        decided(SWEEP, seenFor(verdictTrigger(), { ledger: about, interfaces })).write?.condition;
      const anew = both({ attachedAt: NOW - 30_000 });
      expect(swept(both({ attachedAt: NOW - 90_000 }))).toEqual(about.condition);
      expect(swept(anew)).toBeUndefined();
      expect(swept([probed(), floating(ENI2, A, { attachment: attachment(ENI2, A) })])).toBeUndefined();
      // The next verdict is about the new one, and is told.
      const next = decidedFor(of2, { interfaces: anew, ledger: { ...about, ...held } });
      expect(noteAfter(next)?.condition).toEqual({ ...about.condition, since: NOW });
    });
  });

  it('should leave alone what sweeps have found out', () => {
    const other = ledger({ condition: { what: 'holder-impaired/cooldown', since: NOW - 60_000 } });
    expect(decidedFor({}, { ledger: other, found: 'answers' }).write).toBeUndefined();
  });
});
