import type { Tags } from './model.ts';

export type Service = 'ec2' | 'cloudwatch' | 'events';

/** One call as a client makes it. */
export interface CallRequest {
  readonly service: Service;
  readonly action: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** Who calls; only a label. */
  readonly caller: string;
  /** The function whose code calls; none where Lambda does it for a function. */
  readonly sourceFunctionArn?: string;
  readonly signal?: AbortSignal | undefined;
}

/** A resource that IAM would look at for a call; `*` for the calls that cannot be narrowed. */
export interface IamResource {
  readonly type: 'instance' | 'network-interface' | 'alarm' | 'function' | 'event-bus' | '*';
  readonly arn: string;
  readonly tags: Tags;
}

/** A call as IAM looks at it: also one of a service that is not in the world. */
export interface IamRequest extends Omit<CallRequest, 'service'> {
  readonly service: Service | 'lambda';
  readonly resources: readonly IamResource[];
}

/** Answers whether IAM allows a call. */
export type Policy = (call: IamRequest) => boolean;

/**
 * What goes wrong with one call:
 * - `refuse`, `throttle`, `deny`: an error reply, nothing applied.
 * - `stuck`: an attach or a detach that is accepted and never ends, until force or termination ends it.
 * - `revert`: an attach or a detach that is accepted, and undone after two seconds.
 * - `lost`: applied; the connection breaks before the reply arrives.
 * - `slow`: applied in time; the reply comes `ms` later.
 * - `apply-late`: the request is stuck for `ms` on its way, and applied even if the client gave up.
 * - `timeout`: never applied, never answered.
 */
export type Fault =
  | { readonly kind: 'refuse'; readonly code: string; readonly message: string; readonly status: number }
  | { readonly kind: 'throttle' | 'deny' | 'stuck' | 'revert' | 'lost' | 'timeout' }
  | { readonly kind: 'slow' | 'apply-late'; readonly ms: number };

/** Decides, for each call, what goes wrong with it. */
export interface FaultHook {
  before(call: CallRequest): Fault | undefined;
}

/** One line of the call journal, written at the moment the call was (or was not) applied. */
export interface CallRecord {
  readonly sentMs: number;
  readonly atMs: number;
  readonly requestId: string;
  readonly service: Service;
  readonly action: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** `ok`, an AWS error code, or `timeout`. */
  readonly outcome: string;
  /** What went wrong with it on purpose; the client need not know the outcome. */
  readonly fault?: Fault['kind'] | undefined;
  /** For reads: the moment the reply describes. */
  readonly reflectsMs?: number | undefined;
  readonly caller: string;
}
