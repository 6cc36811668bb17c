import { DeleteTagsCommand, EC2Client, type EC2ClientConfig } from '@aws-sdk/client-ec2';
import type { InterfaceView } from '../../lib/core/model.ts';
import type { AttachRequest } from '../../lib/engine/ports.ts';
import { discover, eventually, type Fixture } from './fixture.ts';
import type { Running, Target } from './target.ts';

/** Ids that are well formed and nobody's. */
export const UNKNOWN = {
  eni: 'eni-0fedcba9876543210',
  instance: 'i-0fedcba9876543210',
  attachment: 'eni-attach-0fedcba9876543210',
};

/** What the cases of one target share. */
export class Bench {
  private readonly target: Target;
  private running: Running | undefined;
  private found: Fixture | undefined;

  constructor(target: Target) {
    this.target = target;
  }

  async setUp(): Promise<void> {
    this.running = await this.target.start();
    this.found = await discover(this.running);
  }

  /** Leaves everything as it was found, also after a case has failed. */
  async tearDown(): Promise<void> {
    if (this.found) await this.putBack();
    this.found?.cloud.close();
    this.found?.stranger.close();
    await this.running?.stop();
  }

  get fixture(): Fixture {
    if (this.found === undefined) throw new Error('The target has not been set up.');
    return this.found;
  }

  /** Adds a case, or a skipped one whose title says why. */
  should(title: string, body: () => Promise<void>): void {
    const lack = this.target.lacks[title];
    const add = lack === undefined ? it : it.skip;
    add(`should ${title}${lack === undefined ? '' : ` (left out: ${lack})`}`, body);
  }

  /** The floating interface, read anew. */
  async look(): Promise<InterfaceView> {
    const { cloud, floating } = this.fixture;
    const {
      views: [view],
    } = await cloud.interfacesById([floating.id]);
    if (view === undefined) throw new Error(`${floating.id} is gone.`);
    return view;
  }

  /** Waits until the floating interface is attached, or is not. */
  settled(status: 'attached' | 'available'): Promise<InterfaceView> {
    const wanted = ({ attachment }: InterfaceView) => (attachment?.status ?? 'available') === status;
    return eventually(() => this.look(), wanted, `${this.fixture.floating.id} ${status}`);
  }

  /** Returns the floating interface to its holder, wherever it is. */
  async putBack(): Promise<void> {
    const { cloud, floating, holder } = this.fixture;
    const { attachment } = await this.look();
    if (attachment?.instanceId === holder.id) return;
    if (attachment) await cloud.detach(attachment.id, false);
    await this.settled('available');
    const { deviceIndex = 1, networkCardIndex = 0 } = floating.attachment ?? {};
    await cloud.attach({ interfaceId: floating.id, instanceId: holder.id, deviceIndex, networkCardIndex });
    await this.settled('attached');
  }

  /** The request to attach the floating interface to the standby, except for what is given. */
  toStandby(change: Partial<AttachRequest> = {}): AttachRequest {
    const { floating, standby } = this.fixture;
    return { interfaceId: floating.id, instanceId: standby.id, deviceIndex: 1, networkCardIndex: 0, ...change };
  }

  /** For what the product has no call for: to prepare, and to clean up. */
  clientConfig(): Pick<EC2ClientConfig, 'endpoint' | 'region' | 'credentials'> {
    const { endpoint, region, credentials } = this.running ?? {};
    return {
      ...(endpoint !== undefined && { endpoint }),
      ...(region !== undefined && { region }),
      ...(credentials !== undefined && { credentials }),
    };
  }

  async removeTags(interfaceIds: readonly string[], keys: readonly string[]): Promise<void> {
    const ec2 = new EC2Client(this.clientConfig());
    const Tags = keys.map((Key) => ({ Key }));
    await ec2.send(new DeleteTagsCommand({ Resources: [...interfaceIds], Tags })).finally(() => ec2.destroy());
  }
}
