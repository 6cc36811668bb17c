import type { AlarmReading, AlarmView } from '../../lib/core/alarms.ts';
import { decide, type Decision } from '../../lib/core/decide.ts';
import type { Ledger } from '../../lib/core/ledger.ts';
import { encodeKeys } from '../../lib/core/ledger-codec.ts';
import { LEDGER_KEYS } from '../../lib/core/ledger-fields.ts';
import { freshMemory, type Memory } from '../../lib/core/memory.ts';
import type {
  AttachmentView,
  InterfaceView,
  MemberView,
  MissingRead,
  Observation,
  PersonRequest,
  Trigger,
  TypeLimits,
} from '../../lib/core/model.ts';
import {
  alarmSignals,
  type CheckStatus,
  stateSignals,
  type StatusChecks,
  statusSignals,
} from '../../lib/core/readers.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../lib/core/settings.ts';

export const NOW = Date.UTC(2026, 7, 20, 10, 0, 0);
export const MINUTE_MS = 60_000;
export const [A, B, C] = ['i-aaaaaaaa', 'i-bbbbbbbb', 'i-cccccccc'] as const;
export const [ENI, ENI2] = ['eni-11111111', 'eni-22222222'] as const;
export const ACCOUNT = '123456789012';

export const T3_SMALL: TypeLimits = {
  maxInterfaces: 3,
  ipv4PerInterface: 4,
  ipv6PerInterface: 4,
  cards: [{ index: 0, maxInterfaces: 3 }],
};

/** A running member with its primary interface only. */
export function member(id: string, given: Partial<MemberView> = {}): MemberView {
  return {
    id,
    state: 'running',
    type: 't3.small',
    zone: 'us-east-1a',
    ownerId: ACCOUNT,
    launchedAt: NOW - 86_400_000,
    slots: [{ interfaceId: id.replace(/^i-/, 'eni-'), deviceIndex: 0, networkCardIndex: 0 }],
    ...given,
    tags: { 'eni-failover:group': 'web', ...given.tags },
  };
}

/** An attachment; its id is made of the two. */
export function attachment(
  interfaceId: string,
  instanceId: string,
  given: Partial<AttachmentView> = {},
): AttachmentView {
  return {
    id: `eni-attach-${interfaceId.slice(-1)}${instanceId.slice(-1)}`,
    instanceId,
    deviceIndex: 1,
    networkCardIndex: 0,
    status: 'attached',
    deleteOnTermination: false,
    ...given,
  };
}

/** A floating interface; attached when a holder is given. */
export function floating(
  id: string,
  holder?: string | AttachmentView,
  given: Partial<InterfaceView> = {},
): InterfaceView {
  const attached = typeof holder === 'string' ? attachment(id, holder) : holder;
  return {
    id,
    zone: 'us-east-1a',
    ownerId: ACCOUNT,
    type: 'interface',
    privateIpv4Count: 1,
    ipv6Count: 0,
    ...(attached && { attachment: attached }),
    ...given,
    tags: { 'eni-failover:group': 'web', ...given.tags },
  };
}

/** Checks that all say ok, but for those given. */
export function checks(given: Partial<StatusChecks> = {}): StatusChecks {
  return {
    system: 'ok',
    instance: 'ok',
    attachedEbs: 'ok',
    application: 'not-applicable',
    scheduledEvents: [],
    ...given,
  };
}

export const instanceCheck = (status: CheckStatus): StatusChecks => checks({ instance: status });

/** An alarm of ours on an instance. */
export function alarmOn(instanceId: string, given: Partial<AlarmView> = {}): AlarmView {
  const metrics = [{ namespace: 'AWS/EC2', name: 'StatusCheckFailed', instanceId }];
  return { name: `eni-failover/web/${instanceId}`, metrics, ...given };
}

export const inAlarm = (...instanceIds: readonly string[]): AlarmReading => ({
  readable: true,
  inAlarm: instanceIds.map((id) => alarmOn(id)),
});

export const UNREAD_CHECKS: MissingRead = {
  source: 'status',
  reason: 'ec2:DescribeInstanceStatus failed (throttled): RequestLimitExceeded: later.',
  mayPass: true,
};

