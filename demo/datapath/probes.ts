import type { PackageOptions } from '../../build/packaging.ts';
import type { World } from '../../lab/world/world.ts';
import { PROFILES, type Profile } from './profiles.ts';

/** How many probes look at the hosts: each is a function in a subnet of its own. */
export type ProbeCount = 0 | 1 | 2;

/** What the floating interface is asked, if nothing else is said. */
export const TARGET = 'http:80/';
/** The subnets of the namespaces vpc-probe-1 and vpc-probe-2, as the deployment knows them. */
const SUBNETS = ['subnet-0e1e1e1e1e1e1e1e1', 'subnet-0e2e2e2e2e2e2e2e2'] as const;
const SECURITY_GROUP = 'sg-0e0e0e0e0e0e0e0e0';

/** How a package with so many probes is made. */
export function packageWith(count: ProbeCount): PackageOptions {
  if (count === 0) return {};
  const probeSubnetIds = SUBNETS.slice(0, count).join(',');
  return { params: { probeSubnetIds, probeSecurityGroupIds: SECURITY_GROUP } };
}

/**
 * The times of a run with probes: EC2's own look at an instance takes the minutes that were recorded, whatever the
 * profile, so that what moves within seconds was moved by the probe.
 */
export function timesWith(count: ProbeCount, profile: Profile): Profile {
  if (count === 0) return profile;
  const { check, tickMs } = PROFILES.recorded;
  return { ...profile, check, tickMs, patienceMs: Math.max(profile.patienceMs, PATIENCE_MS) };
}

/** A service that does not serve has ten seconds to come back, and then the group moves. */
const PATIENCE_MS = 40_000;

/** What a person does to have an interface looked at. */
export function tagForProbe(world: World, interfaceId: string, target = TARGET): void {
  const floating = world.interface(interfaceId);
  if (floating === undefined) throw new Error(`there is no interface ${interfaceId}`);
  world.interfaces.put(interfaceId, { ...floating, tags: { ...floating.tags, 'eni-failover:probe': target } });
}
