import type * as aws from '@aws-sdk/client-ec2';
import { checkStatus, impairedSinceMs } from '../world/checks.ts';
import type { Check, Instance } from '../world/model.ts';
import { refuseIf } from './errors.ts';
import { applyFilters } from './filters.ts';
import { stateOf } from './instances.ts';
import { anyResource, describeBucket, findInstance, page, row } from './row.ts';

const MAXIMUM_IDS = 100;

export const describeInstanceStatus = row<aws.DescribeInstanceStatusRequest, aws.DescribeInstanceStatusResult>({
  service: 'ec2',
  members: 'InstanceIds IncludeAllInstances Filters.Name Filters.Values MaxResults NextToken DryRun',
  resources: anyResource,
  bucket: describeBucket,
  handle(world, input, atMs) {
    const ids = input.InstanceIds;
    const tooMany = (ids?.length ?? 0) > MAXIMUM_IDS;
    refuseIf(tooMany, 'InvalidRequest', `At most ${MAXIMUM_IDS} instance ids can be given`);
    const named = ids?.length ? ids.map((id) => findInstance(world, id, atMs)) : world.instances.all(atMs);
    const shown = named.filter(({ state }) => input.IncludeAllInstances || state === 'running');
    const status = (check: Check) => (instance: Instance) => checkStatus(instance, check, atMs);
    const found = applyFilters(shown, input.Filters, {
      'instance-status.status': status('instance'),
      'system-status.status': status('system'),
      'attached-ebs-status.status': status('attachedEbs'),
      'application-status.status': status('application'),
      'instance-state-name': ({ state }) => state,
      'availability-zone': ({ zone }) => zone,
      'event.code': ({ events }) => events.map(({ code }) => code),
    });
    const { items, NextToken } = page(world, found, ({ id }) => id, input, { low: 5, high: 1000, ids });
    return { InstanceStatuses: items.map((instance) => describe(instance, atMs)), NextToken };
  },
});

function describe(instance: Instance, atMs: number): aws.InstanceStatus {
  const summary = (check: Check): aws.InstanceStatusSummary => {
    const Status = checkStatus(instance, check, atMs);
    if (Status === 'not-applicable') return { Status, Details: [] };
    const since = Status === 'impaired' ? impairedSinceMs(instance, check) : undefined;
    const detail = { ok: 'passed', impaired: 'failed', initializing: 'initializing' } as const;
    const ImpairedSince = since === undefined ? undefined : new Date(since);
    return { Status, Details: [{ Name: 'reachability', Status: detail[Status], ImpairedSince }] };
  };
  const application = summary('application');
  return {
    InstanceId: instance.id,
    AvailabilityZone: instance.zone,
    InstanceState: stateOf(instance.state),
    InstanceStatus: summary('instance'),
    SystemStatus: summary('system'),
    // Recorded: a started instance has no such check at first.
    AttachedEbsStatus: atMs < (instance.freshUntilMs ?? 0) ? undefined : summary('attachedEbs'),
    ApplicationStatus: { Status: application.Status, ImpairedSince: application.Details?.[0]?.ImpairedSince },
    Events: instance.events.map((event, index) => ({
      InstanceEventId: `instance-event-${instance.id.slice(2)}${index}`,
      Code: event.code,
      Description: event.description,
      NotBefore: new Date(event.notBeforeMs),
    })),
  };
}
