import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import * as ec2 from '@aws-sdk/client-ec2';
import * as events from '@aws-sdk/client-eventbridge';
import { XmlShapeSerializer } from '@aws-sdk/core/protocols';
import { CborCodec } from '@smithy/core/cbor';
import { JsonCodec } from '@smithy/core/protocols';
import { NormalizedSchema } from '@smithy/core/schema';
import type { Codec, SchemaRef, StaticOperationSchema, StaticStructureSchema } from '@smithy/types';
import { AwsError, refuseIf } from '../actions/errors.ts';
import type { Service } from '../world/hooks.ts';
import { decodeForm } from './form.ts';

const SCHEMAS = { ec2, cloudwatch, events };

type Values = Readonly<Record<string, unknown>>;

/** A protocol: how a call is written down. */
export interface WireCodec {
  readonly service: Service;
  readonly headers: Readonly<Record<string, string>>;
  decode(action: string, body: Uint8Array): Promise<Values>;
  encode(action: string, requestId: string, output: Values): Uint8Array | string;
  encodeError(requestId: string, error: AwsError): Uint8Array | string;
}

const EC2_NAMESPACE = 'http://ec2.amazonaws.com/doc/2016-11-15/';
const TIMESTAMPS = { useTrait: true, default: 5 } as const;

// The schemas of the SDK speak of inputs and outputs only; these three describe what EC2 wraps around them.
const ERROR: StaticStructureSchema = [3, 'lab', 'Error', 0, ['Code', 'Message'], [0, 0]];
const ERRORS: StaticStructureSchema = [3, 'lab', 'Errors', 0, ['Error'], [[() => ERROR, 0]]];
const ERROR_REPLY: StaticStructureSchema = [3, 'lab', 'Response', 0, ['Errors', 'RequestID'], [[() => ERRORS, 0], 0]];

const CLOUDWATCH_NAMESPACE = 'http://monitoring.amazonaws.com/doc/2010-08-01/';
const QUERY_ERROR: StaticStructureSchema = [3, 'lab', 'Error', 0, ['Type', 'Code', 'Message'], [0, 0, 0]];
const QUERY_ERROR_REPLY: StaticStructureSchema = [
  3,
  'lab',
  'ErrorResponse',
  0,
  ['Error', 'RequestId'],
  [[() => QUERY_ERROR, 0], 0],
];
const METADATA: StaticStructureSchema = [3, 'lab', 'ResponseMetadata', 0, ['RequestId'], [0]];

/** EC2's Query protocol with XML replies. */
export const EC2_XML: WireCodec = {
  service: 'ec2',
  headers: { 'content-type': 'text/xml;charset=UTF-8' },
  async decode(action, body) {
    return decodeForm(NormalizedSchema.of(operation('ec2', action)[4]), formOf(body), 'flat');
  },
  encode: (action, requestId, output) =>
    writeXml(replySchema(action), { requestId, return: true, ...output }, EC2_NAMESPACE),
  encodeError: (requestId, { name, message }) =>
    writeXml(ERROR_REPLY, { Errors: { Error: { Code: name, Message: message } }, RequestID: requestId }, ''),
};

/** The Query protocol of CloudWatch: what infrastructure tools speak that are not new. */
export const CLOUDWATCH_QUERY: WireCodec = {
  service: 'cloudwatch',
  headers: { 'content-type': 'text/xml' },
  async decode(action, body) {
    return decodeForm(NormalizedSchema.of(operation('cloudwatch', action)[4]), formOf(body), 'member');
  },
  encode(action, requestId, output) {
    const result = NormalizedSchema.of(operation('cloudwatch', action)[5]);
    const schema = queryReply(
      action,
      result.isStructSchema() ? (result.getSchema() as StaticStructureSchema) : undefined,
    );
    const value = { [`${action}Result`]: output, ResponseMetadata: { RequestId: requestId } };
    return writeXml(schema, value, CLOUDWATCH_NAMESPACE);
  },
  encodeError: (requestId, { name, message, status }) => {
    const Type = status < 500 ? 'Sender' : 'Receiver';
    const value = { Error: { Type, Code: name, Message: message }, RequestId: requestId };
    return writeXml(QUERY_ERROR_REPLY, value, CLOUDWATCH_NAMESPACE);
  },
};

/** JSON 1.0: what the SDK for JavaScript, boto3 and the AWS CLI speak to CloudWatch. */
export const CLOUDWATCH_JSON = documents(
  'cloudwatch',
  new JsonCodec({ timestampFormat: { useTrait: true, default: 7 }, jsonName: false }),
  { 'content-type': 'application/x-amz-json-1.0' },
);

