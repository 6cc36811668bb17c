import type { NetworkInterface } from '../../../lab/world/model.ts';
import type { GroupResult } from '../../../lib/engine/result.ts';
import type { CastGroup } from '../build.ts';
import type { Invocation } from '../lambda.ts';
import { readLedgerTags } from '../ledger-tags.ts';
import type { Stage } from '../stage.ts';

/** Reads of EC2 may be this much older than the world's truth allows for, in milliseconds. */
const MARGIN_MS = 1_000;

/** What a run says of a group, against what was so from before its first read on. */
export function judgeResults(stage: Stage, { outcome, startMs, calls }: Invocation): readonly string[] {
  // What was not answered, or denied, was not seen.
  if (outcome?.kind !== 'returned' || calls.some(({ fault }) => fault !== undefined)) return [];
  const sinceMs = startMs - stage.scenario.staleMs - MARGIN_MS;
  return outcome.result.groups.flatMap((result) => {
    const group = stage.cast.groups.find(({ name }) => name === result.group);
    // What a stray has to do with a group, and who it is with, is another matter.
    if (!group || [...stage.cast.strays.values()].includes(group.name)) return [];
    return [takesTheDeadForAStranger(stage, group, result, sinceMs), passesOver(stage, group, result, sinceMs)].flatMap(
      (wrong) => (wrong === undefined ? [] : `on ${group.name}: ${wrong}`),
    );
  });
}

type Version = ReturnType<Stage['world']['interfaces']['history']>[number];

/** A holder that has ended may have lost its tags; the ledger on the interface still says whose it was. */
function takesTheDeadForAStranger(
  stage: Stage,
  group: CastGroup,
  { code }: GroupResult,
  sinceMs: number,
): string | undefined {
  if (code !== 'holder-not-member') return undefined;
  const held = interfacesAt(stage, group, sinceMs).filter(({ attachment }) => attachment !== undefined);
  const isOfTheDead = ({ attachment, tags }: NetworkInterface): boolean => {
    const { state = 'terminated' } = stage.world.instances.get(attachment?.instanceId ?? '', sinceMs) ?? {};
    const { phase, holder } = readLedgerTags(tags) ?? {};
    const ended = state === 'terminated' || state === 'shutting-down';
    return ended && phase === 'steady' && holder === attachment?.instanceId;
  };
  const isOther = ({ atMs, value }: Version): boolean =>
    atMs > sinceMs &&
    value?.attachment !== undefined &&
    value.attachment.instanceId !== held[0]?.attachment?.instanceId;
  // Somebody has put a part on a true stranger meanwhile.
  const isMoved = group.interfaces.some((id) => stage.world.interfaces.history(id).some(isOther));
  if (held.length === 0 || isMoved || !held.every(isOfTheDead)) return undefined;
  return `${held[0]?.attachment?.instanceId}, its holder by the ledger, has ended, and is called a stranger`;
}

/** Where nobody holds any of the group, one whose checks are still initializing, or whose alarm is muted, is better than nobody. */
function passesOver(stage: Stage, group: CastGroup, { rejected }: GroupResult, sinceMs: number): string | undefined {
  const found = rejected.find(({ code }) => code === 'initializing' || code === 'muted-alarm');
  const interfaces = interfacesAt(stage, group, sinceMs);
  const isLoose = interfaces.length > 0 && interfaces.every(({ attachment }) => attachment === undefined);
  const isStill = interfaces.every(({ id }) => stage.world.interface(id)?.attachment === undefined);
  return found && isLoose && isStill
    ? `nobody holds it, and ${found.instanceId} is passed over because of ${found.code}`
    : undefined;
}

function interfacesAt({ world }: Stage, { interfaces }: CastGroup, atMs: number): readonly NetworkInterface[] {
  return interfaces.flatMap((id) => world.interfaces.get(id, atMs) ?? []);
}
