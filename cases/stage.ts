import { type Bus, createBus, type Outcome } from '../lab/bus/bus.ts';
import { VirtualClock } from '../lab/clock.ts';
import { applyRoles } from '../lab/package/deploy.ts';
import type { PackagedFunction, Template } from '../lab/package/template.ts';
import { Random } from '../lab/random.ts';
import { World } from '../lab/world/world.ts';
import { readSettings } from '../lib/config.ts';
import { buildCast, type Ids } from './cast.ts';
import { Functions } from './functions.ts';
import type { Case } from './model.ts';
import { Story } from './story.ts';

const START_MS = Date.UTC(2026, 7, 20, 10);
const MINUTE_MS = 60_000;
/** How long EventBridge takes to hand an event to Lambda. */
const DELIVERY_MS = 500;

/** The world of a case, with the deployed product in it. */
export class Stage {
  readonly clock = new VirtualClock(START_MS);
  readonly world: World;
  readonly ids: Ids;
  readonly bus: Bus;
  readonly functions: Functions;
  readonly story: Story;
  /** What the requests that have a name returned. */
  readonly answers: Record<string, unknown> = {};
  readonly #failover: PackagedFunction;
  readonly #upkeep: PackagedFunction;
  #requests = 0;

  constructor(given: Case, template: Template, seed: number) {
    const { clock } = this;
    this.#failover = functionOf(template, 'failover');
    this.#upkeep = functionOf(template, 'upkeep');
    const [, , , region = ''] = this.#failover.arn.split(':');
    this.world = new World({ clock, seed, region, profile: 'quick' });
    this.ids = buildCast(this.world, given, readSettings(this.#failover.environment).tagPrefix);
    this.story = new Story(this.world, this.ids);
    applyRoles(this.world, template);
    this.functions = new Functions(this.world, new Random(seed).fork('functions'));
    if (given.upkeep) this.functions.upkeep = { start: async (groups) => this.#started(groups) };
    this.bus = createBus({
      template: withSchedules(template, given),
      clock,
      invoke: (target, event, requestId) => this.#invoke(target, event, requestId),
      newRequestId: () => this.#newRequestId(),
      onDelivery: (delivery) => this.story.tellDelivery(delivery),
      deliveryMs: (kind) => (kind === 'ticked' ? 0 : DELIVERY_MS),
    });
    this.world.onEvent((event) => this.bus.publish(event));
  }

  /** Sends a request to the failover function. @param as what its answer is called */
  request(input: object, as: string | undefined): void {
    this.#send(this.#failover, input, as);
  }

  #send(target: PackagedFunction, input: object, as: string | undefined): void {
    const answer = (outcome: Outcome): void => {
      if (as !== undefined) this.answers[as] = outcome.ok ? outcome.payload : errorOf(outcome);
    };
    void this.#invoke(target, input, this.#newRequestId()).then(answer);
  }

  /** Runs upkeep, as its schedule or a person would. */
  keepUp({ action }: { readonly action: string }, as: string | undefined): void {
    this.#send(this.#upkeep, { action }, as);
  }

  /** The sweep has started upkeep. */
  #started(groups: readonly string[]): void {
    this.bus.enqueue(this.#upkeep, { version: 1, groups });
  }

  /** A verdict of the probe reaches the failover function. */
  verdict(event: object): void {
    void this.#invoke(this.#failover, event, this.#newRequestId());
  }

  async #invoke(target: PackagedFunction, event: object, requestId: string): Promise<Outcome> {
    const outcome = await this.functions.invoke(target, event, requestId);
    this.story.tellEnd(target.name, requestId, outcome);
    return outcome;
  }

  #newRequestId(): string {
    this.#requests += 1;
    return `request-${this.#requests}`;
  }
}

/** What Lambda returns to whoever invoked a function that failed. */
function errorOf({ errorType, errorMessage }: Extract<Outcome, { ok: false }>): object {
  return { errorType, errorMessage };
}

/** Upkeep runs by itself only where the case says so: most are about other things. */
function withSchedules(template: Template, given: Case): Template {
  if (given.upkeep) return withSweeps(template, given);
  const upkeep = functionOf(template, 'upkeep').arn;
  const rules = template.rules.filter(({ targets }) => targets.every(({ arn }) => arn !== upkeep));
  return withSweeps({ ...template, rules }, given);
}

function withSweeps(template: Template, { sweeps }: Case): Template {
  if (typeof sweeps !== 'object') return template;
  const sweep = functionOf(template, 'sweep').arn;
  const minutes = sweeps.everyMs / MINUTE_MS;
  const schedule = minutes === 1 ? 'rate(1 minute)' : `rate(${minutes} minutes)`;
  const rules = template.rules.map((rule) =>
    rule.targets.some(({ arn }) => arn === sweep) ? { ...rule, schedule } : rule,
  );
  return { ...template, rules };
}

function functionOf({ functions }: Template, name: string): PackagedFunction {
  const found = functions.find(({ handler }) => handler === `functions/${name}.handler`);
  if (found === undefined) throw new Error(`the package has no function ${name}`);
  return found;
}
