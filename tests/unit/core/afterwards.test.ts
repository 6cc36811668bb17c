import {
  closesAnEarlierMove,
  type Ending,
  endOf,
  endWithoutPlan,
  isNews,
  isStillOurs,
  phaseAfter,
  repairsOf,
  secondLookMs,
} from '../../../lib/core/afterwards.ts';
import { CODES, type DecisionCode } from '../../../lib/core/codes.ts';
import { establish } from '../../../lib/core/facts.ts';
import type { Ledger } from '../../../lib/core/ledger.ts';
import { freshMemory } from '../../../lib/core/memory.ts';
import type { Observation, Trigger } from '../../../lib/core/model.ts';
import type { Plan } from '../../../lib/core/plan.ts';
import {
  A,
  alarmTrigger,
  attachment,
  B,
  decided,
  ENI,
  ENI2,
  floating,
  inAlarm,
  instanceCheck,
  intent,
  ledger,
  ledgerTags,
  member,
  moving,
  NOW,
  observation,
  request,
  settings,
  spotTrigger,
  stateTrigger,
  SWEEP,
} from '../../support/observation.ts';
import { loose, recorded } from '../../support/words.ts';

const factsOf = (seen: Observation) => establish(SWEEP, seen, freshMemory('run-now'), settings());

describe('the pause before a second look', () => {
  const pause = (trigger: Trigger, code: DecisionCode = 'holder-healthy') =>
    secondLookMs(trigger, factsOf(observation()), code);

  it.each([
    [-10_001, undefined],
    [-10_000, 1_000],
    [-300, 1_000],
    [0, 1_000],
    [999, 1_000],
    [1_500, 1_500],
    [3_000, 3_000],
    [3_500, 2_500],
    [5_999, 1],
    [6_000, undefined],
    [600_000, undefined],
  ])('should grow with the age of the event, as long as reads may be behind it: %i ms old', (ageMs, expected) => {
    expect(pause(stateTrigger(A, NOW - ageMs))).toBe(expected);
  });

  it.each<[string, Trigger]>([
    ['about another member', stateTrigger(B, NOW)],
    ['that does not say when it was', stateTrigger(A)],
    ['that is none', SWEEP],
    ['that is a person’s request', request()],
  ])('should be none for an event %s', (_, trigger) => {
    expect(pause(trigger)).toBeUndefined();
  });

  it('should be none when nobody holds the group', () => {
    expect(secondLookMs(stateTrigger(A, NOW), factsOf(loose(ledger())), 'holder-healthy')).toBeUndefined();
  });

  it('should follow only where the holder looks as if the event had not happened', () => {
    const codes = CODES.filter(({ kind }) => ['no-action', 'blocked', 'act', 'edit'].includes(kind));
    const waiting = codes.filter(({ code }) => pause(alarmTrigger(A, NOW), code as DecisionCode) !== undefined);
    expect(waiting.map(({ code }) => code)).toEqual([
      'holder-healthy',
      'holder-unknown',
      'ledger-drift',
      'impaired-recently',
    ]);
  });

  it('should come with a decision', () => {
    const when = (seen: Observation, trigger = stateTrigger(A, NOW)) => decided(trigger, seen).lookAgainAfterMs;
    expect(when(observation())).toBe(1_000);
    expect(when(recorded(ledger({ holder: B })))).toBe(1_000);
    expect(when(observation({ checks: { [A]: instanceCheck('initializing') } }))).toBe(1_000);
    expect(when(observation({ alarms: inAlarm(A) }))).toBeUndefined();
    expect(when(observation(), spotTrigger(B, NOW))).toBeUndefined();
  });
});

describe('a code that only finishes an earlier move', () => {
  it('should be complete, roll-back or close', () => {
    const codes = CODES.map(({ code }) => code).filter(closesAnEarlierMove);
    expect(codes).toEqual(['complete', 'roll-back', 'close']);
  });
});

describe('the end of a plan that was carried out', () => {
  const plan: Plan = { kind: 'new', action: 'failover', to: B, automatic: true, ignoreHealth: false, resources: [] };

  it.each([
    ['new', 'done'],
    ['complete', 'done'],
    ['close', 'done'],
    ['roll-back', 'failed'],
  ] as const)('should be %s: %s', (kind, result) => {
    expect(endOf({ ...plan, kind }, 'because')).toEqual({ result, reason: 'because', to: B });
  });
});