/** What an observation is made of here: what was read of the members' health, instead of the signals it becomes. */
export interface Given extends Partial<Observation> {
  /** By instance id; those of the other running members say ok. `undefined`: not reported. */
  readonly checks?: Readonly<Record<string, StatusChecks | undefined>>;
  readonly alarms?: AlarmReading;
}

/**
 * A group: by default `eni-11111111` on A, with B as the standby, and everything well. The members' slots follow from
 * where the interfaces are; so do the checks of the members that are running.
 */
export function observation(given: Given = {}): Observation {
  const { interfaces = [floating(ENI, A)], members = [member(A), member(B)], checks: read, alarms, ...rest } = given;
  const withSlots = members.map((each) => ({
    ...each,
    slots: [
      ...each.slots,
      ...interfaces.flatMap(({ id, attachment: at }) =>
        at?.instanceId === each.id
          ? [{ interfaceId: id, deviceIndex: at.deviceIndex, networkCardIndex: at.networkCardIndex }]
          : [],
      ),
    ],
  }));
  const told = { ...Object.fromEntries(members.map(({ id }) => [id, checks()])), ...read };
  const reported = Object.entries(told).flatMap(([id, each]) => (each ? [[id, each] as const] : []));
  return {
    group: 'web',
    now: NOW,
    interfaces,
    members: withSlots,
    unreadable: [],
    limits: { 't3.small': T3_SMALL },
    signals: [
      ...stateSignals(members),
      ...statusSignals(members, Object.fromEntries(reported)),
      ...alarmSignals(members, alarms ?? { readable: true, inAlarm: [] }, DEFAULT_SETTINGS.alarmPrefix),
    ],
    ...rest,
  };
}

/** What is decided for a trigger; by a run that has done nothing yet, with the default settings, unless given. */
export function decided(
  trigger: Trigger,
  seen: Observation,
  given: { readonly memory?: Partial<Memory>; readonly settings?: Partial<Settings> } = {},
): Decision {
  return decide(trigger, seen, { ...freshMemory('run-now'), ...given.memory }, settings(given.settings));
}

/** An event of one kind about one instance. */
const eventTrigger =
  (kind: 'alarm' | 'instance-state' | 'instance-running' | 'interruption') =>
  (instanceId: string, happenedAt?: number): Trigger => ({
    kind,
    instanceIds: [instanceId],
    ...(happenedAt !== undefined && { happenedAt }),
  });

export const alarmTrigger = eventTrigger('alarm');
export const stateTrigger = eventTrigger('instance-state');
export const spotTrigger = eventTrigger('interruption');

export const request = (given: Partial<PersonRequest> = {}): PersonRequest => ({
  kind: 'request',
  action: 'failover',
  group: 'web',
  ignoreHealth: false,
  ...given,
});

export const SWEEP: Trigger = { kind: 'sweep' };

export const settings = (given: Partial<Settings> = {}): Settings => ({ ...DEFAULT_SETTINGS, ...given });

/** The ledger of a group at rest on A. */
export function ledger(given: Partial<Ledger> = {}): Ledger {
  return {
    phase: 'steady',
    holder: A,
    resources: [{ kind: 'interface', id: ENI, deviceIndex: 1, networkCardIndex: 0 }],
    reason: 'as it was',
    changedAt: NOW - 3_600_000,
    epoch: 3,
    moves: [],
    members: [A, B],
    forced: [],
    stuck: [],
    refused: [],
    notices: [],
    ...given,
  };
}

/** The intent of another run to move the group from A to B, with a minute left. */
export function intent(given: Partial<NonNullable<Ledger['operation']>> = {}): NonNullable<Ledger['operation']> {
  return {
    id: 'op-1',
    action: 'failover',
    from: A,
    to: B,
    runId: 'run-1',
    deadlineAt: NOW + MINUTE_MS,
    automatic: true,
    ignoreHealth: false,
    ...given,
  };
}

/** A ledger in the middle of that move. */
export const moving = (given: Partial<NonNullable<Ledger['operation']>> = {}): Ledger =>
  ledger({ phase: 'moving', operation: intent(given), changedAt: NOW - 5_000 });

/** The tags in which an interface carries a ledger, every key of it. */
export function ledgerTags(written: Ledger): Readonly<Record<string, string>> {
  return encodeKeys(written, LEDGER_KEYS, DEFAULT_SETTINGS.statePrefix);
}
