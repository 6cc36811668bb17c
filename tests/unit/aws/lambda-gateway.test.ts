import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type AwsInvoker, createInvoker } from '../../../lib/aws/lambda-gateway.ts';
import { systemClock } from '../../../lib/clock.ts';
import { failureFrom } from './fakes.ts';

let server: Server | undefined;
let invoker: AwsInvoker | undefined;

afterEach(async () => {
  invoker?.close();
  server?.closeAllConnections();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
});

/** An invoker, and a Lambda that answers like this. */
async function lambda(answer: RequestListener): Promise<AwsInvoker> {
  server = createServer(answer).listen(0, '127.0.0.1');
  await new Promise((resolve) => server?.once('listening', resolve));
  invoker = createInvoker({
    clock: systemClock,
    budget: { deadlineAt: Number.POSITIVE_INFINITY },
    region: 'eu-central-1',
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' },
  });
  return invoker;
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return JSON.parse(text);
}

const failing =
  (status: number, code: string): RequestListener =>
  (_, response) =>
    void response.writeHead(status, { 'x-amzn-errortype': code }).end(JSON.stringify({ message: 'because' }));

describe('asking a function', () => {
  it('should hand over what is asked, and return what it returns', async () => {
    const seen: unknown[] = [];
    const { ask } = await lambda((request, response) => {
      const answer = async (): Promise<void> => {
        seen.push(request.method, request.url, request.headers['x-amz-invocation-type'], await bodyOf(request));
        response.end('{"told":1}');
      };
      void answer();
    });
    expect(await ask('probe-1', { kind: 'confirm' }, 5_000)).toEqual({ told: 1 });
    expect(seen).toEqual(['POST', '/2015-03-31/functions/probe-1/invocations', 'RequestResponse', { kind: 'confirm' }]);
  });

  it('should fail when the function does, in its own words, shortened', async () => {
    const { ask } = await lambda((_, response) => {
      response.setHeader('x-amz-function-error', 'Unhandled');
      response.end(JSON.stringify({ errorMessage: 'InvalidRequest', more: 'x'.repeat(1_000) }));
    });
    const error = await failureFrom(ask('probe-1', {}, 5_000));
    expect(error).toMatchObject({ failure: 'unavailable', awsCode: 'FunctionError', action: 'lambda:InvokeFunction' });
    expect(error.message).toContain('InvalidRequest');
    expect(error.message.length).toBeLessThan(500);
  });

  it.each([
    ['', 'returned no JSON'],
    ['<html>', 'returned no JSON'],
  ])('should fail on a reply that is no JSON: %j', async (body, words) => {
    const { ask } = await lambda((_, response) => void response.end(body));
    expect((await failureFrom(ask('probe-1', {}, 5_000))).message).toContain(words);
  });

  it.each([
    [429, 'TooManyRequestsException', 'throttled'],
    [403, 'AccessDeniedException', 'denied'],
    [404, 'ResourceNotFoundException', 'gone'],
    [500, 'ServiceException', 'unavailable'],
  ])('should be tried once: %d %s is %s', async (status, code, failure) => {
    let calls = 0;
    const { ask } = await lambda((request, response) => {
      calls += 1;
      failing(status, code)(request, response);
    });
    expect((await failureFrom(ask('probe-1', {}, 5_000))).failure).toBe(failure);
    expect(calls).toBe(1);
  });

  it('should end at its own deadline, and be tried once', async () => {
    let calls = 0;
    const { ask } = await lambda(() => {
      calls += 1;
    });
    expect(await failureFrom(ask('probe-1', {}, 300))).toMatchObject({
      failure: 'unavailable',
      awsCode: 'TimeoutError',
    });
    expect(calls).toBe(1);
  });
});

describe('telling a function', () => {
  it('should leave it to Lambda to invoke it', async () => {
    const types: unknown[] = [];
    const { send } = await lambda((request, response) => {
      types.push(request.headers['x-amz-invocation-type']);
      response.writeHead(202).end();
    });
    await send('failover', { source: 'eni-failover.probe' });
    expect(types).toEqual(['Event']);
  });

  it('should say when it was throttled', async () => {
    const { send } = await lambda(failing(429, 'TooManyRequestsException'));
    expect((await failureFrom(send('failover', {}))).failure).toBe('throttled');
  });
});
