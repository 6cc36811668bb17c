import { InvokeCommand, type InvokeCommandInput, LambdaClient } from '@aws-sdk/client-lambda';
import type { Outcome } from '../../lab/bus/bus.ts';
import { VirtualClock } from '../../lab/clock.ts';
import { type HttpServer, serveHttp } from '../../lab/wire/http.ts';
import type { IamRequest } from '../../lab/world/hooks.ts';
import { World } from '../../lab/world/world.ts';
import { CLIENT } from './support.ts';

const ARN = 'arn:aws:lambda:us-east-1:123456789012:function:watch';
/** What the function makes of what it is sent, by its `ask`. */
const OUTCOMES: Readonly<Record<string, Outcome>> = {
  works: { ok: true, payload: { seen: 3 } },
  'returns nothing': { ok: true, payload: undefined },
  throws: { ok: false, errorType: 'InvalidRequest', errorMessage: 'what was handed over cannot be read' },
};

let server: HttpServer;
let client: LambdaClient;
let world: World;
let queued: object[];
let asked: IamRequest[];

beforeEach(async () => {
  // Calls take no time here, so a clock that stands still is enough.
  world = new World({ clock: new VirtualClock(0), seed: 1, profile: 'instant', latencies: { callMs: [0, 0] } });
  [queued, asked] = [[], []];
  world.clock.sleep = async () => undefined;
  world.policy = (call) => {
    asked.push(call);
    return call.caller !== 'stranger';
  };
  const functions = {
    arnOf: (name: string) => (name === 'watch' ? ARN : undefined),
    run: async (_: string, event: object) => OUTCOMES[(event as { ask: string }).ask] as Outcome,
    queue: (_: string, event: object) => void queued.push(event),
  };
  server = await serveHttp(world, { port: 0, functions });
  client = clientOf('lab');
});

afterEach(async () => {
  client.destroy();
  await server.close();
});

function clientOf(accessKeyId: string): LambdaClient {
  const credentials = { accessKeyId, secretAccessKey: 'lab' };
  return new LambdaClient({ ...CLIENT, credentials, endpoint: server.endpoint });
}

const invoke = (event: unknown, more: Partial<InvokeCommandInput> = {}) => {
  const Payload = new TextEncoder().encode(typeof event === 'string' ? event : JSON.stringify(event));
  return client.send(new InvokeCommand({ FunctionName: 'watch', Payload, ...more }));
};
const text = (payload: Uint8Array | undefined): string => Buffer.from(payload ?? '').toString();

describe("Lambda's Invoke, through the real client", () => {
  it.each([
    ['works', '{"seen":3}', undefined],
    ['returns nothing', 'null', undefined],
    ['throws', '{"errorType":"InvalidRequest","errorMessage":"what was handed over cannot be read"}', 'Unhandled'],
  ])('should wait for a function that %s, and say how it went', async (ask, payload, error) => {
    const { StatusCode, Payload, FunctionError } = await invoke({ ask });
    expect([StatusCode, text(Payload), FunctionError]).toEqual([200, payload, error]);
  });

  it('should queue an asynchronous invocation, and answer at once with nothing', async () => {
    const { StatusCode, Payload } = await invoke({ ask: 'works' }, { InvocationType: 'Event' });
    expect([StatusCode, text(Payload), queued]).toEqual([202, '', [{ ask: 'works' }]]);
  });

  it('should ask IAM whether its caller may invoke that function', async () => {
    await invoke({ ask: 'works' });
    const resources = [{ type: 'function', arn: ARN, tags: {} }];
    expect(asked).toEqual([{ service: 'lambda', action: 'InvokeFunction', input: {}, caller: 'lab', resources }]);
    client.destroy();
    client = clientOf('stranger');
    const refused = { name: 'AccessDeniedException', $metadata: { httpStatusCode: 403 } };
    await expect(invoke({ ask: 'works' }, { InvocationType: 'Event' })).rejects.toMatchObject(refused);
    await expect(invoke({}, { FunctionName: 'nobody' })).rejects.toMatchObject(refused);
    expect(queued).toEqual([]);
  });

  it.each<[string, string, number, unknown, Partial<InvokeCommandInput>]>([
    ['a function that is not there', 'ResourceNotFoundException', 404, {}, { FunctionName: 'nobody' }],
    ['what is no JSON', 'InvalidRequestContentException', 400, '{"ask":', {}],
    ['more than 6 MB', 'RequestTooLargeException', 413, { ask: 'x'.repeat(6 * 1024 * 1024) }, {}],
    ['more than 256 KB at once', 'RequestTooLargeException', 413, 'x'.repeat(262_145), { InvocationType: 'Event' }],
    ['a dry run', 'InvalidParameterValueException', 400, {}, { InvocationType: 'DryRun' }],
    ['the tail of the log', 'InvalidParameterValueException', 400, {}, { LogType: 'Tail' }],
    ['a qualifier', 'UnknownOperationException', 400, {}, { Qualifier: 'live' }],
  ])('should refuse %s', async (_, name, httpStatusCode, event, more) => {
    await expect(invoke(event, more)).rejects.toMatchObject({ name, $metadata: { httpStatusCode } });
    expect(queued).toEqual([]);
  });

  it('should not know of functions where there are none', async () => {
    await server.close();
    server = await serveHttp(world, { port: 0 });
    client.destroy();
    client = clientOf('lab');
    await expect(invoke({ ask: 'works' })).rejects.toMatchObject({ $metadata: { httpStatusCode: 400 } });
  });
});
