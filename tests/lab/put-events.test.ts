import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { VirtualClock } from '../../lab/clock.ts';
import { inProcessHandler, inProcessProtocol } from '../../lab/wire/in-process.ts';
import type { BusEvent } from '../../lab/world/model.ts';
import { World } from '../../lab/world/world.ts';

const ENTRY: PutEventsRequestEntry = { Source: 'shop', DetailType: 'Order Placed', Detail: '{"id":7}' };

function place(wire = true) {
  const clock = new VirtualClock(Date.UTC(2026, 7, 20));
  const world = new World({ clock, seed: 1 });
  const events: BusEvent[] = [];
  world.onEvent((event) => events.push(event));
  const credentials = { accessKeyId: 'x', secretAccessKey: 'y' };
  const transport = wire ? { requestHandler: inProcessHandler(world, 'x') } : inProcessProtocol(world, 'x');
  const client = new EventBridgeClient({ region: 'us-east-1', credentials, maxAttempts: 1, ...transport });
  const put = (...Entries: PutEventsRequestEntry[]) => clock.run(client.send(new PutEventsCommand({ Entries })));
  return { world, events, put };
}

describe('PutEvents', () => {
  it.each([true, false])('should put each entry on the bus, in an envelope of the account (wire: %s)', async (wire) => {
    const { events, put } = place(wire);
    const { FailedEntryCount, Entries = [] } = await put(ENTRY, { ...ENTRY, Detail: '{"id":8}' });
    expect(FailedEntryCount).toBe(0);
    expect(Entries.map(({ EventId }) => EventId)).toEqual(events.map(({ id }) => id));
    expect(events).toMatchObject([
      { source: 'shop', 'detail-type': 'Order Placed', account: '123456789012', detail: { id: 7 } },
      { detail: { id: 8 } },
    ]);
  });

  it.each([
    ['NotAuthorizedForSourceException', { Source: 'aws.ec2' }],
    ['MalformedDetail', { Detail: '[1]' }],
    ['MalformedDetail', { Detail: 'order' }],
    ['InvalidArgument', { DetailType: 'x'.repeat(129) }],
    ['InvalidArgument', { Detail: undefined }],
  ])('should refuse one entry with %s and take the other', async (code, wrong) => {
    const { events, put } = place();
    const { FailedEntryCount, Entries } = await put({ ...ENTRY, ...wrong }, ENTRY);
    expect([FailedEntryCount, Entries?.[0]?.ErrorCode, events.length]).toEqual([1, code, 1]);
  });

  it.each([
    ['none', []],
    ['more than ten', Array.from({ length: 11 }, () => ENTRY)],
    ['more than 256 KB', [{ ...ENTRY, Detail: JSON.stringify({ text: 'x'.repeat(262_144) }) }]],
  ])('should refuse %s altogether', async (_, entries) => {
    const { events, put } = place();
    await expect(put(...entries)).rejects.toMatchObject({ name: 'ValidationException' });
    expect(events).toEqual([]);
  });

  it('should refuse what a policy denies, and what it does not know', async () => {
    const { world, put } = place();
    await expect(put({ ...ENTRY, EventBusName: 'orders' })).rejects.toMatchObject({ name: 'UnknownParameter' });
    world.policy = () => false;
    await expect(put(ENTRY)).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });
});
