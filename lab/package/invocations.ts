import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Outcome } from '../bus/bus.ts';
import { callerOf, type Route } from '../wire/http.ts';
import type { World } from '../world/world.ts';
import type { PackagedFunction } from './template.ts';

const FUNCTIONS = '/2015-03-31/functions/';
const PATH = /^\/2015-03-31\/functions\/([^/?]+)\/(\w+)$/;
/** What is asked for, as IAM calls it (Lambda API Reference, "Invoke", "GetFunctionConfiguration"). */
const ACTIONS: Readonly<Record<string, string>> = {
  'POST invocations': 'InvokeFunction',
  'GET configuration': 'GetFunctionConfiguration',
};

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

/**
 * Lambda's API as far as it is needed: what the functions of a package make of each other, and an operator of them.
 * @returns who answers what is at a path; nothing where that is no path of Lambda's.
 */
export function lambdaApi(ports: InvocationPorts): (path: string) => Route | undefined {
  return (path) => (path.startsWith(FUNCTIONS) ? (request, response) => answer(ports, request, response) : undefined);
}

async function answer(ports: InvocationPorts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const text = Buffer.concat(await request.toArray()).toString();
  const { status, headers = {}, body } = await replyTo(ports, request, text);
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(body === undefined ? '' : JSON.stringify(body));
}

async function replyTo(ports: InvocationPorts, request: IncomingMessage, text: string): Promise<Reply> {
  const { url = '', method = '', headers } = request;
  const [, quoted = '', what = ''] = PATH.exec(url) ?? [];
  const action = ACTIONS[`${method} ${what}`];
  if (action === undefined) return refusal(404, 'UnknownOperationException', `${method} ${url}`);
  const name = decodeURIComponent(quoted);
  const target = ports.functions.find((each) => each.name === name);
  if (target === undefined) return refusal(404, 'ResourceNotFoundException', `Function not found: ${name}`);
  const caller = callerOf(headers.authorization);
  const { arn } = target;
  const resources = [{ type: 'function', arn, tags: {} }] as const;
  if (!ports.world.policy({ service: 'lambda', action, input: {}, caller, resources })) {
    const message = `${caller} is not authorized to perform: lambda:${action} on resource: ${arn}`;
    return refusal(403, 'AccessDeniedException', message);
  }
  return action === 'InvokeFunction' ? invoked(ports, request, target, text) : { status: 200, body: describe(target) };
}

async function invoked(
  ports: InvocationPorts,
  { headers }: IncomingMessage,
  target: PackagedFunction,
  text: string,
): Promise<Reply> {
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

const describe = ({ name, arn, handler, runtime, roleArn, timeoutMs, memoryMb, environment }: PackagedFunction) => ({
  FunctionName: name,
  FunctionArn: arn,
  Runtime: runtime,
  Handler: handler,
  Role: roleArn,
  Timeout: timeoutMs / 1_000,
  MemorySize: memoryMb,
  Environment: { Variables: environment },
});

const refusal = (status: number, type: string, Message: string): Reply => ({
  status,
  headers: { 'x-amzn-errortype': type },
  body: { Message },
});
