import { AttachNetworkInterfaceCommand, CreateTagsCommand, DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import type { Fault } from '../../lab/world/hooks.ts';
import type { Injection } from '../../lab/world/injections.ts';
import { attach, detach, freeLab, look, SETTLED_MS } from './moves.ts';
import { type Lab, outcome, startLab } from './support.ts';

const ATTACH = 'AttachNetworkInterface';
const DETACH = 'DetachNetworkInterface';
const REFUSE: Fault = { kind: 'refuse', code: 'IncorrectState', message: 'Not now.', status: 400 };

function inject(
  lab: Lab,
  action: string,
  kind: 'stuck' | 'revert' | 'deny' | 'lost',
  more: Partial<Injection> = {},
): void {
  lab.world.inject({ action, fault: { kind }, times: 'always', ...more });
}

function dryAttach(lab: Lab): Promise<string> {
  const input = { NetworkInterfaceId: lab.eni, InstanceId: lab.standby, DeviceIndex: 1, NetworkCardIndex: 0 };
  return outcome(lab, lab.ec2.send(new AttachNetworkInterfaceCommand({ ...input, DryRun: true })));
}

const statusOf = (lab: Lab): string => lab.world.interface(lab.eni)?.attachment?.status ?? 'available';

describe('a fault that waits for calls', () => {
  it('should meet as many calls as it says, and then no more', async () => {
    const lab = await freeLab();
    lab.world.inject({ action: ATTACH, fault: REFUSE, times: 2 });
    expect([await attach(lab), await attach(lab), await attach(lab)]).toEqual([
      'IncorrectState',
      'IncorrectState',
      'ok',
    ]);
  });

  it('should meet one that is counted before one that is there for always', async () => {
    const lab = await freeLab();
    inject(lab, ATTACH, 'deny');
    lab.world.inject({ action: ATTACH, fault: REFUSE, times: 1 });
    expect([await attach(lab), await attach(lab)]).toEqual(['IncorrectState', 'UnauthorizedOperation']);
  });

  it('should be over at its moment', async () => {
    const lab = await freeLab();
    inject(lab, ATTACH, 'deny', { untilMs: lab.clock.now() + 60_000 });
    expect(await attach(lab)).toBe('UnauthorizedOperation');
    await lab.clock.advance(60_000);
    expect(await attach(lab)).toBe('ok');
  });

  it('should meet only calls about its instance and its interface', async () => {
    const lab = startLab();
    inject(lab, DETACH, 'deny', { instanceId: lab.standby });
    inject(lab, ATTACH, 'deny', { interfaceId: lab.eni, instanceId: lab.holder });
    inject(lab, 'CreateTags', 'deny', { interfaceId: lab.eni });
    inject(lab, 'DescribeInstances', 'deny', { instanceId: lab.standby });
    expect(await detach(lab)).toBe('ok');
    await lab.clock.advance(SETTLED_MS);
    expect(await attach(lab, { to: lab.holder })).toBe('UnauthorizedOperation');
    expect(await attach(lab)).toBe('ok');
    await lab.clock.advance(SETTLED_MS);
    expect(await detach(lab)).toBe('UnauthorizedOperation');
    const tag = (id: string): Promise<string> =>
      outcome(lab, lab.ec2.send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key: 'a', Value: 'b' }] })));
    expect([await tag(lab.eni), await tag(lab.holder)]).toEqual(['UnauthorizedOperation', 'ok']);
    const read = (id: string): Promise<string> =>
      outcome(lab, lab.ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] })));
    expect([await read(lab.standby), await read(lab.holder)]).toEqual(['UnauthorizedOperation', 'ok']);
  });

  it('should meet a dry run with what concerns permission and the way only, and not be used up by it', async () => {
    for (const fault of [REFUSE, { kind: 'stuck' }, { kind: 'revert' }] as const) {
      const lab = await freeLab();
      lab.world.inject({ action: ATTACH, fault, times: 1 });
      expect(await dryAttach(lab)).toBe('DryRunOperation');
    }
    const lab = await freeLab();
    lab.world.inject({ action: ATTACH, fault: { kind: 'deny' }, times: 1 });
    expect([await dryAttach(lab), await dryAttach(lab)]).toEqual(['UnauthorizedOperation', 'UnauthorizedOperation']);
    expect([await attach(lab), await dryAttach(lab)]).toEqual(['UnauthorizedOperation', 'DryRunOperation']);
    lab.world.inject({ action: ATTACH, fault: { kind: 'throttle' }, times: 'always' });
    expect(await dryAttach(lab)).toBe('RequestLimitExceeded');
  });

  it('should meet what is done by hand', async () => {
    const lab = startLab();
    inject(lab, DETACH, 'deny', { times: 1 });
    expect(lab.world.detachByHand(lab.eni)).toBe('UnauthorizedOperation');
    expect(statusOf(lab)).toBe('attached');
    inject(lab, DETACH, 'lost', { times: 1 });
    expect(lab.world.detachByHand(lab.eni)).toBe('ok');
    await lab.clock.advance(SETTLED_MS);
    lab.world.inject({ action: ATTACH, fault: REFUSE, times: 1 });
    const slot = { instanceId: lab.standby, deviceIndex: 1 };
    expect(lab.world.attachByHand(lab.eni, slot)).toBe('IncorrectState');
    inject(lab, ATTACH, 'stuck', { times: 1 });
    expect(lab.world.attachByHand(lab.eni, slot)).toBe('ok');
    await lab.clock.advance(3_600_000);
    expect(statusOf(lab)).toBe('attaching');
  });

  it('should be one that the action can meet', () => {
    const { world } = startLab();
    expect(() => world.inject({ action: 'CreateTags', fault: { kind: 'stuck' }, times: 1 })).toThrow('begins nothing');
    expect(() => world.inject({ action: ATTACH, fault: { kind: 'deny' }, times: 0 })).toThrow('met once at least');
  });
});

