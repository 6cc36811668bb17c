import * as z from 'zod/mini';
import type { UpkeepTask } from '../core/upkeep-task.ts';
import { FailoverError } from '../errors.ts';

/** What the sweep hands over: the groups that have changed. */
const started = z.object({ version: z.literal(1), groups: z.readonly(z.array(z.string())) });
/** The schedule's event, and what a person sends. */
const scheduled = z.object({ 'detail-type': z.literal('Scheduled Event') });
const asked = z.strictObject({ action: z.enum(['look', 'remove-alarms']) });

/**
 * What an invocation of `upkeep` asks for.
 *
 * @example
 * { "action": "remove-alarms" }
 * @throws FailoverError `InvalidRequest` for anything else.
 */
export function parseUpkeep(input: unknown): UpkeepTask {
  const sweep = z.safeParse(started, input);
  if (sweep.success) return { kind: 'changed', groups: sweep.data.groups };
  if (z.safeParse(scheduled, input).success) return { kind: 'all' };
  const person = z.safeParse(asked, input);
  if (person.success) return { kind: person.data.action === 'look' ? 'all' : 'remove-alarms' };
  const fault = "request.action: must be 'look' or 'remove-alarms', and nothing else with it";
  throw new FailoverError('InvalidRequest', 'The request was refused, and nothing was called:', [fault]);
}
