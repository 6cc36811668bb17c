import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { EC2Client, type EC2ClientConfig } from '@aws-sdk/client-ec2';
import type { Clock } from '../clock.ts';
import { type Handler, limitAttempts } from './attempt.ts';
import { BudgetedRetry, type RunBudget } from './retry.ts';

export interface ClientOptions {
  readonly clock: Clock;
  readonly budget: RunBudget;
  /** Default: the SDK's own search (environment, then profile). */
  readonly region?: string;
  /** Default: AWS, or what `AWS_ENDPOINT_URL` says. */
  readonly endpoint?: string;
  readonly credentials?: NonNullable<EC2ClientConfig['credentials']>;
  /** The profile of `~/.aws` that credentials and Region come from. Default: the SDK's own search. */
  readonly profile?: string;
  /** Attempts of one call, the first included. Default 5. */
  readonly attempts?: number;
  /** The most one call may take with all its attempts, in milliseconds. Default 15 s. */
  readonly callTimeoutMs?: number;
  /** The most that establishing a connection may take, in milliseconds. Default 1 s. */
  readonly connectTimeoutMs?: number;
  /** The most one attempt may take, and the longest silence in it, in milliseconds. Default 5 s. */
  readonly attemptTimeoutMs?: number;
  /** Replaces HTTP, for tests and the simulation. */
  readonly transport?: Transport;
}

/** What is exchanged below the clients. The same goes to all of them. */
export interface Transport extends Pick<EC2ClientConfig, 'protocol' | 'signer'> {
  readonly requestHandler: Handler;
}

/** The SDK clients, by what may be repeated: a retry strategy is not told which command it serves. */
export interface Clients {
  readonly ec2: EC2Client;
  readonly ec2Changes: EC2Client;
  /** For dry runs: nobody waits for a second attempt. */
  readonly ec2Trials: EC2Client;
  readonly cloudwatch: CloudWatchClient;
}

export const DEFAULT_CALL_TIMEOUT_MS = 15_000;

/**
 * Builds the clients. All others take over the first one's transport, credentials and region: the sockets
 * that the reads have just used are then there for the change that follows. The pool hands out the one used last, so
 * a change does not meet a socket that died while the sandbox was frozen, which would make its fate ambiguous. And
 * a profile that has to assume a role does it once.
 */
export function createClients(options: ClientOptions): Clients {
  const ec2 = new EC2Client({ ...baseOf(options), ...retryOf(options, false) });
  const { requestHandler, credentials, region } = ec2.config;
  const shared = { ...baseOf(options), requestHandler, credentials, region };
  return {
    ec2,
    ec2Changes: new EC2Client({ ...shared, ...retryOf(options, true) }),
    ec2Trials: new EC2Client({ ...shared, ...retryOf({ ...options, attempts: 1 }, true) }),
    cloudwatch: new CloudWatchClient({ ...shared, ...retryOf(options, false) }),
  };
}

/** Closes the sockets. A process that ends, or a sandbox that is frozen, need not; a test should. */
export function closeClients({ ec2 }: Clients): void {
  ec2.destroy();
}

/** What every client of this product is made with. */
export function baseOf(options: ClientOptions) {
  const { region, endpoint, credentials, profile } = options;
  return {
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint }),
    ...(credentials !== undefined && { credentials }),
    ...(profile !== undefined && { profile }),
    // CloudTrail then shows who moved the interface.
    customUserAgent: 'eni-failover',
    ...transportOf(options),
  };
}

/** The SDK itself sets no timeout at all, and `requestTimeout` alone would only log a warning. Keep-alive is on. */
export function transportOf({ clock, transport, connectTimeoutMs = 1_000, attemptTimeoutMs = 5_000 }: ClientOptions) {
  if (transport) {
    return { ...transport, requestHandler: limitAttempts(transport.requestHandler, clock, attemptTimeoutMs) };
  }
  const limits = {
    connectionTimeout: connectTimeoutMs,
    requestTimeout: attemptTimeoutMs,
    socketTimeout: attemptTimeoutMs,
  };
  return { requestHandler: { ...limits, throwOnRequestTimeout: true } };
}

/** `maxAttempts` only goes into a request header here; without it the SDK would search environment and files for it. */
export function retryOf(options: ClientOptions, changing: boolean) {
  const { clock, budget, attempts = 5, callTimeoutMs = DEFAULT_CALL_TIMEOUT_MS } = options;
  return {
    maxAttempts: attempts,
    retryStrategy: new BudgetedRetry({ clock, budget, changing, attempts, callTimeoutMs }),
  };
}
