import type { RecordedResource } from '../../../lib/core/ledger.ts';
import {
  attachedResources,
  begun,
  completed,
  currentLedger,
  memberIds,
  rolledBack,
  unfinished,
  withForced,
  withTaken,
} from '../../../lib/core/transitions.ts';
import { factsOf, withLedger } from '../../support/election.ts';
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
  spotTrigger,
} from '../../support/observation.ts';

const change = { intent: intent(), reason: 'because', now: NOW };
const at = (id: string, deviceIndex: number, networkCardIndex = 0): RecordedResource => ({
  kind: 'interface',
  id,
  deviceIndex,
  networkCardIndex,
});

describe('the ledger of a group', () => {
  it('should be the one that was read', () => {
    const written = ledger({ epoch: 9 });
    expect(currentLedger(factsOf(withLedger(observation(), written)))).toEqual(written);
  });

  it('should begin at epoch 0 with the holder and the members that are observed when there is none', () => {
    expect(currentLedger(factsOf(observation()))).toEqual({
      phase: 'steady',
      holder: A,
      resources: [],
      reason: '-',
      changedAt: NOW,
      epoch: 0,
      moves: [],
      members: [A, B],
      forced: [],
      stuck: [],
      refused: [],
      notices: [],
    });
  });

  it('should begin without a holder where there is none', () => {
    const begins = currentLedger(factsOf(observation({ interfaces: [floating(ENI)] })));
    expect(begins).not.toHaveProperty('holder');
  });

  it('should begin with the pause of one that cannot be read', () => {
    const tags = { ...ledgerTags(ledger({ pausedUntil: NOW })), 'eni-failover-state:state': 'x' };
    const begins = currentLedger(factsOf(observation({ interfaces: [floating(ENI, A, { tags })] })));
    expect(begins).toMatchObject({ epoch: 0, pausedUntil: NOW });
    expect(currentLedger(factsOf(observation()))).not.toHaveProperty('pausedUntil');
  });
});

describe('the members worth remembering', () => {
  it('should be in the order of their ids, without those that end', () => {
    const states = ['stopped', 'terminated', 'shutting-down', 'pending', 'stopping', 'running'] as const;
    const members = states.map((state, nth) => member(`i-0000000${9 - nth}`, { state }));
    expect(memberIds(members)).toEqual(['i-00000004', 'i-00000005', 'i-00000006', 'i-00000009']);
  });

  it('should be at most twelve', () => {
    const ids = Array.from({ length: 13 }, (_, nth) => `i-000000${10 + nth}`);
    expect(memberIds(ids.map((id) => member(id)))).toEqual(ids.slice(0, 12));
  });
});

describe('the places of a group', () => {
  it('should be those of what is attached, but not that of a primary interface', () => {
    const interfaces = [
      floating(ENI, attachment(ENI, A, { deviceIndex: 2, networkCardIndex: 1 })),
      floating('eni-33333333', attachment('eni-33333333', A, { deviceIndex: 0 })),
      floating('eni-44444444', attachment('eni-44444444', A, { deviceIndex: 0, networkCardIndex: 1 })),
      floating(ENI2),
    ];
    expect(attachedResources(interfaces)).toEqual([at(ENI, 2, 1), at('eni-44444444', 0, 1)]);
  });
});

describe('a move that begins', () => {
  const interfaces = [floating(ENI, attachment(ENI, A, { deviceIndex: 2, networkCardIndex: 1 })), floating(ENI2)];
  const facts = factsOf(observation({ interfaces }));

  it('should record the intent, the reason and the time, and change neither holder nor epoch', () => {
    expect(begun(ledger(), facts, change)).toMatchObject({
      phase: 'moving',
      operation: intent(),
      reason: 'because',
      changedAt: NOW,
      holder: A,
      epoch: 3,
    });
  });

  it.each<[what: string, before: readonly RecordedResource[], after: readonly RecordedResource[]]>([
    ['what is attached', [], [at(ENI, 2, 1)]],
    ['what is attached, not what was noted of it', [at(ENI, 1)], [at(ENI, 2, 1)]],
    ['what was noted of what is detached', [at(ENI2, 5)], [at(ENI2, 5), at(ENI, 2, 1)]],
    ['both, each once', [at(ENI, 1), at(ENI2, 5)], [at(ENI, 2, 1), at(ENI2, 5)]],
  ])('should remember the places of %s', (_, before, after) => {
    expect(begun(ledger({ resources: before }), facts, change).resources).toEqual(after);
  });

  it.each<[what: string, automatic: boolean, after: readonly number[]]>([
    ['count an automatic move, and forget those that have left the window', true, [NOW - 899_999, NOW]],
    ['not count what a person asked for', false, [NOW - 899_999]],
  ])('should %s', (_, automatic, after) => {
    const before = ledger({ moves: [NOW - 900_000, NOW - 899_999] });
    expect(begun(before, facts, { ...change, intent: intent({ automatic }) }).moves).toEqual(after);
  });

  it('should count the moves in the window of the group', () => {
    const tags = { 'eni-failover:cooldown': '10' };
    const hasty = factsOf(observation({ interfaces: [floating(ENI, A, { tags })] }));
    expect(begun(ledger({ moves: [NOW - 10_000, NOW - 9_999] }), hasty, change).moves).toEqual([NOW - 9_999, NOW]);
  });
});

