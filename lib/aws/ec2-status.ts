import {
  DescribeInstanceStatusCommand,
  type DescribeInstanceStatusCommandInput,
  type EC2Client,
} from '@aws-sdk/client-ec2';
import type { StatusChecks } from '../core/model.ts';
import type { Call } from './call.ts';
import { isGone, isInvalid } from './errors.ts';
import { allPages, chunks } from './requests.ts';
import { required } from './translate.ts';
import { toChecks } from './translate-status.ts';

const OPERATION = { action: 'ec2:DescribeInstanceStatus', changing: false } as const;
/** "Maximum 100 explicitly specified instance IDs" (DescribeInstanceStatus, EC2 API reference). */
const MAX_IDS = 100;
const MAX_RESULTS = 1_000;
/** The filters of DescribeInstanceStatus that name a check; those of one call are combined with AND. */
const CHECK_FILTERS = ['system-status.status', 'instance-status.status', 'attached-ebs-status.status'];
/** The same for the youngest check (August 2026), which a Region may not have yet. */
const APPLICATION_FILTER = 'application-status.status';

type ChecksById = Readonly<Record<string, StatusChecks>>;

/** DescribeInstanceStatus, which knows neither a tag filter nor a filter for ids. */
export class Ec2StatusGateway {
  private readonly client: EC2Client;
  private readonly call: Call;

  constructor(client: EC2Client, call: Call) {
    this.client = client;
    this.call = call;
  }

  /** The checks of these instances, in whatever state they are; an id that EC2 does not know (any more) is left out. */
  async statusChecks(instanceIds: readonly string[]): Promise<ChecksById> {
    return merged(chunks(instanceIds, MAX_IDS).map((some) => this.checksOf(some)));
  }

  /**
   * The checks of every running instance of the Region that has an impaired one, tagged or not: four calls, however
   * many instances there are.
   */
  async impairedChecks(): Promise<ChecksById> {
    const application = this.impairedBy(APPLICATION_FILTER).catch(nothingIfUnknown);
    return merged([...CHECK_FILTERS.map((filter) => this.impairedBy(filter)), application]);
  }

  private impairedBy(filter: string): Promise<ChecksById> {
    return this.describe({ Filters: [{ Name: filter, Values: ['impaired'] }], MaxResults: MAX_RESULTS });
  }

  /**
   * One unknown id makes EC2 refuse the whole list, and an instance may vanish between two reads. Halving finds it in
   * a few calls, without relying on how EC2 words its message.
   */
  private async checksOf(ids: readonly string[]): Promise<ChecksById> {
    try {
      return await this.describe({ InstanceIds: [...ids], IncludeAllInstances: true });
    } catch (error) {
      if (!isGone(error)) throw error;
      return ids.length === 1 ? {} : merged(chunks(ids, Math.ceil(ids.length / 2)).map((half) => this.checksOf(half)));
    }
  }

  private async describe(input: DescribeInstanceStatusCommandInput): Promise<ChecksById> {
    const pages = await allPages((token) =>
      this.call(OPERATION, (options) =>
        this.client.send(new DescribeInstanceStatusCommand({ ...input, NextToken: token }), options),
      ),
    );
    const subject = { action: OPERATION.action, id: 'the instances' };
    const statuses = pages.flatMap((page) => required(page.InstanceStatuses, 'InstanceStatuses', subject));
    return Object.fromEntries(
      statuses.map((status) => [required(status.InstanceId, 'InstanceId', subject), toChecks(status)]),
    );
  }
}

/** Where the filter is not known, the check is not either, and nothing can be impaired by it. */
function nothingIfUnknown(error: unknown): ChecksById {
  if (isInvalid(error)) return {};
  throw error;
}

async function merged(parts: readonly Promise<ChecksById>[]): Promise<ChecksById> {
  return Object.assign({}, ...(await Promise.all(parts)));
}
