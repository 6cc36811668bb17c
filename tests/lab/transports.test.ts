import { CloudWatchClient, DescribeAlarmsCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import * as ec2 from '@aws-sdk/client-ec2';
import { buildScenario, type Scene } from '../../demo/scenarios.ts';
import { RealClock, VirtualClock } from '../../lab/clock.ts';
import { serveHttp } from '../../lab/wire/http.ts';
import { inProcessHandler, inProcessProtocol } from '../../lab/wire/in-process.ts';
import { World } from '../../lab/world/world.ts';
import { CLIENT, START_MS } from './support.ts';

const QUICK = { callMs: [0, 1], attachMs: [1, 2], detachMs: [1, 2] } as const;

interface Side {
  readonly world: World;
  readonly scene: Scene;
  readonly ec2: ec2.EC2Client;
  readonly cloudwatch: CloudWatchClient;
  readonly run: <T>(work: Promise<T>) => Promise<T>;
  readonly pass: (ms: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

function virtualSide(settings: (world: World) => object): Side {
  const clock = new VirtualClock(START_MS);
  const world = new World({ clock, seed: 1, latencies: QUICK });
  const scene = buildScenario('pair', world);
  const client = { ...CLIENT, ...settings(world) };
  return {
    world,
    scene,
    ec2: new ec2.EC2Client(client),
    cloudwatch: new CloudWatchClient(client),
    run: (work) => clock.run(work),
    pass: (ms) => clock.advance(ms),
    close: async () => {},
  };
}

async function httpSide(): Promise<Side> {
  const clock = new RealClock({ startMs: START_MS });
  const world = new World({ clock, seed: 1, latencies: QUICK });
  const scene = buildScenario('pair', world);
  const server = await serveHttp(world, { port: 0 });
  const client = { ...CLIENT, endpoint: server.endpoint };
  const sides = { ec2: new ec2.EC2Client(client), cloudwatch: new CloudWatchClient(client) };
  const close = async (): Promise<void> => {
    sides.ec2.destroy();
    sides.cloudwatch.destroy();
    clock.stop();
    await server.close();
  };
  return { world, scene, ...sides, run: (work) => work, pass: (ms) => clock.sleep(ms), close };
}

/** What a client can see of a reply: no absent members, no metadata, no moments. */
function visible(reply: object): unknown {
  const text = JSON.stringify(reply, (key, value: unknown) => (key === '$metadata' ? undefined : value));
  return JSON.parse(text.replace(/"\d{4}-\d\d-\d\dT[^"]+"/g, '"a moment"'));
}

const TRANSPORTS: readonly (readonly [string, () => Promise<Side>])[] = [
  ['typed, in process', async () => virtualSide((world) => inProcessProtocol(world, 'lab'))],
  ['wire, in process', async () => virtualSide((world) => ({ requestHandler: inProcessHandler(world, 'lab') }))],
  ['HTTP', httpSide],
];

describe.each(TRANSPORTS)('the real SDK over %s', (_name, open) => {
  let side: Side;
  beforeEach(async () => {
    side = await open();
  });
  afterEach(() => side.close());

  it('should move an interface', async () => {
    const { run, scene, world } = side;
    const [eni = ''] = scene.interfaces;
    const [, standby = ''] = scene.members;
    const AttachmentId = world.interface(eni)?.attachment?.id;
    await run(side.ec2.send(new ec2.DetachNetworkInterfaceCommand({ AttachmentId, Force: false })));
    await side.pass(20);
    const target = { NetworkInterfaceId: eni, InstanceId: standby, DeviceIndex: 1, NetworkCardIndex: 0 };
    const attached = await run(side.ec2.send(new ec2.AttachNetworkInterfaceCommand(target)));
    expect(attached).toMatchObject({ NetworkCardIndex: 0, AttachmentId: expect.stringMatching(/^eni-attach-/) });
    expect(attached.$metadata.requestId).toBe(world.calls.at(-1)?.requestId);
    const Tags = [{ Key: 'moved to', Value: standby }];
    await run(side.ec2.send(new ec2.CreateTagsCommand({ Resources: [eni], Tags })));
    expect(world.holderOf(eni)).toBe(standby);
    expect(world.interface(eni)?.tags['moved to']).toBe(standby);
    expect(world.calls.map(({ caller }) => caller)).toEqual(['lab', 'lab', 'lab']);
  });

  it('should send no empty list, which means all of them', async () => {
    const none = new ec2.DescribeInstancesCommand({ InstanceIds: [], Filters: [] });
    expect((await side.run(side.ec2.send(none))).Reservations).toHaveLength(2);
    expect(side.world.calls.at(-1)?.input).toEqual({});
  });

  it('should show an error of EC2 as its name, status and message', async () => {
    const [NetworkInterfaceId = ''] = side.scene.interfaces;
    const input = { NetworkInterfaceId, InstanceId: side.scene.holder, DeviceIndex: 2 };
    const work = side.run(side.ec2.send(new ec2.AttachNetworkInterfaceCommand(input)));
    const error = await work.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ec2.EC2ServiceException);
    expect(error).toMatchObject({
      name: 'InvalidNetworkInterface.InUse',
      message: `Interface: [${NetworkInterfaceId}] in use.`,
      $metadata: { httpStatusCode: 400, requestId: expect.stringMatching(/-/) },
      $fault: 'client',
    });
  });

  it('should show an error of CloudWatch as its name and status', async () => {
    const input = { AlarmName: 'nobody', StateValue: 'OK', StateReason: 'x' } as const;
    const error = await side
      .run(side.cloudwatch.send(new SetAlarmStateCommand(input)))
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'ResourceNotFound', $metadata: { httpStatusCode: 404 } });
  });

  it('should refuse an action without a row', async () => {
    const work = side.run(side.ec2.send(new ec2.DescribeVpcsCommand({})));
    await expect(work).rejects.toMatchObject({ name: 'InvalidAction' });
  });

  it('should refuse a parameter that the action understands on AWS but not here', async () => {
    const work = side.run(side.ec2.send(new ec2.DescribeInstancesCommand({ IncludeManagedResources: true })));
    await expect(work).rejects.toMatchObject({ name: 'UnknownParameter' });
  });
});

describe('the three transports', () => {
  it('should show the same', async () => {
    const seen: unknown[] = [];
    for (const [, open] of TRANSPORTS) {
      const side = await open();
      const { run } = side;
      side.world.retag(side.scene.holder, { note: `<a> & "b" 'c' \u00e9` });
      const ids = { InstanceIds: [side.scene.holder] };
      const filtered = { Filters: [{ Name: 'tag:eni-failover:group', Values: ['web'] }] };
      seen.push(
        [
          await run(side.ec2.send(new ec2.DescribeInstancesCommand(filtered))),
          await run(side.ec2.send(new ec2.DescribeNetworkInterfacesCommand({}))),
          await run(side.ec2.send(new ec2.DescribeInstanceStatusCommand({ ...ids, IncludeAllInstances: true }))),
          await run(side.ec2.send(new ec2.DescribeInstanceTypesCommand({ InstanceTypes: ['p4d.24xlarge'] }))),
          await run(side.ec2.send(new ec2.DescribeTagsCommand({}))),
          await run(side.ec2.send(new ec2.DescribeInstancesCommand({ Filters: [{ Name: 'tag:x', Values: ['y'] }] }))),
          await run(side.cloudwatch.send(new DescribeAlarmsCommand({}))),
          await run(side.ec2.send(new ec2.StopInstancesCommand(ids))),
        ].map(visible),
      );
      await side.close();
    }
    expect(seen[1]).toEqual(seen[0]);
    expect(seen[2]).toEqual(seen[0]);
    expect(seen[0]).toMatchObject([{ Reservations: [{}, {}] }, {}, {}, {}, {}, { Reservations: [] }, {}, {}]);
  });
});
