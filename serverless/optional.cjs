/** What the optional parameters add to the template: without them nothing of it is there. */
const { listOf, tagsOf } = require('./checks.cjs');
const { deadLetters } = require('./notify.cjs');

const TAGGED = [
  'AWS::CloudWatch::Alarm',
  'AWS::Events::Rule',
  'AWS::IAM::Role',
  'AWS::KMS::Key',
  'AWS::Lambda::Function',
  'AWS::Logs::LogGroup',
  'AWS::S3::Bucket',
  'AWS::SNS::Topic',
  'AWS::SQS::Queue',
];
const withTags = (value) => ({ Tags: Object.entries(tagsOf(value)).map(([Key, Value]) => ({ Key, Value })) });

/** The functions of the probe have subnets of their own, or none. */
const OWN_PLACE = ['functions/probe.handler', 'functions/watch.handler'];
/** Nothing is reserved for what moves nothing: an account with 10 concurrent runs could not deploy it. */
const UNRESERVED = [...OWN_PLACE, 'functions/inspect.handler', 'functions/upkeep.handler'];
const unless =
  (handlers, added) =>
  (value, params, { Handler }) =>
    handlers.includes(Handler) ? {} : added(value, params);

/** Parameter → what its value adds to the properties of resources of a type. */
const PARTS = {
  subnetIds: {
    'AWS::Lambda::Function': unless(OWN_PLACE, (value, { securityGroupIds }) => ({
      VpcConfig: { SubnetIds: listOf(value), SecurityGroupIds: listOf(securityGroupIds) },
    })),
  },
  reservedConcurrency: {
    // Nothing waits for what people ask.
    'AWS::Lambda::Function': unless(UNRESERVED, (value) => ({ ReservedConcurrentExecutions: Number(value) })),
  },
  kmsKeyArn: {
    'AWS::Lambda::Function': (value) => ({ KmsKeyArn: value }),
    'AWS::Logs::LogGroup': (value) => ({ KmsKeyId: value }),
    // The one excludes the other.
    'AWS::SQS::Queue': (value) => ({ KmsMasterKeyId: value, SqsManagedSseEnabled: undefined }),
  },
  permissionsBoundary: {
    'AWS::IAM::Role': (value) => ({ PermissionsBoundary: value }),
  },
  // The stack has them as well, but whoever deploys the packaged template by other means gives it none.
  tags: Object.fromEntries(TAGGED.map((type) => [type, withTags])),
};

/** What the rule of the mail cannot deliver may reach the queue; each rule by its name, as in serverless/queue.yml. */
function mailParts({ Resources }) {
  const { NotifyRule, UnhandledEventsPolicy } = Resources;
  if (NotifyRule === undefined) return;
  const prefix = NotifyRule.Properties.EventPattern.detail.deployment[0];
  UnhandledEventsPolicy.Properties.PolicyDocument.Statement.push(deadLetters(prefix));
}

/** Adds to the resources of a compiled template what the parameters ask for. */
function optionalParts({ Resources }, params) {
  mailParts({ Resources });
  for (const [name, types] of Object.entries(PARTS)) {
    if (params[name] === 'none') continue;
    for (const { Type, Properties } of Object.values(Resources))
      Object.assign(Properties, types[Type]?.(params[name], params, Properties));
  }
}

module.exports = { optionalParts };
