import { analyze } from '../../../lib/core/analyze.ts';
import { begun, completed, currentLedger, rolledBack, unfinished, withForced } from '../../../lib/core/transitions.ts';
import {
  A,
  attachment,
  B,
  C,
  ENI,
  ENI2,
  floating,
  intent,
  ledger,
  ledgerTags,
  member,
  NOW,
  observation,
  settings,
  SWEEP,
} from '../../support/observation.ts';

const change = { intent: intent(), reason: 'because', now: NOW };

describe('the ledger of a group', () => {
  it('should be the one that was read', () => {
    const written = ledger({ epoch: 9 });
    const seen = observation({ interfaces: [floating(ENI, A, { tags: ledgerTags(written) })] });
    expect(currentLedger(analyze(seen, SWEEP, settings()), NOW)).toEqual(written);
  });

  it('should begin at epoch 0 with the holder that is observed when there is none', () => {
    expect(currentLedger(analyze(observation(), SWEEP, settings()), NOW)).toMatchObject({
      phase: 'steady',
      holder: A,
      epoch: 0,
      moves: [],
      changedAt: NOW,
    });
  });
});

describe('a move that begins', () => {
  const interfaces = [floating(ENI, attachment(ENI, A, { deviceIndex: 2, networkCardIndex: 1 })), floating(ENI2)];

  it('should record the intent, the reason and the time, and change neither holder nor epoch', () => {
    expect(begun(ledger(), interfaces, change, 900)).toMatchObject({
      phase: 'moving',
      operation: intent(),
      reason: 'because',
      changedAt: NOW,
      holder: A,
      epoch: 3,
    });
  });

  it('should remember the devices that are in use, and keep those of interfaces that are detached', () => {
    const before = ledger({ devices: { [ENI2]: { deviceIndex: 5, networkCardIndex: 0 } } });
    expect(begun(before, interfaces, change, 900).devices).toEqual({
      [ENI]: { deviceIndex: 2, networkCardIndex: 1 },
      [ENI2]: { deviceIndex: 5, networkCardIndex: 0 },
    });
  });

  it('should remember no place for a primary interface, except for index 0 of another card', () => {
    const device = (deviceIndex: number, networkCardIndex: number) =>
      begun(ledger(), [floating(ENI, attachment(ENI, A, { deviceIndex, networkCardIndex }))], change, 900).devices;
    expect(device(0, 0)).toEqual(ledger().devices);
    expect(device(0, 1)).toEqual({ [ENI]: { deviceIndex: 0, networkCardIndex: 1 } });
  });

  it('should count an automatic move and forget those that have left the window', () => {
    const before = ledger({ moves: [NOW - 900_000, NOW - 899_999] });
    expect(begun(before, interfaces, change, 900).moves).toEqual([NOW - 899_999, NOW]);
  });

  it('should not count what a person asked for', () => {
    const byPerson = { ...change, intent: intent({ automatic: false }) };
    expect(begun(ledger({ moves: [NOW - 1] }), interfaces, byPerson, 900).moves).toEqual([NOW - 1]);
  });
});

describe('a move that ends', () => {
  it('should be steady on the new holder, one epoch later, with the condition gone', () => {
    const before = ledger({ phase: 'moving', condition: { what: 'holder-impaired/paused', since: 1 } });
    const after = completed(before, C, change);
    expect(after).toMatchObject({ phase: 'steady', holder: C, epoch: 4, movedAt: NOW, changedAt: NOW });
    expect(after.operation?.to).toBe(C);
    expect(after).not.toHaveProperty('condition');
  });

  it('should be steady on the old holder, in the same epoch, when it was undone', () => {
    const after = rolledBack(ledger({ holder: B }), change);
    expect(after).toMatchObject({ phase: 'steady', holder: A, epoch: 3 });
    expect(after).not.toHaveProperty('movedAt');
  });

  it('should keep the holder of the ledger when there was none to go back to', () => {
    const { from: _, ...withoutFrom } = intent();
    expect(rolledBack(ledger({ holder: B }), { ...change, intent: withoutFrom }).holder).toBe(B);
  });

  it.each(['failed', 'moving'] as const)('should keep its intent when it is left %s', (phase) => {
    expect(unfinished(ledger(), phase, change)).toMatchObject({ phase, operation: intent(), epoch: 3, holder: A });
  });
});

describe('old holders that were detached by force', () => {
  it('should be remembered once each, with the newest launch', () => {
    const before = ledger({
      forced: [
        { instanceId: A, launchedAt: 1 },
        { instanceId: C, launchedAt: 2 },
      ],
    });
    expect(withForced(before, [member(A, { launchedAt: 7 })]).forced).toEqual([
      { instanceId: C, launchedAt: 2 },
      { instanceId: A, launchedAt: 7 },
    ]);
  });
});