describe('the notices in the ledger of a move that begins', () => {
  const noticesOf = (noted: readonly number[], trigger?: Parameters<typeof factsOf>[2]) => {
    const before = ledger({ notices: noted.map((when) => ({ instanceId: A, at: when })) });
    return begun(before, factsOf(withLedger(observation(), before), {}, trigger), change).notices;
  };

  it.each<
    [what: string, noted: readonly number[], trigger: ReturnType<typeof spotTrigger> | undefined, ages: number[]]
  >([
    ['none when there is none', [], undefined, []],
    ['the one that made the group move', [], spotTrigger(A, NOW - 1_000), [1_000]],
    ['one that was noted', [NOW - 180_000], undefined, [180_000]],
    ['not one that is history', [NOW - 180_001], undefined, []],
    ['one that was noted and is told again, once', [NOW - 1_000], spotTrigger(A, NOW - 1_000), [1_000]],
    ['the newer of two of the same instance', [NOW - 2_000], spotTrigger(A, NOW - 1_000), [1_000]],
  ])('should be %s', (_, noted, trigger, ages) => {
    expect(noticesOf(noted, trigger)).toEqual(ages.map((age) => ({ instanceId: A, at: NOW - age })));
  });

  it('should be those of two instances at the same moment', () => {
    const before = ledger({ notices: [{ instanceId: B, at: NOW }] });
    const facts = factsOf(withLedger(observation(), before), {}, spotTrigger(A, NOW));
    expect(begun(before, facts, change).notices).toEqual([
      { instanceId: B, at: NOW },
      { instanceId: A, at: NOW },
    ]);
  });

  it('should not be made of other signals, dated or not', () => {
    const since = { since: NOW, because: 'x', instanceId: A };
    const signals = [
      { ...since, source: 'status', verdict: 'impaired' },
      { instanceId: A, because: 'x', source: 'notice', verdict: 'leaving' },
    ] as const;
    expect(begun(ledger(), factsOf(observation({ signals })), change).notices).toEqual([]);
  });
});

describe('a move that ends', () => {
  it('should be steady on the new holder, one epoch later, with the condition gone', () => {
    const before = ledger({ phase: 'moving', condition: { what: 'holder-impaired/paused', since: 1 } });
    const after = completed(before, C, change);
    expect(after).toMatchObject({ phase: 'steady', holder: C, epoch: 4, movedAt: NOW, changedAt: NOW });
    expect(after).toMatchObject({ reason: 'because', operation: { ...intent(), to: C } });
    expect(after).not.toHaveProperty('condition');
  });

  it('should be steady on the old holder, in the same epoch, when it was undone', () => {
    const after = rolledBack(ledger({ holder: B }), change);
    expect(after).toMatchObject({ phase: 'steady', holder: A, epoch: 3, operation: intent(), changedAt: NOW });
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

const device = (deviceIndex: number) => ({ deviceIndex, networkCardIndex: 0 });

describe('old holders that were detached by force', () => {
  it('should be remembered once each, with the newest launch', () => {
    const before = ledger({
      forced: [
        { instanceId: A, launchedAt: 1 },
        { instanceId: C, launchedAt: 2 },
      ],
    });
    const left = { member: member(A, { launchedAt: 7 }), devices: [device(1)] };
    expect(withForced(before, [left], NOW).forced).toEqual([
      { instanceId: C, launchedAt: 2 },
      { instanceId: A, launchedAt: 7, at: NOW, devices: [device(1)] },
    ]);
  });

  it('should keep the devices that were left before, for as long as the launch is the same', () => {
    const left = (deviceIndex: number) => ({ member: member(A, { launchedAt: 7 }), devices: [device(deviceIndex)] });
    const [first, second] = [withForced(ledger(), [left(1)], NOW - 1), [left(2)]];
    const known = { instanceId: A, launchedAt: 7, at: NOW, devices: [device(1), device(2)] };
    expect(withForced(first, second, NOW).forced).toEqual([known]);
    expect(withForced(withForced(first, second, NOW), second, NOW).forced).toEqual([known]);
  });

  it.each([
    ['another device', A, [2], [1]],
    ['that device on another member', B, [1], [1]],
    ['that device', A, [1], undefined],
  ])('should be forgotten when the member was seen to take %s: %s %j', (_, instanceId, taken, left) => {
    const before = ledger({ forced: [{ instanceId: A, launchedAt: 7, at: 9, devices: [device(1)] }] });
    const after = withTaken(before, instanceId, taken.map(device)).forced;
    expect(after.map(({ devices = [] }) => devices.map(({ deviceIndex }) => deviceIndex))).toEqual(left ? [left] : []);
  });
});
