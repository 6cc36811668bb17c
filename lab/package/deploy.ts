import { type Bus, createBus, type Delivery } from '../bus/bus.ts';
import { serveHttp } from '../wire/http.ts';
import type { World } from '../world/world.ts';
import type { Package } from './build.ts';
import { policyOf } from './iam.ts';
import { createRunner, type Runner } from './runner.ts';
import type { Invocation } from './sandbox.ts';
import { type PackagedFunction, readTemplate, type Template } from './template.ts';

export interface DeployOptions {
  readonly onDelivery?: (delivery: Delivery) => void;
  /** Called for each invocation when it is over. */
  readonly onInvocation?: (invocation: Invocation) => void;
  readonly onLog?: (line: string) => void;
  /** How long EventBridge takes to hand an event to Lambda. */
  readonly deliveryMs?: () => number;
}

/** A packaged service, running in a lab world. */
export interface Deployment {
  readonly template: Template;
  readonly bus: Bus;
  /** Invokes the function with this handler by hand, as the console does. */
  invoke(handler: string, event: object): Promise<Invocation>;
  close(): Promise<void>;
}

/**
 * Deploys a package into a world: its rules receive the world's events, its functions run in processes of their own
 * against the world's endpoint, and their roles decide what they may do there.
 */
export async function deploy(world: World, pkg: Package, options: DeployOptions = {}): Promise<Deployment> {
  const account = { partition: 'aws', region: world.region, accountId: world.accountId };
  const template = readTemplate(pkg.templatePath, account);
  const server = await serveHttp(world, { port: 0 });
  const runners = new Map<string, Runner>();
  for (const target of template.functions) {
    const credentials = { accessKeyId: target.name, secretAccessKey: 'secret' };
    const { zipPath } = pkg;
    const { onLog = () => {} } = options;
    const endpointUrl = server.endpoint;
    runners.set(target.name, createRunner({ zipPath, target, endpointUrl, region: world.region, credentials, onLog }));
  }
  applyRoles(world, template);

  const invoke = async (target: PackagedFunction, event: object): Promise<Invocation> => {
    const invocation = await required(runners.get(target.name), target.name).invoke(event);
    options.onInvocation?.(invocation);
    return invocation;
  };
  const bus = createBus({ template, clock: world.clock, invoke, ...options });
  world.onEvent((event) => bus.publish(event));
  return {
    template,
    bus,
    invoke: (handler, event) =>
      invoke(
        required(
          template.functions.find((f) => f.handler === handler),
          handler,
        ),
        event,
      ),
    close: async () => {
      for (const runner of runners.values()) runner.close();
      await server.close();
    },
  };
}

/** A function is known by its access key id; whoever else calls is a person, and may do everything. */
function applyRoles(world: World, { functions, roles }: Template): void {
  const policies = new Map(
    functions.map(({ name, roleArn }) => [
      name,
      policyOf(
        required(
          roles.find(({ arn }) => arn === roleArn),
          roleArn,
        ),
      ),
    ]),
  );
  world.policy = (call) => policies.get(call.caller)?.(call) ?? true;
}

function required<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Error(`the package has no ${name}`);
  return value;
}
