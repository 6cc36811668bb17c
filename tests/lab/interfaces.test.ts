import {
  AttachNetworkInterfaceCommand,
  DescribeNetworkInterfacesCommand,
  DetachNetworkInterfaceCommand,
  ModifyNetworkInterfaceAttributeCommand,
  type NetworkInterface,
} from '@aws-sdk/client-ec2';
import { member } from '../../demo/scenarios.ts';
import { codeOf, type Lab, startLab } from './support.ts';

const UNKNOWN_ENI = 'eni-00000000000000000';
const UNKNOWN_INSTANCE = 'i-00000000000000000';
const SETTLED_MS = 10_000;

function attach(
  lab: Lab,
  given: { eni?: string; to?: string; index?: number; card?: number | null } = {},
): Promise<string> {
  const { eni = lab.eni, to = lab.standby, index = 1, card = 0 } = given;
  const input = { NetworkInterfaceId: eni, InstanceId: to, DeviceIndex: index };
  const command = new AttachNetworkInterfaceCommand(card === null ? input : { ...input, NetworkCardIndex: card });
  return lab.clock.run(codeOf(lab.ec2.send(command)));
}

function detach(lab: Lab, given: { id?: string; force?: boolean } = {}): Promise<string> {
  const { id = lab.attachmentId(), force = false } = given;
  return lab.clock.run(codeOf(lab.ec2.send(new DetachNetworkInterfaceCommand({ AttachmentId: id, Force: force }))));
}

async function look(lab: Lab): Promise<NetworkInterface> {
  const reply = await lab.clock.run(
    lab.ec2.send(new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: [lab.eni] })),
  );
  return reply.NetworkInterfaces?.[0] ?? {};
}

/** A pair whose floating interface is free. */
async function freeLab(options: Parameters<typeof startLab>[0] = {}): Promise<Lab> {
  const lab = startLab(options);
  lab.world.detachByHand(lab.eni);
  await lab.clock.advance(SETTLED_MS);
  return lab;
}

