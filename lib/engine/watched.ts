import { establish } from '../core/facts.ts';
import type { Ledger } from '../core/ledger.ts';
import { freshMemory } from '../core/memory.ts';
import type { InterfaceView, Observation } from '../core/model.ts';
import { heldUp } from '../core/probe-held-up.ts';
import { isReached } from '../core/probe-reach.ts';
import { probeNoteOf } from '../core/probe-told.ts';
import { MOST_WITNESSES, REASONS, VERDICTS } from '../probe/verdict.ts';
import type { WatchedGroup, WatchedInterface, WatchInput } from '../watch/input.ts';
import { AwsCallError } from '../errors.ts';
import { notObserved } from './report.ts';
import type { GroupResult } from './result.ts';
import type { Run } from './run.ts';
import { addressed, standbysOf, type Witness } from './witnesses.ts';

const SWEEP = { kind: 'sweep' } as const;

/**
 * Has the watch begin, with all it needs: as soon as the groups are read, and before anything is done about them. A
 * start that fails is told, once, and nothing else: the next sweep is the next start.
 */
export async function startWatch(run: Run, seen: readonly Observation[]): Promise<readonly GroupResult[]> {
  const { watcher, process, clock } = run;
  if (!watcher) return [];
  const groups = watchedGroups(run, seen);
  if (groups.length === 0) return [];
  const input: WatchInput = { version: 1, readAt: clock.now(), groups };
  try {
    await watcher.start(input);
    process.watchFailed = false;
    return [];
  } catch (error) {
    const { watchFailed: known = false } = process;
    process.watchFailed = true;
    const reason = `The probe's watch could not be started: ${String(error)} Alarms and status checks are watched as ever.`;
    return known ? [] : [{ ...notObserved(null, 'aws-call-failed', reason), decision: 'blocked', news: [reason] }];
  }
}

/** A subnet does not change its VPC; what is in it may not be there yet. */
const VPCS_LAST_MS = 10 * 60_000;

/** Finds out the VPCs of the probes, by whatever is in their subnets: from then on a group's observation names them. */
export async function readProbeVpcs({ cloud, clock, process, probeSubnets }: Run): Promise<void> {
  const isKnown = process.probeVpcs && clock.now() - process.probeVpcs.at < VPCS_LAST_MS;
  if (!probeSubnets || isKnown) return;
  try {
    const ids = await cloud.vpcsOf(probeSubnets);
    if (ids.length > 0) process.probeVpcs = { at: clock.now(), ids };
  } catch (error) {
    // It only tells what cannot be probed: what is known stays known.
    if (!(error instanceof AwsCallError)) throw error;
  }
}

/** What is to be watched of every group, and what is known of it. */
export function watchedGroups(run: Run, seen: readonly Observation[]): readonly WatchedGroup[] {
  const key = `${run.settings.tagPrefix}probe`;
  const asked = seen.filter(({ interfaces }) => interfaces.some(({ tags }) => tags[key] !== undefined));
  const everything = seen.flatMap(({ interfaces }) => interfaces);
  return asked.flatMap((observation) => orNone(() => watchedGroup(run, observation, everything)));
}

/** A group that provokes an error is told of where it takes its turn; the others are watched. */
function orNone(work: () => WatchedGroup | undefined): readonly WatchedGroup[] {
  try {
    return [work()].flatMap((group) => group ?? []);
  } catch {
    return [];
  }
}

/** An operation that is under way is not judged, nor is a holder that does not run, or an interface that is on its way. */
function watchedGroup(
  { settings: deployment }: Run,
  observation: Observation,
  everything: readonly InterfaceView[],
): WatchedGroup | undefined {
  const { ledger, intent, holderId, probe } = establish(SWEEP, observation, freshMemory(''), deployment);
  const holder = observation.members.find(({ id, state }) => id === holderId && state === 'running');
  if (intent || !holder) return undefined;
  const held = observation.interfaces.filter(({ attachment }) => {
    return attachment?.status === 'attached' && attachment.instanceId === holder.id;
  });
  const interfaces = held.flatMap((view): WatchedInterface[] => {
    const target = probe.targets.get(view.id);
    const { id, address, attachment } = view;
    if (target === undefined || address === undefined || !attachment || !isReached(view, observation)) return [];
    return [{ id, attachmentId: attachment.id, address, target, ...toldOf(view, ledger) }];
  });
  if (interfaces.length === 0) return undefined;
  const neighbours = neighboursOf(observation, everything);
  const marked = (ledger?.silent ?? []).map(({ instanceId }) => instanceId);
  return {
    group: observation.group,
    zone: holder.zone,
    holder: { id: holder.id, address: holder.address ?? null },
    interfaces,
    standbys: standbysOf(observation.members, holder.id, holder.zone),
    ...(neighbours.length > 0 && { neighbours }),
    ...(marked.length > 0 && { marked }),
    acts: probe.acts,
    serviceAfterSeconds: probe.serviceAfterSeconds,
  };
}

/**
 * Nothing has followed from what was told, so that a move could follow now is news: what stands in a move's way is told
 * again by each run, and so is that it answers.
 */
function toldOf(view: InterfaceView, ledger: Ledger | undefined): Pick<WatchedInterface, 'told' | 'toldAt'> {
  const { code, reason, at } = probeNoteOf(view, ledger) ?? heldUp(view, ledger?.condition) ?? {};
  const verdict = VERDICTS.find((each) => each === code);
  if (verdict === undefined || at === undefined) return {};
  const known = REASONS.find((each) => each === reason);
  return { told: { verdict, acts: false, ...(known !== undefined && { reason: known }) }, toldAt: at };
}

/** Other groups' interfaces in the same subnet: what reaches one reaches the other, as far as the network goes. */
function neighboursOf({ interfaces }: Observation, everything: readonly InterfaceView[]): readonly Witness[] {
  const own = new Set(interfaces.map(({ id }) => id));
  const holders = new Set(interfaces.map(({ attachment }) => attachment?.instanceId));
  const subnets = new Set(interfaces.flatMap(({ subnetId }) => subnetId ?? []));
  const others = everything.filter(({ id, subnetId = '', attachment }) => {
    return (
      !own.has(id) && subnets.has(subnetId) && attachment?.status === 'attached' && !holders.has(attachment.instanceId)
    );
  });
  return addressed(others, MOST_WITNESSES.neighbours);
}
