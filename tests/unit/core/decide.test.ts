import { decide } from '../../../lib/core/decide.ts';
import type { Ledger } from '../../../lib/core/ledger.ts';
import type { Trigger } from '../../../lib/core/model.ts';
import {
  A,
  alarmOn,
  attachment,
  B,
  C,
  ENI,
  ENI2,
  floating,
  ledger,
  ledgerTags,
  member,
  observation,
  request,
  settings,
  SWEEP,
} from '../../support/observation.ts';

describe('a healthy holder', () => {
  const codeWith = (written: Ledger) =>
    decide(SWEEP, observation({ interfaces: [floating(ENI, A, { tags: ledgerTags(written) })] }), settings()).code;

  it('should be drift only when the ledger, at rest, names another one', () => {
    const { holder: _, ...nameless } = ledger();
    expect(codeWith(ledger())).toBe('holder-healthy');
    expect(codeWith(nameless)).toBe('holder-healthy');
    expect(codeWith(ledger({ holder: B }))).toBe('ledger-drift');
    expect(codeWith(ledger({ holder: B, phase: 'failed' }))).toBe('holder-healthy');
  });

  it('should not be left for an event about others, all of whom are named', () => {
    const trigger: Trigger = { kind: 'alarm', alarm: alarmOn(B), instanceIds: [B, C] };
    const { code, reason } = decide(trigger, observation(), settings());
    expect(code).toBe('not-the-holder');
    expect(reason).toContain(`The event is about ${B}, ${C}; the holder is ${A}.`);
  });
});

describe('a group that is split between two members', () => {
  const split = () =>
    observation({
      interfaces: [floating(ENI, A), floating(ENI2, attachment(ENI2, B, { deviceIndex: 2 }))],
      members: [member(A), member(B), member(C)],
    });
  const asked = (given: Parameters<typeof request>[0], seen = split()) => decide(request(given), seen, settings());

  it('should wait for a person who says where it belongs', () => {
    for (const trigger of [SWEEP, request({ from: A })]) {
      expect(decide(trigger, split(), settings())).toMatchObject({ decision: 'blocked', code: 'group-split' });
    }
  });

  it('should be moved from one of its holders only', () => {
    expect(asked({ from: C, to: B })).toMatchObject({ decision: 'no-action', code: 'already-moved' });
    expect(asked({ from: C, to: B }).reason).toBe(`${C} holds no part of the group any more; nothing is moved.`);
    for (const from of [A, B]) expect(asked({ from, to: B })).toMatchObject({ code: 'failover', plan: { to: B } });
  });

  it('should begin where its anchor is, unless it is to stay there', () => {
    expect(asked({ to: B })).toMatchObject({ plan: { from: A, to: B } });
    expect(asked({ to: C })).toMatchObject({ plan: { from: A, to: C } });
    const stays = asked({ to: A });
    expect(stays).toMatchObject({ plan: { to: A } });
    expect(stays).not.toHaveProperty('plan.from');
  });
});
