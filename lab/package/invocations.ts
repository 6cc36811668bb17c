import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Outcome } from '../bus/bus.ts';
import { callerOf, type HttpServer } from '../wire/http.ts';
import type { World } from '../world/world.ts';
import type { PackagedFunction } from './template.ts';

/** `POST /2015-03-31/functions/<name>/invocations` (Lambda API Reference, "Invoke"). */
const PATH = /^\/2015-03-31\/functions\/([^/?]+)\/invocations$/;

export interface InvocationPorts {
  /** Whose policy decides who may invoke what. */
  readonly world: Pick<World, 'policy'>;
  readonly functions: readonly PackagedFunction[];
  /** Runs a function and waits for it. */
  readonly invoke: (target: PackagedFunction, event: object) => Promise<Outcome>;
  /** Has a function run some time soon. */
  readonly enqueue: (target: PackagedFunction, event: object) => void;
}

interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Serves the one call of Lambda's API that the functions of a package make of each other. */
export async function serveInvocations(ports: InvocationPorts): Promise<HttpServer> {
  const server = createServer((request, response) => {
    answer(ports, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

async function answer(ports: InvocationPorts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const text = Buffer.concat(await request.toArray()).toString();
  const { status, headers = {}, body } = await replyTo(ports, request, text);
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(body === undefined ? '' : JSON.stringify(body));
}

async function replyTo(ports: InvocationPorts, { url = '', headers }: IncomingMessage, text: string): Promise<Reply> {
  const name = decodeURIComponent(PATH.exec(url)?.[1] ?? '');
  const target = ports.functions.find((each) => each.name === name);
  if (target === undefined) return refusal(404, 'ResourceNotFoundException', `Function not found: ${name || url}`);
  const caller = callerOf(headers.authorization);
  const { arn } = target;
  const resources = [{ type: 'function', arn, tags: {} }] as const;
  const call = { service: 'lambda', action: 'InvokeFunction', input: {}, caller, resources } as const;
  if (!ports.world.policy(call)) {
    const message = `${caller} is not authorized to perform: lambda:InvokeFunction on resource: ${arn}`;
    return refusal(403, 'AccessDeniedException', message);
  }
  const event = JSON.parse(text || '{}') as object;
  if (headers['x-amz-invocation-type'] === 'Event') {
    ports.enqueue(target, event);
    return { status: 202 };
  }
  const outcome = await ports.invoke(target, event);
  if (outcome.ok) return { status: 200, body: outcome.payload };
  const { errorType, errorMessage } = outcome;
  return { status: 200, headers: { 'x-amz-function-error': 'Unhandled' }, body: { errorType, errorMessage } };
}

const refusal = (status: number, type: string, Message: string): Reply => ({
  status,
  headers: { 'x-amzn-errortype': type },
  body: { Message },
});
