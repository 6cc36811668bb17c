/**
 * The probe: a function in each of the subnets given, and `watch`, which has them look (docs/probe.md). Two subnets in
 * one function would not be two points of view: Lambda chooses one of them for each sandbox. Without subnets there is
 * nothing of it in the template.
 */
const { listOf } = require('./checks.cjs');
const { asRole, invoke, log, reachVpc, useKey } = require('./policy.cjs');
const { namesOf } = require('./probe-names.cjs');

/** A call looks for 20 s at most (lib/probe/protocol.ts); what is left is for the reply. */
const PROBE_TIMEOUT_SECONDS = 25;
/** A run lasts 75 s whatever comes (lib/watch/watch.ts), and the last call and what it tells must end in time. */
const WATCH_TIMEOUT_SECONDS = 90;
/** It waits most of its time. */
const WATCH_MEMORY_MB = 128;

/** @returns what the deployment has of the probe; nothing where it has none. */
async function given({ resolveVariable }) {
  const names = ['probeSubnetIds', 'probeSecurityGroupIds', 'probeMemoryMb', 'probeCidrs', 'kmsKeyArn'];
  const values = await Promise.all(names.map((name) => resolveVariable(`param:${name}`)));
  const params = Object.fromEntries(names.map((name, i) => [name, String(values[i])]));
  if (params.probeSubnetIds === 'none') return undefined;
  const [service, stage] = await Promise.all(['self:service', 'sls:stage'].map(resolveVariable));
  const prefix = `${service}-${stage}`;
  const subnets = listOf(params.probeSubnetIds);
  return { ...params, prefix, subnets, names: namesOf(prefix, params.probeSubnetIds) };
}

const roleId = (index) => `Probe${index + 1}Role`;
/** As in serverless.yml: for Fn::GetAtt the tool would write a dependency that is there already. */
const roleOf = (id) => ({ 'Fn::Sub': `\${${id}.Arn}` });

/** What is merged into the functions of serverless.yml. */
async function functions(context) {
  const probe = await given(context);
  if (!probe) return {};
  const PROBE_FUNCTIONS = probe.names.probes.join(',');
  return {
    failover: { environment: { PROBE_FUNCTIONS } },
    sweep: { environment: { WATCH_FUNCTION: probe.names.watch, PROBE_SUBNETS: probe.subnets.join(',') } },
    ...Object.fromEntries(probe.subnets.map((subnet, i) => [`probe-${i + 1}`, probeFunction(probe, subnet, i)])),
    watch: {
      handler: 'functions/watch.handler',
      description: 'Has the probes look, and tells failover what they see.',
      role: roleOf('WatchRole'),
      memorySize: WATCH_MEMORY_MB,
      timeout: WATCH_TIMEOUT_SECONDS,
      // The sweep starts another one a minute later.
      maximumEventAge: 60,
      maximumRetryAttempts: 0,
      environment: { PROBE_FUNCTIONS, FAILOVER_FUNCTION: probe.names.failover },
    },
  };
}

function probeFunction({ probeSecurityGroupIds, probeMemoryMb, probeCidrs }, subnet, index) {
  return {
    handler: 'functions/probe.handler',
    description: `Looks at the addresses of groups from ${subnet}.`,
    role: roleOf(roleId(index)),
    memorySize: Number(probeMemoryMb),
    timeout: PROBE_TIMEOUT_SECONDS,
    vpc: { subnetIds: [subnet], securityGroupIds: listOf(probeSecurityGroupIds) },
    ...(probeCidrs !== 'none' && { environment: { PROBE_CIDRS: listOf(probeCidrs).join(',') } }),
  };
}

/**
 * What Lambda needs for the interfaces of a probe. Its own code is denied all of it: it speaks to the addresses it is
 * given, and to nobody else.
 */
const READS = ['ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets'];

/** What is merged into the resources of serverless.yml. */
async function resources(context) {
  const probe = await given(context);
  if (!probe) return {};
  const { names, kmsKeyArn } = probe;
  const decrypt = kmsKeyArn === 'none' ? [] : [useKey(kmsKeyArn, false)];
  const ofProbe = (name) => [log(name), ...reachVpc(name, { reads: READS, denied: READS }), ...decrypt];
  const watch = [invoke('Watch', names.probes), invoke('Tell', [names.failover]), log(names.watch), ...decrypt];
  const roles = names.probes.map((name, i) => [roleId(i), asRole(`probe-${i + 1}`, ofProbe(name))]);
  const alarms = [...names.probes, names.watch].map((name) => [errorsAlarmId(probe, name), errorsAlarm(name)]);
  return { Resources: Object.fromEntries([...roles, ['WatchRole', asRole('watch', watch)], ...alarms]) };
}

const errorsAlarmId = ({ prefix }, name) => {
  const words = name.slice(prefix.length + 1).split('-');
  return `${words.map((word) => word[0].toUpperCase() + word.slice(1)).join('')}ErrorsAlarm`;
};

/** A single run may fail: the other probe looks, and the next run begins within a minute. */
const errorsAlarm = (name) => ({
  Type: 'AWS::CloudWatch::Alarm',
  Properties: {
    AlarmName: `${name}-errors`,
    AlarmDescription: 'The probe fails again and again, so what it would see in seconds is seen in minutes.',
    Namespace: 'AWS/Lambda',
    MetricName: 'Errors',
    Dimensions: [{ Name: 'FunctionName', Value: name }],
    Statistic: 'Sum',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of serverless.yml
    Period: '${param:alarmPeriodSeconds}',
    EvaluationPeriods: 2,
    Threshold: 1,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    TreatMissingData: 'notBreaching',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of serverless.yml
    AlarmActions: '${self:custom.checked.alarmActions}',
  },
});

module.exports = { functions, resources };
