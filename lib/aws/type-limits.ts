import { DescribeInstanceTypesCommand, type EC2Client } from '@aws-sdk/client-ec2';
import type { Clock } from '../clock.ts';
import { chunks } from '../core/chunks.ts';
import type { TypeLimits } from '../core/model.ts';
import { AwsCallError } from '../errors.ts';
import type { Call } from './call.ts';
import { allPages, literal, MAX_FILTER_VALUES } from './requests.ts';
import { shippedLimits } from './shipped-limits.ts';
import { required } from './translate.ts';
import { toTypeLimits } from './translate-instances.ts';

/** The largest page of DescribeInstanceTypes. */
const MAX_RESULTS = 100;
/** How long EC2 is waited for where the shipped limits would do. */
const PATIENCE_MS = 2_000;
/** EC2 did not answer: for so long the shipped limits do without asking, so that one move waits only once. */
const ASK_AGAIN_AFTER_MS = 60_000;

type ByType = Readonly<Record<string, TypeLimits>>;

/**
 * What the instance types take. EC2's word counts, and is remembered for the life of the process, for it never changes;
 * where EC2 does not answer, or leaves a type out, it is what was shipped with this version.
 */
export class TypeLimitsGateway {
  private readonly client: EC2Client;
  private readonly call: Call;
  private readonly clock: Clock;
  private readonly known = new Map<string, TypeLimits>();
  /** Why EC2 was not heard, and when it is asked again. */
  private silence: { readonly because: string; readonly until: number } | undefined;

  constructor(client: EC2Client, call: Call, clock: Clock) {
    this.client = client;
    this.call = call;
    this.clock = clock;
  }

  /**
   * DescribeInstanceTypes. By filter: an unknown type is then left out, where the call with a list of types answers
   * `InvalidInstanceType` for all of them. A type whose entry cannot be understood is asked for again the next time.
   * @throws AwsCallError when EC2 does not answer and nothing is known of any of the types.
   */
  async typeLimits(types: readonly string[]): Promise<ByType> {
    const unknown = [...new Set(types)].filter((type) => !this.known.has(type));
    const shipped = unknown.flatMap((type) => named(type, shippedLimits(type)));
    const spared = shipped.length === unknown.length;
    const silent = this.silence !== undefined && this.clock.now() < this.silence.until;
    const failure = spared && silent ? undefined : await this.learn(unknown, spared ? PATIENCE_MS : undefined);
    const { silence } = this;
    // A Region may run a type that it does not list any more.
    const unheard = silence?.because ?? 'ec2:DescribeInstanceTypes does not tell them';
    const fallback = shipped.flatMap(([type, limits]) =>
      this.known.has(type) ? [] : [[type, { ...limits, unheard }]],
    );
    const learnt = types.flatMap((type) => named(type, this.known.get(type)));
    if (failure && fallback.length + learnt.length === 0) throw failure;
    return Object.fromEntries([...fallback, ...learnt]) as ByType;
  }

  /** @returns what kept EC2 from answering, if anything did. */
  private async learn(types: readonly string[], patienceMs: number | undefined): Promise<AwsCallError | undefined> {
    if (types.length === 0) return undefined;
    try {
      await Promise.all(chunks(types, MAX_FILTER_VALUES).map((some) => this.ask(some, patienceMs)));
      this.silence = undefined;
      return undefined;
    } catch (error) {
      if (!(error instanceof AwsCallError)) throw error;
      this.silence = { because: error.message, until: this.clock.now() + ASK_AGAIN_AFTER_MS };
      return error;
    }
  }

  private async ask(types: readonly string[], patienceMs: number | undefined): Promise<void> {
    const Filters = [{ Name: 'instance-type', Values: types.map(literal) }];
    const operation = { action: 'ec2:DescribeInstanceTypes', changing: false };
    const pages = await allPages((NextToken) => {
      const command = new DescribeInstanceTypesCommand({ Filters, MaxResults: MAX_RESULTS, NextToken });
      return this.call(operation, (options) => this.client.send(command, options), patienceMs);
    });
    const subject = { action: operation.action, id: types.join(', ') };
    const { views } = toTypeLimits(pages.flatMap((page) => required(page.InstanceTypes, 'InstanceTypes', subject)));
    for (const { type, limits } of views) this.known.set(type, limits);
  }
}

const named = (type: string, limits: TypeLimits | undefined): readonly (readonly [string, TypeLimits])[] =>
  limits === undefined ? [] : [[type, limits]];