describe('the end of a run that finds nothing left to do', () => {
  const failed = { result: 'failed', reason: 'No member can take over.' };
  const second = (on: string) => floating(ENI2, attachment(ENI2, on, { deviceIndex: 2 }));
  const end = (seen: Observation, from: string | undefined) =>
    endWithoutPlan(factsOf(seen), failed.reason, { id: 'op-1', from });

  it('should be done when another run brought the group elsewhere', () => {
    const done = { result: 'done', reason: `Another run brought the group to ${A}.`, to: A };
    expect(end(observation(), B)).toEqual(done);
    expect(end(observation(), undefined)).toEqual(done);
  });

  it.each<[string, Observation, string]>([
    ['the group is where it was', observation(), A],
    ['nobody holds it', loose(ledger()), A],
    ['it is split', observation({ interfaces: [floating(ENI, A), second(B)] }), B],
    ['its operation is open', recorded(moving()), B],
  ])('should be failed when %s', (_, seen, from) => {
    expect(end(seen, from)).toEqual(failed);
  });
});

describe('the phase in which a run leaves the ledger', () => {
  const ending = (result: Ending['result']): Ending => ({ result, reason: 'because' });

  it.each([
    ['interrupted', true, 'moving'],
    ['interrupted', false, 'moving'],
    ['failed', false, 'failed'],
    ['failed', true, undefined],
    ['done', true, undefined],
    ['done', false, undefined],
  ] as const)('should be, after a run that is %s and has a plan (%s), %s', (result, hasPlan, phase) => {
    expect(phaseAfter(ending(result), hasPlan)).toBe(phase);
  });
});

describe('the ledger a run wrote', () => {
  const written = moving();
  const later = { changedAt: written.changedAt + 1 };
  const { operation: _, ...without } = written;

  it.each<[string, Ledger, Ledger | undefined, boolean]>([
    ['nothing else was seen', written, undefined, true],
    ['it is seen as it was written', written, written, true],
    ['an older one is seen', written, ledger({ changedAt: written.changedAt - 1 }), true],
    ['one of the same moment is about another operation', written, moving({ id: 'op-2' }), true],
    ['a later one is about the same operation', written, { ...written, ...later }, true],
    ['a later one is about another operation', written, { ...moving({ id: 'op-2' }), ...later }, false],
    ['a later one is about none', written, ledger(later), false],
    ['it is at rest', { ...written, phase: 'steady' }, undefined, false],
    ['it has no operation', without, undefined, false],
  ])('should be its own to amend, or not: %s', (__, own, seen, expected) => {
    expect(isStillOurs(own, seen)).toBe(expected);
  });
});

describe('the end of a move', () => {
  const failedBefore = recorded(ledger({ phase: 'failed', operation: intent() }));

  it.each<[string, Ending['result'], Observation, boolean]>([
    ['that failed', 'failed', recorded(moving()), true],
    ['that failed where the last one failed', 'failed', failedBefore, false],
    ['that is done where the last one failed', 'done', failedBefore, true],
    ['that was interrupted where the last one failed', 'interrupted', failedBefore, true],
    ['that failed and has no ledger', 'failed', observation(), true],
  ])('should be news, or not: one %s', (_, result, seen, expected) => {
    expect(isNews({ result, reason: 'because' }, factsOf(seen))).toBe(expected);
  });
});

describe('the attachments to repair', () => {
  const risky = (id: string, given = {}) =>
    floating(id, attachment(id, A, { deleteOnTermination: true, ...given }), { tags: ledgerTags(ledger()) });

  it('should be those of members that would take the interface along', () => {
    const interfaces = [risky(ENI), risky(ENI2, { deviceIndex: 2, deleteOnTermination: false })];
    expect(repairsOf(observation({ interfaces }))).toEqual([{ interfaceId: ENI, attachmentId: 'eni-attach-1a' }]);
  });

  it.each([
    ['a primary interface', [risky(ENI, { deviceIndex: 0 })], [member(A)]],
    ['a stranger’s', [risky(ENI)], [member(B)]],
    ['one that is still attaching', [risky(ENI, { status: 'attaching' })], [member(A)]],
    ['one that is attached to nothing', [floating(ENI)], [member(A)]],
  ])('should not be %s', (_, interfaces, members) => {
    expect(repairsOf(observation({ interfaces, members }))).toEqual([]);
  });
});
