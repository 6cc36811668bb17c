import {
  AttachNetworkInterfaceCommand,
  type AttachNetworkInterfaceRequest,
  CreateTagsCommand,
  DetachNetworkInterfaceCommand,
  type EC2Client,
  ModifyNetworkInterfaceAttributeCommand,
} from '@aws-sdk/client-ec2';
import type { EnaOptions } from '../core/model.ts';
import type { AttachRequest, CloudChanges } from '../engine/ports.ts';
import { AwsCallError } from '../errors.ts';
import type { Call, SendOptions } from './call.ts';

/**
 * The changing calls. Each throws an `AwsCallError`; `ambiguous` means that the change may have been made, and it is
 * the caller who then observes. For CreateTags as well, although it could be repeated: between the two, somebody
 * else may have written the same keys.
 */
export class Ec2Changes implements CloudChanges {
  private readonly client: EC2Client;
  private readonly call: Call;

  /** @param client the one whose retry strategy never repeats an ambiguous call. */
  constructor(client: EC2Client, call: Call) {
    this.client = client;
    this.call = call;
  }

  /**
   * DetachNetworkInterface. Names the attachment, so it cannot take the interface from a newer holder.
   * @param force EC2's forced detach, "a last resort" (DetachNetworkInterface, EC2 API reference).
   */
  async detach(attachmentId: string, force: boolean): Promise<void> {
    const command = new DetachNetworkInterfaceCommand({ AttachmentId: attachmentId, Force: force });
    await this.change('DetachNetworkInterface', (options) => this.client.send(command, options));
  }

  /**
   * AttachNetworkInterface. The card is always sent: on types with several cards its absence has led to a false
   * "already attached at device index".
   * @returns the new attachment id.
   */
  async attach({ interfaceId, instanceId, deviceIndex, networkCardIndex, ena }: AttachRequest): Promise<string> {
    const command = new AttachNetworkInterfaceCommand({
      NetworkInterfaceId: interfaceId,
      InstanceId: instanceId,
      DeviceIndex: deviceIndex,
      NetworkCardIndex: networkCardIndex,
      ...enaParameters(ena),
    });
    const reply = await this.change('AttachNetworkInterface', (options) => this.client.send(command, options));
    if (reply.AttachmentId !== undefined) return reply.AttachmentId;
    // It was answered with success, so it is not invalid: it happened, in a way that has to be looked at.
    const message = `the reply has no AttachmentId for ${interfaceId}.`;
    throw new AwsCallError('ambiguous', 'ec2:AttachNetworkInterface', 'IncompleteReply', message);
  }

  /** CreateTags: overwrites the named keys, of all the interfaces, and leaves the others. */
  async writeTags(interfaceIds: readonly string[], tags: Readonly<Record<string, string>>): Promise<void> {
    const command = new CreateTagsCommand({
      Resources: [...interfaceIds],
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    });
    await this.change('CreateTags', (options) => this.client.send(command, options));
  }

  /**
   * ModifyNetworkInterfaceAttribute, the one attribute that decides whether the interface dies with its holder. It
   * belongs to the attachment, hence both ids.
   */
  async modifyDeleteOnTermination(interfaceId: string, attachmentId: string, value: boolean): Promise<void> {
    const command = new ModifyNetworkInterfaceAttributeCommand({
      NetworkInterfaceId: interfaceId,
      Attachment: { AttachmentId: attachmentId, DeleteOnTermination: value },
    });
    await this.change('ModifyNetworkInterfaceAttribute', (options) => this.client.send(command, options));
  }

  private change<Reply>(operation: string, send: (options: SendOptions) => Promise<Reply>): Promise<Reply> {
    return this.call({ action: `ec2:${operation}`, changing: true }, send);
  }
}

function enaParameters({ express, queues }: EnaOptions = {}): Partial<AttachNetworkInterfaceRequest> {
  return {
    ...(express && {
      EnaSrdSpecification: { EnaSrdEnabled: true, EnaSrdUdpSpecification: { EnaSrdUdpEnabled: express.udp } },
    }),
    ...(queues !== undefined && { EnaQueueCount: queues }),
  };
}
