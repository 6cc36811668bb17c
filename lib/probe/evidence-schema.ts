import * as z from 'zod/mini';
import type { Evidence } from './evidence.ts';
import { CLASSES } from './outcome.ts';

const moment = z.nullable(z.number());
const seen = z.enum(CLASSES);

const witness = z.object({
  lastAnswerAt: moment,
  hasPassed: z.boolean(),
  last: z.nullable(seen),
  lookedAt: moment,
  silences: z.number(),
  // A run of `watch` that is older than the probe does not know of it, here and below.
  failingSince: z._default(moment, null),
});

/** {@link Evidence} as it comes from outside. */
export const evidenceSchema = z.object({
  floating: z.object({
    since: z.number(),
    lastAnswerAt: moment,
    answeredLookAt: moment,
    answers: z.number(),
    missingSince: moment,
    failingSince: z._default(moment, null),
    misses: z.readonly(z.array(z.object({ class: seen, at: z.number() })).check(z.maxLength(10))),
    missed: z.number(),
  }),
  own: z.nullable(witness),
  witnesses: z.record(z.string(), witness),
}) satisfies z.ZodMiniType<Evidence>;
