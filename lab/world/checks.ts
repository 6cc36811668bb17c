import type { Check, CheckStatus, Instance } from './model.ts';
import type { WorldState } from './state.ts';

/** The status-check metrics of namespace AWS/EC2 and the checks each one sums up. */
const METRICS: Readonly<Record<string, readonly Check[]>> = {
  StatusCheckFailed: ['system', 'instance', 'attachedEbs'],
  StatusCheckFailed_System: ['system'],
  StatusCheckFailed_Instance: ['instance'],
  StatusCheckFailed_AttachedEBS: ['attachedEbs'],
  StatusCheckFailed_Application: ['application'],
};

/** Whether the world itself publishes this metric. */
export function isPublished(namespace: string, metric: string): boolean {
  return namespace === 'AWS/EC2' && metric in METRICS;
}

/** What DescribeInstanceStatus says of a check at a moment; it is behind what the check itself has found. */
export function checkStatus(instance: Instance, check: Check, atMs: number): CheckStatus {
  if (check === 'application' && !instance.applicationChecked) return 'not-applicable';
  if (instance.state !== 'running') return 'not-applicable';
  const fails = isImpaired(instance, check, atMs);
  if (fails && (instance.shownSinceMs?.[check] ?? 0) <= atMs) return 'impaired';
  if (fails && (instance.hesitatesSinceMs?.[check] ?? Infinity) <= atMs) return 'initializing';
  return instance.health === 'initializing' || atMs < instance.initializingUntilMs ? 'initializing' : 'ok';
}

/** The datapoint of the minute that ends at `atMs`; nothing is published for an instance that is not running. */
export function datapoint(world: WorldState, metric: string, instanceId: string, atMs: number): 0 | 1 | undefined {
  const instance = world.instances.get(instanceId, atMs);
  const checks = METRICS[metric];
  if (instance?.state !== 'running' || checks === undefined) return undefined;
  if (metric === 'StatusCheckFailed_Application' && !instance.applicationChecked) return undefined;
  if (atMs < (instance.datapointsFromMs ?? 0)) return undefined;
  return checks.some((check) => isImpaired(instance, check, atMs)) ? 1 : 0;
}

/** Tells which metrics changed over the minute (or whatever a datapoint is about) that ends at `atMs`. */
export function tellMetrics(world: WorldState, atMs: number, tickMs: number): void {
  for (const { id } of world.instances.all()) {
    for (const metric of Object.keys(METRICS)) {
      const value = datapoint(world, metric, id, atMs);
      if (value === undefined || value === (datapoint(world, metric, id, atMs - tickMs) ?? 0)) continue;
      world.tell('metric', `${metric} ${id} ${value}`, { metric, instanceId: id, value });
    }
  }
}

/** Since when a check of an instance fails, whether or not that moment has come. */
export function impairedSinceMs(instance: Instance, check: Check): number {
  if (instance.health === 'impaired' && check === 'instance') return instance.launchMs;
  return instance.impairedSinceMs[check] ?? Infinity;
}

function isImpaired(instance: Instance, check: Check, atMs: number): boolean {
  return impairedSinceMs(instance, check) <= atMs && atMs < (instance.passesFromMs?.[check] ?? Infinity);
}
