import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetDashboardCommand,
  PutMetricAlarmCommand,
} from '@aws-sdk/client-cloudwatch';
import { inCopy, packageOnce, serverless } from '../../build/packaging.ts';
import { readTemplate } from '../../lab/package/template.ts';
import { startMoto } from '../contract/moto.ts';
import type { Running } from '../contract/target.ts';
import { itWith } from '../examples/support.ts';
import { ACCOUNT, Asker, CREDENTIALS, expected, look, REGION } from './look.ts';

/**
 * A deployment that tells somebody, for real, against an independent emulator of AWS. Its CloudFormation knows nothing of
 * alarms, so those are put there as the template has them.
 */
const PARAMS = { notifyEmail: 'ops@example.com' };
const SNS = { Version: '2010-03-31' };

describe('npx serverless deploy, with a mail address', () => {
  let moto: Running | undefined;
  afterAll(() => moto?.stop());

  itWith(['moto_server'])(
    'should make the topic with its key, the subscription, the rule and the dashboard, and remove them',
    async () => {
      moto = await startMoto();
      const { endpoint = '' } = moto;
      const aws = new Asker(endpoint);
      const credentials = { accessKeyId: 'x', secretAccessKey: 'y' };
      const cloudwatch = new CloudWatchClient({ endpoint, region: REGION, credentials });
      await inCopy(async (folder) => {
        const environment = { ...CREDENTIALS, AWS_ENDPOINT_URL: endpoint };
        const said = await serverless(folder, ['deploy', `--param=notifyEmail=${PARAMS.notifyEmail}`], environment);
        expect(said).toContain('they tell ops@example.com');
        expect(said).toContain('confirm the subscription in the mail that ops@example.com gets');

        const template = readTemplate((await packageOnce({ params: PARAMS })).templatePath, ACCOUNT);
        const { stack: _, buckets: __, ...found } = await look(endpoint);
        expect(found).toEqual(expected(template));

        const [topic] = template.topics;
        expect(await aws.query('sns', 'TopicArn', { ...SNS, Action: 'ListTopics' })).toEqual([topic?.arn]);
        const ofTopic = { ...SNS, Action: 'ListSubscriptionsByTopic', TopicArn: topic?.arn ?? '' };
        expect(await aws.query('sns', 'Endpoint', ofTopic)).toEqual(['ops@example.com']);
        expect(await aws.query('sns', 'Protocol', ofTopic)).toEqual(['email']);
        const { Keys } = await aws.json<{ Keys: object[] }>('kms', 'TrentService.ListKeys', {});
        expect(Keys).toHaveLength(1);

        const { DashboardBody = '' } = await cloudwatch.send(
          new GetDashboardCommand({ DashboardName: 'eni-failover-prod' }),
        );
        expect(Object.keys(JSON.parse(DashboardBody) as object)).toEqual(['widgets']);
        expect(DashboardBody).toContain(`"region":"${REGION}"`);

        for (const alarm of template.alarms) await cloudwatch.send(new PutMetricAlarmCommand(alarm));
        const { MetricAlarms = [] } = await cloudwatch.send(new DescribeAlarmsCommand({}));
        const told = MetricAlarms.map(({ AlarmName, MetricName, AlarmActions }) => [
          AlarmName,
          MetricName,
          AlarmActions,
        ]);
        expect(told).toEqual(template.alarms.map(({ AlarmName, MetricName }) => [AlarmName, MetricName, [topic?.arn]]));

        await serverless(folder, ['remove'], environment);
        expect(await aws.query('sns', 'TopicArn', { ...SNS, Action: 'ListTopics' })).toEqual([]);
      });
      cloudwatch.destroy();
    },
    600_000,
  );
});
