import { ModifyNetworkInterfaceAttributeCommand } from '@aws-sdk/client-ec2';
import { member } from '../../demo/scenarios.ts';
import { attach, detach, SETTLED_MS } from './moves.ts';
import { codeOf, type Lab, startLab } from './support.ts';

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
