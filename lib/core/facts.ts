import { carrierIds, carriersOf } from './carriers.ts';
import type { Analysis } from './codes.ts';
import { type Intent, type Ledger, type LedgerReading, type Notice, recordedHolders } from './ledger.ts';
import { inForce, pausedUntilOn, readLedger, readNotices } from './ledger-codec.ts';
import { parseIntent } from './ledger-entries.ts';
import type { Memory, Past } from './memory.ts';
import type { InterfaceView, Observation, Signal, Trigger } from './model.ts';
import { isUntaggable, pastOf } from './past.ts';
import { noticesIn, noticeSignals } from './readers.ts';
import { probeSettings, type ProbeSettings } from './probe-settings.ts';
import { type GroupSettings, groupSettings, type Settings } from './settings.ts';
import { type Health, healthOfHolder } from './signals.ts';
import { analyze, holdersOf, type Situation, settledOn, wholeOn } from './situation.ts';
import { overdueAttachments } from './transit.ts';
import { probeWarnings } from './probe-told.ts';
import { type Stray, straysOf } from './strays.ts';
import { memberTagFaults } from './tags.ts';
import { codeOfWarning, warning, warningsOf, withheldWarnings } from './warnings.ts';
import { withheldOn } from './withheld.ts';

/** The facts of a group that every question starts from. */
export interface Facts {
  readonly observation: Observation;
  readonly memory: Memory;
  readonly analysis: Analysis;
  readonly situation: Situation;
  /** One sentence: what was observed. */
  readonly summary: string;
  /** Recorded and not yet finished, whatever else stands in the way of finishing it. */
  readonly intent: Intent | undefined;
  /** One that would take an interface from a holder that is well, and is not recorded on that interface. */
  readonly unvouched: Intent | undefined;
  readonly anchor: InterfaceView | undefined;
  /** The instance the anchor is attached to now; when the anchor is detached, the one that holds the others. */
  readonly holderId: string | undefined;
  readonly holderHealth: Health | undefined;
  /** Everything that speaks for or against a member: what was observed, what was announced, what is assumed. */
  readonly signals: readonly Signal[];
  readonly ledgerReading: LedgerReading;
  readonly ledger: Ledger | undefined;
  /** A person's pause counts even where the rest of the ledger cannot be read. */
  readonly pausedUntil: number | undefined;
  /** What is noted of members that EC2 takes back, whatever the rest of the ledger is like. */
  readonly notices: readonly Notice[];
  readonly settings: Settings;
  /** What the group's tags ask the probe for. */
  readonly probe: ProbeSettings;
  /** What is known of earlier moves, and of what members made of them. */
  readonly past: Past;
  /** Nothing that is done with the group can be written down. */
  readonly untaggable: boolean;
  /** Interfaces that carry the group's tag and do not belong to it. */
  readonly strays: readonly Stray[];
  /** Members that may refuse the only place the interfaces can have there, each with a sentence about "it". */
  readonly withheld: ReadonlyMap<string, string>;
  /** Attachments on their way for longer than they may be, by id. */
  readonly overdue: ReadonlySet<string>;
  /** One sentence on each tag that cannot be read, or does not say what it seems to. */
  readonly faults: readonly string[];
  /** Things to put right that do not stand in the way now, one sentence each; these faults are among them. */
  readonly warnings: readonly string[];
}

/** Establishes what is the case; nothing in here says what to do about it. */
export function establish(trigger: Trigger, observation: Observation, memory: Memory, deployment: Settings): Facts {
  const { interfaces, now } = observation;
  const anchor = interfaces[0];
  const { settings, faults } = settingsOf(deployment, observation);
  const probe = probeSettings(interfaces, settings.tagPrefix);
  const ledgerReading = newer(readingOf(observation, settings.statePrefix), memory.wrote);
  const strays = straysOf(observation, settings.statePrefix);
  const ledger = ledgerReading.status === 'valid' ? ledgerReading.ledger : undefined;
  const holderId = holdersOf(interfaces)[0];
  const past = pastOf(ledger, memory);
  const withheld = withheldOn(observation, settings, past.forced, ledger?.resources ?? []);
  const notices = [
    ...readNotices(carriersOf(observation), settings.statePrefix),
    ...(memory.unrecorded?.notices ?? []),
    ...(memory.heard ?? []),
  ];
  const signals = [
    ...observation.signals,
    ...noticeSignals(noticesIn(trigger, now), now, 'leaving'),
    ...noticeSignals(notices, now, 'noted'),
    ...(trigger.kind === 'if-holder-failed' && holderId !== undefined ? [assumed(holderId)] : []),
  ];
  const health = healthOfHolder(holderId ?? '', signals);
  const hasVanished = (instanceId: string): boolean =>
    ledger !== undefined &&
    recordedHolders(ledger).includes(instanceId) &&
    healthOfHolder(instanceId, observation.signals).code === 'gone';
  // What is asked with an assumption is what comes after a move that only waits to be recorded, or to be begun.
  const settled = trigger.kind === 'if-holder-failed' && wholeOn(interfaces) !== undefined;
  const open = settled ? undefined : openIntent(ledger, interfaces);
  const intent = open && isVouchedFor(open, interfaces, memory, signals, settings.statePrefix) ? open : undefined;
  return {
    ...analyze({ ...observation, intent, holderId, health, hasVanished }),
    observation,
    memory,
    intent,
    unvouched: intent ? undefined : open,
    anchor,
    holderId,
    holderHealth: holderId === undefined ? undefined : health,
    signals,
    notices,
    ledgerReading,
    ledger,
    pausedUntil: later(
      (ledgerReading.status === 'valid' ? ledger : ledgerReading)?.pausedUntil,
      pausedUntilOn(observation.joins ?? [], settings.statePrefix),
    ),
    settings,
    probe,
    past,
    untaggable: isUntaggable(observation, settings, memory),
    strays,
    withheld,
    faults: [
      ...[...faults, ...probe.faults].filter((fault) => codeOfWarning(fault).code === undefined),
      ...observation.members.flatMap((member) => memberTagFaults(member, settings.tagPrefix)),
    ],
    overdue: overdueAttachments(observation, settings, ledger, memory),
    warnings: [
      ...(observation.missing ?? []).map(({ reason }) => reason),
      ...faults,
      ...probe.faults,
      ...warningsOf(observation, ledgerReading, settings),
      ...plannedForHolder({ holderId, signals }),
      ...withheldWarnings(withheld),
      ...told(strays),
      ...probeWarnings(interfaces, ledger, probe),
    ],
  };
}

