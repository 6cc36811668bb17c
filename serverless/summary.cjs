/** What a deployment says when it is over, and what it would change of the one before. */

/** The output of the stack that records the parameters which were not the defaults. */
const RECORD = 'Parameters';

/** @returns the parameters that differ from the defaults, as the stack records them. */
const recordOf = (params, defaults) =>
  JSON.stringify(
    Object.fromEntries(Object.entries(params).filter(([name, value]) => value !== String(defaults[name]))),
  );

/**
 * One sentence for each parameter that is not what it was in the deployment before.
 * @param before what that one recorded; nothing where there was none
 * @param source of a parameter: a name for where it was given, or nothing
 */
function changesOf({ before, now, defaults, source }) {
  if (before === undefined) return [];
  return Object.entries(now).flatMap(([name, value]) => {
    const was = before[name] ?? String(defaults[name]);
    if (was === value) return [];
    const from = source(name);
    const why =
      from === undefined ? 'the default, for neither --param nor the file of the stage gives it' : `from ${from}`;
    return `${name} was ${was} in the last deployment and is ${value} now (${why}).`;
  });
}

const KINDS = {
  functions: ['AWS::Lambda::Function', 'FunctionName'],
  rules: ['AWS::Events::Rule', 'Name'],
  queue: ['AWS::SQS::Queue', 'QueueName'],
  alarms: ['AWS::CloudWatch::Alarm', 'AlarmName'],
};

function namesOf({ Resources }, kind) {
  const [type, property] = KINDS[kind];
  return Object.values(Resources).flatMap(({ Type, Properties }) => (Type === type ? [Properties[property]] : []));
}

/** Whom the alarms tell. */
const toldBy = (params) =>
  ['alarmTopicArn', 'notifyEmail', 'notifyTopicArn'].flatMap((name) => {
    const { [name]: who = 'none' } = params;
    return who === 'none' ? [] : [who];
  });

/** A line for each kind of thing that a template makes. */
function madeBy({ template, params }) {
  const { probeSubnetIds = 'none' } = params;
  const who = toldBy(params);
  const told =
    who.length === 0 ? 'nobody is told of them: give notifyEmail or alarmTopicArn' : `they tell ${who.join(' and ')}`;
  const lines = Object.keys(KINDS).map((kind) => `${kind}: ${namesOf(template, kind).join(', ')}`);
  const made = lines.map((line) => (line.startsWith('alarms') ? `${line} (${told})` : line));
  return probeSubnetIds === 'none' ? made : [...made, `the probe: one in each of ${probeSubnetIds}`];
}

/** What remains to be done where a probe is deployed, and what it costs to be rid of it. */
const probeSteps = ({ region, tagPrefix }) => [
  'the probe looks at the floating interfaces that say what to ask them, once a second (docs/probe.md):',
  `  aws ec2 create-tags --region ${region} --resources eni-… --tags Key=${tagPrefix}probe,Value=tcp:443`,
  'let the security groups of the probe reach that port, on the members and their standbys, too',
  'removing the stack takes 20 minutes and more, until Lambda has deleted the interfaces of the probe',
];

/** What a person does after a deployment. */
function nextSteps({ region, template, params: { tagPrefix, mode, notifyEmail = 'none', probeSubnetIds = 'none' } }) {
  const failover = namesOf(template, 'functions').find((name) => name.endsWith('-failover'));
  const ask = `--function-name ${failover} --cli-binary-format raw-in-base64-out --payload '{"action":"status"}'`;
  const manual = `mode is manual: nothing moves by itself, but in groups with the tag ${tagPrefix}mode=auto`;
  return [
    'tag the floating interface and its instances, all with the name of their group:',
    `  aws ec2 create-tags --region ${region} --resources eni-… i-… i-… --tags Key=${tagPrefix}group,Value=web`,
    'a minute later, ask whether each group could fail over now:',
    `  aws lambda invoke --region ${region} ${ask} /dev/stdout`,
    ...(notifyEmail === 'none'
      ? []
      : [`confirm the subscription in the mail that ${notifyEmail} gets, or nothing else will come`]),
    ...(probeSubnetIds === 'none' ? [] : probeSteps({ region, tagPrefix })),
    ...(mode === 'manual' ? [manual] : []),
    'docs/install.md has the rest; docs/operations.md, what to do when something stands in the way',
  ];
}

/** What becomes of parameters that stand in no file. */
function reminder(names, file) {
  const it = names.length > 1 ? 'them' : 'it';
  return `${names.join(', ')} came from --param only: write ${it} into ${file}, or a deployment without --param resets ${it}`;
}

module.exports = { RECORD, changesOf, madeBy, nextSteps, recordOf, reminder };
