import { CloudWatchClient, DescribeAlarmsCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { EC2Client, StopInstancesCommand } from '@aws-sdk/client-ec2';
import { AwsSmithyRpcV2CborProtocol } from '@aws-sdk/core/protocols';
import { buildScenario } from '../../demo/scenarios.ts';
import { RealClock, type VirtualClock } from '../../lab/clock.ts';
import { exchange } from '../../lab/wire/exchange.ts';
import { type HttpServer, serveHttp } from '../../lab/wire/http.ts';
import { inProcessHandler } from '../../lab/wire/in-process.ts';
import { World } from '../../lab/world/world.ts';
import { CLIENT, START_MS, startLab } from './support.ts';

describe('the wire', () => {
  const post = async (body: string, headers: Record<string, string> = {}, path = '/') => {
    const { clock, world } = startLab();
    const reply = await clock.run(exchange(world, { path, headers, body: Buffer.from(body) }, 'raw'));
    return { ...reply, text: Buffer.from(reply.body).toString() };
  };

  it('should write replies and errors as EC2 does', async () => {
    const reply = await post(
      'Action=DescribeInstances&Version=2016-11-15&Filter.1.Name=tag%3AName&Filter.1.Value.1=nobody',
    );
    expect(reply.headers).toMatchObject({
      'content-type': 'text/xml;charset=UTF-8',
      'x-amzn-requestid': expect.any(String),
    });
    expect(reply.text).toMatch(
      /^<DescribeInstancesResponse xmlns="http:\/\/ec2.amazonaws.com\/doc\/2016-11-15\/"><requestId>[^<]+<\/requestId><reservationSet\/>/,
    );
    const error = await post('Action=DescribeInstances&Version=2016-11-15&InstanceId.1=i-1');
    expect(error.statusCode).toBe(400);
    expect(error.text).toMatch(
      /^<Response><Errors><Error><Code>InvalidInstanceID.Malformed<\/Code><Message>.*<\/Message><\/Error><\/Errors><RequestID>.+<\/RequestID><\/Response>$/,
    );
  });

  it.each([
    ['an unknown key', 'Action=DescribeInstances&Version=2016-11-15&Instance.1=i-1', 'UnknownParameter'],
    ['a gap in a list', 'Action=DescribeInstances&Version=2016-11-15&InstanceId.2=i-1', 'UnknownParameter'],
    ['a number that is none', 'Action=DescribeInstances&Version=2016-11-15&MaxResults=many', 'InvalidParameterValue'],
    ['a flag that is none', 'Action=DescribeInstances&Version=2016-11-15&DryRun=perhaps', 'InvalidParameterValue'],
    ['an unknown action', 'Action=MakeCoffee&Version=2016-11-15', 'InvalidAction'],
    ['no action', 'Version=2016-11-15', 'InvalidAction'],
  ])('should refuse %s', async (_what, body, code) => {
    expect((await post(body)).text).toContain(`<Code>${code}</Code>`);
  });

  it('should refuse unknown members of a JSON document, nested ones too', async () => {
    const headers = { 'x-amz-target': 'GraniteServiceVersion20100801.PutMetricAlarm' };
    for (const document of [{ Alarm: 'x' }, { Dimensions: [{ Name: 'a', Worth: 'b' }] }]) {
      const reply = await post(JSON.stringify(document), headers);
      expect(reply.headers['x-amzn-query-error']).toBe('UnknownParameter;Sender');
      expect(JSON.parse(reply.text)).toMatchObject({ __type: 'com.amazonaws.cloudwatch#UnknownParameter' });
    }
  });

  it.each([[{ AlarmNames: 'x' }], [{ AlarmNames: [1] }], [[]], ['text']])(
    'should refuse a JSON document of another shape: %j',
    async (document) => {
      const headers = { 'x-amz-target': 'GraniteServiceVersion20100801.DeleteAlarms' };
      const reply = await post(JSON.stringify(document), headers);
      expect(reply.statusCode).toBe(400);
      expect(JSON.parse(reply.text)).toHaveProperty('__type');
    },
  );

  it('should refuse a body that is no JSON at all', async () => {
    const reply = await post('{', { 'x-amz-target': 'GraniteServiceVersion20100801.DeleteAlarms' });
    expect(JSON.parse(reply.text)).toMatchObject({ __type: 'com.amazonaws.cloudwatch#SerializationException' });
  });

  it('should speak CBOR to clients that prefer it', async () => {
    const { clock, world, holder } = startLab();
    const settings = {
      ...CLIENT,
      protocol: AwsSmithyRpcV2CborProtocol,
      requestHandler: inProcessHandler(world, 'cbor'),
    };
    const client = new CloudWatchClient(settings);
    const { MetricAlarms = [] } = await clock.run(
      client.send(new DescribeAlarmsCommand({ AlarmNamePrefix: 'eni-failover/' })),
    );
    expect(MetricAlarms.map(({ Dimensions }) => Dimensions?.[0]?.Value)).toContain(holder);
    expect(MetricAlarms[0]?.StateUpdatedTimestamp).toEqual(new Date(START_MS));
    const unknown = { AlarmName: 'nobody', StateValue: 'OK', StateReason: 'x' } as const;
    await expect(clock.run(client.send(new SetAlarmStateCommand(unknown)))).rejects.toMatchObject({
      name: 'ResourceNotFound',
    });
  });
});

describe('HTTP', () => {
  let server: HttpServer | undefined;
  afterEach(() => server?.close());

  it('should cut the connection when a reply is lost, after the call took effect', async () => {
    const clock = new RealClock();
    const world = new World({ clock, seed: 1, latencies: { callMs: [0, 1] } });
    const { holder } = buildScenario('pair', world);
    server = await serveHttp(world, { port: 0 });
    world.faults = { before: () => ({ kind: 'lost' }) };
    const client = new EC2Client({ ...CLIENT, endpoint: server.endpoint });
    await expect(client.send(new StopInstancesCommand({ InstanceIds: [holder] }))).rejects.toThrow('socket hang up');
    expect(world.instance(holder)?.state).toBe('stopping');
    client.destroy();
    clock.stop();
  });

  it('should say that a port is taken', async () => {
    const { world } = startLab();
    server = await serveHttp(world, { port: 0 });
    const port = Number(new URL(server.endpoint).port);
    await expect(serveHttp(world, { port })).rejects.toThrow('EADDRINUSE');
  });
});

describe('the Query protocol of CloudWatch', () => {
  const ask = async (world: World, parameters: Record<string, string>, how: 'GET' | 'POST' = 'POST') => {
    const form = new URLSearchParams({ Version: '2010-08-01', ...parameters }).toString();
    const request = how === 'GET' ? { path: `/?${form}`, body: '' } : { path: '/', body: form };
    const work = exchange(world, { ...request, headers: {}, body: Buffer.from(request.body) }, 'raw');
    const reply = await (world.clock as VirtualClock).run(work);
    return { ...reply, text: Buffer.from(reply.body).toString() };
  };
  const ALARM = {
    Action: 'PutMetricAlarm',
    AlarmName: 'made & described',
    Namespace: 'AWS/EC2',
    MetricName: 'StatusCheckFailed',
    'Dimensions.member.1.Name': 'InstanceId',
    'Dimensions.member.1.Value': 'i-1',
    Statistic: 'Maximum',
    Period: '60',
    EvaluationPeriods: '2',
    Threshold: '1.5',
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    ActionsEnabled: 'true',
    AlarmActions: '',
  };

  it.each(['GET', 'POST'] as const)('should make an alarm and describe it by %s', async (how) => {
    const { world } = startLab();
    const made = await ask(world, ALARM, how);
    expect(made.statusCode).toBe(200);
    expect(made.text).toMatch(
      /^<PutMetricAlarmResponse xmlns="http:\/\/monitoring.amazonaws.com\/doc\/2010-08-01\/"><ResponseMetadata><RequestId>[^<]+<\/RequestId><\/ResponseMetadata><\/PutMetricAlarmResponse>$/,
    );
    expect(world.alarms.get(ALARM.AlarmName)?.config).toMatchObject({
      Dimensions: [{ Name: 'InstanceId', Value: 'i-1' }],
      Threshold: 1.5,
      AlarmActions: [],
    });
    const asked = { Action: 'DescribeAlarms', 'AlarmNames.member.1': ALARM.AlarmName };
    const { text } = await ask(world, asked, how);
    expect(text).toContain('<DescribeAlarmsResult>');
    expect(text).toContain('<MetricAlarms><member><AlarmName>made &amp; described</AlarmName>');
    expect(text).toContain('<Dimensions><member><Name>InstanceId</Name><Value>i-1</Value></member></Dimensions>');
  });

  it('should write errors as it does', async () => {
    const { world } = startLab();
    const reply = await ask(world, { Action: 'DeleteAlarms', 'AlarmNames.member.1': 'nobody' });
    expect(reply.statusCode).toBe(404);
    expect(reply.text).toMatch(
      /^<ErrorResponse [^>]+><Error><Type>Sender<\/Type><Code>ResourceNotFound<\/Code><Message>.+<\/Message><\/Error><RequestId>.+<\/RequestId><\/ErrorResponse>$/,
    );
    const stray = await ask(world, { ...ALARM, 'Dimensions.1.Name': 'InstanceId' });
    expect(stray.text).toContain('<Code>UnknownParameter</Code>');
  });
});
