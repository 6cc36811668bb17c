import type { MakeProduct, Product } from '../../cases/product.ts';
import { type CrashPlan, type Response, VirtualProcess } from '../../lab/package/process.ts';
import type { Random } from '../../lab/random.ts';
import type { World } from '../../lab/world/world.ts';
import type { Settings } from '../../lib/core/settings.ts';
import { misread } from './misread.ts';

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
  /** The resource that replies describe oddly now, if there is one. */
  readonly oddId: () => string | undefined;
  /** A reply reached the client in time. */
  readonly onReply: (requestId: string) => void;
  readonly onDeath: () => void;
}

/** A process with the product in it. */
export class Sandbox {
  readonly id: string;
  readonly product: Product;
  readonly #process: VirtualProcess;
  readonly #options: SandboxOptions;

  constructor(options: SandboxOptions) {
    this.#options = options;
    const { id, world, wire, settings, makeProduct, random, skewMs, onDeath } = options;
    this.id = id;
    const onReply = (response: Response): Response => this.#received(response);
    this.#process = new VirtualProcess({ world, caller: id, wire, random, onReply, onDeath });
    const { clock, transport } = this.#process;
    this.product = makeProduct({
      settings,
      clock: { ...clock, now: () => clock.now() + skewMs },
      announce: (record) => {
        if (this.alive) options.onAnnounce(record);
      },
      aws: {
        region: world.region,
        credentials: { accessKeyId: 'simulation', secretAccessKey: 'simulation' },
        transport,
      },
    });
  }

  get alive(): boolean {
    return this.#process.alive;
  }

  /** Nothing it waits for will ever come: no call under way, no timer. */
  get idle(): boolean {
    return this.#process.idle;
  }

  /** From now on this many calls are left to it. */
  planCrash(plan: CrashPlan | undefined): void {
    this.#process.planCrash(plan);
  }

  kill(): void {
    this.#process.kill();
  }

  /** Replies to attempts that were cut do not come this far. */
  #received(response: Response): Response {
    this.#options.onReply(requestIdOf(response));
    return this.#odd(this.#withoutSomeTypes(response));
  }

  /** Only over typed calls. */
  #odd(response: Response): Response {
    const id = this.#options.oddId();
    const body = response.body as Typed;
    if (id !== undefined && body.output) response.body = { ...body, output: misread(body.output, id) };
    return response;
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

type Typed = { readonly requestId?: string; readonly output?: { readonly InstanceTypes?: readonly object[] } };

function requestIdOf({ headers, body }: Response): string {
  return headers['x-amzn-requestid'] ?? (body as Typed).requestId ?? '';
}
