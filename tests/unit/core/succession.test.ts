import type { Ledger } from '../../../lib/core/ledger.ts';
import type { Memory } from '../../../lib/core/memory.ts';
import type { Observation, Trigger } from '../../../lib/core/model.ts';
import {
  A,
  alarmTrigger,
  attachment,
  B,
  C,
  decided,
  ENI,
  ENI2,
  floating,
  type Given,
  inAlarm,
  instanceCheck,
  ledgerTags,
  member,
  moving,
  NOW,
  observation,
  spotTrigger,
  stateTrigger,
  SWEEP,
} from '../../support/observation.ts';
import { outcome, passedOver } from '../../support/words.ts';

/** Who gets the interfaces of a move from A to B that is half done: the anchor is where it says, or nowhere. */
function half(on: string | undefined, given: Given = {}, written: Ledger = moving()): Observation {
  return observation({
    interfaces: [floating(ENI, on, { tags: ledgerTags(written) })],
    members: [member(A), member(B), member(C)],
    alarms: inAlarm(A),
    ...given,
  });
}

const OWN = { runId: 'run-1' };
const OTHER = { runId: 'run-2' };
const PAST = moving({ deadlineAt: NOW - 1 });
const by = (memory: Partial<Memory>, seen: Observation, trigger: Trigger = alarmTrigger(A)) =>
  decided(trigger, seen, { memory });

const second = (on?: string) =>
  floating(ENI2, on && attachment(ENI2, on, { deviceIndex: 2 }), { tags: ledgerTags(moving()) });
const first = (on?: string) => floating(ENI, on, { tags: ledgerTags(moving()) });
const noSlot = { interfaceId: ENI, reason: 'no slot' };

describe('a target that cannot take it', () => {
  it.each<[string, Partial<Memory>, Observation, string]>([
    ['by its own run', OWN, half(undefined, { alarms: inAlarm(A, B) }), `complete to ${C}`],
    ['by any run after the deadline', OTHER, half(undefined, { alarms: inAlarm(A, B) }, PAST), `complete to ${C}`],
    ['by no other run before it', OTHER, half(undefined, { alarms: inAlarm(A, B) }), 'operation-in-progress'],
    ['when EC2 refused it', { ...OWN, refused: { [B]: noSlot } }, half(undefined), `complete to ${C}`],
  ])('should be replaced by the next best %s', (_, memory, seen, expected) => {
    expect(outcome(by(memory, seen))).toBe(expected);
  });

  it('should be told with the first reason for each member', () => {
    const refused = by({ ...OWN, refused: { [B]: noSlot } }, half(undefined));
    expect(refused.rejected).toEqual([
      { instanceId: A, code: 'failed-holder', reason: 'it is the holder that failed' },
      { instanceId: B, code: 'refused-by-ec2', reason: 'no slot' },
    ]);
    const nobody = by(OWN, half(undefined, { alarms: inAlarm(B, C), limits: {} }));
    expect([...passedOver(nobody)].sort()).toEqual([`${A} intent-pending`, `${B} own-alarm`, `${C} intent-pending`]);
    expect(nobody.rejected.find(({ instanceId }) => instanceId === A)?.reason).toBe(
      `another run is moving the group to ${B}`,
    );
  });

  it('should be told with what is denied, because a person has to put it right', () => {
    const denied = { interfaceId: ENI, reason: 'the attach is denied', denied: true };
    const nobody = by({ ...OWN, refused: { [A]: noSlot, [B]: noSlot, [C]: denied } }, half(undefined));
    expect(passedOver(nobody)).toContain(`${C} attach-denied`);
    expect(nobody.reason).toContain('the attach is denied');
  });

  it('should be passed over for a Spot notice, from the event or from the ledger', () => {
    expect(outcome(by(OWN, half(undefined), spotTrigger(B)))).toBe(`complete to ${C}`);
    expect(outcome(by(OWN, half(undefined), spotTrigger(C)))).toBe(`complete to ${B}`);
    expect(outcome(by(OWN, half(undefined), stateTrigger(B)))).toBe(`complete to ${B}`);
    const noted = { ...moving(), notices: [{ instanceId: B, at: NOW - 1_000 }] };
    expect(outcome(by(OWN, half(undefined, {}, noted), SWEEP))).toBe(`complete to ${C}`);
  });
});

describe('a target that is not asked for any more', () => {
  it('should still get it by the word of the person who named it, sick as it is', () => {
    const vouched = moving({ automatic: false, ignoreHealth: true });
    expect(outcome(by(OWN, half(undefined, { alarms: inAlarm(A, B) }, vouched)))).toBe(`complete to ${B}`);
    // The word was about B only.
    const refused = { ...OWN, refused: { [B]: noSlot } };
    expect(outcome(by(refused, half(undefined, { alarms: inAlarm(B, C) }, vouched)))).toBe(`roll-back to ${A}`);
  });
});