/** RPC v2 CBOR: what newer clients speak to CloudWatch. */
export const CLOUDWATCH_CBOR = documents('cloudwatch', new CborCodec(), {
  'content-type': 'application/cbor',
  'smithy-protocol': 'rpc-v2-cbor',
});

/** JSON 1.1: what every client speaks to EventBridge. */
export const EVENTS_JSON = documents(
  'events',
  new JsonCodec({ timestampFormat: { useTrait: true, default: 7 }, jsonName: false }),
  { 'content-type': 'application/x-amz-json-1.1' },
);

function documents(
  service: 'cloudwatch' | 'events',
  codec: Codec<string | Uint8Array, string | Uint8Array>,
  headers: Record<string, string>,
): WireCodec {
  const write = (schema: SchemaRef, value: unknown): Uint8Array | string => {
    const serializer = codec.createSerializer();
    serializer.write(NormalizedSchema.of(schema), value);
    return serializer.flush();
  };
  return {
    service,
    headers,
    async decode(action, body) {
      const schema = NormalizedSchema.of(operation(service, action)[4]);
      checkDocument(schema, await codec.createDeserializer().read(15, body));
      return (await codec.createDeserializer().read(schema, body)) as Values;
    },
    encode: (action, _requestId, output) => write(operation(service, action)[5], output),
    encodeError: (_requestId, { name, message }) => write(15, { __type: `com.amazonaws.${service}#${name}`, message }),
  };
}

/** The SDK's own schema of an operation. */
function operation(service: Service, action: string): StaticOperationSchema {
  const found = (SCHEMAS[service] as Readonly<Record<string, unknown>>)[`${action}$`];
  if (Array.isArray(found) && found[0] === 9) return found as StaticOperationSchema;
  throw new AwsError('InvalidAction', `The action ${action} is not valid for this web service.`);
}

function replySchema(action: string): StaticStructureSchema {
  const output = NormalizedSchema.of(operation('ec2', action)[5]);
  const [, , , , names, members] = output.isStructSchema()
    ? (output.getSchema() as StaticStructureSchema)
    : ([3, '', '', 0, ['return'], [2]] as const);
  return [3, 'lab', `${action}Response`, 0, ['requestId', ...names], [0, ...members]];
}

/** An operation without output has no result element. */
function queryReply(action: string, result: StaticStructureSchema | undefined): StaticStructureSchema {
  const metadata: [() => StaticStructureSchema, 0] = [() => METADATA, 0];
  if (result === undefined) return [3, 'lab', `${action}Response`, 0, ['ResponseMetadata'], [metadata]];
  const names = [`${action}Result`, 'ResponseMetadata'];
  return [3, 'lab', `${action}Response`, 0, names, [[() => result, 0], metadata]];
}

/** What is asked, without what says who asks what of which service; a presigned request carries its signature as well. */
function formOf(body: Uint8Array): Map<string, string> {
  const entries = [...new URLSearchParams(Buffer.from(body).toString())];
  return new Map(entries.filter(([key]) => key !== 'Action' && key !== 'Version' && !key.startsWith('X-Amz-')));
}

function writeXml(schema: StaticStructureSchema, value: unknown, xmlNamespace: string): string {
  const settings = { xmlNamespace, serviceNamespace: 'lab', timestampFormat: TIMESTAMPS };
  const serializer = new XmlShapeSerializer(settings);
  serializer.write(schema, value);
  return String(serializer.flush());
}

/** The codecs skip members they do not know, and take a value for what it is not; the lab refuses both. */
function checkDocument(schema: NormalizedSchema, document: unknown): void {
  if (schema.isListSchema()) {
    refuseIf(!Array.isArray(document), 'SerializationException', 'Expected a list');
    for (const item of document as unknown[]) checkDocument(schema.getValueSchema(), item);
  } else if (schema.isStructSchema()) {
    refuseIf(typeof document !== 'object' || document === null, 'SerializationException', 'Expected a structure');
    const members = schema.getMemberSchemas();
    for (const [key, value] of Object.entries(document as object)) {
      const member = members[key];
      if (member === undefined) throw new AwsError('UnknownParameter', `The parameter ${key} is not recognized`);
      if (value !== null) checkDocument(member, value);
    }
  } else {
    const wrong = schema.isStringSchema() && typeof document !== 'string';
    refuseIf(wrong, 'SerializationException', 'Expected a string');
  }
}
