import type { InterfaceView, Observation } from './model.ts';

/** Whether a probe can get to an interface, as far as is known: it speaks to its own VPC only. */
export function isReached({ vpcId }: InterfaceView, { probeVpcs }: Pick<Observation, 'probeVpcs'>): boolean {
  return probeVpcs === undefined || vpcId === undefined || probeVpcs.includes(vpcId);
}
