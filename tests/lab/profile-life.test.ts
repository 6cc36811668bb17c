import {
  AttachNetworkInterfaceCommand,
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  DetachNetworkInterfaceCommand,
  StartInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { at, checkOf, recorded, since, statusOf } from './recorded.ts';
import { type Lab, START_MS } from './support.ts';

describe('a started instance', () => {
  async function started(seed: number): Promise<{ lab: Lab; id: string; runsMs: number }> {
    const lab = recorded(seed);
    const { id } = lab.world.addInstance({ state: 'stopped' });
    await lab.clock.run(lab.ec2.send(new StartInstancesCommand({ InstanceIds: [id] })));
    const { InstanceStatus: pending, AttachedEbsStatus } = await statusOf(lab, id);
    expect(pending).toEqual({ Status: 'not-applicable', Details: [] });
    expect(AttachedEbsStatus?.Status).toBe('not-applicable');
    while (lab.world.instance(id)?.state !== 'running') await lab.clock.advance(100);
    return { lab, id, runsMs: lab.clock.now() };
  }

  it('should have checks that are ok 2 to 2.5 minutes after it runs, and no attached EBS check before', async () => {
    const { lab, id, runsMs } = await started(1);
    expect((await statusOf(lab, id)).AttachedEbsStatus).toBeUndefined();
    while ((await checkOf(lab, id)) === 'initializing') await lab.clock.advance(1_000);
    const tookMs = lab.clock.now() - runsMs;
    expect(tookMs).toBeGreaterThanOrEqual(at(2));
    expect(tookMs).toBeLessThanOrEqual(at(2, 32));
    expect(await statusOf(lab, id)).toMatchObject({
      InstanceStatus: { Status: 'ok' },
      AttachedEbsStatus: { Status: 'ok' },
    });
  });

  it('should have a first datapoint of its status metrics 5.5 to 6 minutes after it runs', async () => {
    const { lab, id, runsMs } = await started(2);
    lab.world.failInstance(id, { noticedAfterMs: 0 });
    let firstMs = 0;
    lab.world.onFact(({ kind, text, atMs }) => {
      if (kind === 'metric' && text === `StatusCheckFailed_Instance ${id} 1`) firstMs ||= atMs;
    });
    await lab.clock.advance(at(10));
    // The minute that ends first after that, which can be read a minute later.
    expect(firstMs - runsMs).toBeGreaterThanOrEqual(at(6, 30));
    expect(firstMs - runsMs).toBeLessThanOrEqual(at(8));
  });
});

describe('an instance that is terminated', () => {
  it('should take 53 s, its interface attached as before, then attached to nothing, its own tags still there', async () => {
    const lab = recorded();
    await lab.clock.run(lab.ec2.send(new TerminateInstancesCommand({ InstanceIds: [lab.holder] })));
    const beganMs = since(lab);
    await lab.clock.advance(50_000);
    const find = async () => {
      const asked = { NetworkInterfaceIds: [lab.eni] };
      return (await lab.clock.run(lab.ec2.send(new DescribeNetworkInterfacesCommand(asked)))).NetworkInterfaces?.[0];
    };
    expect(await find()).toMatchObject({
      Status: 'in-use',
      Attachment: { Status: 'attached', InstanceId: lab.holder },
    });
    await lab.clock.runUntil(START_MS + beganMs + 53_000);
    expect((await find())?.Status).toBe('available');
    const reply = await lab.clock.run(lab.ec2.send(new DescribeInstancesCommand({ InstanceIds: [lab.holder] })));
    const [instance] = reply.Reservations?.[0]?.Instances ?? [];
    expect(instance).toMatchObject({ State: { Name: 'terminated' }, NetworkInterfaces: [] });
    expect(instance?.Tags).not.toEqual([]);
  });

  it('should lose its tags later', async () => {
    const lab = recorded();
    lab.world.terminateInstance(lab.holder);
    await lab.clock.advance(at(2));
    expect(lab.world.instance(lab.holder)?.tags).not.toEqual({});
    await lab.clock.advance(at(61));
    expect(lab.world.instance(lab.holder)?.tags).toEqual({});
  });
});

describe('a stopped instance', () => {
  it('should take and give an interface by the time the call is answered, after about a second', async () => {
    const lab = recorded();
    const stopped = lab.world.addInstance({ state: 'stopped' });
    const free = lab.world.addInterface({});
    const attach = { NetworkInterfaceId: free.id, InstanceId: stopped.id, DeviceIndex: 1, NetworkCardIndex: 0 };
    const began = lab.clock.now();
    const { AttachmentId } = await lab.clock.run(lab.ec2.send(new AttachNetworkInterfaceCommand(attach)));
    expect(lab.clock.now() - began).toBeGreaterThanOrEqual(900);
    await lab.clock.advance(50);
    expect(lab.world.interface(free.id)?.attachment?.status).toBe('attached');
    await lab.clock.run(lab.ec2.send(new DetachNetworkInterfaceCommand({ AttachmentId: AttachmentId ?? '' })));
    await lab.clock.advance(50);
    expect(lab.world.interface(free.id)?.attachment).toBeUndefined();
  });
});

describe('a page', () => {
  it('should hold a fifth to two fifths of what was asked for, and everything where nothing was asked for', async () => {
    const lab = recorded();
    for (let nth = 0; nth < 5; nth += 1) lab.world.addInterface({});
    const count = async (input: object): Promise<number> =>
      (await lab.clock.run(lab.ec2.send(new DescribeNetworkInterfacesCommand(input)))).NetworkInterfaces?.length ?? 0;
    for (let nth = 0; nth < 8; nth += 1) expect([1, 2]).toContain(await count({ MaxResults: 5 }));
    expect(await count({})).toBe(8);
  });
});
