/**
 * What each parameter may be. A wrong one stops `package` and `deploy` before anything is built, with every fault at
 * once; else the function would refuse to start with it, or CloudFormation would refuse it half-way.
 */

const SETTINGS = require('../lib/core/settings.json');

const RANGES = Object.fromEntries(SETTINGS.map(({ setting, min, max }) => [setting, [min, max]]));

/** What CloudWatch Logs offers, as far as the packaging tool knows it. */
const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** Letters that tags, alarm names and IAM conditions take literally: no `*`, `?` or `$`. */
const prefix = matching(
  /^(?!aws:)[A-Za-z0-9+\-=._:/@]{1,64}$/i,
  "1 to 64 letters, digits or + - = . _ : / @, and not begin with 'aws:'",
);

/** Parameter → a function that says what it must be, or nothing. */
const CHECKS = {
  region: matching(/^[a-z]{2}(-[a-z]+)+-\d+$/, 'a Region such as eu-west-1'),
  tagPrefix: prefix,
  statePrefix: prefix,
  alarmPrefix: prefix,
  ...Object.fromEntries(Object.entries(RANGES).map(([name, [min, max]]) => [name, wholeNumber(min, max)])),
  mode: oneOf(['auto', 'manual']),
  sweepRate: (text) => (intervalSeconds(text) ? undefined : 'rate(1 minute), or rate(N minutes) with N from 2 to 60'),
  logRetentionDays: oneOf(LOG_RETENTION_DAYS.map(String)),
  memoryMb: wholeNumber(128, 10_240),
  // Lambda and SQS publish once a minute: an alarm that looks more often (10, 20 or 30 s) would see gaps.
  alarmPeriodSeconds: (text) =>
    wholeNumber(60, 3_600)(text) || Number(text) % 60 ? 'a multiple of 60 from 60 to 3600' : undefined,
  alarmTopicArn: matching(
    /^(none|arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]+(\.fifo)?)$/,
    'the ARN of an SNS topic, or none',
  ),
};

function matching(pattern, expected) {
  return (text) => (pattern.test(text) ? undefined : expected);
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

/** What two parameters must not be together. Names in IAM conditions ignore case, and so does this. */
function conflicts(
  { tagPrefix, statePrefix, alarmPrefix, sweepRate, alarmPeriodSeconds, alarmTopicArn },
  { names, region },
) {
  const begins = (text, start) => text.toLowerCase().startsWith(start.toLowerCase());
  const faults = [];
  if (begins(tagPrefix, statePrefix) || begins(statePrefix, tagPrefix))
    faults.push(
      `statePrefix '${statePrefix}' and tagPrefix '${tagPrefix}' must not begin with one another: the function may write the one and never the other.`,
    );
  if (begins(names, alarmPrefix))
    faults.push(
      `alarmPrefix '${alarmPrefix}' must not begin '${names}', as the names of this stack's own alarms do: they are no signs of a failed instance.`,
    );
  if (Number(alarmPeriodSeconds) < intervalSeconds(sweepRate))
    faults.push(
      `alarmPeriodSeconds ${alarmPeriodSeconds} must not be shorter than ${sweepRate}, or a sweep would be missed in between.`,
    );
  const [, , , topicRegion = region] = alarmTopicArn.split(':');
  if (topicRegion !== region)
    faults.push(`alarmTopicArn is in ${topicRegion}; an alarm in ${region} can only tell a topic in ${region}.`);
  return faults;
}

/** @returns one sentence for each fault. */
function faultsOf(params, where) {
  const faults = Object.entries(params).flatMap(([name, text]) => {
    if (!Object.hasOwn(CHECKS, name)) return `There is no parameter '${name}'.`;
    const expected = CHECKS[name](text);
    return expected === undefined ? [] : `${name} must be ${expected}, not '${text}'.`;
  });
  return faults.length > 0 ? faults : conflicts(params, where);
}

/** A name in which a stage that is too long for a function, a rule or a queue has no place. */
const STAGE = /^[A-Za-z][A-Za-z0-9-]{0,31}$/;

/** Gives what the rest of the configuration needs of the parameters, once all of them are right. */
async function checked({ options, resolveVariable }) {
  const names = Object.keys(CHECKS);
  const given = (options.param ?? []).map((pair) => pair.split('=')[0]).filter((name) => !names.includes(name));
  const values = await Promise.all([...names, ...given].map((name) => resolveVariable(`param:${name}`)));
  const params = Object.fromEntries([...names, ...given].map((name, i) => [name, String(values[i])]));
  const [service, stage] = await Promise.all(['self:service', 'sls:stage'].map(resolveVariable));
  const faults = faultsOf(params, { names: `${service}-${stage}-`, region: options.region ?? params.region });
  if (!STAGE.test(stage)) faults.push(`The stage must be a letter and up to 31 letters, digits or -, not '${stage}'.`);
  if (faults.length > 0) throw refusal(faults);
  return { alarmActions: params.alarmTopicArn === 'none' ? [] : [params.alarmTopicArn] };
}

/** The packaging tool prints the stack where there is one; nobody needs that. */
function refusal(faults) {
  const error = new Error(`This cannot be deployed:\n- ${faults.join('\n- ')}`);
  error.stack = error.message;
  return error;
}

module.exports = { checked, faultsOf, RANGES, PARAMETERS: Object.keys(CHECKS) };
