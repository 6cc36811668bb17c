import { DescribeInstanceStatusCommand, type InstanceStatus } from '@aws-sdk/client-ec2';
import { type Lab, START_MS, startLab } from './support.ts';

export const MINUTE_MS = 60_000;

/** A world in which things take as long as AWS was recorded to take. */
export const recorded = (seed: number | string = 1): Lab => startLab({ profile: 'recorded', seed });

export const at = (minutes: number, seconds = 0): number => minutes * MINUTE_MS + seconds * 1_000;
export const since = (lab: Lab): number => lab.clock.now() - START_MS;

export async function statusOf(lab: Lab, id = lab.holder): Promise<InstanceStatus> {
  const command = new DescribeInstanceStatusCommand({ InstanceIds: [id], IncludeAllInstances: true });
  const reply = await lab.clock.run(lab.ec2.send(command));
  return reply.InstanceStatuses?.[0] ?? {};
}

export const checkOf = async (lab: Lab, id?: string): Promise<string | undefined> =>
  (await statusOf(lab, id)).InstanceStatus?.Status;
