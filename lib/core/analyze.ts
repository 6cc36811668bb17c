import type { Analysis } from './codes.ts';
import { type Health, judgeHolder } from './health.ts';
import type { Intent, Ledger, LedgerReading } from './ledger.ts';
import { readLedger } from './ledger-codec.ts';
import type { InterfaceView, MemberView, Observation, Trigger } from './model.ts';
import { groupSettings, type Settings } from './settings.ts';
import { isPrimary, memberTagFaults } from './tags.ts';

/** The facts of a group that every further question starts from. */
export interface Situation {
  readonly analysis: Analysis;
  /** One sentence: what was observed. */
  readonly summary: string;
  readonly anchor: InterfaceView | undefined;
  /** The instance the anchor is attached to now; when the anchor is detached, the one that holds the others. */
  readonly holderId: string | undefined;
  readonly holderHealth: Health | undefined;
  /** Since when the holder's checks are impaired: by EC2's word, else since automation noted it. */
  readonly impairedSince: number | undefined;
  readonly ledgerReading: LedgerReading;
  readonly ledger: Ledger | undefined;
  /** A person's pause counts even where the rest of the ledger cannot be read. */
  readonly pausedUntil: number | undefined;
  /** Recorded and not yet finished. */
  readonly intent: Intent | undefined;
  readonly settings: Settings;
  /** Things to put right that do not stand in the way now, one sentence each. */
  readonly warnings: readonly string[];
}

/** Names what is observed. The order matters: what makes a group impossible to move comes before how its holder is. */
export function analyze(observation: Observation, trigger: Trigger, deployment: Settings): Situation {
  const anchor = observation.interfaces[0];
  const { settings, faults } = groupSettings(deployment, anchor);
  const ledgerReading = newer(readLedger(observation.interfaces, settings.statePrefix), observation.experience?.wrote);
  const ledger = ledgerReading.status === 'valid' ? ledgerReading.ledger : undefined;
  const pausedUntil = ledgerReading.status === 'damaged' ? ledgerReading.pausedUntil : ledger?.pausedUntil;
  const intent = openIntent(ledger, observation.interfaces);
  const holderId = holderOf(observation.interfaces);
  const holder = observation.members.find((member) => member.id === holderId);
  const holderHealth = holderId === undefined ? undefined : judgeHolder(holder, observation, settings.alarmPrefix);
  const found =
    misconfigured(observation) ??
    foreignHolder(observation) ??
    unfinished(observation, intent) ??
    parked(observation.members) ??
    strandedStandbys(observation, holder) ??
    holderCondition(holderId, holderHealth, trigger);
  const warnings = [...faults, ...ledgerFaults(ledgerReading), ...observationWarnings(observation, settings)];
  const impairedSince = observation.checks[holderId ?? '']?.impairedSince ?? notedSince(ledger, 'holder-impaired');
  return {
    ...found,
    anchor,
    holderId,
    holderHealth,
    impairedSince,
    ledgerReading,
    ledger,
    pausedUntil,
    intent,
    settings,
    warnings,
  };
}

/** Reads lag; a run that has just written the ledger knows better than a read that shows an older one. */
function newer(reading: LedgerReading, wrote: Ledger | undefined): LedgerReading {
  if (!wrote || (reading.status === 'valid' && reading.ledger.changedAt >= wrote.changedAt)) return reading;
  return { status: 'valid', ledger: wrote, missingOn: [] };
}

type Found = Pick<Situation, 'analysis' | 'summary'>;

/** The instance that holds the anchor, or, while the anchor is detached, the one that holds another interface. */
export function holderOf(interfaces: readonly InterfaceView[]): string | undefined {
  return interfaces.flatMap((view) => view.attachment?.instanceId ?? [])[0];
}

/** The instances that hold interfaces of the group, each once. */
export function holders(interfaces: readonly InterfaceView[]): readonly string[] {
  return [...new Set(interfaces.flatMap((view) => view.attachment?.instanceId ?? []))];
}

/** Since when the ledger knows of this condition of the group, whatever stood in the way of acting on it. */
export function notedSince(ledger: Ledger | undefined, analysis: Analysis): number | undefined {
  return ledger?.condition?.what.startsWith(`${analysis}/`) ? ledger.condition.since : undefined;
}

/** A `failed` operation whose group is whole again (a person helped) is history, not an intent. */
function openIntent(ledger: Ledger | undefined, interfaces: readonly InterfaceView[]): Intent | undefined {
  const whole = interfaces.every((view) => view.attachment) && holders(interfaces).length === 1;
  const open = ledger?.phase === 'moving' || (ledger?.phase === 'failed' && !whole);
  return open ? ledger?.operation : undefined;
}

