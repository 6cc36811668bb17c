import * as z from 'zod/mini';
import { CLASSES } from './outcome.ts';
import { REASONS, VERDICTS } from './verdict.ts';

/**
 * How a verdict reaches the failover function: `watch` invokes it asynchronously with this event. It looks like one of
 * EventBridge's and is none: a kind of its own that can never be read as a person's request. It is a signal like the
 * others: what follows is decided by what is read then, and by one more look.
 */
export const VERDICT_SOURCE = 'eni-failover.probe';
export const VERDICT_DETAIL_TYPE = 'Probe Verdict';

const id = z.string().check(z.minLength(1), z.maxLength(128));

/** How a standby stands; what is absent is not known. */
const standingSchema = z.object({
  instanceId: id,
  /** Whether it gives a sign of life; false only for one that used to. It ranks last. */
  answers: z.optional(z.boolean()),
  /** Whether it passes the same probe. One known to fail it is no successor for `not-serving`. */
  passes: z.optional(z.boolean()),
});

export const verdictDetailSchema = z.object({
  version: z.literal(1),
  group: id,
  interfaceId: id,
  /** A verdict about another attachment than the one there is now is history. */
  attachmentId: id,
  /** The holder then. */
  instanceId: id,
  verdict: z.enum(VERDICTS),
  reason: z.optional(z.enum(REASONS)),
  /** Whether a move may follow. */
  acts: z.boolean(),
  /** When it was reached, in milliseconds since the epoch; after 30 s it is history. */
  at: z.number(),
  /** The floating address's last good answer; null: none since this attachment. */
  lastAnswerAt: z.nullable(z.number()),
  /** What the newest look at the floating address came to. */
  found: z.enum(CLASSES),
  /** The same for the holder's own address, where it was looked at. */
  own: z.optional(z.enum(CLASSES)),
  /** Who answered meanwhile, for `unreachable`, and when. */
  witness: z.optional(z.object({ id, answeredAt: z.number() })),
  standbys: z.readonly(z.array(standingSchema)),
  /**
   * `both`: the other probe saw the same. `doubled`: it could not be asked, so twice the count was wanted. `single`:
   * there is no other. `unasked`: nothing follows from this verdict.
   */
  confirmed: z.enum(['both', 'doubled', 'single', 'unasked']),
  /** The memory that the probes need, in MB, for `probe-over-capacity`. */
  neededMb: z.optional(z.number().check(z.int(), z.positive())),
  /** It is about the probes, and told of another group: this one only takes note. */
  isOnlyNoted: z.optional(z.boolean()),
});

/** What is told of one interface. */
export type VerdictDetail = z.infer<typeof verdictDetailSchema>;

export interface VerdictEvent {
  readonly version: '0';
  readonly source: typeof VERDICT_SOURCE;
  readonly 'detail-type': typeof VERDICT_DETAIL_TYPE;
  /** As text, like EventBridge writes it. */
  readonly time: string;
  readonly detail: VerdictDetail;
}

/** The event for a verdict. */
export function verdictEvent(detail: VerdictDetail): VerdictEvent {
  const time = new Date(detail.at).toISOString();
  return { version: '0', source: VERDICT_SOURCE, 'detail-type': VERDICT_DETAIL_TYPE, time, detail };
}
