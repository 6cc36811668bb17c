/** What each parameter may be, by itself. */

const { BlockList, isIP } = require('node:net');
const SETTINGS = require('../lib/core/settings.json');
const NEVER_PROBED = Object.keys(require('../lib/probe/never-probed.json'));

const RANGES = Object.fromEntries(SETTINGS.map(({ setting, min, max }) => [setting, [min, max]]));

/** What CloudWatch Logs offers, as far as the packaging tool knows it. */
const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** A partition: `aws`, and others that are named like it (`aws-cn`, `aws-eusc`), those to come included. */
const PARTITION = 'aws(?:-[a-z]+)*';
/** A Region as AWS names them: `eu-west-1`, `us-gov-east-1`, `eusc-de-east-1`. */
const REGION = '[a-z]{2,8}(?:-[a-z]+)+-\\d{1,2}';

/** An SNS topic, FIFO or not. */
const TOPIC = `arn:${PARTITION}:sns:${REGION}:\\d{12}:[\\w-]+`;

/** The end of an EC2 id, short or long. */
const HEX = '(?:[0-9a-f]{8}|[0-9a-f]{17})';

/** Letters that tags, alarm names and IAM conditions take literally: no `*`, `?` or `$`. */
const prefix = matching(
  /^(?!aws:)[A-Za-z0-9+\-=._:/@]{1,64}$/i,
  "1 to 64 letters, digits or + - = . _ : / @, and not begin with 'aws:'",
);

/** Parameter → a function that says what it must be, or nothing. */
const CHECKS = {
  region: orNone(REGION, 'a Region such as eu-west-1'),
  tagPrefix: prefix,
  statePrefix: prefix,
  alarmPrefix: prefix,
  memberAlarms: oneOf(['on', 'off']),
  ...Object.fromEntries(Object.entries(RANGES).map(([name, [min, max]]) => [name, wholeNumber(min, max)])),
  mode: oneOf(['auto', 'manual']),
  sweepRate: (text) => (intervalSeconds(text) ? undefined : 'rate(1 minute), or rate(N minutes) with N from 2 to 60'),
  logRetentionDays: oneOf(LOG_RETENTION_DAYS.map(String)),
  memoryMb: wholeNumber(128, 10_240),
  architecture: oneOf(['arm64', 'x86_64']),
  // Lambda and SQS publish once a minute: an alarm that looks more often (10, 20 or 30 s) would see gaps.
  alarmPeriodSeconds: (text) =>
    wholeNumber(60, 3_600)(text) || Number(text) % 60 ? 'a multiple of 60 from 60 to 3600' : undefined,
  alarmTopicArn: orNone(`${TOPIC}(?:\\.fifo)?`, 'the ARN of an SNS topic'),
  notifyEmail: orNone('[^\\s@"<>,;]{1,64}@[^\\s@"<>,;]+\\.[^\\s@"<>,;.]+', 'a mail address'),
  // EventBridge delivers to standard topics only.
  notifyTopicArn: orNone(TOPIC, 'the ARN of an SNS topic that is no FIFO topic'),
  eventBus: oneOf(['default', 'none']),
  dashboard: oneOf(['on', 'off']),
  permissionsBoundary: orNone(
    `arn:${PARTITION}:iam::(?:\\d{12}|aws):policy/[\\w+=,.@/-]+`,
    'the ARN of a managed policy',
  ),
  subnetIds: listOrNone(`subnet-${HEX}`, 16, 'subnet ids'),
  securityGroupIds: listOrNone(`sg-${HEX}`, 5, 'security group ids'),
  tags: (text) => (text === 'none' || tagsOf(text) !== undefined ? undefined : TAGS_EXPECTED),
  deploymentBucket: orNone('(?!none$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]', 'the name of an S3 bucket that is there'),
  kmsKeyArn: orNone(
    `arn:${PARTITION}:kms:${REGION}:\\d{12}:key/[\\w-]+`,
    'the ARN of a KMS key (an alias cannot stand in a policy)',
  ),
  reservedConcurrency: (text) =>
    text === 'none' || wholeNumber(1, 1_000)(text) === undefined ? undefined : 'a whole number from 1 to 1000, or none',
  // Two points of view are the most that watch can hold together.
  probeSubnetIds: listOrNone(`subnet-${HEX}`, 2, 'subnet ids'),
  probeSecurityGroupIds: listOrNone(`sg-${HEX}`, 5, 'security group ids'),
  probeMemoryMb: wholeNumber(128, 10_240),
  probeCidrs: (text) =>
    listOf(text).every(isProbeable)
      ? undefined
      : 'blocks like 203.0.113.0/24 separated by commas, none of them loopback, link-local, multicast or IPv4 in IPv6 notation; or none',
};

