import * as fc from 'fast-check';
import type { ForcedDetach, Ledger } from '../../lib/core/ledger.ts';
import type { Memory, Refusal } from '../../lib/core/memory.ts';
import type {
  AttachmentView,
  InstanceState,
  InterfaceView,
  MemberView,
  Observation,
  Trigger,
  Unreadable,
} from '../../lib/core/model.ts';
import type { CheckStatus, StatusChecks } from '../../lib/core/readers.ts';
import {
  A,
  ACCOUNT,
  alarmOn,
  alarmTrigger,
  attachment,
  B,
  C,
  ENI,
  ENI2,
  floating,
  ledgerTags,
  member,
  NOW,
  observation,
  request,
  spotTrigger,
  stateTrigger,
} from './observation.ts';

const NO_SLOT: Refusal = { interfaceId: 'eni-99999999', reason: 'no slot' };

/** Mostly the first value: a world in which everything is wrong at once shows little. */
const mostly = <T>(usual: T, ...others: T[]) =>
  fc.oneof({ weight: 14, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constantFrom(usual, ...others) });

const ids = fc.constantFrom(A, B, C);
const state = mostly<InstanceState>('running', 'pending', 'stopping', 'stopped', 'shutting-down', 'terminated');
const status = mostly<CheckStatus>(
  'ok',
  'impaired',
  'initializing',
  'insufficient-data',
  'not-applicable',
  'suppressed',
  'unreadable',
);
const anyChecks: fc.Arbitrary<StatusChecks> = fc.record({
  system: status,
  instance: status,
  attachedEbs: status,
  application: mostly<CheckStatus>('not-applicable', 'ok', 'impaired'),
  scheduledEvents: mostly<string[]>([], ['instance-retirement']),
});

const tagsOf = fc.record(
  {
    'eni-failover:priority': fc.constantFrom('0', '5', '-1', 'high'),
    'eni-failover:exclude': fc.constantFrom('true', 'false'),
  },
  { requiredKeys: [] },
);

function anyMember(id: string): fc.Arbitrary<MemberView> {
  const given = fc.record({
    state,
    zone: mostly('us-east-1a', 'us-east-1b'),
    ownerId: mostly(ACCOUNT, '210987654321'),
    type: mostly('t3.small', 'm9x.new'),
    tags: fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, tagsOf),
  });
  return given.map((values) => member(id, values));
}

function anyInterface(id: string, deviceIndex: number): fc.Arbitrary<InterfaceView> {
  const holder = fc.oneof(
    { weight: 8, arbitrary: fc.constant<string | undefined>(A) },
    fc.constantFrom(undefined, B, C),
  );
  const attached = mostly<AttachmentView['status']>('attached', 'attaching', 'detaching');
  const more = fc.record({
    type: mostly('interface', 'efa'),
    privateIpv4Count: mostly(1, 9),
    zone: mostly('us-east-1a', 'us-east-1b'),
  });
  return fc
    .tuple(holder, attached, more)
    .map(([on, how, rest]) =>
      floating(id, on === undefined ? undefined : attachment(id, on, { deviceIndex, status: how }), rest),
    );
}

