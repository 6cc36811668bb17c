const STATUS: Readonly<Record<string, number>> = {
  UnauthorizedOperation: 403,
  AccessDenied: 403,
  ResourceNotFound: 404,
  DryRunOperation: 412,
  InternalError: 500,
  Unavailable: 503,
  RequestLimitExceeded: 503,
};

/** An error reply of AWS: 400 unless the code is known for another status. */
export class AwsError extends Error {
  override readonly name: string;
  readonly status: number;

  constructor(code: string, message: string, status = STATUS[code] ?? 400) {
    super(message);
    this.name = code;
    this.status = status;
  }
}

/** Refuses a call when something is wrong with it. */
export function refuseIf(wrong: boolean, code: string, message: string): void {
  if (wrong) throw new AwsError(code, message);
}

/** The connection failed: the client learns nothing about the fate of its call. */
export class ConnectionLost extends Error {
  override readonly name = 'TimeoutError';
  readonly code = 'ECONNRESET';
}
