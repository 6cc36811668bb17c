import { type CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import {
  CreateTagsCommand,
  DescribePlacementGroupsCommand,
  DetachNetworkInterfaceCommand,
  type EC2Client,
} from '@aws-sdk/client-ec2';
import type { StandingAlarm } from '../core/member-alarms.ts';
import type { CloudAhead, Permission } from '../engine/ports.ts';
import { AwsCallError } from '../errors.ts';
import type { Call, SendOptions } from './call.ts';
import type { Clients } from './clients.ts';
import { permissionOf } from './errors.ts';
import { allPages } from './requests.ts';
import { required } from './translate.ts';
import { toStandingAlarm } from './translate-alarms.ts';

const ALARMS = { action: 'cloudwatch:DescribeAlarms', changing: false } as const;
const PLACEMENT = { action: 'ec2:DescribePlacementGroups', changing: false } as const;

/** What a look ahead asks of EC2 and CloudWatch. */
export class AheadGateway implements CloudAhead {
  private readonly ec2: EC2Client;
  private readonly trials: EC2Client;
  private readonly cloudwatch: CloudWatchClient;
  private readonly call: Call;

  /** @param clients `ec2Trials` repeats no call. */
  constructor(clients: Pick<Clients, 'ec2' | 'ec2Trials' | 'cloudwatch'>, call: Call) {
    this.ec2 = clients.ec2;
    this.trials = clients.ec2Trials;
    this.cloudwatch = clients.cloudwatch;
    this.call = call;
  }

  /** DescribeAlarms, metric alarms only, all pages; an alarm without a name cannot be spoken of and is left out. */
  async standingAlarms(pace: () => Promise<void>): Promise<readonly StandingAlarm[]> {
    const pages = await allPages(async (NextToken) => {
      await pace();
      const command = new DescribeAlarmsCommand({ AlarmTypes: ['MetricAlarm'], MaxRecords: 100, NextToken });
      return this.call(ALARMS, (options) => this.cloudwatch.send(command, options));
    });
    const subject = { action: ALARMS.action, id: 'the alarms' };
    const alarms = pages.flatMap(({ MetricAlarms }) => required(MetricAlarms, 'MetricAlarms', subject));
    return alarms.flatMap((alarm) => toStandingAlarm(alarm) ?? []);
  }

  /** DescribePlacementGroups, which has no pages. */
  async placementStrategies(): Promise<Readonly<Record<string, string>>> {
    const { PlacementGroups } = await this.call(PLACEMENT, (options) =>
      this.ec2.send(new DescribePlacementGroupsCommand({}), options),
    );
    const named = (PlacementGroups ?? []).flatMap(({ GroupName, Strategy }) =>
      GroupName === undefined || Strategy === undefined ? [] : [[GroupName, Strategy]],
    );
    return Object.fromEntries(named) as Readonly<Record<string, string>>;
  }

  /** The plain detach, with which each move begins; a policy cannot tell the forced one apart. */
  rehearseDetach(attachmentId: string): Promise<Permission> {
    const command = new DetachNetworkInterfaceCommand({ AttachmentId: attachmentId, Force: false, DryRun: true });
    return this.rehearse('DetachNetworkInterface', (options) => this.trials.send(command, options));
  }

  rehearseTags(interfaceIds: readonly string[], tags: Readonly<Record<string, string>>): Promise<Permission> {
    const command = new CreateTagsCommand({
      Resources: [...interfaceIds],
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      DryRun: true,
    });
    return this.rehearse('CreateTags', (options) => this.trials.send(command, options));
  }

  private async rehearse(operation: string, send: (options: SendOptions) => Promise<unknown>): Promise<Permission> {
    try {
      await this.call({ action: `ec2:${operation}`, changing: true }, send);
    } catch (error) {
      if (!(error instanceof AwsCallError)) throw error;
      const kind = permissionOf(error);
      return kind === 'denied' ? { kind, reason: error.message } : { kind };
    }
    return { kind: 'unknown' };
  }
}
