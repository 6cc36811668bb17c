import { InvokeCommand, type InvokeCommandInput, type InvokeCommandOutput, LambdaClient } from '@aws-sdk/client-lambda';
import { AwsCallError } from '../errors.ts';
import type { Invoker } from '../watch/ports.ts';
import { type Call, createCall } from './call.ts';
import { baseOf, type ClientOptions, retryOf } from './clients.ts';

/** Lambda queues an asynchronous invocation and answers at once. */
const SEND_MS = 2_000;
/** No synchronous call here takes longer: 20 s of watching, a cold start, and the way. */
const LONGEST_MS = 30_000;
/** An error of a function is quoted so far. */
const MOST_QUOTED = 300;

export type InvokerOptions = ClientOptions;

export interface AwsInvoker extends Invoker {
  /** Closes the sockets. */
  close(): void;
}

/**
 * Lambda, as `watch` and whoever asks a probe see it. One attempt each: a second one would begin when its answer is
 * worth nothing any more, and the stock client would send it when a call of 20 s is taken for lost. Make one for each
 * process.
 */
export function createInvoker(options: ClientOptions): AwsInvoker {
  const { clock, budget } = options;
  const client = new LambdaClient(configOf({ ...options, attempts: 1, attemptTimeoutMs: LONGEST_MS }));
  const call = createCall({ clock, budget, callTimeoutMs: LONGEST_MS });
  return {
    ask: (name, payload, timeoutMs) => ask(client, call, name, payload, timeoutMs),
    send: async (name, payload) => void (await invoke(client, call, name, 'Event', payload, SEND_MS)),
    close: () => client.destroy(),
  };
}

const configOf = (options: ClientOptions) => ({ ...baseOf(options), ...retryOf(options, true) });

async function ask(
  client: LambdaClient,
  call: Call,
  name: string,
  payload: unknown,
  timeoutMs: number,
): Promise<unknown> {
  const reply = await invoke(client, call, name, 'RequestResponse', payload, timeoutMs);
  // An empty payload comes as an empty text, whatever its type says.
  const text = reply.Payload?.length ? new TextDecoder().decode(reply.Payload) : '';
  if (reply.FunctionError !== undefined) throw failed('FunctionError', `${name} failed: ${text.slice(0, MOST_QUOTED)}`);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw failed('IncompleteReply', `${name} returned no JSON: ${text.slice(0, MOST_QUOTED)}`);
  }
}

const failed = (code: string, message: string): AwsCallError =>
  new AwsCallError('unavailable', 'lambda:InvokeFunction', code, message);

function invoke(
  client: LambdaClient,
  call: Call,
  FunctionName: string,
  InvocationType: NonNullable<InvokeCommandInput['InvocationType']>,
  payload: unknown,
  timeoutMs: number,
): Promise<InvokeCommandOutput> {
  const command = new InvokeCommand({
    FunctionName,
    InvocationType,
    Payload: new TextEncoder().encode(JSON.stringify(payload)),
  });
  const isChanging = InvocationType === 'Event';
  return call(
    { action: 'lambda:InvokeFunction', changing: isChanging },
    (options) => client.send(command, options),
    timeoutMs,
  );
}
