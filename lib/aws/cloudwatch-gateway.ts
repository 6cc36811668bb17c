import {
  type CloudWatchClient,
  DescribeAlarmsCommand,
  type DescribeAlarmsCommandOutput,
  ListAlarmMuteRulesCommand,
} from '@aws-sdk/client-cloudwatch';
import type { AlarmReading } from '../core/alarms.ts';
import { AwsCallError } from '../errors.ts';
import type { Call } from './call.ts';
import { isDenied } from './errors.ts';
import { allPages } from './requests.ts';
import { required } from './translate.ts';
import { toAlarm } from './translate-alarms.ts';

const OPERATION = { action: 'cloudwatch:DescribeAlarms', changing: false } as const;
const MUTES = { action: 'cloudwatch:ListAlarmMuteRules', changing: false } as const;
const MAX_RECORDS = 100;

/** The part of CloudWatch that the product uses. */
export class CloudWatchGateway {
  private readonly client: CloudWatchClient;
  private readonly call: Call;

  constructor(client: CloudWatchClient, call: Call) {
    this.client = client;
    this.call = call;
  }

  /**
   * DescribeAlarms with StateValue=ALARM, metric alarms only, all pages.
   * @returns `readable: false` when CloudWatch does not answer: the instances can still be judged by their checks.
   * @throws AwsCallError when denied: that does not pass, and somebody has to mend the role.
   */
  async alarmsInAlarm(): Promise<AlarmReading> {
    try {
      const pages = await allPages((token) => this.page(token));
      const alarms = pages.flatMap(({ MetricAlarms }) =>
        required(MetricAlarms, 'MetricAlarms', { action: OPERATION.action, id: 'the alarms' }),
      );
      return { readable: true, inAlarm: alarms.map(toAlarm) };
    } catch (error) {
      if (!(error instanceof AwsCallError) || isDenied(error)) throw error;
      return { readable: false, cause: error.message };
    }
  }

  /**
   * ListAlarmMuteRules, active rules only: whether there is any, and if so for each alarm. Where CloudWatch does not know the call, nothing can be muted;
   * where it does not answer, the alarm counts as muted: a move has to be confirmed, not presumed.
   * @throws AwsCallError when denied.
   */
  async mutedAlarms(names: readonly string[]): Promise<ReadonlySet<string>> {
    // Mostly no rule is active at all: one call then answers for any number of alarms.
    if (names.length === 0 || !(await this.anyMute({}))) return new Set();
    const answers = await Promise.all(names.map((name) => this.anyMute({ AlarmName: name })));
    return new Set(names.filter((_, at) => answers[at]));
  }

  private async anyMute(target: { AlarmName?: string }): Promise<boolean> {
    const command = new ListAlarmMuteRulesCommand({ ...target, Statuses: ['ACTIVE'], MaxRecords: 1 });
    try {
      const reply = await this.call(MUTES, (options) => this.client.send(command, options));
      return (reply.AlarmMuteRuleSummaries ?? []).length > 0;
    } catch (error) {
      if (!(error instanceof AwsCallError) || isDenied(error)) throw error;
      return error.failure !== 'invalid';
    }
  }

  private page(token: string | undefined): Promise<DescribeAlarmsCommandOutput> {
    const command = new DescribeAlarmsCommand({
      StateValue: 'ALARM',
      AlarmTypes: ['MetricAlarm'],
      MaxRecords: MAX_RECORDS,
      NextToken: token,
    });
    return this.call(OPERATION, (options) => this.client.send(command, options));
  }
}
