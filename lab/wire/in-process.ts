import { CloudWatchServiceException } from '@aws-sdk/client-cloudwatch';
import { EC2ServiceException } from '@aws-sdk/client-ec2';
import { EventBridgeServiceException } from '@aws-sdk/client-eventbridge';
import { HttpRequest, HttpResponse } from '@smithy/core/protocols';
import type { ClientProtocol, HttpHandlerOptions, RequestSigner } from '@smithy/types';
import { call, type Reply } from '../actions/call.ts';
import type { CallRequest, Service } from '../world/hooks.ts';
import type { WorldState } from '../world/state.ts';
import { exchange } from './exchange.ts';

/** What a client's `requestHandler` has to be. */
export interface RequestHandler {
  readonly metadata: { readonly handlerProtocol: string };
  handle(request: HttpRequest, options?: HttpHandlerOptions): Promise<{ response: HttpResponse }>;
  destroy(): void;
}

/**
 * A request handler for an SDK client that goes through the real wire format, without a socket.
 * @example new EC2Client({ region, credentials, requestHandler: inProcessHandler(world, 'run-1') })
 */
export function inProcessHandler(world: WorldState, caller: string): RequestHandler {
  return handler(async ({ path, headers, body }, signal) => {
    const bytes = typeof body === 'string' ? Buffer.from(body) : ((body as Uint8Array | undefined) ?? new Uint8Array());
    return new HttpResponse(await exchange(world, { path, headers, body: bytes }, caller, signal));
  });
}

/**
 * Client settings that hand typed inputs straight to the world: no wire format, no signature. Five times as fast.
 * @example new EC2Client({ region, credentials, ...inProcessProtocol(world, 'run-1') })
 */
export function inProcessProtocol(
  world: WorldState,
  caller: string,
): {
  protocol: ClientProtocol<HttpRequest, HttpResponse>;
  requestHandler: RequestHandler;
  signer: RequestSigner;
  disableRequestCompression: true;
} {
  const signer = { sign: async <T>(request: T) => request } as unknown as RequestSigner;
  return {
    protocol: typedProtocol(caller),
    signer,
    // Of PutMetricData, which has nothing to compress here.
    disableRequestCompression: true,
    requestHandler: handler(async ({ body }, signal) => {
      const reply = await call(world, { ...(body as Typed).call, signal });
      const statusCode = 'error' in reply ? reply.error.status : 200;
      return new HttpResponse({ statusCode, headers: {}, body: reply });
    }),
  };
}

function handler(
  respond: (request: HttpRequest, signal: AbortSignal | undefined) => Promise<HttpResponse>,
): RequestHandler {
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    async handle(request, options) {
      const signal = options?.abortSignal as AbortSignal | undefined;
      const response = await respond(request, signal).catch((error: unknown) => {
        throw signal?.aborted ? abortError(signal) : error;
      });
      return { response };
    },
    destroy() {},
  };
}

/** Carries a typed input as a request body that no middleware looks into. */
class Typed {
  readonly byteLength = 0;
  readonly call: Omit<CallRequest, 'signal'>;

  constructor(request: Omit<CallRequest, 'signal'>) {
    this.call = request;
  }
}

const SERVICES: Readonly<Record<string, Service>> = {
  'com.amazonaws.ec2': 'ec2',
  'com.amazonaws.cloudwatch': 'cloudwatch',
  'com.amazonaws.eventbridge': 'events',
};
const EXCEPTIONS = {
  ec2: EC2ServiceException,
  cloudwatch: CloudWatchServiceException,
  events: EventBridgeServiceException,
} as const;

function typedProtocol(caller: string): ClientProtocol<HttpRequest, HttpResponse> {
  return {
    getShapeId: () => 'lab#typed',
    getRequestType: () => HttpRequest,
    getResponseType: () => HttpResponse,
    getPayloadCodec: () => {
      throw new Error('typed calls have no payload codec');
    },
    setSerdeContext() {},
    updateServiceEndpoint: (request) => request,
    async serializeRequest({ namespace, name: action }, input) {
      const service = SERVICES[namespace] ?? 'cloudwatch';
      const body = new Typed({ service, action, input: asSent(input), caller });
      return new HttpRequest({ method: 'POST', protocol: 'https:', hostname: 'lab', path: '/', headers: {}, body });
    },
    async deserializeResponse({ namespace }, _context, { statusCode, body }) {
      const reply = body as Reply;
      const $metadata = { httpStatusCode: statusCode, requestId: reply.requestId };
      if ('error' in reply) throw toException(namespace, reply.error, $metadata);
      return { ...reply.output, $metadata } as never;
    },
  };
}

/** What the wire would carry: no absent members, and no empty lists, which mean "all" to EC2. */
function asSent(input: object): Record<string, unknown> {
  const isSent = ([, value]: [string, unknown]): boolean =>
    value !== undefined && !(Array.isArray(value) && value.length === 0);
  return Object.fromEntries(Object.entries(input).filter(isSent));
}

function toException(
  namespace: string,
  { name, message, status }: { name: string; message: string; status: number },
  $metadata: { httpStatusCode: number; requestId: string },
): Error {
  const Exception = EXCEPTIONS[SERVICES[namespace] ?? 'cloudwatch'];
  const exception = new Exception({ name, message, $fault: status < 500 ? 'client' : 'server', $metadata });
  return Object.assign(exception, { Code: name });
}

function abortError(signal: AbortSignal): Error {
  return Object.assign(new Error('Request aborted', { cause: signal.reason }), { name: 'AbortError' });
}
