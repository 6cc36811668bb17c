import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { BusEntry, EventBus } from '../engine/ports.ts';
import { AwsCallError } from '../errors.ts';
import { createCall } from './call.ts';
import { baseOf, type ClientOptions, retryOf } from './clients.ts';

const ACTION = 'events:PutEvents';
/** Nobody waits for it for long. */
const CALL_MS = 1_000;

/**
 * The default bus. Its client is made with the first event: a run that has nothing to say does without. What was
 * throttled here is no throttled change of the run (`RunBudget.throttled`): the budget is its own.
 */
export function createEventBus(options: Omit<ClientOptions, 'budget'>): EventBus {
  const budget = { deadlineAt: Number.POSITIVE_INFINITY };
  const given: ClientOptions = { ...options, budget, attempts: 2, callTimeoutMs: CALL_MS, attemptTimeoutMs: CALL_MS };
  const call = createCall({ clock: options.clock, budget, callTimeoutMs: CALL_MS });
  let client: EventBridgeClient | undefined;
  return {
    put: async (events) => {
      const bus = (client ??= new EventBridgeClient(configOf(given)));
      const command = new PutEventsCommand({ Entries: events.map(entryOf) });
      const { Entries = [] } = await call({ action: ACTION, changing: true }, (how) => bus.send(command, how));
      const refused = Entries.find(({ ErrorCode }) => ErrorCode !== undefined);
      if (refused) throw new AwsCallError('unavailable', ACTION, refused.ErrorCode ?? '', refused.ErrorMessage ?? '');
    },
  };
}

const entryOf = ({ source, detailType, detail }: BusEntry) => ({
  Source: source,
  DetailType: detailType,
  Detail: JSON.stringify(detail),
});

const configOf = (options: ClientOptions) => ({ ...baseOf(options), ...retryOf(options, true) });
