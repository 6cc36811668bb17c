import { policyOf } from '../../lab/package/iam.ts';
import type { PackagedFunction, PackagedRole, Template } from '../../lab/package/template.ts';
import type { InvocationResult } from '../../lib/app.ts';
import { readAnnouncing, readSettings, readUpkeepSettings } from '../../lib/config.ts';
import type { UpkeepResult } from '../../lib/engine/upkeep.ts';
import { Stage } from '../support/stage.ts';
import { upkeepOn } from '../support/upkeep.ts';

/** Where a stage's world is: the roles name it. */
export const STAGE_ACCOUNT = { partition: 'aws', region: 'us-east-1', accountId: '123456789012' };

export type FunctionName = Handler | 'upkeep';
/** Those whose role roles.test.ts looks at; that of upkeep has a test of its own. */
export type Handler = 'failover' | 'sweep' | 'inspect';

export function functionOf({ functions }: Template, name: FunctionName): PackagedFunction {
  const found = functions.find(({ handler }) => handler === `functions/${name}.handler`);
  if (!found) throw new Error(`the package has no function ${name}`);
  return found;
}

export function roleOf(template: Template, name: FunctionName): PackagedRole {
  const { roleArn } = functionOf(template, name);
  const found = template.roles.find(({ arn }) => arn === roleArn);
  if (!found) throw new Error(`the package has no role for ${name}`);
  return found;
}

/** The product in a lab, in process and in virtual time, with the environment and under the roles of a package. */
export class Deployed extends Stage {
  /** What each invocation returned or threw. */
  readonly said: string[] = [];
  readonly #upkeep: ReturnType<typeof upkeepOn>;

  /** @param roles replaces a packaged role. */
  constructor(template: Template, roles: Partial<Record<FunctionName, PackagedRole>> = {}) {
    const { environment } = functionOf(template, 'failover');
    super({ settings: readSettings(environment), announcing: readAnnouncing(environment) });
    const failover = policyOf(roles.failover ?? roleOf(template, 'failover'));
    const sweep = policyOf(roles.sweep ?? roleOf(template, 'sweep'));
    const inspect = policyOf(roles.inspect ?? roleOf(template, 'inspect'));
    const upkeep = policyOf(roles.upkeep ?? roleOf(template, 'upkeep'));
    this.#upkeep = upkeepOn(this, readUpkeepSettings(functionOf(template, 'upkeep').environment));
    this.world.policy = (call) => {
      if (call.caller.startsWith('upkeep')) return upkeep(call);
      if (call.caller.startsWith('inspect')) return inspect(call);
      return call.caller.startsWith('sweep') ? sweep(call) : failover(call);
    };
  }

  /** Runs upkeep once, always in the same sandbox. */
  upkeep(input?: object): Promise<UpkeepResult> {
    return this.listen(this.#upkeep(input));
  }

  override invoke(...given: Parameters<Stage['invoke']>): Promise<InvocationResult> {
    return this.listen(super.invoke(...given));
  }

  override sweep(...given: Parameters<Stage['sweep']>): Promise<InvocationResult> {
    return this.listen(super.sweep(...given));
  }

  override inspect(...given: Parameters<Stage['inspect']>): Promise<InvocationResult> {
    return this.listen(super.inspect(...given));
  }

  /** The calls that the roles refused. */
  denied(): readonly string[] {
    const refused = this.world.calls.filter(({ outcome }) =>
      /^(UnauthorizedOperation|AccessDenied(Exception)?)$/.test(outcome),
    );
    return [...new Set(refused.map(({ service, action }) => `${service}:${action}`))];
  }

  private async listen<Result>(running: Promise<Result>): Promise<Result> {
    const note = (said: unknown): void =>
      void this.said.push(said instanceof Error ? said.message : JSON.stringify(said));
    running.then(note, note);
    // What could not be told stands in the log.
    running
      .catch(() => undefined)
      .finally(() => this.said.push(...this.announced.map(({ message }) => String(message))));
    return running;
  }
}
