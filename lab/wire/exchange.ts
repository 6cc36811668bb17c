import { call, type Reply } from '../actions/call.ts';
import { AwsError } from '../actions/errors.ts';
import type { WorldState } from '../world/state.ts';
import { CLOUDWATCH_CBOR, CLOUDWATCH_JSON, CLOUDWATCH_QUERY, EC2_XML, EVENTS_JSON, type WireCodec } from './codecs.ts';

const CLOUDWATCH_VERSION = '2010-08-01';

/** An HTTP request, whatever carried it. */
export interface WireRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Uint8Array;
}

export interface WireReply {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array;
}

/** Reads one request off the wire, makes the call and writes the reply. Rejects when the connection has to break. */
export async function exchange(
  world: WorldState,
  request: WireRequest,
  caller: string,
  signal?: AbortSignal,
): Promise<WireReply> {
  const [path = '', query = ''] = request.path.split('?', 2);
  // A GET of a Query protocol asks in its address what a POST asks in its body.
  const body = request.body.length === 0 ? Buffer.from(query) : request.body;
  const { codec, action } = route({ ...request, path, body });
  const reply = await codec.decode(action, body).then(
    (input) => call(world, { service: codec.service, action, input, caller, signal }),
    (error: unknown) => undecodable(world, error),
  );
  const { requestId } = reply;
  const headers = { ...codec.headers, 'x-amzn-requestid': requestId };
  if (!('error' in reply)) return toWire(200, headers, codec.encode(action, requestId, reply.output));
  const { error } = reply;
  const queryError = `${error.name};${error.status < 500 ? 'Sender' : 'Receiver'}`;
  const isDocument = codec === CLOUDWATCH_JSON || codec === CLOUDWATCH_CBOR;
  const errorHeaders = isDocument ? { ...headers, 'x-amzn-query-error': queryError } : headers;
  return toWire(error.status, errorHeaders, codec.encodeError(requestId, error));
}

/** Which protocol a request speaks, and what it asks for. */
function route({ headers, path, body }: WireRequest): { codec: WireCodec; action: string } {
  const target = String(headers['x-amz-target'] ?? '');
  const [service, operation = ''] = target.split('.');
  if (target !== '') return { codec: service === 'AWSEvents' ? EVENTS_JSON : CLOUDWATCH_JSON, action: operation };
  if (headers['smithy-protocol'] === 'rpc-v2-cbor') {
    return { codec: CLOUDWATCH_CBOR, action: path.split('/operation/')[1] ?? '' };
  }
  const form = new URLSearchParams(Buffer.from(body).toString());
  const codec = form.get('Version') === CLOUDWATCH_VERSION ? CLOUDWATCH_QUERY : EC2_XML;
  return { codec, action: form.get('Action') ?? '' };
}

function undecodable(world: WorldState, reason: unknown): Reply {
  const error = reason instanceof AwsError ? reason : new AwsError('SerializationException', String(reason));
  return { requestId: world.random.calls.uuid(), error };
}

function toWire(statusCode: number, headers: Record<string, string>, content: Uint8Array | string): WireReply {
  const body = typeof content === 'string' ? Buffer.from(content) : content;
  return { statusCode, headers, body: new Uint8Array(body) };
}
