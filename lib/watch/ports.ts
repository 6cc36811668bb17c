import type { Clock } from '../clock.ts';
import type { Memory } from './memory.ts';

/** How one function reaches another. Implemented by `lib/aws`; one attempt each, and a deadline of its own. */
export interface Invoker {
  /**
   * Invokes a function and waits for what it returns.
   * @param timeoutMs how long this call may take.
   * @throws AwsCallError `throttled`, `denied`, `gone`, or `unavailable`: also when the function itself failed.
   */
  ask(functionName: string, payload: unknown, timeoutMs: number): Promise<unknown>;
  /**
   * Has Lambda invoke a function some time soon (an asynchronous invocation: it is queued, and tried again).
   * @throws AwsCallError
   */
  send(functionName: string, payload: unknown): Promise<void>;
}

/** Takes a log line. What has to be told to a person stands in its `news`. */
export type Log = (record: Readonly<Record<string, unknown>>) => void;

/** What a run needs. */
export interface WatchPorts {
  readonly clock: Clock;
  readonly invoker: Invoker;
  readonly log: Log;
  readonly memory: Memory;
  /** The name of the function that is told. */
  readonly failover: string;
}
