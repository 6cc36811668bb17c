import { type Bus, createBus, type Delivery, type Mail } from '../bus/bus.ts';
import { serveHttp } from '../wire/http.ts';
import type { IamRequest } from '../world/hooks.ts';
import type { World } from '../world/world.ts';
import { policyOf } from './iam.ts';
import { lambdaApi } from './invocations.ts';
import { createRunner } from './runner.ts';
import type { Invocation } from './sandbox.ts';
import { createTelemetry } from './telemetry.ts';
import { type PackagedFunction, readTemplate, type Template } from './template.ts';

/** The two files a deployment consists of. */
export interface PackageFiles {
  readonly templatePath: string;
  readonly zipPath: string;
}

export interface DeployOptions {
  readonly onDelivery?: (delivery: Delivery) => void;
  /** Called for each invocation when it is over. */
  readonly onInvocation?: (invocation: Invocation) => void;
  readonly onLog?: (line: string) => void;
  readonly onMail?: (mail: Mail) => void;
  /** The command that starts the processes of a function; see {@link createRunner}. */
  readonly inside?: (target: PackagedFunction) => readonly string[] | undefined;
  /** Variables that a function has besides those of the template: what a probe may look at on the loopback, for example. */
  readonly environment?: (target: PackagedFunction) => Readonly<Record<string, string>> | undefined;
  /** Where the functions are unzipped; in the system's folder for temporary files when not given. */
  readonly folder?: string;
  /** Where AWS is served; a free port if not given. */
  readonly port?: number;
  /** How long EventBridge takes to hand an event to Lambda. */
  readonly deliveryMs?: (kind: 'matched' | 'ticked') => number;
}

/** A packaged service, running in a lab world. */
export interface Deployment {
  /** Where EC2, CloudWatch and Lambda are: what goes into AWS_ENDPOINT_URL. */
  readonly endpoint: string;
  readonly template: Template;
  readonly bus: Bus;
  /** Invokes the function with this handler by hand, as the console does. */
  invoke(handler: string, event: object): Promise<Invocation>;
  /** Kills the processes of a function, in whatever they are doing. */
  kill(functionName: string): void;
  close(): Promise<void>;
}

/**
 * Deploys a package into a world: its rules receive the world's events, its functions run in processes of their own
 * against the world's endpoint, and their roles decide what they may do there. Its schedules wait to be started.
 */
export async function deploy(world: World, pkg: PackageFiles, options: DeployOptions = {}): Promise<Deployment> {
  const { onLog = () => {}, onInvocation = () => {} } = options;
  const { region, accountId } = world;
  const template = readTemplate(pkg.templatePath, { partition: 'aws', region, accountId });
  // The functions invoke one another, and an operator invokes them; what answers is made below.
  const route = lambdaApi({
    world,
    functions: template.functions,
    invoke: (target, event) => invokeNow(target, event),
    enqueue: (target, event) => bus.enqueue(target, event),
  });
  const server = await serveHttp(world, { port: options.port ?? 0, route });
  const runners = new Map(
    template.functions.map((target) => {
      const credentials = { accessKeyId: target.name, secretAccessKey: 'secret' };
      const place = { zipPath: pkg.zipPath, endpointUrl: server.endpoint, region };
      const how = {
        onLog: (line: string) => {
          onLog(line);
          telemetry.log(line);
        },
        folder: options.folder,
        inside: options.inside?.(target),
        environment: options.environment?.(target),
      };
      return [target.name, createRunner({ target, credentials, ...how, ...place })];
    }),
  );
  applyRoles(world, template);

  const runnerOf = (name: string) => required(runners.get(name), name);
  const invoke = async ({ name }: PackagedFunction, event: object, requestId?: string): Promise<Invocation> => {
    const invocation = await runnerOf(name).invoke(event, requestId);
    telemetry.invoked(name, invocation.ok);
    onInvocation(invocation);
    return invocation;
  };
  /** What another function waits for. */
  const invokeNow = async (target: PackagedFunction, event: object): Promise<Invocation> => {
    const common = { event, functionName: target.name, attempt: 1 };
    const report = (step: { kind: 'invoked' } | { kind: 'returned'; payload: unknown }): void =>
      options.onDelivery?.({ atMs: world.clock.now(), ...common, ...step });
    report({ kind: 'invoked' });
    const outcome = await invoke(target, event);
    if (outcome.ok) report({ kind: 'returned', payload: outcome.payload });
    return outcome;
  };
  const bus = createBus({
    template,
    clock: world.clock,
    invoke,
    ...options,
    onDelivery: (delivery) => {
      const queue = delivery.kind === 'gave-up' ? template.queues.get(delivery.destinationArn ?? '') : undefined;
      if (queue !== undefined) telemetry.arrived(queue);
      options.onDelivery?.(delivery);
    },
  });
  const telemetry = createTelemetry(world, template, (...told) => bus.notify(...told));
  world.onEvent((event) => bus.publish(event));
  return {
    endpoint: server.endpoint,
    template,
    bus,
    invoke: (handler, event) =>
      invoke(
        required(
          template.functions.find((candidate) => candidate.handler === handler),
          handler,
        ),
        event,
      ),
    kill: (functionName) => runnerOf(functionName).kill(),
    close: async () => {
      for (const runner of runners.values()) runner.close();
      await server.close();
    },
  };
}

/** The packaged roles decide about calls: a caller is known by its function's name; for others all stays as it was. */
export function applyRoles(world: World, { functions, roles }: Template): void {
  const roleOf = (arn: string) =>
    required(
      roles.find((role) => role.arn === arn),
      arn,
    );
  const policies = new Map(
    functions.map(({ name, arn, roleArn }) => {
      const policy = policyOf(roleOf(roleArn));
      return [name, (call: IamRequest) => policy({ ...call, sourceFunctionArn: arn })];
    }),
  );
  const others = world.policy;
  world.policy = (call) => (policies.get(call.caller) ?? others)(call);
}

function required<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Error(`the package has no ${name}`);
  return value;
}
