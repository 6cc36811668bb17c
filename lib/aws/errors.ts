import { AwsCallError, type AwsFailure } from '../errors.ts';

/**
 * What AWS's error codes mean. This file is the only place that knows a code by name: everything else asks one of
 * the predicates at the end, or reads `AwsCallError.failure`.
 *
 * Sources: "Error codes for the Amazon EC2 API", "Common errors" of the CloudWatch API, Node's system errors.
 */

/** The call a failure belongs to. */
export interface Operation {
  /** The IAM action, e.g. `ec2:AttachNetworkInterface`. */
  readonly action: string;
  /** True when the call changes something, so that a lost reply leaves its fate unknown. */
  readonly changing: boolean;
}

/**
 * A meaning is a failure, or one of three that depend on the call:
 * - `unanswered`: the request may have arrived and been applied, only its answer is missing.
 * - `unsent`: the request cannot have arrived.
 * - `parameter`: EC2 blames a parameter. On attach and detach that is its way of declining the target.
 */
type Meaning = AwsFailure | 'unanswered' | 'unsent' | 'parameter';

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Each code by its meaning; what is not obvious about one is said behind the table. */
const CODES: Readonly<Record<Exclude<Meaning, 'ambiguous' | 'unavailable'>, readonly string[]>> = {
  throttled: words(`RequestLimitExceeded EC2ThrottledException Throttling ThrottlingException ThrottledException
    RequestThrottled RequestThrottledException TooManyRequestsException BandwidthLimitExceeded SlowDown
    LimitExceeded LimitExceededException LimitExceededFault`),
  denied: words(`UnauthorizedOperation AuthFailure AccessDenied AccessDeniedException NotAuthorized Blocked
    OptInRequired PendingVerification InvalidClientTokenId MissingAuthenticationToken
    MissingAuthenticationTokenException UnrecognizedClientException IncompleteSignature InvalidSignatureException
    SignatureDoesNotMatch ExpiredToken ExpiredTokenException RequestExpired CredentialsProviderError
    TokenProviderError`),
  'in-use': words('InvalidNetworkInterface.InUse'),
  refused: words(`AttachmentLimitExceeded PrivateIpAddressLimitExceeded IncorrectState IncorrectInstanceState
    OperationNotPermitted UnsupportedOperation Unsupported DependencyViolation TagLimitExceeded`),
  parameter: words('InvalidParameterValue InvalidParameterCombination'),
  gone: words(`InvalidAttachmentID.NotFound InvalidNetworkInterfaceID.NotFound InvalidInstanceID.NotFound
    InvalidAttachment.NotFound ResourceNotFound ResourceNotFoundException`),
  conflict: words('ConcurrentTagAccess'),
  invalid: words(`InvalidNetworkInterfaceId.Malformed InvalidNetworkInterfaceID.Malformed InvalidInstanceID.Malformed
    InvalidAttachmentID.Malformed InvalidNetworkInterfaceAttachmentId.Malformed InvalidID InvalidInstanceType
    InvalidNextToken InvalidAction MissingParameter UnknownParameter ValidationError DryRunOperation`),
  unanswered: words(`InternalError InternalFailure InternalServiceError InternalServiceFault InternalServerError
    ServiceUnavailable ServiceUnavailableException Unavailable TimeoutError RequestTimeout RequestTimeoutException
    AbortError NetworkingError ECONNRESET ECONNABORTED EPIPE ETIMEDOUT EHOSTUNREACH ENETUNREACH`),
  unsent: words('ECONNREFUSED ENOTFOUND EAI_AGAIN'),
};
// LimitExceeded is CloudWatch's word for too much at once: DescribeAlarms has no other limit to exceed; of
// PutMetricAlarm it says that the quota of alarms is used up (see `failureOf`). AuthFailure is
// said of bad credentials and of a resource that another account or service holds. DryRunOperation answers a dry run,
// and so never a call that was meant (see `permissionOf`). From TimeoutError on, the unanswered are the SDK's and Node's: whether the request had left is
// not told, so it is assumed that it had; the SDK's connect timeout has no name of its own and is counted here, too.
// The unsent come only from connect() and the name lookup, before the first byte of a request; and no earlier attempt
// of the same call can have been applied, for only what was certainly not applied is repeated. So nothing happened.

const MEANING_OF = new Map(
  (Object.entries(CODES) as [Meaning, readonly string[]][]).flatMap(([meaning, codes]) =>
    codes.map((code): [string, Meaning] => [code, meaning]),
  ),
);

