/**
 * What a person looks at: how many groups there are and which are not ready, the last moves, and where their time went.
 * Only metrics of lib/engine/metrics.ts and of AWS; tests/package compares.
 */

/** As many columns as CloudWatch has. */
const WIDTH = 24;

const of = (namespace) => (name, how) => [namespace, name, how];

function widgets({ prefix, alarms }) {
  const ours = of(prefix);
  const functions = ['failover', 'sweep'].map((name) => `${prefix}-${name}`);
  const logs = functions.map((name) => `SOURCE '/aws/lambda/${name}'`).join(' | ');
  return [
    text(
      `# ${prefix}\nGroups of floating network interfaces, whether each could fail over now, and what has moved. A mail or a log line says the same in words; docs/operations.md says what to do about each code.`,
    ),
    metrics(
      'Groups now',
      10,
      [
        ours('Groups', { label: 'groups' }),
        ours('ReadyGroups', { label: 'ready' }),
        ours('NotReadyGroups', { label: 'not ready', color: '#d62728' }),
        ours('BlockedGroups', { label: 'blocked', color: '#ff7f0e' }),
      ],
      { view: 'singleValue', stat: 'Maximum', period: 60 },
    ),
    alarmStates('Alarms', 14, alarms),
    metrics(
      'Not ready, and blocked',
      12,
      [
        ours('NotReadyGroups', { label: 'groups that could not fail over', color: '#d62728' }),
        ours('BlockedGroups', { label: 'groups that should be moved and are not', color: '#ff7f0e' }),
      ],
      { view: 'timeSeries', stat: 'Maximum', period: 60 },
    ),
    metrics(
      'Moves',
      12,
      [
        ours('Moves', { label: 'completed', color: '#2ca02c' }),
        ours('FailedMoves', { label: 'failed', color: '#d62728' }),
        ours('InterruptedMoves', { label: 'interrupted', color: '#ff7f0e' }),
        ours('ForcedDetaches', { label: 'detached by force', color: '#7f7f7f' }),
      ],
      { view: 'timeSeries', stat: 'Sum', period: 300 },
    ),
    log(
      'Last moves',
      `${logs} | filter ispresent(operation.result) and operation.result != 'planned' | fields @timestamp, group, operation.action as action, operation.from as was_on, operation.to as is_on, operation.result as result, operation.durationMs / 1000 as seconds, message | sort @timestamp desc | limit 20`,
    ),
    metrics(
      'Where the time of a move goes',
      12,
      [
        ours('IntentDuration', { label: 'intent' }),
        ours('DetachDuration', { label: 'detach' }),
        ours('AttachDuration', { label: 'attach' }),
        ours('RecordDuration', { label: 'record' }),
      ],
      { view: 'timeSeries', stacked: true, stat: 'Average', period: 300 },
    ),
    metrics('The longest move', 12, [ours('MoveDuration', { label: 'milliseconds' })], {
      view: 'timeSeries',
      stat: 'Maximum',
      period: 300,
    }),
    log(
      'What stands in the way',
      `${logs} | filter level in ['WARN', 'ERROR'] | fields @timestamp, group, code, message | sort @timestamp desc | limit 20`,
    ),
    metrics(
      'The functions',
      12,
      functions.flatMap((name) => [
        ['AWS/Lambda', 'Invocations', 'FunctionName', name, { label: `${name}: runs` }],
        ['AWS/Lambda', 'Errors', 'FunctionName', name, { label: `${name}: errors`, color: '#d62728' }],
      ]),
      { view: 'timeSeries', stat: 'Sum', period: 300 },
    ),
    metrics(
      'Events nobody could handle',
      12,
      [['AWS/SQS', 'NumberOfMessagesSent', 'QueueName', `${prefix}-unhandled-events`, { label: 'arrived' }]],
      { view: 'timeSeries', stat: 'Sum', period: 300 },
    ),
  ];
}

const HEIGHT = { text: 2, metric: 6, alarm: 6, log: 7 };

// biome-ignore lint/suspicious/noTemplateCurlyInString: of CloudFormation
const region = '${AWS::Region}';

const text = (markdown) => ({ type: 'text', width: WIDTH, properties: { markdown } });
const metrics = (title, width, rows, how) => ({
  type: 'metric',
  width,
  properties: { title, region, metrics: rows, ...how },
});
const log = (title, query) => ({ type: 'log', width: WIDTH, properties: { title, region, view: 'table', query } });
const alarmStates = (title, width, alarms) => ({ type: 'alarm', width, properties: { title, alarms } });

/** Puts them beside each other, and a new row where one has no room. */
function placed(all) {
  let [x, y, height] = [0, 0, 0];
  return all.map((widget) => {
    if (x + widget.width > WIDTH) [x, y, height] = [0, y + height, 0];
    const place = { x, y, width: widget.width, height: HEIGHT[widget.type] };
    x += widget.width;
    height = Math.max(height, place.height);
    return { ...widget, ...place };
  });
}

/** What is merged into the resources of serverless.yml. */
async function resources({ resolveVariable }) {
  if ((await resolveVariable('param:dashboard')) === 'off') return {};
  const [service, stage] = await Promise.all(['self:service', 'sls:stage'].map(resolveVariable));
  const prefix = `${service}-${stage}`;
  const alarm = (name) =>
    // biome-ignore lint/suspicious/noTemplateCurlyInString: of CloudFormation
    `arn:\${AWS::Partition}:cloudwatch:\${AWS::Region}:\${AWS::AccountId}:alarm:${prefix}-${name}`;
  const alarms = ALARMS.map(alarm);
  const DashboardBody = { 'Fn::Sub': JSON.stringify({ widgets: placed(widgets({ prefix, alarms })) }) };
  return {
    Resources: {
      Dashboard: { Type: 'AWS::CloudWatch::Dashboard', Properties: { DashboardName: prefix, DashboardBody } },
    },
  };
}

/** The alarms of serverless/alarms.yml, by the end of their names. */
const ALARMS = [
  'failed-move',
  'group-not-ready',
  'blocked-move',
  'failover-errors',
  'sweep-errors',
  'sweep-missing',
  'unhandled-events',
];

module.exports = { resources };
