import type { CallRecord } from '../../../lab/world/hooks.ts';
import type { NetworkInterface } from '../../../lab/world/model.ts';
import type { World } from '../../../lab/world/world.ts';
import type { Settings } from '../../../lib/core/settings.ts';
import type { Attachments } from '../attachments.ts';
import { STATE, TAG } from '../build.ts';
import type { FeatureName, Features } from '../features.ts';
import type { Invocation } from '../lambda.ts';
import { type LedgerTags, type OperationTag, phaseIn, readOperation } from '../ledger-tags.ts';
import { lacksRoom } from '../truth.ts';
import type { View } from '../view.ts';

/** One changing call about one group, and what its sender could know. */
export interface Act {
  readonly world: World;
  readonly call: CallRecord;
  readonly invocation: Invocation;
  readonly view: View;
  readonly attachments: Attachments;
  readonly settings: Settings;
  /** Alarms that a mute rule silences, and since when. */
  readonly muted: ReadonlyMap<string, number>;
  /** When EC2 truly gave notice that it takes an instance back. */
  readonly warned: ReadonlyMap<string, readonly number[]>;
  /** State tags that people made unreadable, as `<interface> <key>`. */
  readonly garbled: ReadonlySet<string>;
  readonly features: Features;
  /** Whether IAM denied every attach at a moment. */
  readonly deniedAttaches: (atMs: number) => boolean;
  /** How many groups there are. */
  readonly groups: number;
  /** The clock of a process is at most this far off. */
  readonly skewMs: number;
  /** What the product took off running members of this group, the newest last. */
  readonly taken: readonly Taken[];
  /** When people last had the recent moves of this group forgotten. */
  readonly acknowledgedMs: number;
}

/** An accepted detach from a running member. */
export interface Taken {
  readonly atMs: number;
  readonly operation: OperationTag | undefined;
}

/** People made the ledger of the group unreadable at some time: what it remembered is forgotten. */
export function hasForgotten({ view, garbled }: Act): boolean {
  const ids = (view.interfaces() ?? []).map(({ id }) => id);
  return [...garbled].some((entry) => ids.some((id) => entry.startsWith(`${id} `)));
}

/** There is no room for the tags of the group: moves go on without them. */
export function cannotRemember({ view }: Act): boolean {
  return (view.interfaces() ?? []).some(lacksRoom);
}

/** Says what is wrong with a call, or nothing. */
export type Rule = (act: Act) => string | undefined;

/** A rule that is asked only when its feature is on. */
export function gated(feature: FeatureName, rule: Rule): Rule {
  return (act) => (act.features.has(feature) ? rule(act) : undefined);
}

/** Tags of a CreateTags call, by the key behind the state's prefix; other keys as they are. */
export function writtenTags({ input }: CallRecord): ReadonlyMap<string, string> {
  const tags = (input['Tags'] ?? []) as readonly { readonly Key: string; readonly Value: string }[];
  return new Map(tags.map(({ Key, Value }) => [Key.startsWith(STATE) ? Key.slice(STATE.length) : `!${Key}`, Value]));
}

/** Whether every interface has an attachment, all to one instance: that instance. */
export function wholeOn(interfaces: readonly NetworkInterface[]): string | undefined {
  const holders = new Set(interfaces.map(({ attachment }) => attachment?.instanceId));
  const [only] = holders;
  return holders.size === 1 ? only : undefined;
}

/** Calls of one action that the invocation had sent before this one, the newest last. */
export function earlier({ invocation, call }: Act, action: string): readonly CallRecord[] {
  return invocation.calls.filter(
    (other) =>
      other !== call && other.action === action && other.input['DryRun'] !== true && other.sentMs <= call.sentMs,
  );
}

/** A reply to a call that its sender had when it sent another one. */
export function replyTo({ invocation, call }: Act, earlierCall: CallRecord): CallRecord | undefined {
  return invocation.replies.find(({ record, deliveredMs }) => record === earlierCall && deliveredMs <= call.sentMs)
    ?.record;
}

/** The operation under way as the sender knew it: what it wrote itself since its last look, or what that look showed. */
export function openOperation(act: Act): OperationTag | undefined {
  const possible: (OperationTag | undefined)[] = [];
  for (const write of ownWrites(act)) {
    const tags = writtenTags(write);
    possible.push(phaseIn(tags.get('state')) === 'steady' ? undefined : readOperation(tags.get('operation')));
    const known = replyTo(act, write)?.outcome === 'ok';
    // Of a write without a reply nobody knows; one with a reply counts for more than a look that is older than that.
    if (known && write.atMs > act.view.lookedMs) return possible.find((operation) => operation !== undefined);
  }
  return possible.find((operation) => operation !== undefined) ?? readOperationOf(act.view.ledger(), act.view);
}

/**
 * The sender's own writes of an operation, the newest first. Of one name several sets may be looked after, each on its
 * own, so that what stands on the very interface counts; what has no room for it goes by what the others say.
 */
function ownWrites(act: Act): readonly CallRecord[] {
  const ids = new Set((act.view.interfaces() ?? []).map(({ id }) => id));
  const { NetworkInterfaceId, AttachmentId } = act.call.input as Readonly<Record<string, string | undefined>>;
  const subject = NetworkInterfaceId ?? act.attachments.byId(AttachmentId ?? '')?.interfaceId ?? '';
  const written = ({ input }: CallRecord): readonly string[] => (input['Resources'] ?? []) as readonly string[];
  const writes = earlier(act, 'CreateTags').filter((call) => writtenTags(call).has('operation'));
  const own = writes.filter((call) => written(call).includes(subject));
  const about = own.length > 0 ? own : writes.filter((call) => written(call).some((id) => ids.has(id)));
  return about.reverse();
}

function readOperationOf(ledger: LedgerTags | undefined, view: View): OperationTag | undefined {
  if (!ledger) return undefined;
  const interfaces = view.interfaces() ?? [];
  // One that is still on its way has not arrived, and may yet come undone.
  const settled = interfaces.every(({ attachment }) => attachment?.status === 'attached');
  const whole = settled && wholeOn(interfaces) !== undefined;
  return ledger.phase === 'moving' || (ledger.phase === 'failed' && !whole) ? ledger.operation : undefined;
}

/** A whole-number setting of the group: the safest value among the tags of its interfaces, else the deployment's. */
export function groupNumber(
  { view, settings }: Act,
  tag: 'force-after' | 'force-failed-after' | 'stuck-after' | 'cooldown' | 'max-moves' | 'impaired-after',
): number {
  const [low, high, fallback] = {
    'force-after': [0, 600, settings.forceAfterSeconds] as const,
    'force-failed-after': [0, 600, settings.forceFailedAfterSeconds] as const,
    'stuck-after': [10, 600, settings.stuckAfterSeconds] as const,
    cooldown: [0, 86_400, settings.cooldownSeconds] as const,
    'max-moves': [1, 10, settings.maxMoves] as const,
    'impaired-after': [0, 3_600, settings.impairedAfterSeconds] as const,
  }[tag];
  const values = (view.interfaces() ?? []).flatMap(({ tags }) => {
    const text = tags[TAG + tag] ?? '';
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    return value >= low && value <= high ? value : [];
  });
  if (values.length === 0) return fallback;
  return tag === 'max-moves' ? Math.min(...values) : Math.max(...values);
}

/** A person asked, in this very invocation, for this group to be moved. */
export function askedToMove({ invocation, view }: Act): boolean {
  const { cause } = invocation;
  return cause.kind === 'request' && cause.request.action === 'failover' && cause.request.group === view.group;
}
