import {
  type CloudWatchClient,
  DeleteAlarmsCommand,
  ListTagsForResourceCommand,
  PutMetricAlarmCommand,
} from '@aws-sdk/client-cloudwatch';
import type { MemberAlarm } from '../core/member-alarms.ts';
import type { AlarmKeeper } from '../engine/ports.ts';
import type { Call, SendOptions } from './call.ts';
import { isGone } from './errors.ts';

/** The tag by which an alarm is known as one that this deployment has made. */
export interface DeploymentTag {
  readonly key: string;
  readonly value: string;
}

/** The alarms on members, as `upkeep` makes and deletes them. */
export class CloudWatchKeeper implements AlarmKeeper {
  private readonly client: CloudWatchClient;
  private readonly call: Call;
  private readonly tag: DeploymentTag;

  constructor(client: CloudWatchClient, call: Call, tag: DeploymentTag) {
    this.client = client;
    this.call = call;
    this.tag = tag;
  }

  /**
   * One datapoint of one minute is enough (docs/decisions/015-detection-times.md). A stopped instance has none, which is
   * no failure: its stop is an event. Without an action: the state change is an event, too.
   */
  async makeAlarm({ name, instanceId }: MemberAlarm): Promise<void> {
    const command = new PutMetricAlarmCommand({
      AlarmName: name,
      AlarmDescription: `Made by ${this.tag.value} for ${instanceId}, a member of a failover group, and deleted with it.`,
      Namespace: 'AWS/EC2',
      MetricName: 'StatusCheckFailed',
      Dimensions: [{ Name: 'InstanceId', Value: instanceId }],
      Statistic: 'Maximum',
      Period: 60,
      EvaluationPeriods: 1,
      DatapointsToAlarm: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'missing',
      Tags: [{ Key: this.tag.key, Value: this.tag.value }],
    });
    await this.send('PutMetricAlarm', true, (options) => this.client.send(command, options));
  }

  async isOurs(ResourceARN: string): Promise<boolean> {
    try {
      const { Tags = [] } = await this.send('ListTagsForResource', false, (options) =>
        this.client.send(new ListTagsForResourceCommand({ ResourceARN }), options),
      );
      return Tags.some(({ Key, Value }) => Key === this.tag.key && Value === this.tag.value);
    } catch (error) {
      if (isGone(error)) return false;
      throw error;
    }
  }

  async deleteAlarms(names: readonly string[]): Promise<void> {
    const command = new DeleteAlarmsCommand({ AlarmNames: [...names] });
    await this.send('DeleteAlarms', true, (options) => this.client.send(command, options));
  }

  private send<Reply>(
    operation: string,
    changing: boolean,
    send: (options: SendOptions) => Promise<Reply>,
  ): Promise<Reply> {
    return this.call({ action: `cloudwatch:${operation}`, changing }, send);
  }
}
