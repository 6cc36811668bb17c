import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { EC2Client } from '@aws-sdk/client-ec2';
import { buildScenario, type ScenarioName, type Scene } from '../../demo/scenarios.ts';
import { VirtualClock } from '../../lab/clock.ts';
import { inProcessProtocol } from '../../lab/wire/in-process.ts';
import type { WorldOptions } from '../../lab/world/state.ts';
import { World } from '../../lab/world/world.ts';

export const START_MS = Date.UTC(2026, 0, 1);
export const CLIENT = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'lab', secretAccessKey: 'lab' },
  maxAttempts: 1,
};

export interface Lab {
  readonly clock: VirtualClock;
  readonly world: World;
  readonly scene: Scene;
  readonly ec2: EC2Client;
  readonly cloudwatch: CloudWatchClient;
  /** First floating interface, holder and standby. */
  readonly eni: string;
  readonly holder: string;
  readonly standby: string;
  /** The id of the attachment the floating interface has now. */
  attachmentId(): string;
}

/** A world with a scenario and clients that speak to it over the typed transport. */
export function startLab(options: Partial<WorldOptions> & { readonly scenario?: ScenarioName } = {}): Lab {
  const { scenario = 'pair', ...rest } = options;
  const clock = new VirtualClock(START_MS);
  const world = new World({ clock, seed: 1, profile: 'quick', ...rest });
  const scene = buildScenario(scenario, world);
  const settings = { ...CLIENT, ...inProcessProtocol(world, 'test') };
  const [eni = ''] = scene.interfaces;
  return {
    clock,
    world,
    scene,
    eni,
    holder: scene.holder,
    standby: scene.members[1] ?? '',
    ec2: new EC2Client(settings),
    cloudwatch: new CloudWatchClient(settings),
    attachmentId: () => world.interface(eni)?.attachment?.id ?? '',
  };
}

/** The AWS error code a call fails with, or `ok`. */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  return await work.then(
    () => 'ok',
    (error: Error) => error.name,
  );
}

/** Drives time until the work settles, and names its outcome. */
export function outcome(lab: Lab, work: Promise<unknown>): Promise<string> {
  return lab.clock.run(codeOf(work));
}
