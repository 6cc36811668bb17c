import { CloudWatchLogsClient, GetQueryResultsCommand, StartQueryCommand } from '@aws-sdk/client-cloudwatch-logs';
import { inProcessHandler } from '../../lab/wire/in-process.ts';
import { startLab } from './support.ts';

const GROUP = '/aws/lambda/x';
const QUERY = `fields @timestamp, @message | filter @message like 'a' | filter @message like 'b' or @message like 'c' | sort @timestamp desc | limit 2`;

function written() {
  const { world, clock } = startLab();
  const now = clock.now();
  world.logs.make(GROUP);
  for (const [secondsAgo, message] of [
    [30, 'a b'],
    [20, 'a'],
    [10, 'a c'],
    [5, 'c a b'],
    [1, 'a b too new'],
  ] as const)
    world.logs.write(GROUP, { atMs: now - secondsAgo * 1000, message });
  const credentials = { accessKeyId: 'lab', secretAccessKey: 'lab' };
  const logs = new CloudWatchLogsClient({
    region: world.region,
    credentials,
    requestHandler: inProcessHandler(world, 'x'),
    maxAttempts: 1,
  });
  const span = { startTime: Math.floor(now / 1000) - 60, endTime: Math.ceil(now / 1000) };
  const start = (queryString: string, group = GROUP) =>
    clock.run(logs.send(new StartQueryCommand({ logGroupNames: [group], queryString, ...span })));
  const results = (queryId: string | undefined) => clock.run(logs.send(new GetQueryResultsCommand({ queryId })));
  return { clock, start, results };
}

describe('a query over log groups', () => {
  it('should run for a while, and then have what it asks for, the newest first, without what was written just now', async () => {
    const { clock, start, results } = written();
    const { queryId } = await start(QUERY);
    expect(await results(queryId)).toMatchObject({ status: 'Running', results: [] });
    await clock.advance(2_000);
    const { status, results: rows = [] } = await results(queryId);
    expect(status).toBe('Complete');
    expect(rows.map((row) => row.find(({ field }) => field === '@message')?.value)).toEqual(['c a b', 'a c']);
    expect(rows[0]?.[0]).toMatchObject({
      field: '@timestamp',
      value: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/),
    });
  });

  it.each([
    'stats count(*)',
    'filter level = 1',
    `filter @message like 'a' and 1`,
    'sort @timestamp',
    'fields @message',
  ])('should be refused where the lab does not know what it means: %s', async (text) => {
    await expect(written().start(text)).rejects.toMatchObject({ name: 'MalformedQueryException' });
  });

  it('should be refused for a group, or an id, that there is none of', async () => {
    await expect(written().start(QUERY, '/no')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(written().results('no')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});
