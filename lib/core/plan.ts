import type { Candidate } from './elect.ts';
import type { OperationAction } from './ledger.ts';
import type { InterfaceView } from './model.ts';
import type { Device } from './tags.ts';

/** What one interface has to go through. An interface that is where it belongs has neither part. */
export interface InterfaceMove {
  readonly interfaceId: string;
  readonly leave?: { readonly attachmentId: string; readonly instanceId: string; readonly detaching: boolean };
  readonly enter?: Device;
}

/** One move of a whole group: the anchor is the first of its interfaces. */
export interface Plan {
  /**
   * `new` writes an intent first; the others go on with the recorded one: `complete` to its end, `roll-back` to where
   * it began, and `close` where nothing had been moved and nothing has to be.
   */
  readonly kind: 'new' | 'complete' | 'roll-back' | 'close';
  readonly action: OperationAction;
  readonly from?: string;
  readonly to: string;
  readonly automatic: boolean;
  readonly ignoreHealth: boolean;
  readonly interfaces: readonly InterfaceMove[];
}

/** Turns a candidate into the moves that bring every interface to it; what is there already stays untouched. */
export function planMove(
  kind: Plan['kind'],
  { member, placed }: Candidate,
  interfaces: readonly InterfaceView[],
  rest: Pick<Plan, 'action' | 'from' | 'automatic' | 'ignoreHealth'>,
): Plan {
  const moves = interfaces.map((view) =>
    moveOf(
      view,
      member.id,
      placed.find((p) => p.interfaceId === view.id),
    ),
  );
  return { kind, ...rest, to: member.id, interfaces: moves };
}

function moveOf(view: InterfaceView, to: string, device: Device | undefined): InterfaceMove {
  const { attachment } = view;
  const interfaceId = view.id;
  const staying = attachment?.instanceId === to && attachment.status !== 'detaching';
  if (staying || !device) return { interfaceId };
  const enter = { deviceIndex: device.deviceIndex, networkCardIndex: device.networkCardIndex };
  if (!attachment) return { interfaceId, enter };
  const { id: attachmentId, instanceId = 'unknown', status } = attachment;
  return { interfaceId, leave: { attachmentId, instanceId, detaching: status === 'detaching' }, enter };
}
