import { withRandom } from '../clock.ts';
import type { Random } from '../random.ts';
import { inProcessHandler, inProcessProtocol, type RequestHandler } from '../wire/in-process.ts';
import type { WorldState } from '../world/state.ts';

export interface ProcessOptions {
  readonly world: WorldState;
  /** Who calls: what the world's journal and its policy are told. */
  readonly caller: string;
  /** Through the real wire format instead of typed calls. */
  readonly wire: boolean;
  readonly random: Random;
  /** Sees each reply that has arrived while somebody waited for it, and may put another in its place. */
  readonly onReply?: (response: Response) => Response;
  readonly onDeath?: () => void;
}

export type Response = Awaited<ReturnType<RequestHandler['handle']>>['response'];

/** When a process dies: at its n-th call from now, before the request leaves or after. */
export interface CrashPlan {
  readonly nth: number;
  readonly sent: boolean;
}

/** What an SDK client and the code around it need: give both to whatever runs in the process. */
type Clock = ReturnType<typeof withRandom>;
type Transport = { readonly requestHandler: RequestHandler } & Partial<ReturnType<typeof inProcessProtocol>>;

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
  userAgentAppId: 'lab',
};
const ENDPOINT = { url: new URL('https://lab.invalid') };

/**
 * One process in virtual time, as Lambda runs it: it serves one invocation at a time and may serve many. When it dies,
 * its sleeps and calls never end, and its timers are gone, so an abandoned promise holds nobody up. What it has sent
 * stays sent.
 */
export class VirtualProcess {
  readonly clock: Clock;
  readonly transport: Transport;
  alive = true;
  readonly #options: ProcessOptions;
  readonly #timers = new Set<() => void>();
  #inFlight = 0;
  #calls = 0;
  #crash: CrashPlan | undefined;

  constructor(options: ProcessOptions) {
    this.#options = options;
    const { world, random, wire, caller } = options;
    const sleep = (ms: number, signal?: AbortSignal): Promise<void> => this.#sleep(ms, signal);
    this.clock = { ...withRandom(world.clock, random), sleep };
    const typed = inProcessProtocol(world, caller);
    this.transport = wire
      ? { requestHandler: this.#mortal(inProcessHandler(world, caller)) }
      : { ...CHEAP, ...typed, requestHandler: this.#mortal(typed.requestHandler) };
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
    this.#options.onDeath?.();
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

  #mortal(inner: RequestHandler): RequestHandler {
    const handle: RequestHandler['handle'] = async (request, options) => {
      if (!this.alive) return never();
      this.#calls += 1;
      const dies = this.#crash?.nth === this.#calls;
      if (dies && !this.#crash?.sent) {
        this.kill();
        return never();
      }
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
      return { response: this.#options.onReply?.(response) ?? response };
    };
    return { metadata: inner.metadata, handle, destroy: () => inner.destroy() };
  }
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}
