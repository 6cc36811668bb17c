import type { NetworkInterface } from '../../lab/world/model.ts';
import type { CastGroup } from './build.ts';
import { readLedgerTags } from './ledger-tags.ts';
import { hasFailed, interfacesOf, membersOf } from './liveness.ts';
import { wholeOn } from './rules/rule.ts';
import type { Stage } from './stage.ts';

/**
 * Split by hand or from the start, with no operation that explains it: only a person can say which half is right. Or on a
 * failed holder that lets go by force alone, beside a member that has refused it: the way back may be closed, and so nobody
 * but a person has that member tried again.
 */
export function awaitsAPerson(stage: Stage, group: CastGroup): boolean {
  const interfaces = interfacesOf(stage, group);
  if (isRefusedWithoutAWayBack(stage, group, interfaces)) return true;
  const holders = new Set(interfaces.flatMap(({ attachment }) => attachment?.instanceId ?? []));
  const phase = readLedgerTags(interfaces[0]?.tags ?? {})?.phase ?? 'steady';
  const isMixed = interfaces.some(({ id }) => stage.cast.strays.has(id));
  return (stage.hands.moved.has(group.name) || isMixed) && holders.size > 1 && phase === 'steady';
}

function isRefusedWithoutAWayBack(stage: Stage, group: CastGroup, interfaces: readonly NetworkInterface[]): boolean {
  const { world } = stage;
  const holder = world.instance(wholeOn(interfaces) ?? '');
  if (holder?.state !== 'running' || !hasFailed(stage, holder)) return false;
  const since = (atMs: number, id: string): boolean =>
    atMs >= (world.instance(id)?.launchMs ?? Number.POSITIVE_INFINITY);
  const own = new Set(
    interfaces.flatMap(({ id }) =>
      world.interfaces
        .history(id)
        .flatMap(({ value }) => (value?.attachment?.instanceId === holder.id ? value.attachment.id : [])),
    ),
  );
  const wasForced = world.calls.some(
    ({ action, outcome, input, atMs }) =>
      action === 'DetachNetworkInterface' &&
      outcome === 'ok' &&
      input['Force'] === true &&
      own.has(input['AttachmentId'] as string) &&
      since(atMs, holder.id),
  );
  const refused = membersOf(stage, group).some(({ id }) =>
    world.calls.some(
      ({ action, fault, input, atMs }) =>
        action === 'AttachNetworkInterface' && fault === 'refuse' && input['InstanceId'] === id && since(atMs, id),
    ),
  );
  return refused && (wasForced || holder.hangsDetach);
}
