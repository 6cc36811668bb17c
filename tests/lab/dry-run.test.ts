import {
  AttachNetworkInterfaceCommand,
  type AttachNetworkInterfaceCommandInput,
  CreateTagsCommand,
  DetachNetworkInterfaceCommand,
  StartInstancesCommand,
} from '@aws-sdk/client-ec2';
import { type Lab, outcome, startLab } from './support.ts';

const NOBODY = {
  eni: 'eni-00000000000000000',
  instance: 'i-00000000000000000',
  attachment: 'eni-attach-00000000000000000',
};

function tryAttach(lab: Lab, given: Partial<AttachNetworkInterfaceCommandInput> = {}): Promise<string> {
  const input = { NetworkInterfaceId: lab.eni, InstanceId: lab.standby, DeviceIndex: 1, DryRun: true, ...given };
  return outcome(lab, lab.ec2.send(new AttachNetworkInterfaceCommand(input)));
}

describe('a dry run', () => {
  it('should ask for permission only: not for a fitting state, and not for ids that exist', async () => {
    const lab = startLab();
    expect(lab.world.interface(lab.eni)?.attachment?.status).toBe('attached');
    expect(await tryAttach(lab)).toBe('DryRunOperation');
    expect(await tryAttach(lab, { NetworkInterfaceId: 'eni-x', InstanceId: 'web-2' })).toBe('DryRunOperation');
    expect(await tryAttach(lab, { InstanceId: NOBODY.instance })).toBe('DryRunOperation');
    const detach = new DetachNetworkInterfaceCommand({ AttachmentId: NOBODY.attachment, DryRun: true });
    expect(await outcome(lab, lab.ec2.send(detach))).toBe('DryRunOperation');
    const start = new StartInstancesCommand({ InstanceIds: ['nonsense'], DryRun: true });
    expect(await outcome(lab, lab.ec2.send(start))).toBe('DryRunOperation');
    expect(lab.world.holderOf(lab.eni)).toBe(lab.holder);
  });

  it('should change nothing where everything fits', async () => {
    const lab = startLab();
    const tags = { Resources: [lab.eni], Tags: [{ Key: 'a', Value: 'b' }], DryRun: true };
    expect(await outcome(lab, lab.ec2.send(new CreateTagsCommand(tags)))).toBe('DryRunOperation');
    const detach = new DetachNetworkInterfaceCommand({ AttachmentId: lab.attachmentId(), DryRun: true });
    expect(await outcome(lab, lab.ec2.send(detach))).toBe('DryRunOperation');
    expect(lab.world.interface(lab.eni)).toMatchObject({ attachment: { status: 'attached' } });
    expect(lab.world.interface(lab.eni)?.tags).not.toHaveProperty('a');
  });

  it('should be refused first of all to a caller without permission, malformed ids included', async () => {
    const lab = startLab();
    const asked: string[] = [];
    lab.world.policy = ({ resources }) => {
      asked.push(...resources.map(({ arn }) => arn));
      return false;
    };
    expect(await tryAttach(lab, { InstanceId: 'web-2', NetworkInterfaceId: NOBODY.eni })).toBe('UnauthorizedOperation');
    expect(asked).toEqual([
      'arn:aws:ec2:us-east-1:123456789012:instance/*',
      'arn:aws:ec2:us-east-1:123456789012:network-interface/*',
    ]);
  });

  it('should lack a parameter before it lacks permission', async () => {
    const lab = startLab();
    lab.world.policy = () => false;
    expect(await tryAttach(lab, { DeviceIndex: undefined })).toBe('MissingParameter');
    expect(await tryAttach(lab, { DeviceIndex: undefined, DryRun: false })).toBe('MissingParameter');
  });

  it('should take a token of its action', async () => {
    const lab = startLab({ latencies: { callMs: [0, 0] } });
    for (let i = 0; i < 50; i += 1) await tryAttach(lab);
    expect(await tryAttach(lab)).toBe('RequestLimitExceeded');
  });
});
