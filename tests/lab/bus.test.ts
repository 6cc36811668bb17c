import { type BusOptions, createBus, type Delivery, type Outcome } from '../../lab/bus/bus.ts';
import { VirtualClock } from '../../lab/clock.ts';
import type { PackagedFunction, Template } from '../../lab/package/template.ts';

const QUEUE = 'arn:aws:sqs:eu-west-1:123456789012:unhandled';
const FUNCTION: PackagedFunction = {
  logicalId: 'Fn',
  name: 'fn',
  arn: 'arn:aws:lambda:eu-west-1:123456789012:function:fn',
  handler: 'a.handler',
  runtime: 'nodejs22.x',
  environment: {},
  timeoutMs: 1000,
  memoryMb: 128,
  roleArn: 'arn:aws:iam::123456789012:role/fn',
  async: { retries: 2, maximumAgeMs: 900_000, onFailureArn: QUEUE },
};
const FAILED: Outcome = { ok: false, errorType: 'Boom', errorMessage: 'it broke' };
const DONE: Outcome = { ok: true, payload: { outcome: 'done' } };
const EVENT = { source: 'aws.ec2', detail: { state: 'stopped' } };

function template(target: Partial<PackagedFunction['async']> = {}): Template {
  const rule = { logicalId: 'Rule', name: 'rule', arn: 'arn:rule', pattern: { source: ['aws.ec2'] } };
  return {
    functions: [{ ...FUNCTION, async: { ...FUNCTION.async, ...target } }],
    rules: [{ ...rule, targets: [{ arn: FUNCTION.arn }] }],
    roles: [],
    queuePolicies: [],
    queues: new Map([[QUEUE, 'unhandled']]),
    topics: [],
    alarms: [],
  };
}

/** Publishes one event and lets virtual time pass until everything has settled. */
async function deliver(outcomes: Outcome[], options: Partial<BusOptions> = {}, event: object = EVENT) {
  const clock = new VirtualClock(0);
  const deliveries: Delivery[] = [];
  const invoke = async (): Promise<Outcome> => outcomes.shift() ?? DONE;
  const onDelivery = (delivery: Delivery): void => void deliveries.push(delivery);
  const bus = createBus({ template: template(), clock, invoke, onDelivery, ...options });
  bus.publish(event);
  await clock.run(bus.settled());
  return { story: deliveries.map(({ kind, atMs }) => `${atMs / 1000}s ${kind}`), records: bus.queues.get(QUEUE) };
}

describe('bus', () => {
  it('should deliver an event that matches, once', async () => {
    const { story, records } = await deliver([DONE]);
    expect(story).toEqual(['0s matched', '0s invoked', '0s returned']);
    expect(records).toEqual([]);
  });

  it('should leave alone an event that does not match', async () => {
    expect((await deliver([], {}, { source: 'aws.s3' })).story).toEqual([]);
  });

  it('should retry a failed invocation after 60 and after 114 s, as was recorded', async () => {
    const { story, records } = await deliver([FAILED, FAILED, DONE]);
    expect(story).toEqual([
      '0s matched',
      '0s invoked',
      '0s failed',
      '60s invoked',
      '60s failed',
      '174s invoked',
      '174s returned',
    ]);
    expect(records).toEqual([]);
  });

  it('should send what every attempt failed on to the on-failure destination', async () => {
    const { story, records } = await deliver([FAILED, FAILED, FAILED]);
    expect(story.slice(-2)).toEqual(['174s failed', '174s gave-up']);
    expect(records).toEqual([
      expect.objectContaining({
        requestContext: {
          functionArn: `${FUNCTION.arn}:$LATEST`,
          condition: 'RetriesExhausted',
          approximateInvokeCount: 3,
        },
        requestPayload: EVENT,
        responsePayload: { errorType: 'Boom', errorMessage: 'it broke' },
      }),
    ]);
  });

  it('should not retry past the maximum event age', async () => {
    const { story, records } = await deliver([FAILED, FAILED], { template: template({ maximumAgeMs: 90_000 }) });
    expect(story.slice(-2)).toEqual(['60s failed', '60s gave-up']);
    expect(records?.[0]?.requestContext.condition).toBe('EventAgeExceeded');
  });

  it('should deliver late when told to', async () => {
    const { story } = await deliver([DONE], { deliveryMs: () => 700 });
    expect(story).toEqual(['0s matched', '0.7s invoked', '0.7s returned']);
  });

  it('should be asked how late by what it delivers, and give each attempt of one invocation the same id', async () => {
    const clock = new VirtualClock(0);
    const [rule] = template().rules;
    const rules = [rule, { ...rule, pattern: undefined, schedule: 'rate(1 minute)' }];
    const invoked: string[] = [];
    const invoke = async (_target: PackagedFunction, _event: object, id: string): Promise<Outcome> => {
      invoked.push(`${clock.now() / 1000}s ${id}`);
      return FAILED;
    };
    let ids = 0;
    const bus = createBus({
      clock,
      invoke,
      template: { ...template({ retries: 1 }), rules } as unknown as Template,
      deliveryMs: (kind) => (kind === 'matched' ? 500 : 0),
      newRequestId: () => `request-${(ids += 1)}`,
    });
    bus.startSchedules();
    bus.publish(EVENT);
    await clock.advance(61_000);
    expect(invoked).toEqual(['0.5s request-1', '60s request-2', '60.5s request-1']);
  });

  it('should refuse a rule it cannot deliver', () => {
    const [rule] = template().rules;
    const stranger = { ...template(), rules: [{ ...rule, targets: [{ arn: 'arn:other' }] }] } as Template;
    const options = { clock: new VirtualClock(0), invoke: async () => DONE };
    expect(() => createBus({ ...options, template: stranger })).toThrow('arn:other is not a function of this template');
  });

  /** Lets a scheduled rule tick for some time. */
  async function tick(schedule: string, forMs: number, firstMs?: number) {
    const clock = new VirtualClock(0);
    const [rule] = template().rules;
    const { pattern: _, ...scheduled } = { ...rule, schedule };
    const invoked: string[] = [];
    const invoke = async (_target: PackagedFunction, event: object): Promise<Outcome> => {
      invoked.push(`${clock.now() / 1000}s ${(event as { 'detail-type': string })['detail-type']}`);
      return DONE;
    };
    const bus = createBus({ clock, invoke, template: { ...template(), rules: [scheduled] } as unknown as Template });
    bus.startSchedules(firstMs);
    await clock.advance(forMs);
    return invoked;
  }

  it.each<[string, number | undefined, number[]]>([
    ['rate(1 minute)', undefined, [60, 120, 180]],
    ['rate(1 minute)', 7_000, [7, 67, 127, 187]],
    ['rate(3 minutes)', undefined, [180]],
    ['rate(1 hour)', 60_000, [60]],
  ])('should invoke the target of %s on its clock', async (schedule, firstMs, seconds) => {
    expect(await tick(schedule, 190_000, firstMs)).toEqual(seconds.map((second) => `${second}s Scheduled Event`));
  });

  it.each(['rate(1 hours)', 'rate(2 hour)', 'rate(1 minutes)', 'rate(0 minutes)', 'cron(* * * * ? *)'])(
    'should refuse the schedule %s, which it does not know',
    async (schedule) => {
      await expect(tick(schedule, 0)).rejects.toThrow(`the bus does not know the schedule ${schedule}`);
    },
  );
});
