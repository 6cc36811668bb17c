import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import {
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  DetachNetworkInterfaceCommand,
  StopInstancesCommand,
} from '@aws-sdk/client-ec2';
import type { Fault, IamRequest } from '../../lab/world/hooks.ts';
import { type Lab, outcome, START_MS, startLab } from './support.ts';

const CALL_MS = 100;

/** A lab in which every call takes the same time and the next one meets a fault. */
function faultyLab(fault: Fault): Lab {
  const lab = startLab({ latencies: { callMs: [CALL_MS, CALL_MS], hangMs: 60_000 } });
  const faults: Fault[] = [fault];
  lab.world.faults = { before: () => faults.shift() };
  return lab;
}

function stop(lab: Lab, abortSignal?: AbortSignal): Promise<string> {
  const command = new StopInstancesCommand({ InstanceIds: [lab.holder] });
  return outcome(lab, lab.ec2.send(command, abortSignal ? { abortSignal } : {}));
}

function stateOf(lab: Lab): string | undefined {
  return lab.world.instance(lab.holder)?.state;
}

describe('a call that goes wrong', () => {
  it.each([
    [{ kind: 'refuse', code: 'InternalError', message: 'x', status: 500 }, 'InternalError'],
    [{ kind: 'throttle' }, 'RequestLimitExceeded'],
    [{ kind: 'deny' }, 'UnauthorizedOperation'],
  ] as const)('should be refused without effect: %j', async (fault, code) => {
    const lab = faultyLab(fault);
    expect(await stop(lab)).toBe(code);
    expect(stateOf(lab)).toBe('running');
    expect(lab.world.calls.at(-1)).toMatchObject({ outcome: code, fault: fault.kind });
    expect(await stop(lab)).toBe('ok');
  });

  it('should take effect and lose its reply', async () => {
    const lab = faultyLab({ kind: 'lost' });
    expect(await stop(lab)).toBe('TimeoutError');
    expect(stateOf(lab)).toBe('stopping');
    expect(lab.world.calls.at(-1)).toMatchObject({ outcome: 'ok', fault: 'lost' });
  });

  it('should take effect late, after the client gave up', async () => {
    const lab = faultyLab({ kind: 'apply-late', ms: 5_000 });
    const deadline = new AbortController();
    lab.clock.schedule(START_MS + 1_000, () => deadline.abort(new Error('deadline')));
    expect(await stop(lab, deadline.signal)).toBe('AbortError');
    expect(lab.clock.now()).toBe(START_MS + 1_000);
    expect(stateOf(lab)).toBe('running');
    await lab.clock.advance(5_000);
    expect(stateOf(lab)).toBe('stopping');
  });

  it('should never arrive and hang', async () => {
    const lab = faultyLab({ kind: 'timeout' });
    expect(await stop(lab)).toBe('TimeoutError');
    expect(lab.clock.now()).toBe(START_MS + CALL_MS + 60_000);
    expect(stateOf(lab)).toBe('running');
    expect(lab.world.calls.at(-1)?.outcome).toBe('timeout');
  });

  it('should arrive in time and answer late', async () => {
    const lab = faultyLab({ kind: 'slow', ms: 3_000 });
    expect(await stop(lab)).toBe('ok');
    expect(lab.clock.now()).toBe(START_MS + CALL_MS + 3_000);
    expect(lab.world.calls.at(-1)?.atMs).toBeLessThanOrEqual(START_MS + CALL_MS);
  });

  it('should not be made at all by a client that has given up already', async () => {
    const lab = startLab();
    expect(await stop(lab, AbortSignal.abort(new Error('deadline')))).toBe('AbortError');
    await lab.clock.advance(1_000);
    expect(lab.world.calls).toEqual([]);
  });
});

describe('IAM', () => {
  it('should see the resources of a call with their tags, and decide', async () => {
    const lab = startLab();
    const asked: IamRequest[] = [];
    lab.world.policy = (call) => {
      asked.push(call);
      return call.resources.every(({ tags }) => tags['eni-failover:group'] === 'web');
    };
    const id = lab.attachmentId();
    expect(await outcome(lab, lab.ec2.send(new DetachNetworkInterfaceCommand({ AttachmentId: id })))).toBe('ok');
    expect(asked[0]?.resources.map(({ arn }) => arn)).toEqual([
      `arn:aws:ec2:us-east-1:123456789012:instance/${lab.holder}`,
      `arn:aws:ec2:us-east-1:123456789012:network-interface/${lab.eni}`,
    ]);
    await lab.clock.advance(10_000);
    // A vanished attachment has no tags to match: IAM refuses before EC2 can say that it is gone.
    const again = lab.ec2.send(new DetachNetworkInterfaceCommand({ AttachmentId: id }));
    expect(await outcome(lab, again)).toBe('UnauthorizedOperation');
    expect(await outcome(lab, lab.cloudwatch.send(new DescribeAlarmsCommand({})))).toBe('AccessDenied');
  });
});

describe('token buckets', () => {
  it('should throttle each action on its own, and refill', async () => {
    const lab = startLab({ latencies: { callMs: [0, 0] } });
    const burst = async (count: number, input: object = {}): Promise<number> => {
      const outcomes: string[] = [];
      for (let i = 0; i < count; i += 1)
        outcomes.push(await outcome(lab, lab.ec2.send(new DescribeInstancesCommand(input))));
      return outcomes.filter((code) => code === 'RequestLimitExceeded').length;
    };
    expect(await burst(51)).toBe(1);
    expect(await burst(51, { MaxResults: 5 })).toBe(0);
    await lab.clock.advance(1_000);
    expect(await burst(11)).toBe(1);
    const alarms = (): Promise<string> => outcome(lab, lab.cloudwatch.send(new DescribeAlarmsCommand({})));
    for (let i = 0; i < 9; i += 1) expect(await alarms()).toBe('ok');
    expect(await alarms()).toBe('Throttling');
  });
});

describe('eventual consistency', () => {
  it('should describe a moment of the recent past, and say which in the journal', async () => {
    const lab = startLab({ consistency: { staleReadsUpToMs: 5_000 }, latencies: { callMs: [0, 0] } });
    await lab.clock.advance(60_000);
    lab.world.detachByHand(lab.eni);
    const seen = new Set<string>();
    for (let i = 0; i < 40; i += 1) {
      const command = new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: [lab.eni] });
      const { NetworkInterfaces } = await lab.clock.run(lab.ec2.send(command));
      const status = NetworkInterfaces?.[0]?.Attachment?.Status ?? 'available';
      const { reflectsMs = 0, atMs = 0 } = lab.world.calls.at(-1) ?? {};
      expect(status).toBe(lab.world.interfaces.get(lab.eni, reflectsMs)?.attachment?.status ?? 'available');
      expect(atMs - reflectsMs).toBeLessThanOrEqual(5_000);
      seen.add(status);
      await lab.clock.advance(200);
    }
    expect(seen).toEqual(new Set(['attached', 'detaching', 'available']));
  });

  it('should never look back to before the world began', async () => {
    const lab = startLab({ consistency: { staleReadsUpToMs: 60_000 } });
    expect((await lab.clock.run(lab.ec2.send(new DescribeInstancesCommand({})))).Reservations).toHaveLength(2);
  });
});
