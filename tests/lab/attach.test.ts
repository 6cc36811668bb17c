import { AttachNetworkInterfaceCommand } from '@aws-sdk/client-ec2';
import { attach, detach, freeLab, look, SETTLED_MS } from './moves.ts';
import { codeOf, startLab } from './support.ts';

const UNKNOWN_ENI = 'eni-00000000000000000';
const UNKNOWN_INSTANCE = 'i-00000000000000000';

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

  it('should be refused at a device index that the card does not have', async () => {
    const lab = await freeLab();
    const big = lab.world.addInstance({ type: 'p4d.24xlarge' });
    for (const index of [-1, 3, 99]) expect(await attach(lab, { index })).toBe('InvalidParameterValue');
    expect(await attach(lab, { to: big.id, index: 15, card: 3 })).toBe('InvalidParameterValue');
    const input = { NetworkInterfaceId: lab.eni, InstanceId: lab.standby, DeviceIndex: 3, NetworkCardIndex: 0 };
    const failure = lab.ec2.send(new AttachNetworkInterfaceCommand(input)).catch(String);
    expect(await lab.clock.run(failure)).toContain('specify a number from 0 to 2');
    expect(await attach(lab, { to: big.id, index: 14, card: 3 })).toBe('ok');
  });

  it('should be refused where volumes and interfaces together have used up the attachments of the type', async () => {
    const lab = await freeLab();
    const { world } = lab;
    expect(await attach(lab, { to: world.addInstance({ volumes: 26 }).id })).toBe('AttachmentLimitExceeded');
    expect(await attach(lab, { to: world.addInstance({ type: 'm7i.large', volumes: 32 }).id })).toBe('ok');
    const lab2 = await freeLab();
    expect(await attach(lab2, { to: lab2.world.addInstance({ volumes: 25 }).id })).toBe('ok');
  });

  it('should be refused by an instance that a service manages, and across Outposts', async () => {
    const lab = await freeLab();
    const managed = lab.world.addInstance({ managedBy: 'eks.amazonaws.com' });
    expect(await attach(lab, { to: managed.id })).toBe('OperationNotPermitted');
    const outpostArn = 'arn:aws:outposts:us-east-1:123456789012:outpost/op-1';
    const there = lab.world.addInstance({ outpostArn });
    expect(await attach(lab, { to: there.id })).toBe('InvalidParameterCombination');
    const local = lab.world.addInterface({ outpostArn });
    expect(await attach(lab, { eni: local.id })).toBe('InvalidParameterCombination');
    expect(await attach(lab, { eni: local.id, to: there.id })).toBe('ok');
  });

  it.each(['branch', 'nat_gateway', 'gateway_load_balancer_endpoint'])('should be refused for a %s', async (kind) => {
    const lab = await freeLab();
    const theirs = lab.world.addInterface({ interfaceType: kind });
    expect(await attach(lab, { eni: theirs.id })).toBe('OperationNotPermitted');
  });

  it('should keep ENA Express and the queue count for as long as the attachment', async () => {
    const lab = await freeLab();
    const asked = { EnaSrdEnabled: true, EnaSrdUdpSpecification: { EnaSrdUdpEnabled: false } };
    const input = { NetworkInterfaceId: lab.eni, InstanceId: lab.standby, DeviceIndex: 1, EnaQueueCount: 4 };
    const command = new AttachNetworkInterfaceCommand({ ...input, NetworkCardIndex: 0, EnaSrdSpecification: asked });
    await lab.clock.run(lab.ec2.send(command));
    expect((await look(lab)).Attachment).toMatchObject({ EnaSrdSpecification: asked, EnaQueueCount: 4 });
    await detach(lab, { force: true });
    await lab.clock.advance(SETTLED_MS);
    await attach(lab, { to: lab.holder });
    expect((await look(lab)).Attachment).not.toHaveProperty('EnaQueueCount', 4);
    const plain = await freeLab({ quirks: { enaSettings: 'refused' } });
    const again = new AttachNetworkInterfaceCommand({
      ...input,
      NetworkInterfaceId: plain.eni,
      InstanceId: plain.standby,
    });
    expect(await plain.clock.run(codeOf(plain.ec2.send(again)))).toBe('UnsupportedOperation');
    expect(await attach(plain)).toBe('ok');
  });

  it('should show the time of the attach in whole seconds', async () => {
    const lab = await freeLab();
    await lab.clock.advance(1_234);
    await attach(lab);
    const { attachMs = 0 } = lab.world.interface(lab.eni)?.attachment ?? {};
    expect(attachMs % 1_000).not.toBe(0);
    expect((await look(lab)).Attachment?.AttachTime).toEqual(new Date(Math.floor(attachMs / 1_000) * 1_000));
  });
});
