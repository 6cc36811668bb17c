import type * as aws from '@aws-sdk/client-eventbridge';
import type { IamResource } from '../world/hooks.ts';
import type { WorldState } from '../world/state.ts';
import { refuseIf } from './errors.ts';
import { bucket, required, row } from './row.ts';

const MOST_ENTRIES = 10;
/** Of a whole request (EventBridge User Guide, "Calculating PutEvents event entry size"). */
const MOST_BYTES = 256 * 1024;

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html; to the default bus only. */
export const putEvents = row<aws.PutEventsRequest, aws.PutEventsResponse>({
  service: 'events',
  members: 'Entries.Source Entries.DetailType Entries.Detail Entries.Resources Entries.Time',
  resources: defaultBus,
  bucket: bucket(600, 600),
  handle(world, { Entries }) {
    const entries = required(Entries, 'Entries');
    const count = entries.length >= 1 && entries.length <= MOST_ENTRIES;
    refuseIf(!count, 'ValidationException', `Entries must have 1 to ${MOST_ENTRIES} members`);
    const bytes = entries.reduce((sum, entry) => sum + sizeOf(entry), 0);
    refuseIf(bytes > MOST_BYTES, 'ValidationException', `Total size of the entries in the request is over the limit.`);
    const results = entries.map((entry) => put(world, entry));
    return { FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length, Entries: results };
  },
});

function defaultBus(world: WorldState): readonly IamResource[] {
  return [{ type: 'event-bus', arn: world.arn('events', 'event-bus/default'), tags: {} }];
}

/** One that is wrong is refused by itself, in a reply that succeeds. */
function put(world: WorldState, { Source, DetailType, Detail, Resources = [] }: aws.PutEventsRequestEntry) {
  const refused = (ErrorCode: string, ErrorMessage: string) => ({ ErrorCode, ErrorMessage });
  if (!Source || !DetailType || !Detail)
    return refused(
      'InvalidArgument',
      `Parameter ${Source ? (DetailType ? 'Detail' : 'DetailType') : 'Source'} is not valid.`,
    );
  if (Source.startsWith('aws.')) return refused('NotAuthorizedForSourceException', 'Not authorized for the source.');
  if (DetailType.length > 128) return refused('InvalidArgument', 'Parameter DetailType is not valid.');
  const detail = objectOf(Detail);
  if (detail === undefined) return refused('MalformedDetail', 'Detail is malformed.');
  const EventId = world.emit(DetailType, Source, Resources, detail);
  return { EventId };
}

function objectOf(text: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Fourteen bytes for a time, and the length of every text. */
function sizeOf({
  Source = '',
  DetailType = '',
  Detail = '',
  Resources = [],
  Time,
}: aws.PutEventsRequestEntry): number {
  const texts = [Source, DetailType, Detail, ...Resources];
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), Time === undefined ? 0 : 14);
}