describe('attaching', () => {
  it('should go from available through attaching to attached', async () => {
    const lab = await freeLab();
    expect(await look(lab)).toMatchObject({ Status: 'available' });
    expect((await look(lab)).Attachment).toBeUndefined();
    expect(await attach(lab)).toBe('ok');
    expect(await look(lab)).toMatchObject({
      Status: 'in-use',
      Attachment: { Status: 'attaching', InstanceId: lab.standby, DeviceIndex: 1, DeleteOnTermination: false },
    });
    await lab.clock.advance(SETTLED_MS);
    expect(await look(lab)).toMatchObject({ Status: 'in-use', Attachment: { Status: 'attached' } });
    expect(lab.world.holderOf(lab.eni)).toBe(lab.standby);
  });

  it.each(['attached', 'attaching', 'detaching'])('should be refused while the interface is %s', async (status) => {
    const lab = status === 'attaching' ? await freeLab() : startLab();
    if (status === 'attaching') await attach(lab, { to: lab.holder });
    if (status === 'detaching') lab.world.detachByHand(lab.eni);
    expect(lab.world.interface(lab.eni)?.attachment?.status).toBe(status);
    expect(await attach(lab)).toBe('InvalidNetworkInterface.InUse');
  });

  it('should name the other code for an interface in use when told to', async () => {
    expect(await attach(startLab({ quirks: { inUseCode: 'InvalidParameterValue' } }))).toBe('InvalidParameterValue');
  });

  it('should be refused at a device index that is taken', async () => {
    const lab = await freeLab();
    expect(await attach(lab, { index: 0 })).toBe('InvalidParameterValue');
  });

  it('should be refused in another zone', async () => {
    expect(await attach(await freeLab({ scenario: 'other-az' }))).toBe('InvalidParameterCombination');
  });

  it('should be refused for another account', async () => {
    const lab = await freeLab();
    const foreign = lab.world.addInstance({ ownerId: '999999999999' });
    expect(await attach(lab, { to: foreign.id })).toBe('AuthFailure');
  });

  it('should be refused without a free slot', async () => {
    const lab = await freeLab({ scenario: 'full' });
    expect(await attach(lab, { index: 3 })).toBe('AttachmentLimitExceeded');
  });

  it('should be refused where the type allows fewer addresses', async () => {
    const lab = await freeLab();
    const many = lab.world.addInterface({ privateIps: ['10.0.1.1', '10.0.1.2', '10.0.1.3', '10.0.1.4', '10.0.1.5'] });
    expect(await attach(lab, { eni: many.id })).toBe('PrivateIpAddressLimitExceeded');
  });

  it('should tell unknown ids from malformed ones', async () => {
    const lab = await freeLab();
    expect(await attach(lab, { eni: UNKNOWN_ENI })).toBe('InvalidNetworkInterfaceID.NotFound');
    expect(await attach(lab, { eni: 'eni-x' })).toBe('InvalidNetworkInterfaceId.Malformed');
    expect(await attach(lab, { to: UNKNOWN_INSTANCE })).toBe('InvalidInstanceID.NotFound');
    expect(await attach(lab, { to: 'web-2' })).toBe('InvalidInstanceID.Malformed');
  });

  it('should be possible to a stopped instance and to no other that is not running', async () => {
    const lab = await freeLab();
    const targets = ['stopped', 'pending', 'stopping', 'shutting-down', 'terminated'] as const;
    for (const state of targets.slice(1)) {
      expect(await attach(lab, { to: lab.world.addInstance({ state }).id })).toBe('IncorrectState');
    }
    expect(await attach(lab, { to: lab.world.addInstance({ state: 'stopped' }).id })).toBe('ok');
  });

  it('should be possible to a pending instance where AWS allows it', async () => {
    const lab = await freeLab({ quirks: { attachToPending: 'accepted' } });
    expect(await attach(lab, { to: lab.world.addInstance({ state: 'pending' }).id })).toBe('ok');
  });

  it('should be refused for an interface that another service manages', async () => {
    const lab = await freeLab({ quirks: { managedCode: 'AuthFailure' } });
    expect(await attach(lab, { eni: lab.world.addInterface({ requesterManaged: true }).id })).toBe('AuthFailure');
    expect(await attach(lab, { eni: lab.world.addInterface({ operatorManaged: true }).id })).toBe('AuthFailure');
  });

  it('should take an EFA interface only while the instance is stopped', async () => {
    const lab = await freeLab();
    const efa = lab.world.addInterface({ interfaceType: 'efa' });
    expect(await attach(lab, { eni: efa.id })).toBe('IncorrectState');
    expect(await attach(lab, { eni: efa.id, to: lab.world.addInstance({ state: 'stopped' }).id })).toBe('ok');
  });

  it('should count slots and device indexes for each network card', async () => {
    const lab = await freeLab();
    const big = lab.world.addInstance({ type: 'p4d.24xlarge' });
    expect(await attach(lab, { to: big.id, card: null })).toBe('InvalidParameterValue');
    expect(await attach(lab, { to: big.id, card: 4 })).toBe('InvalidParameterValue');
    expect(await attach(lab, { to: big.id, index: 0, card: 1 })).toBe('ok');
    const lenient = await freeLab({ quirks: { omittedCardIndex: 'defaults-to-0' } });
    const other = lenient.world.addInstance({ type: 'p4d.24xlarge' });
    expect(await attach(lenient, { to: other.id, card: null })).toBe('ok');
  });

  it('should check everything in a dry run and change nothing', async () => {
    const lab = await freeLab();
    const input = { NetworkInterfaceId: lab.eni, InstanceId: lab.standby, DeviceIndex: 1, DryRun: true };
    const dry = (): Promise<string> => lab.clock.run(codeOf(lab.ec2.send(new AttachNetworkInterfaceCommand(input))));
    expect(await dry()).toBe('DryRunOperation');
    expect(lab.world.holderOf(lab.eni)).toBeUndefined();
    await attach(lab);
    expect(await dry()).toBe('InvalidNetworkInterface.InUse');
  });
});