const anyLedger: fc.Arbitrary<Ledger | undefined> = fc.option(
  fc
    .record({
      phase: fc.constantFrom('steady' as const, 'moving' as const, 'failed' as const),
      holder: ids,
      from: ids,
      to: ids,
      deadlineAt: fc.constantFrom(NOW - 1, NOW + 60_000),
      automatic: fc.boolean(),
      named: fc.boolean(),
      ignoreHealth: mostly(false, true),
      pausedUntil: mostly(0, NOW + 60_000),
      moves: mostly<number[]>([], [NOW - 2, NOW - 1]),
      movedAt: mostly(0, NOW - 1),
      forced: mostly<string[]>([], [A], [B]),
      byForce: mostly<Pick<ForcedDetach, 'at' | 'devices'>>(
        {},
        { at: NOW - 9, devices: [{ deviceIndex: 1, networkCardIndex: 0 }] },
      ),
      noticed: mostly<string[]>([], [A], [B]),
      noticedAt: fc.constantFrom(NOW - 1_000, NOW - 600_000),
    })
    .map(
      ({
        from,
        to,
        deadlineAt,
        automatic,
        named,
        ignoreHealth,
        forced,
        byForce,
        noticed,
        noticedAt,
        ...rest
      }): Ledger => {
        const operation = {
          id: 'op-1',
          action: 'failover',
          from,
          to,
          runId: 'run-1',
          deadlineAt,
          automatic,
          ignoreHealth,
          ...(named && !automatic && { named: true as const }),
        } as const;
        return {
          ...rest,
          ...(from !== to && { operation }),
          phase: from === to && rest.phase === 'moving' ? 'steady' : rest.phase,
          resources: [
            { kind: 'interface', id: ENI, deviceIndex: 1, networkCardIndex: 0 },
            { kind: 'interface', id: ENI2, deviceIndex: 2, networkCardIndex: 0 },
          ],
          reason: 'generated',
          changedAt: NOW - 5_000,
          epoch: 1,
          members: [],
          stuck: [],
          refused: [],
          forced: forced.map((instanceId) => ({ instanceId, launchedAt: NOW - 86_400_000, ...byForce })),
          notices: noticed.map((instanceId) => ({ instanceId, at: noticedAt })),
        };
      },
    ),
  { nil: undefined },
);

/** What a run may have learnt: mostly nothing yet. */
export const anyMemory: fc.Arbitrary<Memory> = fc.record(
  {
    runId: fc.constantFrom('run-1', 'run-2'),
    refused: mostly<Record<string, Refusal>>({}, { [B]: NO_SLOT }, { [A]: NO_SLOT, [B]: NO_SLOT }),
    abandoned: fc.constant('it was denied'),
  },
  { requiredKeys: ['runId', 'refused'] },
);

const anyUnreadable = mostly<Unreadable[]>(
  [],
  [{ id: 'eni-33333333', reason: 'The reply has no AvailabilityZone for eni-33333333.', tags: {} }],
  [{ id: C, reason: `The reply has no State for ${C}.`, tags: {} }],
);

/** Groups of up to three members and two interfaces, in any shape that AWS could show. */
export const anyObservation: fc.Arbitrary<Observation> = fc
  .record({
    members: fc
      .tuple(anyMember(A), anyMember(B), anyMember(C), mostly([0, 1, 2], [0, 1], [1, 2], [0]))
      .map(([a, b, c, kept]) => [a, b, c].filter((_, i) => kept.includes(i))),
    interfaces: fc
      .tuple(anyInterface(ENI, 1), anyInterface(ENI2, 2), mostly(1, 2, 2, 2, 2, 2, 0))
      .map(([first, second, count]) => [first, second].slice(0, count)),
    checks: fc.dictionary(ids, anyChecks, { maxKeys: 2 }),
    alarms: fc.oneof(
      {
        weight: 9,
        arbitrary: fc
          .array(fc.tuple(mostly<string>(A, B, C), mostly(false, true)), { maxLength: 2 })
          .map((raised) => ({ readable: true as const, inAlarm: raised.map(([id, muted]) => alarmOn(id, { muted })) })),
      },
      { weight: 1, arbitrary: fc.constant({ readable: false as const, cause: 'away' }) },
    ),
    unreadable: anyUnreadable,
    ledger: anyLedger,
  })
  .map(({ ledger, interfaces, ...rest }) =>
    observation({
      ...rest,
      interfaces: interfaces.map((view) =>
        ledger ? { ...view, tags: { ...view.tags, ...ledgerTags(ledger) } } : view,
      ),
    }),
  );

export const anyTrigger: fc.Arbitrary<Trigger> = fc.oneof(
  fc
    .tuple(mostly<string>(A, B, C), fc.constantFrom(undefined, NOW - 1_000, NOW - 600_000))
    .chain(([id, at]) => fc.constantFrom(alarmTrigger(id, at), stateTrigger(id, at), spotTrigger(id, at))),
  fc.constant<Trigger>({ kind: 'sweep' }),
  fc
    .record(
      {
        from: ids,
        to: ids,
        ignoreHealth: mostly(false, true),
        action: mostly('failover' as const, 'plan' as const, 'status' as const),
      },
      { requiredKeys: ['ignoreHealth', 'action'] },
    )
    .map((given): Trigger => request(given)),
);
