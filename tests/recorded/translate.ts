import type { AlarmReading } from '../../lib/core/alarms.ts';
import type { Ledger } from '../../lib/core/ledger.ts';
import type { Memory } from '../../lib/core/memory.ts';
import type { EventTrigger, InterfaceView, MemberView, Observation, Trigger } from '../../lib/core/model.ts';
import { alarmSignals, stateSignals, type StatusChecks, statusSignals } from '../../lib/core/readers.ts';
import type { Settings } from '../../lib/core/settings.ts';

/** What was recorded, in the words of the code it was recorded from; here it becomes what today's code takes. */

type Json = Readonly<Record<string, unknown>>;

export interface Recorded {
  /** `decide`: a decision. `edit`: a person's edit of the ledger. `glance`: a sweep's first look. */
  readonly k: 'decide' | 'edit' | 'glance';
  readonly t: RecordedTrigger;
  readonly o: RecordedObservation;
  readonly s: Settings;
  readonly r: Json;
}

type RecordedTrigger = Trigger | { readonly kind: string; readonly instanceId: string; readonly happenedAt?: number };

interface RecordedObservation extends Omit<Observation, 'signals' | 'unreadable'> {
  readonly checks: Readonly<Record<string, StatusChecks>>;
  readonly alarms: AlarmReading;
  readonly experience?: Omit<Memory, 'wrote'> & { readonly wrote?: RecordedLedger };
}

type RecordedLedger = Omit<Ledger, 'resources' | 'notices'> & {
  readonly devices: Readonly<Record<string, { readonly deviceIndex: number; readonly networkCardIndex: number }>>;
};

const STATE = 'eni-failover-state:';

export function triggerOf(recorded: RecordedTrigger): Trigger {
  if (!('instanceId' in recorded)) {
    if (recorded.kind !== 'alarm') return recorded;
    const { kind, instanceIds, happenedAt } = recorded;
    return { kind, instanceIds, ...(happenedAt !== undefined && { happenedAt }) };
  }
  const { kind, instanceId, happenedAt } = recorded;
  const event = { kind: kind as EventTrigger['kind'], instanceIds: [instanceId] };
  return { ...event, ...(happenedAt !== undefined && { happenedAt }) };
}

export function observationOf(
  { checks, alarms, experience: _, ...rest }: RecordedObservation,
  s: Settings,
): Observation {
  const members: readonly MemberView[] = rest.members;
  return {
    ...rest,
    interfaces: rest.interfaces.map((view): InterfaceView => ({ ...view, tags: tagsOf(view.tags) })),
    unreadable: [],
    signals: [
      ...stateSignals(members),
      ...statusSignals(members, checks),
      ...alarmSignals(members, alarms, s.alarmPrefix),
    ],
  };
}

export function memoryOf({ experience }: RecordedObservation): Memory {
  const { wrote, ...rest } = experience ?? { runId: '', refused: {} };
  if (!wrote) return rest;
  const { devices, ...ledger } = wrote;
  const resources = Object.entries(devices).map(([id, device]) => ({ kind: 'interface', id, ...device }) as const);
  return { ...rest, wrote: { ...ledger, resources, notices: [] } };
}

/** The one key of the ledger that has another name and another form now. */
export function tagsOf(tags: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(tags).map(([key, value]) => {
      if (key !== `${STATE}devices`) return [key, value];
      return [`${STATE}resources`, value === 'none' ? value : `interface ${value}`];
    }),
  );
}