describe('detaching', () => {
  it('should go through detaching to available', async () => {
    const lab = startLab();
    expect(await detach(lab)).toBe('ok');
    expect(await look(lab)).toMatchObject({ Status: 'in-use', Attachment: { Status: 'detaching' } });
    await lab.clock.advance(SETTLED_MS);
    expect((await look(lab)).Attachment).toBeUndefined();
  });

  it('should never take the interface from a newer attachment', async () => {
    const lab = startLab();
    const old = lab.attachmentId();
    await detach(lab);
    await lab.clock.advance(SETTLED_MS);
    await attach(lab);
    expect(lab.attachmentId()).not.toBe(old);
    expect(await detach(lab, { id: old })).toBe('InvalidAttachmentID.NotFound');
    expect(await detach(lab, { id: lab.eni })).toBe('InvalidNetworkInterfaceAttachmentId.Malformed');
  });

  it('should be refused for the primary interface and for managed ones', async () => {
    const lab = startLab();
    const [primary] = lab.world.interfacesOf(lab.holder);
    expect(await detach(lab, { id: primary?.attachment?.id ?? '' })).toBe('OperationNotPermitted');
    const managed = lab.world.addInterface({ requesterManaged: true }, { instanceId: lab.holder, deviceIndex: 2 });
    expect(await detach(lab, { id: managed.attachment?.id ?? '' })).toBe('OperationNotPermitted');
  });

  it('should be possible while attaching, and stay detached', async () => {
    const lab = await freeLab();
    await attach(lab);
    expect(await detach(lab)).toBe('ok');
    await lab.clock.advance(SETTLED_MS);
    expect(lab.world.holderOf(lab.eni)).toBeUndefined();
  });

  it.each(['accepted', 'refused'] as const)('should be %s a second time, when told so', async (answer) => {
    const lab = startLab({ quirks: { plainDetachWhileDetaching: answer, forcedDetachWhileDetaching: answer } });
    await detach(lab);
    const expected = answer === 'accepted' ? 'ok' : 'IncorrectState';
    expect(await detach(lab)).toBe(expected);
    expect(await detach(lab, { force: true })).toBe(expected);
  });

  it('should hang with a hung guest until it is forced', async () => {
    const lab = startLab();
    lab.world.failInstance(lab.holder, { hangsDetach: true });
    await detach(lab);
    await lab.clock.advance(3_600_000);
    expect(await look(lab)).toMatchObject({ Attachment: { Status: 'detaching' } });
    expect(await detach(lab, { force: true })).toBe('ok');
    await lab.clock.advance(SETTLED_MS);
    expect(lab.world.holderOf(lab.eni)).toBeUndefined();
  });

  it.each(['recovers', 'is stopped', 'is rebooted'])('should come to its end when the hung guest %s', async (what) => {
    const lab = startLab();
    lab.world.hangDetach(lab.holder);
    await detach(lab);
    if (what === 'recovers') lab.world.recoverInstance(lab.holder);
    if (what === 'is stopped') lab.world.stopInstance(lab.holder);
    if (what === 'is rebooted') lab.world.rebootInstance(lab.holder);
    await lab.clock.advance(120_000);
    expect(lab.world.holderOf(lab.eni)).toBeUndefined();
  });

  it('should leave the forced device index refused on the old holder until it was stopped and started', async () => {
    const lab = startLab();
    await detach(lab, { force: true });
    await lab.clock.advance(SETTLED_MS);
    expect(await attach(lab, { to: lab.holder })).toBe('InvalidParameterValue');
    lab.world.rebootInstance(lab.holder);
    await lab.clock.advance(120_000);
    expect(await attach(lab, { to: lab.holder })).toBe('InvalidParameterValue');
    lab.world.stopInstance(lab.holder);
    await lab.clock.advance(120_000);
    lab.world.startInstance(lab.holder);
    await lab.clock.advance(120_000);
    expect(await attach(lab, { to: lab.holder })).toBe('ok');
  });

  it('should free the forced device index at once, or by a reboot, when told so', async () => {
    const harmless = startLab({ quirks: { forcedIndexRefused: false } });
    await detach(harmless, { force: true });
    await harmless.clock.advance(SETTLED_MS);
    expect(await attach(harmless, { to: harmless.holder })).toBe('ok');
    const lab = startLab({ quirks: { restartThatClearsIndex: 'reboot' } });
    await detach(lab, { force: true });
    await lab.clock.advance(SETTLED_MS);
    lab.world.rebootInstance(lab.holder);
    await lab.clock.advance(120_000);
    expect(await attach(lab, { to: lab.holder })).toBe('ok');
  });

  it.each(['accepted', 'refused'] as const)('should be %s in a transition, when told so', async (answer) => {
    const lab = startLab({ quirks: { detachInTransition: answer } });
    lab.world.stopInstance(lab.holder);
    expect(await detach(lab)).toBe(answer === 'accepted' ? 'ok' : 'IncorrectState');
  });
});

