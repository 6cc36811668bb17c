import * as z from 'zod/mini';
import { FailoverError } from '../errors.ts';
import { evidenceSchema } from './evidence-schema.ts';
import { CLASSES } from './outcome.ts';
import { readTarget, type Target } from './target.ts';
import { MOST_WITNESSES, REASONS, type SecondLook, VERDICTS } from './verdict.ts';

/**
 * What `watch` (and `failover`, for one more look) asks the probe, and what comes back. Both ends are ours, and the
 * payload still comes from outside: whoever may invoke the function may send anything. With 300 targets a request
 * stays far below the 6 MB that Lambda takes (Lambda Developer Guide, "Lambda quotas"), as does a reply.
 */

/** More than that is not probed by one function. */
export const MOST_TARGETS = 1_000;
/** The longest a call may watch, in milliseconds. */
export const MOST_RUN_MS = 20_000;

const id = z.string().check(z.minLength(1), z.maxLength(128));
/** Whether an address may be probed is decided where it is: `address.ts`. */
const address = z.string().check(z.minLength(2), z.maxLength(45));
const time = z.number();
const target = z.string().check(z.refine((text) => readTarget('target', text).ok, { error: 'is no target' }));
const placed = z.object({ id, address });

/** What was told of an interface, and is not told again until it changes. */
export const toldSchema = z.object({
  verdict: z.enum(VERDICTS),
  reason: z.optional(z.enum(REASONS)),
  /** Whether a move could follow: where it could not and now can, that is told. */
  acts: z.optional(z.boolean()),
});
export type Told = z.infer<typeof toldSchema>;

const witnesses = (most: number) => z.readonly(z.array(placed).check(z.maxLength(most)));

/** Where one floating interface is, what it is asked, and who bears witness. */
const place = {
  /** Whatever the caller knows it by. */
  id,
  address,
  /** As in the tag: `tcp:443`. */
  target,
  /** The holder's own address: of its primary interface. */
  own: z.nullable(address),
  /** The group's standbys, each by its own address. */
  standbys: witnesses(MOST_WITNESSES.standbys),
  /** Other addresses in the floating interface's subnet that bear witness. */
  neighbours: z.optional(witnesses(MOST_WITNESSES.neighbours)),
};

/** One floating interface to watch. */
export const watchedSchema = z.object({
  ...place,
  serviceAfterMs: z.number(),
  told: z.optional(toldSchema),
  /** Until then nothing about it ends the call. */
  quietUntil: z.optional(time),
  /** What earlier calls have seen. */
  evidence: z.optional(evidenceSchema),
});
export type Watched = z.infer<typeof watchedSchema>;

const watchRequestSchema = z.object({
  version: z.literal(1),
  kind: z.literal('watch'),
  runMs: z.number().check(z.minimum(0), z.maximum(MOST_RUN_MS)),
  /** Misses in a row that count. */
  count: z.number().check(z.minimum(1), z.maximum(6)),
  /** Whether a first miss ends the call, so that the other probe can be asked meanwhile. */
  endsOnSuspicion: z.boolean(),
  /** It was told that this probe is slow: that does not end the call again. */
  isKnownSlow: z.boolean(),
  targets: z.readonly(z.array(watchedSchema).check(z.maxLength(MOST_TARGETS))),
});
export type WatchRequest = z.infer<typeof watchRequestSchema>;

const confirmRequestSchema = z.object({
  version: z.literal(1),
  kind: z.literal('confirm'),
  targets: z.readonly(z.array(z.object(place)).check(z.maxLength(MOST_TARGETS))),
});
/** One more look: all addresses at once, one second. */
export type ConfirmRequest = z.infer<typeof confirmRequestSchema>;

export type ProbeRequest = WatchRequest | ConfirmRequest;

const judgementSchema = z.object({
  verdict: z.enum(VERDICTS),
  reason: z.optional(z.enum(REASONS)),
  acts: z.boolean(),
  witness: z.optional(id),
});

/** What too small a function is told: it names the memory to set. */
const capacitySchema = z.object({ memoryMb: z.number(), neededMb: z.number() });

const watchReplySchema = z.object({
  version: z.literal(1),
  kind: z.literal('watch'),
  /** Why it ended: a verdict that is news, a first miss, a lagging event loop, or the time given. */
  ended: z.enum(['verdict', 'suspicion', 'slow', 'time']),
  endedAt: time,
  /** Rounds in a row, up to the end, in which the event loop lagged: they counted for nobody. */
  slowRounds: z.number(),
  overCapacity: z.optional(capacitySchema),
  /** Addresses that were not probed, each with a sentence. */
  refused: z.readonly(z.array(z.object({ id, reason: z.string() }))),
  targets: z.readonly(z.array(z.object({ id, evidence: evidenceSchema, judgement: z.optional(judgementSchema) }))),
});
export type WatchReply = z.infer<typeof watchReplySchema>;

const seen = z.enum(CLASSES);
const confirmReplySchema = z.object({
  version: z.literal(1),
  kind: z.literal('confirm'),
  at: time,
  isSlow: z.boolean(),
  targets: z.array(z.object({ id, floating: seen, own: z.optional(seen), witnesses: z.array(z.object({ id, seen })) })),
});
export type ConfirmReply = z.infer<typeof confirmReplySchema>;

/** @throws FailoverError `InvalidRequest` with every fault listed. */
export function readProbeRequest(input: unknown): ProbeRequest {
  const isConfirm = (input as { kind?: unknown } | null)?.kind === 'confirm';
  return read(isConfirm ? confirmRequestSchema : watchRequestSchema, input, 'The request to the probe');
}

/** @throws FailoverError `InvalidRequest`: it is not what a probe of this version answers. */
export const readWatchReply = (input: unknown): WatchReply => read(watchReplySchema, input, "The probe's reply");
/** @throws FailoverError `InvalidRequest`: it is not what a probe of this version answers. */
export const readConfirmReply = (input: unknown): ConfirmReply => read(confirmReplySchema, input, "The probe's reply");

/** What one more look found of one interface, as it is weighed. @param isSlow the probe's own event loop lagged. */
export function secondLook({ floating, own, witnesses }: ConfirmReply['targets'][number], isSlow: boolean): SecondLook {
  return { floating, ...(own !== undefined && { own }), witnesses: witnesses.map(({ seen }) => seen), isSlow };
}

/** Reads what comes from outside. @throws FailoverError `InvalidRequest` with the first ten faults. */
export function read<T extends z.ZodMiniType>(schema: T, input: unknown, what: string): z.infer<T> {
  const result = z.safeParse(schema, input);
  if (result.success) return result.data;
  const faults = result.error.issues.slice(0, 10).map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new FailoverError('InvalidRequest', `${what} was refused:`, faults);
}

/** The target of a request that was read: its text has been checked. */
export function targetOf(text: string): Target {
  const reading = readTarget('target', text);
  if (reading.ok) return reading.target;
  throw new FailoverError('InvalidRequest', 'A target was not checked:', reading.faults);
}