/** The most a stack takes, and what leaves room for them in one of its outputs. */
const MOST_TAGS = 45;
const TAGS_EXPECTED = `key=value pairs separated by commas, of letters, digits, blanks and + - . _ : / @ (values also =), at most ${MOST_TAGS} of them and 2000 characters together, no key twice or beginning with 'aws:'; or none`;

/** The tags in `key=value,key=value`, or nothing when it is not that. */
function tagsOf(text) {
  const pairs = text
    .split(',')
    .map((pair) => /^\s*([\w+\-.:/@ ]{1,128}?)\s*=\s*([\w+\-=.:/@ ]{0,256}?)\s*$/.exec(pair));
  if (text.length > 2_000 || pairs.length > MOST_TAGS || pairs.includes(null)) return undefined;
  const tags = Object.fromEntries(pairs.map(([, key, value]) => [key, value]));
  const isWrong = Object.keys(tags).length < pairs.length || Object.keys(tags).some((key) => /^(aws:|$)/i.test(key));
  return isWrong ? undefined : tags;
}

/** The elements of a list such as `subnet-1,subnet-2`; none for `none`. */
const listOf = (text) => (text === 'none' ? [] : text.split(',').map((each) => each.trim()));

/** A block as lib/probe/address.ts reads it, or nothing. */
function blockOf(text) {
  const [, network = '', digits = ''] = /^([^/%]+)\/(\d{1,3})$/.exec(text) ?? [];
  const family = { 4: 'ipv4', 6: 'ipv6' }[isIP(network)];
  const prefix = Number(digits);
  return family === undefined || prefix > (family === 'ipv4' ? 32 : 128) ? undefined : { network, prefix, family };
}

function isProbeable(text) {
  const block = blockOf(text);
  return (
    block !== undefined && !NEVER_PROBED.map(blockOf).some((each) => contains(each, block) || contains(block, each))
  );
}

function contains({ network, prefix, family }, inner) {
  const list = new BlockList();
  list.addSubnet(network, prefix, family);
  return inner.family === family && list.check(inner.network, inner.family);
}

function matching(pattern, expected) {
  return (text) => (pattern.test(text) ? undefined : expected);
}

function orNone(pattern, expected) {
  return matching(new RegExp(`^(?:none|${pattern})$`), `${expected}, or none`);
}

function listOrNone(element, most, expected) {
  const pattern = new RegExp(`^${element}$`);
  return (text) => {
    const list = listOf(text);
    const isRight =
      list.length <= most && new Set(list).size === list.length && list.every((each) => pattern.test(each));
    return isRight ? undefined : `at most ${most} ${expected} separated by commas, or none`;
  };
}

function wholeNumber(min, max) {
  const expected = `a whole number from ${min} to ${max}`;
  return (text) => (/^\d+$/.test(text) && Number(text) >= min && Number(text) <= max ? undefined : expected);
}

function oneOf(values) {
  return (text) => (values.includes(text) ? undefined : `one of ${values.join(', ')}`);
}

/** The seconds of `rate(N minutes)`, or nothing when it is not one. */
function intervalSeconds(rate) {
  const [, one, several] = /^rate\((?:(1) minute|([2-9]|[1-5]\d|60) minutes)\)$/.exec(rate) ?? [];
  return one === undefined && several === undefined ? undefined : Number(one ?? several) * 60;
}

module.exports = { CHECKS, RANGES, intervalSeconds, listOf, tagsOf };
