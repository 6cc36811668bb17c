import {
  AttachNetworkInterfaceCommand,
  DescribeInstancesCommand,
  DescribeInstanceStatusCommand,
  DescribeNetworkInterfacesCommand,
  DetachNetworkInterfaceCommand,
  type InstanceStatus,
  StartInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { latenciesOf, PROFILE_NAMES, PROFILES } from '../../lab/world/profile.ts';
import { type Lab, START_MS, startLab } from './support.ts';

const MINUTE_MS = 60_000;
const SEEDS = Array.from({ length: 40 }, (_, nth) => nth + 1);

/** A world in which things take as long as AWS was recorded to take. */
const recorded = (seed: number | string = 1): Lab => startLab({ profile: 'recorded', seed });

const at = (minutes: number, seconds = 0): number => minutes * MINUTE_MS + seconds * 1_000;
const since = (lab: Lab): number => lab.clock.now() - START_MS;

async function statusOf(lab: Lab, id = lab.holder): Promise<InstanceStatus> {
  const command = new DescribeInstanceStatusCommand({ InstanceIds: [id], IncludeAllInstances: true });
  const reply = await lab.clock.run(lab.ec2.send(command));
  return reply.InstanceStatuses?.[0] ?? {};
}

const checkOf = async (lab: Lab, id?: string): Promise<string | undefined> =>
  (await statusOf(lab, id)).InstanceStatus?.Status;

/** Asks every second what the instance check says, until some moment, and when it began to say something else. */
async function spoken(lab: Lab, untilMs: number): Promise<readonly (readonly [atMs: number, status: string])[]> {
  const said: [number, string][] = [];
  for (let nextMs = since(lab); nextMs < untilMs; nextMs += 1_000) {
    await lab.clock.runUntil(START_MS + nextMs);
    const status = (await checkOf(lab)) ?? '';
    if (status !== said.at(-1)?.[1]) said.push([nextMs, status]);
  }
  return said;
}

/** When the floating interface's holder has an alarm, of 1 of 1 minute or of two, after it failed at a full minute. */
async function alarmAfter(seed: number, periods: number, failsAtMs = 0): Promise<number> {
  const lab = recorded(seed);
  lab.world.addAlarm({
    AlarmName: 'watch',
    Namespace: 'AWS/EC2',
    MetricName: 'StatusCheckFailed_Instance',
    Dimensions: [{ Name: 'InstanceId', Value: lab.holder }],
    Statistic: 'Maximum',
    Period: 60,
    EvaluationPeriods: periods,
    Threshold: 1,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
  });
  let raisedMs = Number.NaN;
  lab.world.onFact(({ kind, text, atMs }) => {
    if (kind === 'alarm' && text.startsWith('watch OK -> ALARM')) raisedMs = atMs - START_MS - failsAtMs;
  });
  await lab.clock.advance(failsAtMs);
  lab.world.failInstance(lab.holder);
  await lab.clock.advance(10 * MINUTE_MS);
  return raisedMs;
}

describe('the profile of a world', () => {
  it('should be the recorded one unless another is named', () => {
    expect(startLab({ profile: undefined }).world.latencies).toEqual(PROFILES.recorded);
  });

  it.each(PROFILE_NAMES)('should know how long everything takes: %s', (name) => {
    for (const [low, high] of Object.values(PROFILES[name]).filter((value) => typeof value === 'object')) {
      expect(low).toBeLessThanOrEqual(high);
    }
  });

  it('should let a special case follow the general one where only that is given', () => {
    const given = latenciesOf('recorded', { callMs: [1, 2], detachMs: [3, 4], checkMs: [5, 6] });
    expect(given).toMatchObject({ changeMs: [1, 2], detachStoppedMs: [3, 4], attachStoppedMs: [0, 50] });
    expect(given).toMatchObject({ applicationCheckMs: [5, 6], shownMs: [0, 0], hesitatingShare: 0 });
  });
});

describe('a guest that is cut off', () => {
  it('should fail its check 3 min 23 s later: that is its ImpairedSince', async () => {
    const lab = recorded();
    lab.world.failInstance(lab.holder);
    await lab.clock.advance(at(6, 3));
    const { Status, Details } = (await statusOf(lab)).InstanceStatus ?? {};
    expect(Status).toBe('impaired');
    const afterMs = (Details?.[0]?.ImpairedSince?.getTime() ?? 0) - START_MS;
    expect(afterMs).toBeGreaterThanOrEqual(at(3, 23));
    expect(afterMs).toBeLessThanOrEqual(at(3, 26));
  });

  it('should be called ok for four minutes more or less, and impaired after 4 min 12 s to 6 min 2 s', async () => {
    const courses = new Set<string>();
    for (const seed of SEEDS.slice(0, 12)) {
      const lab = recorded(seed);
      lab.world.failInstance(lab.holder);
      const said = await spoken(lab, at(6, 5));
      courses.add(said.map(([, status]) => status).join(' '));
      const [impairedMs = 0] = said.at(-1) ?? [];
      expect(impairedMs).toBeGreaterThanOrEqual(at(4, 12));
      expect(impairedMs).toBeLessThanOrEqual(at(6, 3));
      const hesitates = said.find(([, status]) => status === 'initializing');
      if (hesitates) expect(hesitates[0]).toBe(at(4, 30));
    }
    expect([...courses].toSorted()).toEqual(['ok impaired', 'ok initializing impaired']);
  });

  it('should have the metric in the minute of 3 min 23 s, readable after 5 min', async () => {
    const lab = recorded();
    const readable: number[] = [];
    lab.world.onFact(({ kind, text }) => {
      if (kind === 'metric' && text === `StatusCheckFailed_Instance ${lab.holder} 1`) readable.push(since(lab));
    });
    lab.world.failInstance(lab.holder);
    await lab.clock.advance(at(8));
    expect(readable).toEqual([at(5)]);
  });

  it('should have an alarm of 1 of 1 after 5 to 6 minutes, and one of 2 of 2 a minute later', async () => {
    for (const seed of SEEDS.slice(0, 10)) {
      const one = await alarmAfter(seed, 1);
      expect(one).toBeGreaterThanOrEqual(at(5));
      expect(one).toBeLessThanOrEqual(at(6));
      const two = await alarmAfter(seed, 2);
      expect(two).toBeGreaterThanOrEqual(at(6));
      expect(two).toBeLessThanOrEqual(at(7));
    }
  });

  it('should be ok again three minutes after it works again, and its metric, too', async () => {
    const lab = recorded();
    lab.world.failInstance(lab.holder);
    await lab.clock.advance(at(7));
    const values: [number, string][] = [];
    lab.world.onFact(({ kind, text }) => {
      if (kind === 'metric' && text.startsWith('StatusCheckFailed_Instance')) values.push([since(lab), text.slice(-1)]);
    });
    lab.world.recoverInstance(lab.holder);
    await lab.clock.advance(at(2, 59));
    expect(await checkOf(lab)).toBe('impaired');
    await lab.clock.advance(1_000);
    expect(await checkOf(lab)).toBe('ok');
    await lab.clock.advance(at(5));
    expect(values).toEqual([[at(11), '0']]);
  });

  it('should never fail a check when it works again before three minutes are over', async () => {
    const lab = recorded();
    lab.world.failInstance(lab.holder);
    await lab.clock.advance(at(3));
    lab.world.recoverInstance(lab.holder);
    expect(await spoken(lab, at(10))).toEqual([[at(3), 'ok']]);
  });

  it('should be impaired again when it is cut off again while its check has yet to pass', async () => {
    const lab = recorded();
    lab.world.failInstance(lab.holder);
    await lab.clock.advance(at(7));
    lab.world.recoverInstance(lab.holder);
    await lab.clock.advance(at(1));
    lab.world.failInstance(lab.holder);
    await lab.clock.advance(at(7));
    expect(await checkOf(lab)).toBe('impaired');
  });
});

describe('a reboot', () => {
  it('should be over before a check has failed for it', async () => {
    const lab = recorded();
    lab.world.rebootInstance(lab.holder);
    const said = await spoken(lab, at(10));
    expect(said.map(([, status]) => status)).toEqual(['ok', 'initializing', 'ok']);
  });
});

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
