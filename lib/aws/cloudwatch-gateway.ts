import {
  type CloudWatchClient,
  DescribeAlarmContributorsCommand,
  DescribeAlarmsCommand,
  type DescribeAlarmsCommandOutput,
  ListAlarmMuteRulesCommand,
} from '@aws-sdk/client-cloudwatch';
import type { AlarmReading } from '../core/alarms.ts';
import { AwsCallError } from '../errors.ts';
import type { Call } from './call.ts';
import { isGone, isInvalid, mayRepeat } from './errors.ts';
import { allPages } from './requests.ts';
import { required } from './translate.ts';
import { toAlarm } from './translate-alarms.ts';

const OPERATION = { action: 'cloudwatch:DescribeAlarms', changing: false } as const;
const MUTES = { action: 'cloudwatch:ListAlarmMuteRules', changing: false } as const;
const CONTRIBUTORS = { action: 'cloudwatch:DescribeAlarmContributors', changing: false } as const;
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
   * @returns `readable: false` when CloudWatch does not answer, or IAM refuses: the instances can still be judged by
   * their checks.
   */
  async alarmsInAlarm(): Promise<AlarmReading> {
    try {
      const pages = await allPages((token) => this.page(token));
      const alarms = pages.flatMap(({ MetricAlarms }) =>
        required(MetricAlarms, 'MetricAlarms', { action: OPERATION.action, id: 'the alarms' }),
      );
      return { readable: true, inAlarm: alarms.map(toAlarm) };
    } catch (error) {
      if (!(error instanceof AwsCallError)) throw error;
      return { readable: false, cause: error.message, mayPass: mayRepeat(error.failure) };
    }
  }

  /**
   * DescribeAlarmContributors, all pages: the instances among the time series of an alarm that are in ALARM. Where
   * CloudWatch does not know the call or the alarm (any more), there are none.
   * @throws AwsCallError when CloudWatch does not answer, or denies it.
   */
  async contributorsInAlarm(alarmName: string): Promise<readonly string[]> {
    const pages = await orNone(() =>
      allPages((NextToken) =>
        this.call(CONTRIBUTORS, (options) =>
          this.client.send(new DescribeAlarmContributorsCommand({ AlarmName: alarmName, NextToken }), options),
        ),
      ),
    );
    const contributors = pages.flatMap(({ AlarmContributors }) => AlarmContributors ?? []);
    return contributors.flatMap(({ ContributorAttributes }) => ContributorAttributes?.['InstanceId'] ?? []);
  }

  /**
   * ListAlarmMuteRules, active rules only, all pages: whether there is any, and if so for each alarm. Where CloudWatch
   * does not know the call, nothing can be muted.
   * @throws AwsCallError when CloudWatch does not answer, or denies it.
   */
  async mutedAlarms(names: readonly string[]): Promise<ReadonlySet<string>> {
    // Mostly no rule is active at all: one call then answers for any number of alarms.
    if (names.length === 0 || !(await this.anyMute({}))) return new Set();
    const answers = await Promise.all(names.map((name) => this.anyMute({ AlarmName: name })));
    return new Set(names.filter((_, at) => answers[at]));
  }

  private async anyMute(target: { AlarmName?: string }): Promise<boolean> {
    const pages = await orNone(() =>
      allPages((NextToken) =>
        this.call(MUTES, (options) =>
          this.client.send(new ListAlarmMuteRulesCommand({ ...target, Statuses: ['ACTIVE'], NextToken }), options),
        ),
      ),
    );
    return pages.some(({ AlarmMuteRuleSummaries }) => (AlarmMuteRuleSummaries ?? []).length > 0);
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

/** No pages where CloudWatch does not know what is asked for. */
async function orNone<Page>(read: () => Promise<Page[]>): Promise<Page[]> {
  try {
    return await read();
  } catch (error) {
    if (isInvalid(error) || isGone(error)) return [];
    throw error;
  }
}
