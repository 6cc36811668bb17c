import type { Outcome } from '../bus/bus.ts';
import { AwsError, refuseIf } from '../actions/errors.ts';
import type { WorldState } from '../world/state.ts';
import type { WireReply, WireRequest } from './exchange.ts';

/** Functions that can be invoked through Lambda's API. */
export interface Invocable {
  /** The ARN of the function of this name; undefined where there is none. */
  arnOf(name: string): string | undefined;
  /** Runs it once, and says what came of it. Never rejects. */
  run(name: string, event: object): Promise<Outcome>;
  /** Has it run some time soon, again where it fails. */
  queue(name: string, event: object): void;
}

/**
 * The one operation of Lambda that is served (AWS Lambda API Reference, "Invoke"): its path, the names of its headers,
 * its statuses and its errors are from there. What is not needed here is refused: a qualifier, the tail of the log.
 */
export const INVOKE_PATH = '/2015-03-31/functions/';

const MB = 1024 * 1024;
/** What a payload may have at most, by the type of the invocation (Lambda Developer Guide, "Lambda quotas"). */
const MOST_BYTES: Readonly<Record<string, number>> = { RequestResponse: 6 * MB, Event: 256 * 1024 };
const STATUS: Readonly<Record<string, number>> = {
  ResourceNotFoundException: 404,
  AccessDeniedException: 403,
  RequestTooLargeException: 413,
};

/** Invokes a function as a client asks for it. Takes as long as the function does, where the client waits for it. */
export async function exchangeInvoke(
  world: WorldState,
  functions: Invocable,
  request: WireRequest,
  caller: string,
): Promise<WireReply> {
  const requestId = world.random.calls.uuid();
  await world.clock.sleep(world.random.calls.int(...world.latencies.callMs));
  try {
    const { name, type, event } = read(world, functions, request, caller);
    if (type === 'Event') {
      functions.queue(name, event);
      return replyOf(202, requestId, '');
    }
    return outcomeReply(requestId, await functions.run(name, event));
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const body = JSON.stringify({ Type: 'User', Message: error.message });
    return replyOf(error.status, requestId, body, { 'x-amzn-errortype': error.name });
  }
}

function outcomeReply(requestId: string, outcome: Outcome): WireReply {
  const { errorType, errorMessage } = outcome.ok ? {} : outcome;
  const body = outcome.ok ? (outcome.payload ?? null) : { errorType, errorMessage };
  // That the function failed is no error of Lambda's: the status stays 200.
  const headers = outcome.ok ? {} : { 'x-amz-function-error': 'Unhandled' };
  return replyOf(200, requestId, JSON.stringify(body), headers);
}

function read(
  world: WorldState,
  functions: Invocable,
  { path, headers, body }: WireRequest,
  caller: string,
): { readonly name: string; readonly type: string; readonly event: object } {
  const [, encoded = ''] = /^([^/?]+)\/invocations$/.exec(path.slice(INVOKE_PATH.length)) ?? [];
  refuseIf(encoded === '', 'UnknownOperationException', `The lab does not know ${path}`);
  const name = decodeURIComponent(encoded);
  const type = String(headers['x-amz-invocation-type'] ?? 'RequestResponse');
  const most = MOST_BYTES[type];
  if (most === undefined)
    throw new AwsError('InvalidParameterValueException', `The lab does not know the invocation type ${type}`);
  const logType = String(headers['x-amz-log-type'] ?? 'None');
  refuseIf(logType !== 'None', 'InvalidParameterValueException', `The lab does not know the log type ${logType}`);
  const arn = functions.arnOf(name);
  // Whoever may not invoke anything is not told what there is.
  const resource = arn ?? `arn:aws:lambda:${world.region}:${world.accountId}:function:${name}`;
  const resources = [{ type: 'function', arn: resource, tags: {} }] as const;
  if (!world.policy({ service: 'lambda', action: 'InvokeFunction', input: {}, caller, resources }))
    throw refusal(
      'AccessDeniedException',
      `${caller} is not authorized to perform: lambda:InvokeFunction on ${resource}`,
    );
  if (arn === undefined) throw refusal('ResourceNotFoundException', `Function not found: ${resource}`);
  if (body.length > most) throw refusal('RequestTooLargeException', `Request must be smaller than ${most} bytes`);
  return { name, type, event: eventOf(body) };
}

function eventOf(body: Uint8Array): object {
  try {
    return JSON.parse(Buffer.from(body).toString() || '{}') as object;
  } catch (error) {
    throw new AwsError('InvalidRequestContentException', `Could not parse request body into json: ${String(error)}`);
  }
}

const refusal = (code: string, message: string): AwsError => new AwsError(code, message, STATUS[code]);

function replyOf(statusCode: number, requestId: string, body: string, headers: object = {}): WireReply {
  return {
    statusCode,
    headers: { 'content-type': 'application/json', 'x-amzn-requestid': requestId, ...headers },
    body: new Uint8Array(Buffer.from(body)),
  };
}