/** What is about to be one group is bound by what a person has said of either part: manual mode, and a pause. */
function settingsOf(deployment: Settings, { interfaces, joins = [] }: Observation): GroupSettings {
  const own = groupSettings(deployment, interfaces);
  const isManual = joins.length > 0 && groupSettings(deployment, joins).settings.mode === 'manual';
  return isManual ? { ...own, settings: { ...own.settings, mode: 'manual' } } : own;
}

const later = (one: number | undefined, other: number | undefined): number | undefined =>
  one === undefined || other === undefined ? (one ?? other) : Math.max(one, other);

/** The holder, when EC2 has planned something for it: a retirement, a stop, a reboot. */
export function dueHolder({ holderId, signals }: Pick<Facts, 'holderId' | 'signals'>): string | undefined {
  return plannedForHolder({ holderId, signals }).length > 0 ? holderId : undefined;
}

/** One sentence for each thing that EC2 has planned for the holder. */
export function plannedForHolder({ holderId, signals }: Pick<Facts, 'holderId' | 'signals'>): readonly string[] {
  const planned = signals.filter((signal) => signal.instanceId === holderId && signal.source === 'schedule');
  return planned.map(
    ({ because }) => `The holder ${holderId} ${because}: move the group before, by a failover request.`,
  );
}

const assumed = (instanceId: string): Signal => {
  return { instanceId, source: 'assumption', verdict: 'failed', because: 'has failed, it is assumed' };
};

/** Of an interface that has no room for the ledger nobody expects that it carries it. */
function readingOf(observation: Observation, statePrefix: string): LedgerReading {
  const reading = readLedger(carriersOf(observation), statePrefix, observation.now);
  if (reading.status !== 'valid') return reading;
  const writable = carrierIds(observation, statePrefix);
  return { ...reading, missingOn: reading.missingOn.filter((id) => writable.includes(id)) };
}

/** Reads lag; a run that has just written the ledger knows better than a read that shows an older one. */
function newer(reading: LedgerReading, wrote: Ledger | undefined): LedgerReading {
  if (!wrote || (reading.status === 'valid' && reading.ledger.changedAt >= wrote.changedAt)) return reading;
  const { pausedUntil: _, pauseReason: __, acknowledgedAt: ___, ...own } = wrote;
  // What people wrote in the meantime counts all the same.
  const said = reading.status === 'valid' ? reading.ledger : reading;
  const peoples = reading.status === 'absent' ? { ...wrote, ...said } : said;
  const { pausedUntil, pauseReason, acknowledgedAt } = peoples;
  const ledger = inForce({
    ...own,
    ...(pausedUntil !== undefined && { pausedUntil }),
    ...(pauseReason !== undefined && { pauseReason }),
    ...(acknowledgedAt !== undefined && { acknowledgedAt }),
  });
  return { status: 'valid', ledger, missingOn: [], outdated: false };
}

/**
 * Whoever may write the tags of one interface has no say over another: one leaves a holder that passes its checks only
 * for an operation that this run has begun, or that is recorded on that very interface.
 */
function isVouchedFor(
  { id, to }: Intent,
  interfaces: readonly InterfaceView[],
  { wrote }: Memory,
  signals: readonly Signal[],
  statePrefix: string,
): boolean {
  if (wrote?.operation?.id === id) return true;
  return interfaces.every(({ attachment, tags }) => {
    const holder = attachment?.instanceId;
    if (holder === undefined || holder === to || healthOfHolder(holder, signals).verdict !== 'healthy') return true;
    return parseIntent(tags[`${statePrefix}operation`] ?? '')?.id === id;
  });
}

const told = (strays: readonly Stray[]): readonly string[] =>
  strays.flatMap(({ code, sentence }) => (code === 'joining' ? [] : warning(code, sentence)));

/** A `failed` operation whose group is whole again (a person helped) is history, not an intent. */
function openIntent(ledger: Ledger | undefined, interfaces: readonly InterfaceView[]): Intent | undefined {
  const open = ledger?.phase === 'moving' || (ledger?.phase === 'failed' && settledOn(interfaces) === undefined);
  return open ? ledger?.operation : undefined;
}