/**
 * The calls whose parameters name a target. `InvalidParameterValue` is how EC2 says "device index taken" and
 * sometimes "in use", `InvalidParameterCombination` "another Availability Zone": all of them conditions of the
 * world rather than mistakes of the caller, who observes again after each refusal.
 */
const TARGETED_ACTIONS: ReadonlySet<string> = new Set(['ec2:AttachNetworkInterface', 'ec2:DetachNetworkInterface']);

/** Where `LimitExceeded` is about how many there are, not how fast they come (PutMetricAlarm, "Errors"). */
const QUOTA_ACTIONS: ReadonlySet<string> = new Set(['cloudwatch:PutMetricAlarm']);

/** What tells the two meanings of `InvalidParameterValue` on an attach apart: "Interface: [eni-…] in use." */
const IN_USE = /\bin use\b/i;

/** The parts of an SDK or Node error that are looked at; any of them may be missing. */
interface ErrorShape {
  readonly name?: string;
  readonly message?: string;
  readonly code?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/**
 * Turns whatever an SDK call threw into the one error type the engine understands.
 * @param error anything; an `AwsCallError` is returned as it is.
 */
export function classify(error: unknown, operation: Operation): AwsCallError {
  if (error instanceof AwsCallError) return error;
  const shape = shapeOf(error);
  const message = shape.message ?? String(error);
  return new AwsCallError(failureOf(error, operation), operation.action, codeOf(shape), message);
}

/** What a failure of this operation means; the part of {@link classify} that the retry strategy needs. */
export function failureOf(error: unknown, operation: Operation): AwsFailure {
  const shape = shapeOf(error);
  if (QUOTA_ACTIONS.has(operation.action) && codeOf(shape).startsWith('LimitExceeded')) return 'refused';
  const meaning = MEANING_OF.get(codeOf(shape)) ?? meaningOfStatus(shape.$metadata?.httpStatusCode);
  switch (meaning) {
    case 'unanswered':
      return operation.changing ? 'ambiguous' : 'unavailable';
    case 'unsent':
      return 'unavailable';
    case 'parameter':
      if (!TARGETED_ACTIONS.has(operation.action)) return 'invalid';
      return IN_USE.test(shape.message ?? '') ? 'in-use' : 'refused';
    default:
      return meaning;
  }
}

/**
 * True when the very same call may be sent again: it was certainly not applied, and the reason may pass. A failed
 * read is always of this kind; of the changes only those that were throttled, that lost against another writer, or
 * that never left this machine.
 */
export function mayRepeat(failure: AwsFailure): boolean {
  return failure === 'throttled' || failure === 'conflict' || failure === 'unavailable';
}

/** True when AWS asked for fewer calls, which deserves a longer pause than a lost packet does. */
export function isThrottle(failure: AwsFailure): boolean {
  return failure === 'throttled';
}

/** True when an `AwsCallError` says that the call itself was wrong. */
export function isInvalid(error: unknown): error is AwsCallError {
  return error instanceof AwsCallError && error.failure === 'invalid';
}

/** True when an `AwsCallError` says that something named in the call does not exist. */
export function isGone(error: unknown): boolean {
  return error instanceof AwsCallError && error.failure === 'gone';
}

/**
 * What the error that ends a dry run says: EC2 looks at permission first and at nothing else ("Common query
 * parameters", EC2 API reference), so every other error is about the call on its way.
 */
export function permissionOf({ awsCode }: AwsCallError): 'allowed' | 'denied' | 'unknown' {
  if (awsCode === 'DryRunOperation') return 'allowed';
  return awsCode === 'UnauthorizedOperation' ? 'denied' : 'unknown';
}

function shapeOf(error: unknown): ErrorShape {
  return typeof error === 'object' && error !== null ? error : {};
}

/** A service's code is the error's name; a system error has a general name (`Error`) and its code in `code`. */
function codeOf(error: ErrorShape): string {
  const name = error.name ?? 'UnknownError';
  if (MEANING_OF.has(name) || typeof error.code !== 'string') return name;
  return error.code;
}

/** For codes nobody has listed. No status, or one of success: the reply was lost or could not be read. */
function meaningOfStatus(status = 0): Meaning {
  if (status === 429) return 'throttled';
  if (status === 401 || status === 403) return 'denied';
  return status >= 400 && status < 500 ? 'invalid' : 'unanswered';
}
