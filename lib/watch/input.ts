import * as z from 'zod/mini';
import { read, toldSchema } from '../probe/protocol.ts';
import { ACTS } from '../probe/verdict.ts';

/**
 * What the sweep hands to `watch` when it has read the groups and before it acts: everything `watch` needs, so that it
 * reads nothing itself. An asynchronous invocation takes 256 KB (Lambda Developer Guide, "Lambda quotas"); 300 groups
 * of two are about 120.
 *
 * The sweep leaves out what is not to be judged: an interface without a probe or with a malformed one, one that is
 * attached to no member or is not `attached` yet, and a group with an operation under way.
 */
const id = z.string().check(z.minLength(1), z.maxLength(128));
const placed = z.object({ id, address: z.string() });

const watchedInterfaceSchema = z.object({
  id,
  /** Its attachment now. Evidence and verdicts are about this one and no other. */
  attachmentId: id,
  /** Its primary private address. */
  address: z.string(),
  /** Its tag `probe`, which was read without a fault: `tcp:443`. */
  target: z.string(),
  /** What was told of this attachment, where the ledger remembers it. */
  told: z.optional(toldSchema),
  /** When that was told. */
  toldAt: z.optional(z.number()),
});

const watchedGroupSchema = z.object({
  group: id,
  zone: id,
  /** The holder: its own address is that of its primary interface. */
  holder: z.object({ id, address: z.nullable(z.string()) }),
  interfaces: z.readonly(z.array(watchedInterfaceSchema)),
  /** The other members that run, in the same zone, each by the address of its primary interface. */
  standbys: z.readonly(z.array(placed)),
  /** Other addresses in the floating interface's subnet that bear witness where no standby does. */
  neighbours: z.optional(z.readonly(z.array(placed))),
  /** Old holders at which nobody answered: when one does, that is told, and it is marked no more. */
  marked: z.optional(z.readonly(z.array(id))),
  /** `probe-acts`. What does not act is told all the same. */
  acts: z.enum(ACTS),
  /** `probe-service-after`. */
  serviceAfterSeconds: z.number(),
});

export const watchInputSchema = z.object({
  version: z.literal(1),
  /** When the groups were read, in milliseconds since the epoch. */
  readAt: z.number(),
  groups: z.readonly(z.array(watchedGroupSchema)),
});

export type WatchInput = z.infer<typeof watchInputSchema>;
export type WatchedGroup = z.infer<typeof watchedGroupSchema>;
export type WatchedInterface = z.infer<typeof watchedInterfaceSchema>;

/** @throws FailoverError `InvalidRequest` with the faults. */
export const readWatchInput = (input: unknown): WatchInput => read(watchInputSchema, input, 'What watch was handed');
