import type { Intent, OperationAction, ResourceRef } from './ledger.ts';
import type { InterfaceView, MemberView, Observation } from './model.ts';
import type { PlacedInterface } from './placement.ts';
import type { Device } from './tags.ts';

/** What one resource has to go through. One that is where it belongs has neither part. */
export interface ResourceMove extends ResourceRef {
  readonly leave?: Leave;
  readonly enter?: Device & Pick<PlacedInterface, 'ena'>;
  /** Attached to nothing, and it stays so: the plan's target refuses it. */
  readonly left?: boolean;
}

/** An attachment that is to end. */
export interface Leave {
  readonly attachmentId: string;
  readonly instanceId: string;
  /** Somebody's detach is under way already. */
  readonly detaching: boolean;
  /** It has been on its way for longer than it may: only force ends it. */
  readonly overdue: boolean;
}

/** One move of a whole group: the anchor is the first of its resources. */
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
  /** A person has named the target. */
  readonly named?: true;
  /** The probe's verdict led to it. */
  readonly probed?: true;
  /** Nothing is forced off a member that has not failed. */
  readonly plain?: true;
  /** The member that the drill began with, of which this is one way. */
  readonly drill?: string;
  readonly resources: readonly ResourceMove[];
}

/** What a plan says besides who goes where. */
export type PlanTerms = Pick<
  Plan,
  'action' | 'from' | 'automatic' | 'ignoreHealth' | 'named' | 'probed' | 'plain' | 'drill'
>;

/** What a plan is made from, besides who goes where. */
export interface Seen {
  readonly observation: Pick<Observation, 'interfaces'>;
  readonly overdue: ReadonlySet<string>;
}

/** Turns a candidate into the moves that bring every interface to it; what is there already stays untouched. */
export function planMove(
  kind: Plan['kind'],
  { member, placed }: { readonly member: Pick<MemberView, 'id'>; readonly placed: readonly PlacedInterface[] },
  { observation: { interfaces }, overdue }: Seen,
  terms: PlanTerms,
): Plan {
  const resources = interfaces.map((view) =>
    moveOf(
      view,
      member.id,
      placed.find((each) => each.interfaceId === view.id),
      overdue,
    ),
  );
  return { kind, ...terms, to: member.id, resources };
}

/** A plan that moves nothing: only the ledger has something left to say. */
export function planNothing(
  kind: Plan['kind'],
  to: string,
  interfaces: readonly InterfaceView[],
  terms: PlanTerms,
): Plan {
  return { kind, ...terms, to, resources: interfaces.map(({ id }) => ({ kind: 'interface', id })) };
}

/** The terms of an operation that goes on as it was recorded. */
export function termsOf({ action, from, automatic, ignoreHealth, named, probed, plain, drill }: Intent): PlanTerms {
  const why = { ...(named && { named }), ...(probed && { probed }), ...(plain && { plain }), ...(drill && { drill }) };
  return { action, ...(from !== undefined && { from }), automatic, ignoreHealth, ...why };
}

/** The same plan without what would have to leave by one of these attachments, which cannot be ended. */
export function withoutKept(plan: Plan, kept: readonly string[]): Plan {
  const resources = plan.resources.map((move) => {
    return move.leave && kept.includes(move.leave.attachmentId) ? { kind: move.kind, id: move.id } : move;
  });
  return { ...plan, resources };
}

/** Whether anything is detached or attached by it. */
export const movesAnything = ({ resources }: Plan): boolean => resources.some(({ leave, enter }) => leave ?? enter);

function moveOf(
  { id, attachment }: InterfaceView,
  to: string,
  device: PlacedInterface | undefined,
  overdue: ReadonlySet<string>,
): ResourceMove {
  const ref = { kind: 'interface', id } as const;
  const leaving = attachment?.status === 'detaching' || overdue.has(attachment?.id ?? '');
  const staying = attachment?.instanceId === to && !leaving;
  if (!attachment && !device) return { ...ref, left: true };
  if (staying || !device) return ref;
  const { interfaceId: _, ...enter } = device;
  if (!attachment) return { ...ref, enter };
  const { id: attachmentId, instanceId = 'unknown', status } = attachment;
  const leave = { attachmentId, instanceId, detaching: status === 'detaching', overdue: overdue.has(attachmentId) };
  return { ...ref, leave, enter };
}
