import { Random } from '../../lab/random.ts';
import { inProcessHandler, inProcessProtocol, type RequestHandler } from '../../lab/wire/in-process.ts';
import type { World } from '../../lab/world/world.ts';
import type { AppOptions } from '../../lib/app.ts';
import type { Settings } from '../../lib/core/settings.ts';
import type { MakeProduct, Product } from './product.ts';

export interface SandboxOptions {
  readonly id: string;
  readonly world: World;
  readonly wire: boolean;
  readonly settings: Settings;
  readonly makeProduct: MakeProduct;
  readonly random: Random;
  /** How far its clock is off. */
  readonly skewMs: number;
  /** One record of its log. */
  readonly onAnnounce: (record: Readonly<Record<string, unknown>>) => void;
  /** The share of DescribeInstanceTypes replies that leave a type out. */
  readonly unlistedTypes: number;
  /** A reply reached the client in time. */
  readonly onReply: (requestId: string) => void;
  readonly onDeath: () => void;
}

/** When a process dies: at its n-th call from now, before the request leaves or after. */
export interface CrashPlan {
  readonly nth: number;
  readonly sent: boolean;
}

/**
 * What the SDK does for each call or client that nobody here looks at: it prepares log lines for a logger that drops
 * them, works out an endpoint, and searches the environment and ~/.aws. Without it a call takes two thirds of the time.
 */
const CHEAP = {
  logger: {},
  endpointProvider: () => ENDPOINT,
  authSchemePreference: [],
  defaultsMode: 'standard',
  retryMode: 'standard',
  useDualstackEndpoint: false,
  useFipsEndpoint: false,
  userAgentAppId: 'simulation',
};
const ENDPOINT = { url: new URL('https://lab.invalid') };

/** The product gives one attempt this long; the same figure is handed to its clients. */
const ATTEMPT_TIMEOUT_MS = 5_000;

/**
 * One process, as Lambda runs it: it serves one invocation at a time and may serve many. When it dies, its sleeps and
 * calls never end, and its timers are gone, so an abandoned promise holds nobody up. What it has sent stays sent.
 */
export class Sandbox {
  readonly id: string;
  readonly product: Product;
  alive = true;
  readonly #options: SandboxOptions;
  readonly #timers = new Set<() => void>();
  #inFlight = 0;
  #calls = 0;
  #crash: CrashPlan | undefined;

  constructor(options: SandboxOptions) {
    this.#options = options;
    this.id = options.id;
    const { world, settings, makeProduct, random, skewMs } = options;
    const transport = this.#transport();
    this.product = makeProduct({
      settings,
      clock: {
        now: () => world.clock.now() + skewMs,
        random: () => random.next(),
        sleep: (ms, signal) => this.#sleep(ms, signal),
      },
      announce: (record) => {
        if (this.alive) options.onAnnounce(record);
      },
      aws: {
        region: world.region,
        credentials: { accessKeyId: 'simulation', secretAccessKey: 'simulation' },
        attemptTimeoutMs: ATTEMPT_TIMEOUT_MS,
        transport,
      },
    });
  }

  /** From now on this many calls are left to it. */
  planCrash(plan: CrashPlan | undefined): void {
    this.#calls = 0;
    this.#crash = plan;
  }

  /** Nothing it waits for will ever come: no call under way, no timer. */
  get idle(): boolean {
    return this.#inFlight === 0 && this.#timers.size === 0;
  }

  kill(): void {
    if (!this.alive) return;
    this.alive = false;
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
    this.#options.onDeath();
  }

  #sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (!this.alive) return never();
    const { clock } = this.#options.world;
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error);
      const cancel = clock.schedule(clock.now() + Math.max(0, ms), () => {
        this.#timers.delete(cancel);
        signal?.removeEventListener('abort', stop);
        resolve();
      });
      const stop = (): void => {
        cancel();
        this.#timers.delete(cancel);
        reject(signal?.reason as Error);
      };
      this.#timers.add(cancel);
      signal?.addEventListener('abort', stop, { once: true });
    });
  }

  #transport(): NonNullable<NonNullable<AppOptions['aws']>['transport']> {
    const { world, wire, id } = this.#options;
    if (wire) return { requestHandler: this.#mortal(inProcessHandler(world, id)) };
    const typed = inProcessProtocol(world, id);
    return { ...CHEAP, ...typed, requestHandler: this.#mortal(typed.requestHandler) };
  }

  #mortal(inner: RequestHandler): RequestHandler {
    const handle: RequestHandler['handle'] = async (request, options) => {
      if (!this.alive) return never();
      this.#calls += 1;
      const dies = this.#crash?.nth === this.#calls;
      if (dies && !this.#crash?.sent) {
        this.kill();
        return never();
      }
      const sentMs = this.#options.world.clock.now();
      this.#inFlight += 1;
      const reply = inner.handle(request, options);
      reply.catch(() => undefined);
      if (dies) this.kill();
      const { response } = await reply
        .finally(() => {
          this.#inFlight -= 1;
        })
        .catch((error: unknown) => (this.alive ? Promise.reject(error as Error) : never()));
      if (!this.alive) return never();
      const inTime = this.#options.world.clock.now() - sentMs < ATTEMPT_TIMEOUT_MS;
      if (inTime) this.#options.onReply(requestIdOf(response));
      return { response: this.#withoutSomeTypes(response) };
    };
    return { metadata: inner.metadata, handle, destroy: () => inner.destroy() };
  }

  /** A Region may run a type that it does not list (any more). Only over typed calls. */
  #withoutSomeTypes(response: Response): Response {
    const { unlistedTypes, random } = this.#options;
    const types = (response.body as Typed).output?.InstanceTypes;
    if (!types || unlistedTypes === 0 || !random.chance(unlistedTypes)) return response;
    const body = response.body as Typed;
    response.body = { ...body, output: { ...body.output, InstanceTypes: types.slice(1) } };
    return response;
  }
}

type Response = Awaited<ReturnType<RequestHandler['handle']>>['response'];
type Typed = { readonly requestId?: string; readonly output?: { readonly InstanceTypes?: readonly object[] } };

function requestIdOf({ headers, body }: Response): string {
  return headers['x-amzn-requestid'] ?? (body as Typed).requestId ?? '';
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}
