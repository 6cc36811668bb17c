/**
 * CloudFormation's intrinsic functions, as far as templates here use them. An unknown one is an error: a value that
 * was guessed would test something that does not ship.
 */
export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

export interface Account {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
}

/** What `Ref` and `Fn::GetAtt … Arn` give for a resource. */
interface Identity {
  readonly ref: string;
  readonly arn?: string;
}

type Identify = (name: string, account: Account) => Identity;

const arn = ({ partition, region, accountId }: Account, service: string, rest: string): string =>
  `arn:${partition}:${service}:${region}:${accountId}:${rest}`;

/** Each resource type a template may have: the property that names it, and how it is referred to. */
const TYPES: Readonly<Record<string, readonly [nameProperty: string, identify: Identify]>> = {
  'AWS::Lambda::Function': ['FunctionName', (name, a) => ({ ref: name, arn: arn(a, 'lambda', `function:${name}`) })],
  'AWS::Events::Rule': ['Name', (name, a) => ({ ref: name, arn: arn(a, 'events', `rule/${name}`) })],
  'AWS::Logs::LogGroup': ['LogGroupName', (name, a) => ({ ref: name, arn: arn(a, 'logs', `log-group:${name}:*`) })],
  'AWS::IAM::Role': [
    'RoleName',
    (name, a) => ({ ref: name, arn: `arn:${a.partition}:iam::${a.accountId}:role/${name}` }),
  ],
  'AWS::S3::Bucket': [
    'BucketName',
    (name, a) => ({ ref: name.toLowerCase(), arn: `arn:${a.partition}:s3:::${name.toLowerCase()}` }),
  ],
  'AWS::SQS::Queue': [
    'QueueName',
    (name, a) => ({ ref: `https://sqs.${a.region}.amazonaws.com/${a.accountId}/${name}`, arn: arn(a, 'sqs', name) }),
  ],
  'AWS::SNS::Topic': ['TopicName', (name, a) => ({ ref: arn(a, 'sns', name) })],
  'AWS::SNS::TopicPolicy': ['', (name) => ({ ref: name })],
  'AWS::KMS::Key': ['', (name) => ({ ref: name })],
  'AWS::CloudWatch::Dashboard': ['DashboardName', (name) => ({ ref: name })],
  'AWS::CloudWatch::Alarm': ['AlarmName', (name) => ({ ref: name })],
  'AWS::S3::BucketPolicy': ['', (name) => ({ ref: name })],
  'AWS::SQS::QueuePolicy': ['', (name) => ({ ref: name })],
  'AWS::Lambda::Permission': ['', (name) => ({ ref: name })],
  'AWS::Lambda::EventInvokeConfig': ['', (name) => ({ ref: name })],
};

/** The template is not one the lab understands. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

/** Gives a function that replaces every intrinsic inside a value of this template. */
export function resolver(resources: Readonly<Record<string, Resource>>, account: Account): (value: unknown) => unknown {
  const identities = new Map<string, Identity>();
  for (const [id, { Type, Properties }] of Object.entries(resources)) {
    const [nameProperty, identify] = TYPES[Type] ?? fail(`${id}: unknown resource type ${Type}`);
    const name = Properties[nameProperty] ?? id;
    identities.set(
      id,
      identify(typeof name === 'string' ? name : fail(`${id}: its name is not a plain string`), account),
    );
  }
  return (value) => resolve(value, identities, pseudoParameters(account));
}

function pseudoParameters(account: Account): ReadonlyMap<string, string> {
  return new Map([
    ['AWS::Partition', account.partition],
    ['AWS::Region', account.region],
    ['AWS::AccountId', account.accountId],
    ['AWS::URLSuffix', 'amazonaws.com'],
  ]);
}

type Identities = ReadonlyMap<string, Identity>;
type Pseudo = ReadonlyMap<string, string>;

function resolve(value: unknown, identities: Identities, pseudo: Pseudo): unknown {
  const again = (inner: unknown): unknown => resolve(inner, identities, pseudo);
  if (Array.isArray(value)) return value.map(again);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [[key, argument] = ['', undefined]] = entries;
  const isIntrinsic = entries.length === 1 && (key === 'Ref' || key.startsWith('Fn::'));
  if (!isIntrinsic) return Object.fromEntries(entries.map(([name, inner]) => [name, again(inner)]));
  if (key === 'Ref') return reference(String(argument), identities, pseudo);
  if (key === 'Fn::GetAtt') return attribute(argument, identities);
  if (key === 'Fn::Join') return join(again(argument));
  if (key === 'Fn::Sub') return substitute(argument, identities, pseudo);
  return fail(`unknown intrinsic ${key}`);
}

function reference(name: string, identities: Identities, pseudo: Pseudo): string {
  return pseudo.get(name) ?? identities.get(name)?.ref ?? fail(`Ref to unknown ${name}`);
}

function attribute(argument: unknown, identities: Identities): string {
  const [id = '', name = ''] = Array.isArray(argument) ? (argument as string[]) : String(argument).split('.');
  if (name !== 'Arn') return fail(`unknown attribute ${id}.${name}`);
  return identities.get(id)?.arn ?? fail(`${id} has no Arn`);
}

function join(argument: unknown): string {
  const [separator, parts] = argument as [string, unknown];
  return Array.isArray(parts) ? parts.join(separator) : fail('Fn::Join needs a list');
}

function substitute(text: unknown, identities: Identities, pseudo: Pseudo): string {
  if (typeof text !== 'string') return fail('Fn::Sub with variables of its own');
  return text.replaceAll(/\$\{([^}]+)\}/g, (_, name: string) =>
    name.includes('.') ? attribute(name, identities) : reference(name, identities, pseudo),
  );
}

/** For expressions: `known ?? fail('…')`. */
export function fail(message: string): never {
  throw new TemplateError(message);
}
