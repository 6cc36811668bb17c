import { type ClientOptions } from './aws/clients.ts';
import { createDeployedFunction, type DeployedFunction } from './aws/deployed-function.ts';
import { type Clock, systemClock } from './clock.ts';

export type { DeployedFunction, FunctionReply } from './aws/deployed-function.ts';

export interface DeployedAppOptions {
  readonly clock?: Clock;
  /** How AWS is reached, where the environment does not say. */
  readonly aws?: Omit<ClientOptions, 'clock' | 'budget'>;
}

/** What is deployed, for whoever stands outside: the command line. Made once for each process. */
export function createDeployedApp({ clock = systemClock, aws = {} }: DeployedAppOptions): DeployedFunction {
  return createDeployedFunction({ ...aws, clock, budget: { deadlineAt: Number.POSITIVE_INFINITY } });
}
