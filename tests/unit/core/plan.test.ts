import { type Plan, planMove, planNothing, termsOf } from '../../../lib/core/plan.ts';
import type { InterfaceView, TypeLimits } from '../../../lib/core/model.ts';
import { tagged } from '../../support/election.ts';
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
  intent,
  ledger,
  ledgerTags,
  member,
  observation,
  request,
  T3_SMALL,
} from '../../support/observation.ts';

const TERMS = { action: 'failover', from: A, automatic: true, ignoreHealth: false } as const;
const first = { deviceIndex: 1, networkCardIndex: 0 };
const second = { deviceIndex: 2, networkCardIndex: 0 };
const leaveA = (nth: 1 | 2 = 1) => ({
  attachmentId: `eni-attach-${nth}a`,
  instanceId: A,
  detaching: false,
  overdue: false,
});

const seen = (...interfaces: readonly InterfaceView[]) => ({ observation: { interfaces }, overdue: new Set<string>() });

describe('the moves of a plan', () => {
  const planned = (view: InterfaceView, placed = [{ interfaceId: ENI, ...first }]) =>
    planMove('new', { member: member(B), placed }, seen(view), TERMS).resources;
  const { instanceId: _, ...foreign } = attachment(ENI, A);

  it.each<[what: string, view: InterfaceView, move: object]>([
    ['leave one member and enter another', floating(ENI, A), { leave: leaveA(), enter: first }],
    ['enter, when it is attached to nothing', floating(ENI), { enter: first }],
    ['stay, when it is there', floating(ENI, B), {}],
    ['stay, when it arrives there', floating(ENI, attachment(ENI, B, { status: 'attaching' })), {}],
    [
      'leave and come back, when it is on its way off',
      floating(ENI, attachment(ENI, B, { status: 'detaching' })),
      { leave: { attachmentId: 'eni-attach-1b', instanceId: B, detaching: true, overdue: false }, enter: first },
    ],
    [
      'be waited for, when it is leaving another already',
      floating(ENI, attachment(ENI, A, { status: 'detaching' })),
      { leave: { ...leaveA(), detaching: true }, enter: first },
    ],
    [
      'leave whatever it is attached to',
      floating(ENI, foreign),
      { leave: { ...leaveA(), instanceId: 'unknown' }, enter: first },
    ],
  ])('should have an interface %s', (_what, view, move) => {
    expect(planned(view)).toEqual([{ kind: 'interface', id: ENI, ...move }]);
  });

  it('should leave by force what has been on its way for too long', () => {
    const attaching = floating(ENI, attachment(ENI, A, { status: 'attaching' }));
    const late = { ...seen(attaching), overdue: new Set(['eni-attach-1a']) };
    const [move] = planMove(
      'complete',
      { member: member(B), placed: [{ interfaceId: ENI, ...first }] },
      late,
      TERMS,
    ).resources;
    expect(move).toEqual({ kind: 'interface', id: ENI, leave: { ...leaveA(), overdue: true }, enter: first });
  });

  it('should leave alone an interface that has no place', () => {
    expect(planned(floating(ENI, A), [])).toEqual([{ kind: 'interface', id: ENI }]);
  });

  it('should take each interface to its own place, whatever the order of the places', () => {
    const placed = [
      { interfaceId: ENI2, ...second },
      { interfaceId: ENI, ...first },
    ];
    expect(planMove('complete', { member: member(B), placed }, seen(floating(ENI), floating(ENI2)), TERMS)).toEqual({
      kind: 'complete',
      ...TERMS,
      to: B,
      resources: [
        { kind: 'interface', id: ENI, enter: first },
        { kind: 'interface', id: ENI2, enter: second },
      ],
    });
  });
});

describe('a plan that moves nothing', () => {
  it('should name every interface all the same', () => {
    expect(planNothing('close', A, [floating(ENI, A), floating(ENI2)], TERMS)).toEqual({
      kind: 'close',
      ...TERMS,
      to: A,
      resources: [
        { kind: 'interface', id: ENI },
        { kind: 'interface', id: ENI2 },
      ],
    });
  });
});

describe('the terms of an operation that goes on', () => {
  it('should be those of its intent and nothing else', () => {
    const { from: _, ...loose } = intent({ action: 'attach', automatic: false, ignoreHealth: true });
    expect(termsOf(intent())).toStrictEqual(TERMS);
    expect(termsOf(loose)).toStrictEqual({ action: 'attach', automatic: false, ignoreHealth: true });
  });
});

