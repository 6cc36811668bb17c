import {
  DescribeInstanceStatusCommand,
  DescribeInstanceTypesCommand,
  type InstanceStatus,
  RebootInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import type { BusEvent } from '../../lab/world/model.ts';
import { codeOf, type Lab, outcome, startLab } from './support.ts';

const HOUR_MS = 3_600_000;

function record(lab: Lab, detailType: string): BusEvent[] {
  const events: BusEvent[] = [];
  lab.world.onEvent((event) => {
    if (event['detail-type'] === detailType) events.push(event);
  });
  return events;
}

async function status(lab: Lab, id = lab.holder): Promise<InstanceStatus> {
  const command = new DescribeInstanceStatusCommand({ InstanceIds: [id], IncludeAllInstances: true });
  const reply = await lab.clock.run(lab.ec2.send(command));
  return reply.InstanceStatuses?.[0] ?? {};
}

describe('the life of an instance', () => {
  it('should pass through every state and announce each one', async () => {
    const lab = startLab();
    const InstanceIds = [lab.holder];
    const events = record(lab, 'EC2 Instance State-change Notification');
    const stopped = await lab.clock.run(lab.ec2.send(new StopInstancesCommand({ InstanceIds })));
    expect(stopped.StoppingInstances?.[0]).toMatchObject({
      PreviousState: { Code: 16, Name: 'running' },
      CurrentState: { Code: 64, Name: 'stopping' },
    });
    await lab.clock.advance(HOUR_MS);
    await lab.clock.run(lab.ec2.send(new StartInstancesCommand({ InstanceIds })));
    await lab.clock.advance(HOUR_MS);
    await lab.clock.run(lab.ec2.send(new TerminateInstancesCommand({ InstanceIds })));
    await lab.clock.advance(HOUR_MS);
    const states = events.map(({ detail }) => detail.state);
    expect(states).toEqual(['stopping', 'stopped', 'pending', 'running', 'shutting-down', 'terminated']);
    expect(events[0]).toEqual({
      version: '0',
      id: expect.stringMatching(/^[0-9a-f]{8}-/),
      'detail-type': 'EC2 Instance State-change Notification',
      source: 'aws.ec2',
      account: '123456789012',
      time: '2026-01-01T00:00:00Z',
      region: 'us-east-1',
      resources: [`arn:aws:ec2:us-east-1:123456789012:instance/${lab.holder}`],
      detail: { 'instance-id': lab.holder, state: 'stopping' },
    });
  });

  it('should get a new launch time from a start and not from a reboot', async () => {
    const lab = startLab();
    const launched = lab.world.instance(lab.holder)?.launchMs;
    await lab.clock.run(lab.ec2.send(new RebootInstancesCommand({ InstanceIds: [lab.holder] })));
    await lab.clock.advance(HOUR_MS);
    expect(lab.world.instance(lab.holder)?.launchMs).toBe(launched);
    lab.world.stopInstance(lab.holder);
    await lab.clock.advance(HOUR_MS);
    lab.world.startInstance(lab.holder);
    expect(lab.world.instance(lab.holder)?.launchMs).toBeGreaterThan(launched ?? 0);
  });

  it('should take a repeated request calmly and refuse an impossible one', async () => {
    const lab = startLab();
    const gone = lab.world.addInstance({ state: 'terminated' });
    expect(await outcome(lab, lab.ec2.send(new StartInstancesCommand({ InstanceIds: [lab.holder] })))).toBe('ok');
    expect(lab.world.instance(lab.holder)?.state).toBe('running');
    expect(await outcome(lab, lab.ec2.send(new TerminateInstancesCommand({ InstanceIds: [gone.id] })))).toBe('ok');
    expect(await outcome(lab, lab.ec2.send(new StartInstancesCommand({ InstanceIds: [gone.id] })))).toBe(
      'IncorrectInstanceState',
    );
    expect(await outcome(lab, lab.ec2.send(new StopInstancesCommand({ InstanceIds: [lab.holder, gone.id] })))).toBe(
      'IncorrectInstanceState',
    );
    expect(lab.world.instance(lab.holder)?.state).toBe('running');
    const unknown = new RebootInstancesCommand({ InstanceIds: ['i-00000000000000000'] });
    expect(await outcome(lab, lab.ec2.send(unknown))).toBe('InvalidInstanceID.NotFound');
  });

  it('should not reboot what does not run', async () => {
    const lab = startLab();
    const { id } = lab.world.addInstance({ state: 'stopped' });
    const command = new RebootInstancesCommand({ InstanceIds: [id] });
    expect(await outcome(lab, lab.ec2.send(command))).toBe('IncorrectState');
  });

  it('should be over at once when it is stopped, and its interfaces are free', async () => {
    const lab = startLab();
    lab.world.stopInstance(lab.holder);
    await lab.clock.advance(HOUR_MS);
    const command = new TerminateInstancesCommand({ InstanceIds: [lab.holder] });
    const { TerminatingInstances } = await lab.clock.run(lab.ec2.send(command));
    expect(TerminatingInstances?.[0]?.CurrentState?.Name).toBe('terminated');
    expect(lab.world.holderOf(lab.eni)).toBeUndefined();
  });

  it('should have no checks before it runs', async () => {
    const lab = startLab();
    const { id } = lab.world.addInstance({ state: 'pending' });
    expect((await status(lab, id)).InstanceStatus).toEqual({ Status: 'not-applicable', Details: [] });
  });

  it('should give two minutes of notice before a Spot interruption', async () => {
    const lab = startLab();
    const events = record(lab, 'EC2 Spot Instance Interruption Warning');
    lab.world.spotWarning(lab.holder);
    expect(events[0]?.detail).toEqual({ 'instance-id': lab.holder, 'instance-action': 'terminate' });
    await lab.clock.advance(119_000);
    expect(lab.world.instance(lab.holder)?.state).toBe('running');
    await lab.clock.advance(2_000);
    expect(lab.world.instance(lab.holder)?.state).toBe('shutting-down');
  });

  it('should announce a state once more when asked to: events come at least once', () => {
    const lab = startLab();
    const events = record(lab, 'EC2 Instance State-change Notification');
    lab.world.repeatStateEvent(lab.holder);
    expect(events[0]?.detail).toEqual({ 'instance-id': lab.holder, state: 'running' });
  });
});

describe('status checks', () => {
  it('should show a failure only once the check has noticed it', async () => {
    const lab = startLab();
    lab.world.failInstance(lab.holder, { check: 'system', noticedAfterMs: 30_000 });
    expect((await status(lab)).SystemStatus).toEqual({
      Status: 'ok',
      Details: [expect.objectContaining({ Status: 'passed' })],
    });
    await lab.clock.advance(30_000);
    const { SystemStatus, InstanceStatus: instance, AttachedEbsStatus } = await status(lab);
    const since = new Date(Date.UTC(2026, 0, 1, 0, 0, 30));
    expect(SystemStatus).toMatchObject({ Status: 'impaired', Details: [{ Status: 'failed', ImpairedSince: since }] });
    expect([instance?.Status, AttachedEbsStatus?.Status]).toEqual(['ok', 'ok']);
    lab.world.recoverInstance(lab.holder);
    expect((await status(lab)).SystemStatus?.Status).toBe('ok');
  });

  it('should know an application status only where EC2 probes an application', async () => {
    const lab = startLab();
    const probed = lab.world.addInstance({ applicationChecked: true });
    for (const id of [lab.holder, probed.id]) lab.world.failInstance(id, { check: 'application', noticedAfterMs: 0 });
    expect((await status(lab)).ApplicationStatus?.Status).toBe('not-applicable');
    expect((await status(lab, probed.id)).ApplicationStatus?.Status).toBe('impaired');
  });

  it('should fail during a reboot, then initialize, then pass', async () => {
    const lab = startLab({ latencies: { rebootMs: [30_000, 30_000], initializingMs: [60_000, 60_000] } });
    lab.world.failInstance(lab.holder, { noticedAfterMs: 0 });
    lab.world.rebootInstance(lab.holder);
    expect((await status(lab)).InstanceStatus?.Status).toBe('impaired');
    await lab.clock.advance(40_000);
    expect((await status(lab)).InstanceStatus?.Status).toBe('initializing');
    await lab.clock.advance(60_000);
    expect((await status(lab)).InstanceStatus?.Status).toBe('ok');
  });

  it('should not apply to an instance that does not run, and show scheduled events', async () => {
    const lab = startLab();
    const event = { code: 'instance-retirement', description: 'retiring', notBeforeMs: 1_000 } as const;
    lab.world.scheduleEvent(lab.holder, event);
    lab.world.stopInstance(lab.holder);
    const { InstanceStatus: instance, Events } = await status(lab);
    expect(instance?.Status).toBe('not-applicable');
    expect(Events?.[0]).toMatchObject({ Code: 'instance-retirement', NotBefore: new Date(1_000) });
  });

  it('should leave out what does not run unless told otherwise, and filter by status', async () => {
    const lab = startLab();
    lab.world.failInstance(lab.holder, { noticedAfterMs: 0 });
    lab.world.addInstance({ state: 'stopped' });
    const count = async (input: object): Promise<number | undefined> =>
      (await lab.clock.run(lab.ec2.send(new DescribeInstanceStatusCommand(input)))).InstanceStatuses?.length;
    expect(await count({})).toBe(2);
    expect(await count({ IncludeAllInstances: true })).toBe(3);
    expect(await count({ Filters: [{ Name: 'instance-status.status', Values: ['impaired'] }] })).toBe(1);
    expect(await count({ Filters: [{ Name: 'system-status.status', Values: ['impaired'] }] })).toBe(0);
  });

  it('should take at most 100 ids, and no tag filter', async () => {
    const lab = startLab();
    const ids = Array.from({ length: 101 }, () => lab.holder);
    const send = (input: object): Promise<string> =>
      lab.clock.run(codeOf(lab.ec2.send(new DescribeInstanceStatusCommand(input))));
    expect(await send({ InstanceIds: ids })).toBe('InvalidRequest');
    expect(await send({ Filters: [{ Name: 'tag:Name', Values: ['x'] }] })).toBe('InvalidParameterValue');
  });
});

describe('instance types', () => {
  it('should show slots and addresses, and refuse a type that does not exist', async () => {
    const lab = startLab();
    const ask = new DescribeInstanceTypesCommand({ InstanceTypes: ['m6i.large'] });
    const { InstanceTypes } = await lab.clock.run(lab.ec2.send(ask));
    expect(InstanceTypes?.[0]?.NetworkInfo).toMatchObject({
      MaximumNetworkInterfaces: 3,
      Ipv4AddressesPerInterface: 10,
      NetworkCards: [{ NetworkCardIndex: 0, MaximumNetworkInterfaces: 3 }],
    });
    const unknown = new DescribeInstanceTypesCommand({ InstanceTypes: ['x9.huge' as 't3.small'] });
    expect(await lab.clock.run(codeOf(lab.ec2.send(unknown)))).toBe('InvalidInstanceType');
  });
});