describe('a transition that never ends', () => {
  it('should leave an attach attaching, through a plain detach and a stop, until force ends it', async () => {
    const lab = await freeLab();
    inject(lab, ATTACH, 'stuck');
    expect(await attach(lab)).toBe('ok');
    await lab.clock.advance(3_600_000);
    expect(await look(lab)).toMatchObject({ Status: 'in-use', Attachment: { Status: 'attaching' } });
    expect(await detach(lab)).toBe('ok');
    lab.world.stopInstance(lab.standby);
    await lab.clock.advance(3_600_000);
    expect(statusOf(lab)).toBe('detaching');
    expect(await detach(lab, { force: true })).toBe('ok');
    expect(statusOf(lab)).toBe('detaching');
    await lab.clock.advance(SETTLED_MS);
    expect(statusOf(lab)).toBe('available');
  });

  it('should leave a detach detaching until force ends it, which does not meet the fault itself', async () => {
    const lab = startLab();
    inject(lab, DETACH, 'stuck');
    expect(await detach(lab)).toBe('ok');
    await lab.clock.advance(3_600_000);
    expect(statusOf(lab)).toBe('detaching');
    expect(await detach(lab, { force: true })).toBe('ok');
    await lab.clock.advance(SETTLED_MS);
    expect(statusOf(lab)).toBe('available');
  });

  it.each(['attaching', 'detaching'] as const)(
    'should be there from the start as %s, until termination',
    async (status) => {
      const lab = await freeLab();
      const stuck = lab.world.addInterface({}, { instanceId: lab.standby, deviceIndex: 1, status });
      await lab.clock.advance(3_600_000);
      expect(lab.world.interface(stuck.id)?.attachment?.status).toBe(status);
      lab.world.terminateInstance(lab.standby);
      await lab.clock.advance(3_600_000);
      expect(lab.world.holderOf(stuck.id)).toBeUndefined();
    },
  );
});

describe('a transition that comes undone', () => {
  it('should leave an attach available after two seconds, and never attached', async () => {
    const lab = await freeLab();
    inject(lab, ATTACH, 'revert');
    expect(await attach(lab)).toBe('ok');
    await lab.clock.advance(1_500);
    expect(statusOf(lab)).toBe('attaching');
    await lab.clock.advance(500);
    expect(statusOf(lab)).toBe('available');
  });

  it('should leave a detach attached again by the same attachment', async () => {
    const lab = startLab();
    const before = lab.attachmentId();
    inject(lab, DETACH, 'revert');
    expect(await detach(lab)).toBe('ok');
    await lab.clock.advance(1_500);
    expect(statusOf(lab)).toBe('detaching');
    await lab.clock.advance(SETTLED_MS);
    expect([statusOf(lab), lab.attachmentId()]).toEqual(['attached', before]);
  });

  it('should not undo an attach that somebody detached meanwhile', async () => {
    const lab = await freeLab();
    inject(lab, ATTACH, 'revert', { times: 1 });
    await attach(lab);
    await detach(lab, { force: true });
    await lab.clock.advance(SETTLED_MS);
    await attach(lab, { to: lab.holder });
    await lab.clock.advance(SETTLED_MS);
    expect(lab.world.holderOf(lab.eni)).toBe(lab.holder);
  });
});
