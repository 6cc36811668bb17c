import { type Bus, createBus } from '../../lab/bus/bus.ts';
import { createTelemetry, type Telemetry } from '../../lab/package/telemetry.ts';
import type { Template } from '../../lab/package/template.ts';
import type { InvocationResult } from '../../lib/app.ts';
import { Deployed, type FunctionName, functionOf } from './deployed.ts';

/** The same with the bus, the topics and the alarms of the package: what a person would be told of it. */
export class Observed extends Deployed {
  readonly bus: Bus;
  readonly telemetry: Telemetry;
  readonly #template: Template;
  #read = 0;

  constructor(template: Template) {
    super(template);
    this.#template = template;
    // Nobody runs for an event: the test invokes.
    const invoke = async () => ({ ok: true, payload: null }) as const;
    this.bus = createBus({ template, clock: this.clock, invoke });
    this.world.onEvent((event) => this.bus.publish(event));
    this.telemetry = createTelemetry(this.world, template, (...told) => this.bus.notify(...told));
  }

  override invoke(...given: Parameters<Deployed['invoke']>): Promise<InvocationResult> {
    return this.#observe('failover', super.invoke(...given));
  }

  override sweep(...given: Parameters<Deployed['sweep']>): Promise<InvocationResult> {
    return this.#observe('sweep', super.sweep(...given));
  }

  /** The state of one of the alarms on the product. */
  alarm(name: string): string | undefined {
    return this.world.alarms.get(`eni-failover-prod-${name}`)?.state;
  }

  /** So many minutes, with a sweep in each. */
  async sweepFor(minutes: number): Promise<void> {
    for (let nth = 0; nth < minutes; nth += 1) {
      await this.clock.advance(60_000);
      await this.sweep();
    }
  }

  async #observe(name: FunctionName, running: Promise<InvocationResult>): Promise<InvocationResult> {
    const note = (ok: boolean): void => {
      this.telemetry.invoked(functionOf(this.#template, name).name, ok);
      for (const record of this.announced.slice(this.#read)) this.telemetry.log(JSON.stringify(record));
      this.#read = this.announced.length;
    };
    return running.then(
      (result) => {
        note(true);
        return result;
      },
      (error: unknown) => {
        note(false);
        throw error;
      },
    );
  }
}