/** Who gets what where. */
function movesOf(plan: Plan | undefined): readonly string[] {
  return (plan?.resources ?? []).map(({ id, leave, enter }) => {
    const device = enter ? ` to ${enter.deviceIndex}@${enter.networkCardIndex} of ${plan?.to}` : '';
    return `${id}${leave ? ` from ${leave.instanceId}` : ''}${device}`;
  });
}

describe('the place of an interface that moves', () => {
  const P4D: TypeLimits = { ...T3_SMALL, cards: [0, 1, 2].map((index) => ({ index, maxInterfaces: 3 })) };
  const loose = (tags: Readonly<Record<string, string>>): Given => ({
    interfaces: [floating(ENI, undefined, { tags })],
  });
  const onCard = { interfaces: [floating(ENI, attachment(ENI, A, { deviceIndex: 1, networkCardIndex: 2 }))] };
  const inUse = {
    slots: [0, 1].map((deviceIndex) => ({ interfaceId: `eni-${deviceIndex}`, deviceIndex, networkCardIndex: 0 })),
  };
  const remembered = ledger({ resources: [{ kind: 'interface', id: ENI, deviceIndex: 2, networkCardIndex: 0 }] });

  it.each<[what: string, given: Given, to: string | undefined, moves: readonly string[]]>([
    ['the ledger’s, when it is detached', loose(ledgerTags(remembered)), undefined, [`${ENI} to 2@0 of ${A}`]],
    ['its tag’s', loose({ 'eni-failover:device-index': '2' }), undefined, [`${ENI} to 2@0 of ${A}`]],
    ['the lowest that is free', { ...loose({}), members: [member(A), member(B, inUse)] }, B, [`${ENI} to 2@0 of ${B}`]],
    [
      'on the same network card',
      { ...onCard, limits: { 't3.small': P4D } },
      undefined,
      [`${ENI} from ${A} to 1@2 of ${B}`],
    ],
    ['the lowest free index, on a type that lacks that card', onCard, undefined, [`${ENI} from ${A} to 1@0 of ${B}`]],
  ])('should be %s', (_, given, to, moves) => {
    expect(movesOf(decided(request(to === undefined ? {} : { to }), observation(given)).plan)).toEqual(moves);
  });
});

describe('a group of two interfaces', () => {
  const interfaces = [floating(ENI, A), floating(ENI2, attachment(ENI2, A, { deviceIndex: 2 }))];
  const withSlots = (id: string, ...indexes: readonly number[]) =>
    member(id, {
      slots: indexes.map((deviceIndex) => ({
        interfaceId: `eni-${id}${deviceIndex}`,
        deviceIndex,
        networkCardIndex: 0,
      })),
    });

  it('should move as a whole', () => {
    const { plan } = decided(alarmTrigger(A), observation({ interfaces, alarms: inAlarm(A) }));
    expect(movesOf(plan)).toEqual([`${ENI} from ${A} to 1@0 of ${B}`, `${ENI2} from ${A} to 2@0 of ${B}`]);
  });

  it('should move to the member that has room for both', () => {
    const members = [member(A), withSlots(B, 0, 3), member(C)];
    const decision = decided(alarmTrigger(A), observation({ interfaces, members, alarms: inAlarm(A) }));
    expect(movesOf(decision.plan)).toEqual([`${ENI} from ${A} to 1@0 of ${C}`, `${ENI2} from ${A} to 2@0 of ${C}`]);
    expect(decision.rejected.map(({ instanceId, code }) => [instanceId, code])).toEqual([
      [A, 'failed-holder'],
      [B, 'no-free-slot'],
    ]);
  });
});

describe('two groups that stand by for each other', () => {
  it('should move to where the other is, next to it', () => {
    const both = { tags: { 'eni-failover:group': 'web db' } };
    const others = { interfaceId: 'eni-33333333', deviceIndex: 2, networkCardIndex: 0 };
    const host = member(B, { ...both, slots: [...member(B).slots, others] });
    const seen = { ...tagged({}, { members: [member(A, both), host], alarms: inAlarm(A) }) };
    expect(movesOf(decided(alarmTrigger(A), seen).plan)).toEqual([`${ENI} from ${A} to 1@0 of ${B}`]);
  });
});
