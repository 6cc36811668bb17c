import type { Template } from '../../lab/package/template.ts';

/** What an emulator of AWS has, and what a template says it should have. */
export const REGION = 'us-east-2';
export const ACCOUNT = { partition: 'aws', region: REGION, accountId: '123456789012' };
export const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'deployer', AWS_SECRET_ACCESS_KEY: 'x', AWS_REGION: REGION };

/** Asks the emulator, without an SDK: the service is the one the request was signed for. */
export class Asker {
  private readonly endpoint: string;

  constructor(endpoint: string) {
    this.endpoint = endpoint;
  }

  async text(service: string, path: string, headers: Record<string, string>, body?: string): Promise<string> {
    const authorization = `AWS4-HMAC-SHA256 Credential=x/20260101/${REGION}/${service}/aws4_request, SignedHeaders=host, Signature=x`;
    const request = { headers: { ...headers, authorization }, ...(body !== undefined && { method: 'POST', body }) };
    return (await fetch(this.endpoint + path, request)).text();
  }

  async json<T>(service: string, target: string, input: object): Promise<T> {
    const headers = { 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.1' };
    return JSON.parse(await this.text(service, '/', headers, JSON.stringify(input))) as T;
  }

  /** The contents of an XML element, wherever it occurs in the reply of a Query call. */
  async query(service: string, element: string, parameters: Record<string, string>): Promise<string[]> {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    return elements(element, await this.text(service, '/', headers, new URLSearchParams(parameters).toString()));
  }
}

export function elements(name: string, xml: string): string[] {
  return [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map(([, text]) => text ?? '');
}

interface Found {
  readonly stack: readonly string[];
  readonly functions: readonly object[];
  readonly rules: readonly object[];
  readonly roles: readonly object[];
  readonly queues: readonly string[];
  readonly buckets: readonly string[];
}

/** What there is, in the words of the lab's reading of a template. */
export async function look(endpoint: string): Promise<Found> {
  const aws = new Asker(endpoint);
  const { QueueUrls = [] } = await aws.json<{ QueueUrls?: string[] }>('sqs', 'AmazonSQS.ListQueues', {});
  return {
    stack: await aws.query('cloudformation', 'StackStatus', { Action: 'ListStacks', Version: '2010-05-15' }),
    functions: inOrder(await functionsIn(aws)),
    rules: await rulesIn(aws),
    roles: inOrder(await rolesIn(aws)),
    queues: QueueUrls.map((url) => url.slice(url.lastIndexOf('/') + 1)),
    buckets: elements('Name', await aws.text('s3', '/', {})),
  };
}

/** Roles are listed by names that end in drawn letters, functions in the order they were made: it means nothing. */
function inOrder(roles: readonly object[]): readonly object[] {
  return [...roles].sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
}

async function rolesIn(aws: Asker): Promise<object[]> {
  const call = { Version: '2010-05-08' };
  const names = await aws.query('iam', 'RoleName', { ...call, Action: 'ListRoles' });
  return Promise.all(
    names.map(async (RoleName) => {
      const [PolicyName = ''] = await aws.query('iam', 'member', { ...call, Action: 'ListRolePolicies', RoleName });
      const ask = { ...call, Action: 'GetRolePolicy', RoleName, PolicyName };
      const [document = ''] = await aws.query('iam', 'PolicyDocument', ask);
      // Percent-encoded in AWS; the emulator writes it the way Python does.
      const policy = JSON.parse(decodeURIComponent(document).replaceAll("'", '"')) as object;
      return { name: RoleName.replace(/-[^-]*$/, ''), policy };
    }),
  );
}

async function functionsIn(aws: Asker): Promise<object[]> {
  interface Listed {
    Functions: (Record<string, unknown> & { Environment?: { Variables: object } })[];
  }
  const { Functions } = JSON.parse(await aws.text('lambda', '/2015-03-31/functions', {})) as Listed;
  return Functions.map(({ FunctionName, Handler, Runtime, Timeout, MemorySize, Environment }) => ({
    name: FunctionName,
    handler: Handler,
    runtime: Runtime,
    timeoutMs: Number(Timeout) * 1000,
    memoryMb: MemorySize,
    environment: Environment?.Variables ?? {},
  }));
}

async function rulesIn(aws: Asker): Promise<object[]> {
  interface Listed {
    Rules: { Name: string; ScheduleExpression?: string; EventPattern?: string }[];
  }
  interface Targets {
    Targets: { Arn: string; DeadLetterConfig?: { Arn: string } }[];
  }
  const { Rules } = await aws.json<Listed>('events', 'AWSEvents.ListRules', {});
  return Promise.all(
    Rules.map(async ({ Name, ScheduleExpression, EventPattern }) => {
      const { Targets } = await aws.json<Targets>('events', 'AWSEvents.ListTargetsByRule', { Rule: Name });
      return {
        name: Name,
        schedule: ScheduleExpression,
        pattern: EventPattern && (JSON.parse(EventPattern) as object),
        targets: Targets.map(({ Arn, DeadLetterConfig }) => [Arn, DeadLetterConfig?.Arn]),
      };
    }),
  );
}

/** What should be there, by the packaged template. */
export function expected({ functions, rules, roles, queues }: Template): Omit<Found, 'stack' | 'buckets'> {
  return {
    functions: inOrder(
      functions.map(({ name, handler, runtime, timeoutMs, memoryMb, environment }) => ({
        name,
        handler,
        runtime,
        timeoutMs,
        memoryMb,
        environment,
      })),
    ),
    rules: rules.map(({ name, schedule, pattern, targets }) => ({
      name,
      schedule,
      pattern,
      targets: targets.map(({ arn, deadLetterArn }) => [arn, deadLetterArn]),
    })),
    roles: inOrder(
      roles.map(({ logicalId, policies }) => ({ name: `eni-failover-prod-${logicalId}`, policy: policies[0] })),
    ),
    queues: [...queues.values()],
  };
}

const CLOUDWATCH = { Version: '2010-08-01' };

/** An alarm as upkeep makes it, by another deployment or this one. */
export async function makeAlarm(endpoint: string, name: string, deployment: string): Promise<void> {
  const config = { Namespace: 'AWS/EC2', MetricName: 'StatusCheckFailed', Statistic: 'Maximum', Period: '60' };
  const rule = { EvaluationPeriods: '1', Threshold: '1', ComparisonOperator: 'GreaterThanOrEqualToThreshold' };
  const tag = { 'Tags.member.1.Key': 'eni-failover-state:deployment', 'Tags.member.1.Value': deployment };
  const input = { ...CLOUDWATCH, Action: 'PutMetricAlarm', AlarmName: name, ...config, ...rule, ...tag };
  await new Asker(endpoint).query('monitoring', 'RequestId', input);
}

/** The names of the alarms there are, in order. */
export async function alarmsIn(endpoint: string): Promise<readonly string[]> {
  const input = { ...CLOUDWATCH, Action: 'DescribeAlarms', AlarmNamePrefix: 'eni-failover/' };
  return (await new Asker(endpoint).query('monitoring', 'AlarmName', input)).sort();
}