describe('the anchor', () => {
  it.each([OWN, OTHER])('should settle where the group goes, whatever the intent says: %j', (memory) => {
    expect(outcome(by(memory, half(C)))).toBe(`complete to ${C}`);
  });

  it('should draw the others to it', () => {
    const { plan, rejected } = by(OWN, half(undefined, { interfaces: [first(B), second(A)] }), SWEEP);
    expect(plan).toMatchObject({ kind: 'complete', from: A, to: B });
    expect(plan?.resources).toEqual([
      { kind: 'interface', id: ENI },
      {
        kind: 'interface',
        id: ENI2,
        leave: { attachmentId: 'eni-attach-2a', instanceId: A, detaching: false, overdue: false },
        enter: { deviceIndex: 2, networkCardIndex: 0 },
      },
    ]);
    expect(rejected.map(({ code }) => code)).toEqual(['holder-serves', 'holder-serves']);
  });

  it('should draw the others to it although the intent named another', () => {
    const elsewhere = by(OTHER, half(undefined, { interfaces: [first(C), second(A)] }));
    expect([outcome(elsewhere), passedOver(elsewhere)]).toEqual([
      `complete to ${C}`,
      [`${A} holder-serves`, `${B} holder-serves`],
    ]);
  });

  it('should not count as settled while it is still on the old holder', () => {
    expect(outcome(by(OTHER, half(undefined, { interfaces: [first(A), second(B)] })))).toBe(`complete to ${B}`);
  });

  // Unknown is not failed: the move is done but for its record, and it would be undone onto the failed holder.
  it.each(['insufficient-data', 'initializing', 'unreadable'] as const)(
    'should draw the others although the checks of its member are %s',
    (status) => {
      const checks = { [B]: instanceCheck(status) };
      expect(outcome(by(OWN, half(B, { checks })))).toBe(`complete to ${B}`);
      expect(outcome(by(OWN, half(undefined, { interfaces: [first(B), second()], checks })))).toBe(`complete to ${B}`);
    },
  );

  it('should draw the others although its member is excluded', () => {
    const members = [member(A), member(B), member(C, { tags: { 'eni-failover:exclude': 'true' } })];
    expect(outcome(by(OWN, half(undefined, { interfaces: [first(C), second()], members })))).toBe(`complete to ${C}`);
  });

  it('should leave a member that has failed, when the target of the move is well', () => {
    const interfaces = [first(C), second()];
    expect(outcome(by(OWN, half(undefined, { interfaces, alarms: inAlarm(A, C) })))).toBe(`complete to ${B}`);
    expect(outcome(by(OWN, half(undefined, { interfaces }), spotTrigger(C)))).toBe(`complete to ${B}`);
  });

  // From one failed member to another: nothing is gained, and the service is away for as long as it takes.
  it('should stay where it arrived when that member has failed and nobody else is fit', () => {
    const { plan } = by(OWN, half(B, { members: [member(A), member(B)], alarms: inAlarm(A, B) }), SWEEP);
    expect(plan).toMatchObject({ kind: 'complete', to: B });
    expect(plan?.resources.some(({ leave }) => leave !== undefined)).toBe(false);
  });
});

describe('what the ledger remembers', () => {
  const written = {
    ...moving(),
    resources: [{ kind: 'interface', id: ENI, deviceIndex: 2, networkCardIndex: 0 }],
  } as const;
  const place = (memory: Partial<Memory>) => {
    const { plan } = by(memory, half(undefined, {}, written), SWEEP);
    return [plan?.to, plan?.resources[0]?.enter];
  };
  const there = { deviceIndex: 2, networkCardIndex: 0 };

  it('should give a detached interface its place back, on the new holder and on the old one', () => {
    expect(place(OWN)).toEqual([B, there]);
    expect(place({ ...OWN, abandoned: 'it was denied' })).toEqual([A, there]);
  });

  it('should rank an old holder that was detached by force last', () => {
    const forced = [{ instanceId: B, launchedAt: NOW - 86_400_000 }];
    const seen = half(undefined, {}, { ...moving({ to: 'i-dddddddd', deadlineAt: NOW - 1 }), forced });
    expect(outcome(by(OTHER, seen))).toBe(`complete to ${C}`);
  });
});

describe('the way of a succession', () => {
  it.each<[string, Partial<Memory>, Observation, string]>([
    ['onward to the target', OWN, half(undefined), 'onward'],
    ['onward, for nobody, while another run may be at it', OTHER, half(undefined, { alarms: inAlarm(A, B) }), 'onward'],
    ['onward to whoever takes what is loose', OWN, observation({ interfaces: [floating(ENI)] }), 'onward'],
    ['onward to a standby', OWN, observation(), 'onward'],
    ['back to where it began', OWN, half(undefined, { alarms: inAlarm(A, B, C) }), 'back'],
  ])('should be %s', (_, memory, seen, way) => {
    expect(by(memory, seen).succession.way).toBe(way);
  });
});

describe('the holder of a group that is being left', () => {
  it('should be called failed where it failed, and only current where it did not', () => {
    expect(passedOver(decided(alarmTrigger(A), observation({ alarms: inAlarm(A) })))).toEqual([`${A} failed-holder`]);
    expect(passedOver(decided(spotTrigger(A), observation()))).toEqual([`${A} current-holder`]);
    expect(passedOver(decided({ kind: 'if-holder-failed' }, observation()))).toEqual([`${A} current-holder`]);
  });
});

describe('the last resort of a move that is half done', () => {
  const initializing = (...ids: readonly string[]) => ({
    checks: Object.fromEntries(ids.map((id) => [id, instanceCheck('initializing')])),
  });
  const REFUSED = { ...OWN, refused: { [B]: noSlot } };
  const calm = { alarms: inAlarm() };

  it.each<[what: string, memory: Partial<Memory>, given: Given, expected: string]>([
    ['come after an old holder that is well', REFUSED, { ...initializing(C), ...calm }, `roll-back to ${A}`],
    ['come before one that has failed', REFUSED, initializing(C), `complete to ${C}`],
    [
      'come before one that is stopped',
      REFUSED,
      { ...initializing(C), ...calm, members: [member(A, { state: 'stopped' }), member(B), member(C)] },
      `complete to ${C}`,
    ],
    ['get it when the move was meant for it', OWN, { ...initializing(B), ...calm }, `complete to ${B}`],
    ['wait for the run that is at it', OTHER, initializing(B, C), `complete to ${B}`],
  ])('should %s', (_, memory, given, expected) => {
    expect(outcome(by(memory, half(undefined, given)))).toBe(expected);
  });
});
