/**
 * The parameters of a deployment. A wrong one stops `package` and `deploy` before anything is built, with every fault at
 * once; else the function would refuse to start with it, or CloudFormation would refuse it half-way.
 */
const { partition } = require('@aws-sdk/core/client');
const { CHECKS, RANGES, intervalSeconds, tagsOf } = require('./checks.cjs');
const { topicsOf } = require('./notify.cjs');
const { readStageFile } = require('./stage-file.cjs');
const { recordOf } = require('./summary.cjs');

/** What two parameters must not be together. Names in IAM conditions ignore case, and so does this. */
function conflicts(params, { names, region }) {
  const { tagPrefix, statePrefix, alarmPrefix, sweepRate, alarmPeriodSeconds, subnetIds, securityGroupIds } = params;
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
  if ((subnetIds === 'none') !== (securityGroupIds === 'none'))
    faults.push('subnetIds and securityGroupIds go together: give both, or neither.');
  const asksForMail = params.notifyEmail !== 'none' || params.notifyTopicArn !== 'none';
  if (asksForMail && params.eventBus === 'none')
    faults.push(
      "eventBus must be default for notifyEmail and notifyTopicArn: what they are told are the bus's events.",
    );
  return [...faults, ...probeFaults(params), ...placeFaults(params, region)];
}

/** What stands in the way of a probe. Whether its subnets are of one VPC, AWS alone can say: serverless/subnets.cjs. */
function probeFaults({ probeSubnetIds, probeSecurityGroupIds, sweepRate }) {
  const faults = [];
  if ((probeSubnetIds === 'none') !== (probeSecurityGroupIds === 'none'))
    faults.push('probeSubnetIds and probeSecurityGroupIds go together: give both, or neither.');
  if (probeSubnetIds !== 'none' && intervalSeconds(sweepRate) > 60)
    faults.push(
      `sweepRate ${sweepRate} must be rate(1 minute) where a probe is deployed: each sweep has it watch for 75 s, and there would be none in between.`,
    );
  return faults;
}

/** What is named by an ARN must be where the stack is: in its Region, and in its partition, as the SDK's data has it. */
function placeFaults({ alarmTopicArn, notifyTopicArn, kmsKeyArn, permissionsBoundary }, region) {
  const faults = [];
  const [, , , toldRegion = region] = notifyTopicArn.split(':');
  if (toldRegion !== region)
    faults.push(`notifyTopicArn is in ${toldRegion}; a rule in ${region} can only tell a topic in ${region}.`);
  const [, , , topicRegion = region] = alarmTopicArn.split(':');
  if (topicRegion !== region)
    faults.push(`alarmTopicArn is in ${topicRegion}; an alarm in ${region} can only tell a topic in ${region}.`);
  const [, , , keyRegion = region] = kmsKeyArn.split(':');
  if (keyRegion !== region) faults.push(`kmsKeyArn is in ${keyRegion}; what is in ${region} needs a key in ${region}.`);
  const [, boundary] = permissionsBoundary.split(':');
  const { name, description } = partition(region);
  // Of a Region that it does not know the data says 'aws', but has no description: it could be in any partition.
  const isKnown = name !== 'aws' || description !== undefined;
  if (boundary !== undefined && isKnown && boundary !== name)
    faults.push(`permissionsBoundary is in the partition ${boundary}; ${region} is in ${name}.`);
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
  const needed = ['self:service', 'sls:stage', 'self:provider.region', 'self:params.default'];
  const [service, stage, region, defaults] = await Promise.all(needed.map(resolveVariable));
  const file = readStageFile(process.cwd(), stage);
  const given = [...(options.param ?? []).map((pair) => pair.split('=')[0]), ...Object.keys(file.params)];
  const names = [...new Set([...Object.keys(CHECKS), ...given])];
  const values = await Promise.all(names.map((name) => resolveVariable(`param:${name}`)));
  const params = Object.fromEntries(names.map((name, i) => [name, String(values[i])]));
  // The Region that counts is checked wherever it comes from.
  const faults = [...file.faults, ...faultsOf({ ...params, region }, { names: `${service}-${stage}-`, region })];
  if (!STAGE.test(stage)) faults.push(`The stage must be a letter and up to 31 letters, digits or -, not '${stage}'.`);
  if (faults.length > 0) throw refusal(faults);
  return forTheConfiguration(params, defaults);
}

/** The parameters in the shape that serverless.yml and the plugin need. */
function forTheConfiguration(params, defaults) {
  const { alarmTopicArn, deploymentBucket, tags } = params;
  const told = topicsOf(params).filter((topic) => topic !== alarmTopicArn);
  return {
    params,
    record: recordOf(params, defaults),
    alarmActions: [...(alarmTopicArn === 'none' ? [] : [alarmTopicArn]), ...told],
    deploymentBucket: deploymentBucket === 'none' ? { blockPublicAccess: true } : { name: deploymentBucket },
    tags: tags === 'none' ? {} : tagsOf(tags),
  };
}

/** The packaging tool prints the stack where there is one; nobody needs that. */
function refusal(faults) {
  const error = new Error(`This cannot be deployed:\n- ${faults.join('\n- ')}`);
  error.stack = error.message;
  return error;
}

module.exports = { checked, faultsOf, refusal, RANGES, PARAMETERS: Object.keys(CHECKS) };
