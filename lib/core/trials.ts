import type { Trial } from './ahead.ts';
import { carrierIds } from './carriers.ts';
import { encodeLedger, readLedger } from './ledger-codec.ts';
import { lasting } from './member-alarms.ts';
import type { InterfaceView, MemberView, Observation } from './model.ts';
import type { PlacedInterface } from './placement.ts';

/** The calls of the next failover, as they would be made: each can be asked for with `DryRun`. */
export type TrialCall =
  | { readonly code: 'detach-denied'; readonly about: string; readonly attachmentId: string }
  | { readonly code: 'attach-denied'; readonly about: string; readonly attach: PlacedInterface; readonly to: string }
  | {
      readonly code: 'tagging-denied';
      readonly about: string;
      readonly interfaceIds: readonly string[];
      readonly tags: Readonly<Record<string, string>>;
    };

/**
 * What a failover of this group would call, without what says the same twice: a policy looks at the interface and at
 * the instance each by itself, so every interface is asked for with one standby, and every other standby with the
 * anchor. The device is the one that the interface has.
 * @returns undefined where something is on its way or loose: then whatever is asked is out of date in a moment.
 */
export function trialCalls(observation: Observation, statePrefix: string): readonly TrialCall[] | undefined {
  const { interfaces, members, unreadable, now } = observation;
  const held = interfaces.flatMap((view) => heldBy(view) ?? []);
  const [anchor] = held;
  const reading = readLedger(interfaces, statePrefix, now);
  const isAtRest = reading.status !== 'valid' || reading.ledger.phase === 'steady';
  if (!anchor || held.length < interfaces.length || unreadable.length > 0 || !isAtRest) return undefined;
  const standbys = lasting(members).filter(({ id, zone }) => id !== anchor.holder && zone === anchor.view.zone);
  const [first, ...others] = standbys;
  const attaches = [
    ...(first ? held.map((each) => attachOf(each, first)) : []),
    ...others.map((standby) => attachOf(anchor, standby)),
  ];
  const detaches = held.map(({ view, attachment }): TrialCall => {
    return { code: 'detach-denied', about: view.id, attachmentId: attachment.id };
  });
  const interfaceIds = carrierIds(observation, statePrefix);
  const about = interfaceIds.join(' ');
  const tagging: readonly TrialCall[] =
    reading.status === 'valid' && interfaceIds.length > 0
      ? [{ code: 'tagging-denied', about, interfaceIds, tags: encodeLedger(reading.ledger, statePrefix) }]
      : [];
  return [...detaches, ...attaches, ...tagging];
}

interface Held {
  readonly view: InterfaceView;
  readonly attachment: NonNullable<InterfaceView['attachment']>;
  readonly holder: string;
}

function heldBy(view: InterfaceView): Held | undefined {
  const { attachment } = view;
  if (attachment?.instanceId === undefined || attachment.status !== 'attached') return undefined;
  return { view, attachment, holder: attachment.instanceId };
}

function attachOf({ view, attachment }: Held, { id: to }: MemberView): TrialCall {
  const { deviceIndex, networkCardIndex, ena } = attachment;
  const attach = { interfaceId: view.id, deviceIndex, networkCardIndex, ...(ena && { ena }) };
  return { code: 'attach-denied', about: `${view.id} to ${to}`, attach, to };
}

/** What two looks, one after the other, were denied both times: what is gone meanwhile is denied, too. */
export function deniedTwice(first: readonly Trial[], second: readonly Trial[]): readonly Trial[] {
  return first.map((trial) => {
    const again = second.find(({ code, about }) => code === trial.code && about === trial.about);
    const { denied: _, ...open } = trial;
    return again?.denied === undefined ? open : trial;
  });
}
