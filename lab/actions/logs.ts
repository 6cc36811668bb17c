import type * as aws from '@aws-sdk/client-cloudwatch-logs';
import type { IamResource } from '../world/hooks.ts';
import type { LogEvent } from '../world/logs.ts';
import type { WorldState } from '../world/state.ts';
import { AwsError, refuseIf } from './errors.ts';
import { anyResource, bucket, required, row } from './row.ts';

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartQuery.html */
export const startQuery = row<aws.StartQueryRequest, aws.StartQueryResponse>({
  service: 'logs',
  members: 'logGroupNames startTime endTime queryString',
  needs: 'logGroupNames startTime endTime queryString',
  resources: groupsIn,
  bucket: bucket(10, 10),
  handle(world, input) {
    const groups = required(input.logGroupNames, 'logGroupNames');
    for (const group of groups)
      if (!world.logs.has(group))
        throw new AwsError(
          'ResourceNotFoundException',
          `Log group '${group}' does not exist for account ID '${world.accountId}'`,
        );
    const [fromMs, toMs] = [input.startTime, input.endTime].map((seconds) => Number(seconds) * 1000) as [
      number,
      number,
    ];
    refuseIf(fromMs >= toMs, 'InvalidParameterException', 'The start time must be before the end time.');
    const now = world.clock.now();
    const query = readQuery(required(input.queryString, 'queryString'));
    const queryId = world.random.calls.uuid();
    world.logs.start(queryId, query(world.logs.found(groups, fromMs, toMs, now)), now);
    return { queryId };
  },
});

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetQueryResults.html */
export const getQueryResults = row<aws.GetQueryResultsRequest, aws.GetQueryResultsResponse>({
  service: 'logs',
  members: 'queryId',
  needs: 'queryId',
  resources: anyResource,
  bucket: bucket(10, 10),
  handle(world, { queryId }) {
    const rows = world.logs.resultOf(required(queryId, 'queryId'), world.clock.now());
    if (rows === undefined) throw new AwsError('ResourceNotFoundException', `Query '${queryId}' does not exist`);
    if (rows === 'running') return { status: 'Running', results: [] };
    return { status: 'Complete', results: rows.map(rowOf) };
  },
});

function groupsIn(world: WorldState, { logGroupNames = [] }: aws.StartQueryRequest): readonly IamResource[] {
  return logGroupNames.map((name) => ({ type: 'log-group', arn: world.arn('logs', `log-group:${name}:*`), tags: {} }));
}

const rowOf = ({ atMs, message }: LogEvent, nth: number): aws.ResultField[] => [
  { field: '@timestamp', value: new Date(atMs).toISOString().replace('T', ' ').replace('Z', '') },
  { field: '@message', value: message },
  { field: '@ptr', value: `ptr-${nth}` },
];

type Query = (events: readonly LogEvent[]) => readonly LogEvent[];
type Command = readonly [form: RegExp, run: (match: RegExpExecArray) => Query];

const LIKE = /^@message like '([^']*)'$/;

/** The commands of the query language that the lab knows (CloudWatch Logs User Guide, "Insights query syntax"). */
const COMMANDS: readonly Command[] = [
  [/^fields @timestamp, @message$/, () => (events) => events],
  [
    /^filter (.+)$/,
    ([, condition = '']) => {
      const texts = condition.split(' or ').map((part) => LIKE.exec(part)?.[1] ?? malformed(part));
      return (events) => events.filter(({ message }) => texts.some((text) => message.includes(text)));
    },
  ],
  [/^sort @timestamp desc$/, () => (events) => [...events].sort((a, b) => b.atMs - a.atMs)],
  [
    /^limit (\d{1,5})$/,
    ([, count]) =>
      (events) =>
        events.slice(0, Number(count)),
  ],
];

function readQuery(text: string): Query {
  const commands = text.split('|').map((part) => readCommand(part.trim()));
  return (events) => commands.reduce<readonly LogEvent[]>((left, run) => run(left), events);
}

function readCommand(text: string): Query {
  for (const [form, run] of COMMANDS) {
    const match = form.exec(text);
    if (match) return run(match);
  }
  return malformed(text);
}

function malformed(text: string): never {
  throw new AwsError('MalformedQueryException', `unexpected symbol found at or near '${text}'`);
}