function misconfigured({ group, interfaces }: Observation): Found | undefined {
  if (interfaces.length === 0) {
    return { analysis: 'group-unknown', summary: `No network interface is tagged with the group '${group}'.` };
  }
  const primary = interfaces.find(({ attachment }) => attachment && isPrimary(attachment));
  if (primary) {
    const summary = `${primary.id} is the primary interface of ${primary.attachment?.instanceId}, which cannot be detached; tag a secondary one.`;
    return { analysis: 'interface-primary', summary };
  }
  const zones = [...new Set(interfaces.map((view) => view.zone))];
  if (zones.length < 2) return undefined;
  const summary = `The interfaces of the group are spread over ${zones.join(' and ')}; no instance can hold them all.`;
  return { analysis: 'interfaces-span-zones', summary };
}

function foreignHolder({ group, interfaces, members }: Observation): Found | undefined {
  const foreign = interfaces.find(
    ({ attachment }) => attachment && !members.some((member) => member.id === attachment.instanceId),
  );
  if (!foreign) return undefined;
  const who = foreign.attachment?.instanceId ?? 'something that is not an instance of this account';
  const summary = `${foreign.id} is attached to ${who}, which is not tagged as a member of the group '${group}'.`;
  return { analysis: 'holder-not-member', summary };
}

function unfinished({ interfaces }: Observation, intent: Intent | undefined): Found | undefined {
  if (intent) {
    const summary = `The ${intent.action} ${intent.id} to ${intent.to} was begun and not finished.`;
    return { analysis: 'operation-interrupted', summary };
  }
  const held = holders(interfaces);
  if (held.length > 1) {
    const summary = `The interfaces of the group are split between ${held.join(' and ')}, and no operation explains it.`;
    return { analysis: 'group-split', summary };
  }
  const loose = interfaces.filter((view) => !view.attachment).map((view) => view.id);
  if (loose.length === 0) return undefined;
  return {
    analysis: 'interface-unattached',
    summary: `${loose.join(' and ')} ${loose.length > 1 ? 'are' : 'is'} not attached to any instance.`,
  };
}

function parked(members: readonly MemberView[]): Found | undefined {
  const allStopped = members.every(({ state }) => state === 'stopped' || state === 'stopping');
  if (members.length === 0 || !allStopped) return undefined;
  return {
    analysis: 'group-parked',
    summary: 'Every member of the group is stopped; there is nothing to fail over to.',
  };
}

function strandedStandbys({ interfaces, members }: Observation, holder: MemberView | undefined): Found | undefined {
  const standbys = members.filter((member) => member !== holder);
  const zone = interfaces[0]?.zone;
  if (standbys.length === 0 || standbys.some((member) => member.zone === zone)) return undefined;
  const where = [...new Set(standbys.map((member) => member.zone))].join(' and ');
  const summary = `The interface is in ${zone} and every standby is in ${where}; an interface cannot leave its Availability Zone.`;
  return { analysis: 'members-span-zones', summary };
}

function holderCondition(holderId: string | undefined, health: Health | undefined, trigger: Trigger): Found {
  const summary = `The holder ${holderId} ${health?.because}.`;
  if (health?.code === 'gone') return { analysis: 'holder-gone', summary };
  if (health?.code === 'stopped') return { analysis: 'holder-stopped', summary };
  if (health?.verdict === 'failed') return { analysis: 'holder-impaired', summary };
  if (trigger.kind === 'spot-interruption' && trigger.instanceId === holderId) {
    return {
      analysis: 'holder-leaving',
      summary: `The holder ${holderId} is a Spot instance that EC2 reclaims within two minutes.`,
    };
  }
  if (health?.verdict === 'unknown') return { analysis: 'holder-unknown', summary };
  return { analysis: 'holder-healthy', summary };
}

function ledgerFaults(reading: LedgerReading): readonly string[] {
  return reading.status === 'damaged' ? reading.faults.map((fault) => `${fault} It counts as absent.`) : [];
}

function observationWarnings(observation: Observation, settings: Settings): readonly string[] {
  const risky = observation.interfaces.filter((view) => view.attachment?.deleteOnTermination);
  return [
    ...risky.map((view) => `${view.id} has DeleteOnTermination set: it is deleted with its instance.`),
    ...observation.members.flatMap((member) => memberTagFaults(member, settings.tagPrefix)),
  ];
}
