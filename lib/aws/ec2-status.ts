import {
  DescribeInstanceStatusCommand,
  type DescribeInstanceStatusCommandInput,
  type EC2Client,
} from '@aws-sdk/client-ec2';
import { chunks } from '../core/chunks.ts';
import type { StatusChecks } from '../core/readers.ts';
import { AwsCallError } from '../errors.ts';
import type { Call } from './call.ts';
import { isGone } from './errors.ts';
import { allPages } from './requests.ts';
import { required, UnreadableReply } from './translate.ts';
import { toChecks } from './translate-status.ts';

const OPERATION = { action: 'ec2:DescribeInstanceStatus', changing: false } as const;
/** "Maximum 100 explicitly specified instance IDs" (DescribeInstanceStatus, EC2 API reference). */
const MAX_IDS = 100;
const MAX_RESULTS = 1_000;
/**
 * The filters of DescribeInstanceStatus that find what is not well; those of one call are combined with AND. The
 * youngest came in August 2026: a Region may not have each of them yet.
 */
const TROUBLE: Readonly<Record<string, readonly string[]>> = {
  'system-status.status': ['impaired'],
  // `initializing` as well: EC2 was seen to say so, of a guest that was cut off, before it said `impaired`.
  'instance-status.status': ['impaired', 'initializing'],
  'attached-ebs-status.status': ['impaired'],
  'application-status.status': ['impaired'],
  'event.code': ['instance-reboot', 'system-reboot', 'system-maintenance', 'instance-retirement', 'instance-stop'],
};

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
   * The checks of every running instance of the Region that has an impaired one, whose instance check initializes, or
   * for which EC2 has planned something, tagged or not: five calls, however many instances there are. Where EC2 refuses a filter, or does not
   * answer, what it would find is not known this time.
   * @throws AwsCallError when a call is denied or throttled, or when EC2 refuses every filter.
   */
  async impairedChecks(): Promise<ChecksById> {
    const answers = await Promise.all(
      Object.entries(TROUBLE).map(([Name, Values]) => this.foundBy(Name, Values).catch(asRefusal)),
    );
    const refusals = answers.filter((answer) => answer instanceof AwsCallError);
    if (refusals[0] !== undefined && refusals.length === answers.length) throw refusals[0];
    return Object.assign({}, ...answers.filter((answer) => !(answer instanceof AwsCallError)));
  }

  private foundBy(Name: string, Values: readonly string[]): Promise<ChecksById> {
    return this.describe({ Filters: [{ Name, Values: [...Values] }], MaxResults: MAX_RESULTS });
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
    // An entry without an id speaks for nobody: whoever it is about then counts as not reported.
    return Object.fromEntries(
      statuses.flatMap((status) => (status.InstanceId === undefined ? [] : [[status.InstanceId, toChecks(status)]])),
    );
  }
}

/** EC2's word that it does not take a filter, as a value: not a reply that cannot be understood, and not a denial. */
function asRefusal(error: unknown): AwsCallError {
  const failure = error instanceof AwsCallError && !(error instanceof UnreadableReply) ? error.failure : undefined;
  if (failure === 'invalid' || failure === 'refused' || failure === 'unavailable') return error as AwsCallError;
  throw error;
}

async function merged(parts: readonly Promise<ChecksById>[]): Promise<ChecksById> {
  return Object.assign({}, ...(await Promise.all(parts)));
}
