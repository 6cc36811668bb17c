import {
  CloudWatchLogsClient,
  GetQueryResultsCommand,
  type GetQueryResultsCommandOutput,
  StartQueryCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import type { LogLine, LogReader } from '../engine/ports.ts';
import { AwsCallError } from '../errors.ts';
import { createCall } from './call.ts';
import { baseOf, type ClientOptions, retryOf } from './clients.ts';

const START = { action: 'logs:StartQuery', changing: false } as const;
const RESULTS = { action: 'logs:GetQueryResults', changing: false } as const;
/** Of a query of a few weeks of our lines; one that takes longer is given up. */
const QUERY_MS = 25_000;
const PAUSE_MS = 500;
/** Enough for a night in which something is told every few minutes. */
const MOST_LINES = 100;

/**
 * CloudWatch Logs Insights over the log groups of the deployment. Its client is made with the first question: only
 * whoever asks for the history needs it. A query runs by itself, and is asked how far it is
 * (CloudWatch Logs API Reference, "StartQuery", "GetQueryResults").
 */
export function createLogReader(groups: readonly string[], options: Omit<ClientOptions, 'budget'>): LogReader {
  const budget = { deadlineAt: Number.POSITIVE_INFINITY };
  const given: ClientOptions = { ...options, budget, attempts: 3 };
  const { clock } = options;
  const call = createCall({ clock, budget, callTimeoutMs: 5_000 });
  let client: CloudWatchLogsClient | undefined;

  async function search(all: readonly string[], any: readonly string[], since: number): Promise<readonly LogLine[]> {
    const logs = (client ??= new CloudWatchLogsClient(configOf(given)));
    const until = clock.now() + QUERY_MS;
    const command = new StartQueryCommand({
      logGroupNames: [...groups],
      startTime: Math.floor(since / 1000),
      endTime: Math.ceil(clock.now() / 1000),
      queryString: queryOf(all, any),
    });
    const { queryId } = await call(START, (how) => logs.send(command, how));
    for (;;) {
      const reply = await call(RESULTS, (how) => logs.send(new GetQueryResultsCommand({ queryId }), how));
      if (reply.status === 'Complete') return linesIn(reply);
      if (reply.status !== 'Running' && reply.status !== 'Scheduled') throw ended(reply.status ?? 'Unknown');
      if (clock.now() >= until) throw ended('Running');
      await clock.sleep(PAUSE_MS);
    }
  }
  return { search };
}

const ended = (status: string): AwsCallError =>
  new AwsCallError('unavailable', RESULTS.action, status, `the query has not come to its end: ${status}.`);

/** Lines that have all of these texts, and one of those. Neither has a quote of its own that it would end with. */
function queryOf(all: readonly string[], any: readonly string[]): string {
  const has = (text: string): string => `@message like '${text}'`;
  const filters = [...all.map(has), any.map(has).join(' or ')].map((filter) => `| filter ${filter}`);
  return ['fields @timestamp, @message', ...filters, '| sort @timestamp desc', `| limit ${MOST_LINES}`].join(' ');
}

/** A row is a list of fields; its time has no zone, and means UTC. */
function linesIn({ results = [] }: GetQueryResultsCommandOutput): readonly LogLine[] {
  return results.flatMap((row) => {
    const valueOf = (name: string): string | undefined => row.find(({ field }) => field === name)?.value;
    const [time, message] = [valueOf('@timestamp'), valueOf('@message')];
    const at = Date.parse(`${time?.replace(' ', 'T')}Z`);
    return message === undefined || Number.isNaN(at) ? [] : [{ at, message }];
  });
}

const configOf = (options: ClientOptions) => ({ ...baseOf(options), ...retryOf(options, false) });
