import {
  AttachNetworkInterfaceCommand,
  type AttachNetworkInterfaceRequest,
  CreateTagsCommand,
  DetachNetworkInterfaceCommand,
  type EC2Client,
  ModifyNetworkInterfaceAttributeCommand,
} from '@aws-sdk/client-ec2';
import type { EnaOptions } from '../core/model.ts';
import type { AttachRequest, CloudChanges, Permission } from '../engine/ports.ts';
import { AwsCallError } from '../errors.ts';
import type { Call, SendOptions } from './call.ts';
import type { Clients } from './clients.ts';
import { permissionOf } from './errors.ts';
import type { RunBudget } from './retry.ts';

/**
 * The changing calls. Each throws an `AwsCallError`; `ambiguous` means that the change may have been made, and it is
 * the caller who then observes. For CreateTags as well, although it could be repeated: between the two, somebody
 * else may have written the same keys.
 */
export class Ec2Changes implements CloudChanges {
  private readonly client: EC2Client;
  private readonly trials: EC2Client;
  private readonly call: Call;
  private readonly budget: RunBudget;

  /**
   * @param clients `ec2Changes` never repeats an ambiguous call, `ec2Trials` repeats none.
   * @param budget says whether a change was throttled in this run.
   */
  constructor(clients: Pick<Clients, 'ec2Changes' | 'ec2Trials'>, call: Call, budget: RunBudget) {
    this.client = clients.ec2Changes;
    this.trials = clients.ec2Trials;
    this.call = call;
    this.budget = budget;
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
  async attach(request: AttachRequest): Promise<string> {
    const command = new AttachNetworkInterfaceCommand(attachInput(request));
    const reply = await this.change('AttachNetworkInterface', (options) => this.client.send(command, options));
    if (reply.AttachmentId !== undefined) return reply.AttachmentId;
    // It was answered with success, so it is not invalid: it happened, in a way that has to be looked at.
    const message = `the reply has no AttachmentId for ${request.interfaceId}.`;
    throw new AwsCallError('ambiguous', 'ec2:AttachNetworkInterface', 'IncompleteReply', message);
  }

  /**
   * AttachNetworkInterface with `DryRun`: EC2 answers whether the caller has the permission, and changes nothing. The
   * very same parameters, because a policy may look at any of them. It takes a token of the action's bucket, so none
   * is sent once a change was throttled in this run.
   */
  async rehearseAttach(request: AttachRequest): Promise<Permission> {
    if (this.budget.throttled) return { kind: 'unknown' };
    const command = new AttachNetworkInterfaceCommand({ ...attachInput(request), DryRun: true });
    try {
      await this.call({ action: 'ec2:AttachNetworkInterface', changing: true }, (options) =>
        this.trials.send(command, options),
      );
    } catch (error) {
      if (!(error instanceof AwsCallError)) throw error;
      const kind = permissionOf(error);
      return kind === 'denied' ? { kind, reason: error.message } : { kind };
    }
    return { kind: 'unknown' };
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

function attachInput({ interfaceId, instanceId, deviceIndex, networkCardIndex, ena }: AttachRequest) {
  return {
    NetworkInterfaceId: interfaceId,
    InstanceId: instanceId,
    DeviceIndex: deviceIndex,
    NetworkCardIndex: networkCardIndex,
    ...enaParameters(ena),
  };
}

function enaParameters({ express, queues }: EnaOptions = {}): Partial<AttachNetworkInterfaceRequest> {
  return {
    ...(express && {
      EnaSrdSpecification: { EnaSrdEnabled: true, EnaSrdUdpSpecification: { EnaSrdUdpEnabled: express.udp } },
    }),
    ...(queues !== undefined && { EnaQueueCount: queues }),
  };
}
