import type { HttpRequest } from '@smithy/types';
import { HttpResponse } from '@smithy/core/protocols';
import { type AwsCloud, type CloudOptions, createCloud, type RunBudget } from '../../../lib/aws/index.ts';
import type { Clock } from '../../../lib/clock.ts';
import { AwsCallError } from '../../../lib/errors.ts';

/**
 * Time for tests. A pause between two attempts passes at once and is noted; a deadline (which is what has a signal)
 * stays open until it is cancelled or the test lets it expire.
 */
export class FakeClock implements Clock {
  time = 1_000_000;
  readonly pauses: number[] = [];
  /** What `random` returns, one after the other; the last one again and again. */
  draws: number[] = [0.5];
  private readonly deadlines = new Map<() => void, number>();

  now(): number {
    return this.time;
  }

  random(): number {
    return (this.draws.length > 1 ? this.draws.shift() : this.draws[0]) ?? 0;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return signal ? this.deadline(ms, signal) : this.pause(ms);
  }

  /** How long the deadlines are that nobody has cancelled. */
  get openDeadlines(): number[] {
    return [...this.deadlines.values()];
  }

  /** Lets the deadlines of this length pass. */
  expire(ms: number): void {
    this.time += ms;
    for (const [resolve, length] of this.deadlines) if (length === ms) resolve();
  }

  private async pause(ms: number): Promise<void> {
    this.pauses.push(ms);
    this.time += ms;
  }

  private deadline(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      this.deadlines.set(resolve, ms);
      signal.addEventListener('abort', () => {
        this.deadlines.delete(resolve);
        reject(signal.reason as Error);
      });
    });
  }
}

/** What the fake AWS is asked: the fields of the form, or of the JSON document. */
export type Params = Record<string, unknown> & { Action: string };
export type Answer = { readonly status?: number; readonly body: string } | Error;

/** A transport that answers with real bytes. Errors are thrown, as sockets do. */
export class FakeAws {
  readonly requests: Params[] = [];
  private readonly answer: (params: Params, nth: number) => Answer | Promise<Answer>;

  constructor(answer: (params: Params, nth: number) => Answer | Promise<Answer>) {
    this.answer = answer;
  }

  async handle(request: HttpRequest): Promise<{ response: HttpResponse }> {
    const params = paramsOf(request);
    this.requests.push(params);
    const answer = await this.answer(params, this.requests.length);
    if (answer instanceof Error) throw answer;
    const body = new TextEncoder().encode(answer.body);
    return { response: new HttpResponse({ statusCode: answer.status ?? 200, headers: {}, body }) };
  }
}

function paramsOf({ headers, body }: HttpRequest): Params {
  const target = headers['x-amz-target'];
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body as Uint8Array);
  if (target) return { Action: target.split('.')[1] ?? '', ...(JSON.parse(text) as object) };
  return Object.fromEntries(new URLSearchParams(text)) as Params;
}

/** The fields of a request whose name begins with this. */
export function fieldsOf(params: Params | undefined, prefix: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(params ?? {}).filter(([name]) => name.startsWith(prefix)));
}

/** An EC2 reply; the SDK unwraps the root element, whatever its name. */
export function xml(inner: string): Answer {
  return { body: `<Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">${inner}</Response>` };
}

/** An EC2 error, in the shape of the EC2 Query API. */
export function ec2Error(code: string, status = 400): Answer {
  const error = `<Errors><Error><Code>${code}</Code><Message>because</Message></Error></Errors>`;
  return { status, body: `<Response>${error}<RequestID>r-1</RequestID></Response>` };
}

export function json(document: object): Answer {
  return { body: JSON.stringify(document) };
}

export function cloudwatchError(code: string, status = 400): Answer {
  return { status, body: JSON.stringify({ __type: code, message: 'because' }) };
}

/** An error of Node's own, e.g. `ECONNRESET`. */
export function socketError(code: string, name = 'Error'): Error {
  return Object.assign(new Error(`socket: ${code}`), { code, name });
}

/** What a read of resources gives when it finds none. */
export const NOTHING = { views: [], unreadable: [] };

export interface Rig {
  readonly cloud: AwsCloud;
  readonly clock: FakeClock;
  readonly budget: RunBudget;
  readonly aws: FakeAws;
}

/** The product's cloud over a fake AWS. */
export function rig(answer: FakeAws['answer'], options: Partial<CloudOptions> = {}): Rig {
  const clock = new FakeClock();
  const budget = { deadlineAt: Number.POSITIVE_INFINITY };
  const aws = new FakeAws(answer);
  const cloud = createCloud({
    clock,
    budget,
    region: 'eu-central-1',
    endpoint: 'http://aws.test',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' },
    transport: { requestHandler: aws },
    ...options,
  });
  return { cloud, clock, budget, aws };
}

/** The error a call ends with, which must be an `AwsCallError`. */
export async function failureFrom(call: Promise<unknown>): Promise<AwsCallError> {
  const error = await call.then(
    () => new Error('the call succeeded'),
    (reason: unknown) => reason,
  );
  if (error instanceof AwsCallError) return error;
  throw error;
}
