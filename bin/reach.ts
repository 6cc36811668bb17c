import { createApp, type InvocationResult, type StepListener } from '../lib/app.ts';
import { type Clock, systemClock } from '../lib/clock.ts';
import { readAnnouncing } from '../lib/config.ts';
import { createDeployedApp, type DeployedFunction } from '../lib/deployed-app.ts';
import { FailoverError } from '../lib/errors.ts';
import { parseInvocation } from '../lib/triggers/parse.ts';
import type { Options } from './program.ts';
import type { Request } from './request.ts';
import { findSettings, functionOf } from './settings.ts';

/** How requests get to where they are answered. */
export interface Reach {
  /** Where that is, and whose settings count: one sentence. */
  readonly source: string;
  /** Nothing is in doubt about the settings. */
  readonly isSure: boolean;
  /** Steps are told while they are made. */
  readonly tellsSteps: boolean;
  /**
   * @throws FailoverError what the function would have thrown.
   * @throws AwsCallError
   */
  ask(request: Request, onStep?: StepListener): Promise<InvocationResult>;
}

/** As long as the deployed function has: what is cut off then is gone on with, here as there. */
const RUN_MS = 55_000;

/** Opens the way that the options name. */
export async function openReach(options: Options): Promise<Reach> {
  const aws = {
    ...(options.region !== undefined && { region: options.region }),
    ...(options.profile !== undefined && { profile: options.profile }),
    ...(options.endpointUrl !== undefined && { endpoint: options.endpointUrl }),
  };
  const deployed = createDeployedApp({ aws });
  return options.viaLambda ? throughFunction(options, deployed) : straight(options, aws, deployed);
}

function throughFunction(options: Options, deployed: DeployedFunction): Reach {
  const name = functionOf(options);
  return {
    source: `Through ${name}, with its role and its settings.`,
    isSure: true,
    tellsSteps: false,
    async ask(request) {
      const reply = await deployed.invoke(name, request);
      if (reply.ok) return reply.payload as InvocationResult;
      throw new FailoverError(knownCode(reply.errorType), reply.errorMessage);
    },
  };
}

/** What the function throws has its code as its name; all else is not its own: a timeout, a crash. */
function knownCode(errorType: string): FailoverError['code'] {
  const codes = [
    'InvalidRequest',
    'InvalidConfiguration',
    'OperationFailed',
    'OperationInterrupted',
    'AwsCallFailed',
  ] as const;
  return codes.find((code) => code === errorType) ?? 'AwsCallFailed';
}

async function straight(options: Options, aws: object, deployed: DeployedFunction): Promise<Reach> {
  const { settings, environment, logGroups, source, isSure } = await findSettings(options, deployed);
  let onStep: StepListener | undefined;
  const makeApp = (looksOnly: boolean) =>
    createApp({
      settings,
      logGroups,
      aws,
      looksOnly,
      // Whoever is told of moves is told of this one, too; the log lines are the functions' own.
      announcing: readAnnouncing(environment),
      announce: () => undefined,
      onStep: (...told) => onStep?.(...told),
    });
  const app = makeApp(false);
  return {
    source: `Straight to EC2, with your credentials. ${source}`,
    isSure,
    tellsSteps: true,
    async ask(request, listener) {
      onStep = listener;
      // A check asks what the functions may do: dry runs under the name of a person would not tell.
      const asked = request.action === 'check' ? makeApp(true) : app;
      return asked.handle(parseInvocation(request, settings.alarmPrefix), {
        runId: runIdFor(systemClock),
        remainingMs: RUN_MS,
      });
    },
  };
}

/** Not that of any invocation, and told apart in the ledger. */
const runIdFor = (clock: Clock): string =>
  `cli-${clock.now().toString(36)}-${Math.floor(clock.random() * 36 ** 4).toString(36)}`;
