/** What an operator can be told went wrong. Each code is documented in docs/reference.md. */
export type ErrorCode =
  | 'InvalidRequest'
  | 'UnsupportedEvent'
  | 'InvalidConfiguration'
  | 'OperationFailed'
  | 'OperationInterrupted'
  | 'InternalError'
  | 'AwsCallFailed';

/**
 * Base of every error this product throws. `name` equals `code`, so Lambda reports the code as `errorType`;
 * `faults` lists every single thing that was wrong, not only the first.
 */
export class FailoverError extends Error {
  readonly code: ErrorCode;
  readonly faults: readonly string[];

  constructor(code: ErrorCode, summary: string, faults: readonly string[] = []) {
    super(faults.length === 0 ? summary : `${summary} ${faults.map((fault, i) => `(${i + 1}) ${fault}`).join(' ')}`);
    this.name = code;
    this.code = code;
    this.faults = faults;
  }
}

/**
 * What a failed AWS call means for the one who made it:
 * - `throttled`: asked too often, and the time budget had no room for another attempt.
 * - `denied`: IAM (or the account) refuses; trying again cannot help.
 * - `ambiguous`: a change whose fate is unknown (timeout, 5xx, lost reply). Observe before doing anything else.
 * - `unavailable`: a read that could not be answered in time, or a change that was never sent (connection refused, no
 *   time left in the run). Nothing was changed.
 * - `in-use`: the interface is attached, attaching or still detaching. It may be our own success.
 * - `refused`: EC2 understood and declines this target (slot, index, zone, state). Another target may do.
 * - `gone`: the attachment, interface or instance named does not exist (any more).
 * - `conflict`: another writer was there at the same moment; the same call may be repeated.
 * - `invalid`: the call itself was wrong. A defect of ours: stop.
 */
export type AwsFailure =
  | 'throttled'
  | 'denied'
  | 'ambiguous'
  | 'unavailable'
  | 'in-use'
  | 'refused'
  | 'gone'
  | 'conflict'
  | 'invalid';

/** One AWS call that failed, classified. Thrown by the gateways in `lib/aws`, understood by `lib/engine`. */
export class AwsCallError extends FailoverError {
  readonly failure: AwsFailure;
  /** The IAM action, e.g. `ec2:AttachNetworkInterface`. */
  readonly action: string;
  /** AWS's own error code, e.g. `InvalidNetworkInterface.InUse`. */
  readonly awsCode: string;

  constructor(failure: AwsFailure, action: string, awsCode: string, awsMessage: string) {
    super('AwsCallFailed', `${action} failed (${failure}): ${awsCode}: ${awsMessage}`);
    this.failure = failure;
    this.action = action;
    this.awsCode = awsCode;
  }
}

/**
 * Whether AWS has not taken a call, and may take the same call later: nothing was changed. Unlike an ambiguous one, a
 * change that failed so was certainly not made.
 */
export const isTransient = (error: unknown): error is AwsCallError =>
  error instanceof AwsCallError && (error.failure === 'throttled' || error.failure === 'unavailable');

/** The failure of a call as a value; undefined where it succeeded. What is no failure of a call is thrown. */
export async function failureOf(call: () => Promise<unknown>): Promise<AwsCallError | undefined> {
  try {
    await call();
    return undefined;
  } catch (error) {
    if (!(error instanceof AwsCallError)) throw error;
    return error;
  }
}