describe('what a move keeps and a termination takes', () => {
  it('should keep MAC, addresses, Elastic IP, groups and tags', async () => {
    const lab = startLab();
    const before = lab.world.interface(lab.eni);
    await detach(lab);
    await lab.clock.advance(SETTLED_MS);
    await attach(lab);
    await lab.clock.advance(SETTLED_MS);
    const { attachment: _, ...kept } = lab.world.interface(lab.eni) ?? {};
    expect(before).toMatchObject(kept);
  });

  it('should keep the interface of a stopped instance', async () => {
    const lab = startLab();
    lab.world.stopInstance(lab.holder);
    await lab.clock.advance(600_000);
    expect(lab.world.holderOf(lab.eni)).toBe(lab.holder);
  });

  it('should free the interface only once the instance is terminated', async () => {
    const lab = startLab();
    lab.world.terminateInstance(lab.holder);
    await lab.clock.advance(30_000);
    expect(lab.world.instance(lab.holder)?.state).toBe('shutting-down');
    expect(lab.world.holderOf(lab.eni)).toBe(lab.holder);
    await lab.clock.advance(120_000);
    expect(lab.world.interface(lab.eni)?.attachment).toBeUndefined();
    expect(lab.world.interfacesOf(lab.holder)).toEqual([]);
  });

  it('should delete the interface with the instance when the attachment says so', async () => {
    const lab = startLab();
    const Attachment = { AttachmentId: lab.attachmentId(), DeleteOnTermination: true };
    await lab.clock.run(
      lab.ec2.send(new ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId: lab.eni, Attachment })),
    );
    lab.world.terminateInstance(lab.holder);
    await lab.clock.advance(180_000);
    expect(lab.world.interface(lab.eni)).toBeUndefined();
    expect(await attach(lab)).toBe('InvalidNetworkInterfaceID.NotFound');
  });
});

describe('ModifyNetworkInterfaceAttribute', () => {
  const modify = (lab: Lab, input: object): Promise<string> => {
    const command = new ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId: lab.eni, ...input });
    return lab.clock.run(codeOf(lab.ec2.send(command)));
  };

  it('should change one attribute a call', async () => {
    const lab = startLab();
    expect(await modify(lab, { SourceDestCheck: { Value: false } })).toBe('ok');
    expect(await modify(lab, { Description: { Value: 'moved' } })).toBe('ok');
    expect(await modify(lab, { Groups: ['sg-1'] })).toBe('ok');
    expect(lab.world.interface(lab.eni)).toMatchObject({
      sourceDestCheck: false,
      description: 'moved',
      groups: ['sg-1'],
    });
    expect(await modify(lab, {})).toBe('InvalidParameterCombination');
    const both = { Description: { Value: '' }, Groups: ['sg-1'] };
    expect(await modify(lab, both)).toBe('InvalidParameterCombination');
  });

  it('should want the attachment that is there for DeleteOnTermination', async () => {
    const lab = startLab();
    expect(await modify(lab, { Attachment: { DeleteOnTermination: true } })).toBe('MissingParameter');
    const stale = { AttachmentId: 'eni-attach-00000000000000000', DeleteOnTermination: true };
    expect(await modify(lab, { Attachment: stale })).toBe('InvalidAttachmentID.NotFound');
  });

  it('should leave a new attachment without DeleteOnTermination', async () => {
    const lab = startLab();
    const newcomer = member(lab.world, 'web-3');
    lab.world.detachByHand(lab.eni, true);
    await lab.clock.advance(SETTLED_MS);
    await attach(lab, { to: newcomer.id });
    expect(lab.world.interface(lab.eni)?.attachment?.deleteOnTermination).toBe(false);
  });
});
