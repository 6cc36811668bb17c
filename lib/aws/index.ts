import type { AlarmKeeper, Cloud } from '../engine/ports.ts';
import { AheadGateway } from './ahead-gateway.ts';
import { CloudWatchKeeper, type DeploymentTag } from './alarm-keeper.ts';
import { createCall } from './call.ts';
import { type ClientOptions, closeClients, createClients, DEFAULT_CALL_TIMEOUT_MS } from './clients.ts';
import { CloudWatchGateway } from './cloudwatch-gateway.ts';
import { Ec2Changes } from './ec2-changes.ts';
import { Ec2Gateway } from './ec2-gateway.ts';
import { Ec2StatusGateway } from './ec2-status.ts';
import { TypeLimitsGateway } from './type-limits.ts';

export type { ClientOptions, Transport } from './clients.ts';
export { renew, type RunBudget } from './retry.ts';

export interface CloudOptions extends ClientOptions {
  /** What the tags begin with that people write. Default `eni-failover:`. */
  readonly tagPrefix?: string;
}

/** The engine's port, and what AWS offers beyond it. */
export interface AwsCloud extends Cloud {
  /** Closes the sockets. */
  close(): void;
}

/**
 * AWS, as the engine sees it. Make one for each process: the sockets and the limits of instance types are kept.
 *
 * @example
 * const budget = { deadlineAt: Infinity };
 * const cloud = createCloud({ clock: systemClock, budget });
 * budget.deadlineAt = systemClock.now() + 60_000; // at the start of each run
 * const { views, unreadable } = await cloud.interfaces(['web']);
 */
export function createCloud(options: CloudOptions): AwsCloud {
  const { clock, budget, callTimeoutMs = DEFAULT_CALL_TIMEOUT_MS, tagPrefix = 'eni-failover:' } = options;
  const clients = createClients(options);
  const call = createCall({ clock, budget, callTimeoutMs });
  const ec2 = new Ec2Gateway(clients.ec2, call, tagPrefix);
  const types = new TypeLimitsGateway(clients.ec2, call, clock);
  const status = new Ec2StatusGateway(clients.ec2, call);
  const changes = new Ec2Changes(clients, call, budget);
  const cloudwatch = new CloudWatchGateway(clients.cloudwatch, call);
  const ahead = new AheadGateway(clients, call);
  return {
    members: (group) => ec2.members(group),
    instancesById: (ids) => ec2.instancesById(ids),
    interfaces: (groups) => ec2.interfaces(groups),
    interfacesById: (ids) => ec2.interfacesById(ids),
    vpcsOf: (subnetIds) => ec2.vpcsOf(subnetIds),
    statusChecks: (instanceIds) => status.statusChecks(instanceIds),
    impairedChecks: () => status.impairedChecks(),
    typeLimits: (asked) => types.typeLimits(asked),
    alarmsInAlarm: () => cloudwatch.alarmsInAlarm(),
    contributorsInAlarm: (name) => cloudwatch.contributorsInAlarm(name),
    mutedAlarms: (names) => cloudwatch.mutedAlarms(names),
    detach: (attachmentId, force) => changes.detach(attachmentId, force),
    attach: (request) => changes.attach(request),
    rehearseAttach: (request) => changes.rehearseAttach(request),
    writeTags: (interfaceIds, tags) => changes.writeTags(interfaceIds, tags),
    modifyDeleteOnTermination: (interfaceId, attachmentId, value) =>
      changes.modifyDeleteOnTermination(interfaceId, attachmentId, value),
    standingAlarms: (pace) => ahead.standingAlarms(pace),
    placementStrategies: () => ahead.placementStrategies(),
    rehearseDetach: (attachmentId) => ahead.rehearseDetach(attachmentId),
    rehearseTags: (interfaceIds, tags) => ahead.rehearseTags(interfaceIds, tags),
    close: () => closeClients(clients),
  };
}

/** The alarms on members; of all functions only `upkeep` makes and deletes any. */
export function createAlarmKeeper(options: ClientOptions, tag: DeploymentTag): AlarmKeeper {
  const { clock, budget, callTimeoutMs = DEFAULT_CALL_TIMEOUT_MS } = options;
  return new CloudWatchKeeper(createClients(options).cloudwatch, createCall({ clock, budget, callTimeoutMs }), tag);
}
