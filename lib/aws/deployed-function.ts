import { GetFunctionConfigurationCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { AwsCallError } from '../errors.ts';
import { createCall } from './call.ts';
import { baseOf, type ClientOptions, retryOf } from './clients.ts';

/** What a person waits for: the longest run of the function, a cold start, and the way. */
const INVOKE_MS = 75_000;
/** What its settings are is asked before everything else, and a failover may wait for it. */
const CONFIGURATION_MS = 3_000;

/** What a function has answered: its result, or the error that Lambda makes of what it threw. */
export type FunctionReply =
  | { readonly ok: true; readonly payload: unknown }
  | { readonly ok: false; readonly errorType: string; readonly errorMessage: string };

/** A function that is deployed, as an operator reaches it. */
export interface DeployedFunction {
  /**
   * GetFunctionConfiguration: the variables of its environment.
   * @throws AwsCallError within three seconds.
   */
  environment(name: string): Promise<Readonly<Record<string, string>>>;
  /**
   * Invokes it once and waits for what it says; never sent a second time.
   * @throws AwsCallError when it could not be invoked, or its answer did not arrive.
   */
  invoke(name: string, payload: unknown): Promise<FunctionReply>;
}

/** Lambda, as an operator uses it. */
export function createDeployedFunction(options: ClientOptions): DeployedFunction {
  const { clock, budget } = options;
  const limits = { attempts: 1, attemptTimeoutMs: INVOKE_MS };
  const client = new LambdaClient({
    ...baseOf({ ...options, ...limits }),
    ...retryOf({ ...options, ...limits }, true),
  });
  const call = createCall({ clock, budget, callTimeoutMs: INVOKE_MS });
  return {
    async environment(name) {
      const command = new GetFunctionConfigurationCommand({ FunctionName: name });
      const operation = { action: 'lambda:GetFunctionConfiguration', changing: false };
      const reply = await call(operation, (send) => client.send(command, send), CONFIGURATION_MS);
      return reply.Environment?.Variables ?? {};
    },
    async invoke(name, payload) {
      const Payload = new TextEncoder().encode(JSON.stringify(payload));
      const command = new InvokeCommand({ FunctionName: name, InvocationType: 'RequestResponse', Payload });
      const operation = { action: 'lambda:InvokeFunction', changing: true };
      const reply = await call(operation, (send) => client.send(command, send));
      return readReply(name, new TextDecoder().decode(reply.Payload), reply.FunctionError);
    },
  };
}

function readReply(name: string, text: string, error: string | undefined): FunctionReply {
  try {
    const payload = JSON.parse(text) as unknown;
    if (error === undefined) return { ok: true, payload };
    const { errorType = error, errorMessage = text } = payload as { errorType?: string; errorMessage?: string };
    return { ok: false, errorType, errorMessage };
  } catch {
    throw new AwsCallError('ambiguous', 'lambda:InvokeFunction', 'IncompleteReply', `${name} returned no JSON.`);
  }
}
