import type { InstanceStatus, InstanceStatusEvent } from '@aws-sdk/client-ec2';
import type { CheckStatus, StatusChecks } from '../core/readers.ts';

/** One summary of DescribeInstanceStatus. The application's says since when itself, the others in their details. */
interface Summary {
  readonly Status?: string | undefined;
  readonly ImpairedSince?: Date | undefined;
  readonly Details?: readonly { readonly ImpairedSince?: Date | undefined }[] | undefined;
}

const KNOWN_STATUSES: readonly CheckStatus[] = [
  'ok',
  'impaired',
  'initializing',
  'insufficient-data',
  'not-applicable',
  // Not in the SDK's SummaryStatus, but in DescribeApplicationStatus: someone switched the check off for a while.
  'suppressed',
];

/**
 * DescribeInstanceStatus `InstanceStatuses[]` → checks. The system and the instance check exist for every instance:
 * where one is missing, it was not read. The other two exist only where a Region has them and, for the application,
 * somebody configured one: where they are missing there is nothing to fail.
 */
export function toChecks(status: InstanceStatus): StatusChecks {
  const { SystemStatus, InstanceStatus, AttachedEbsStatus, ApplicationStatus } = status;
  const impairedSince = earliestImpairment([SystemStatus, InstanceStatus, AttachedEbsStatus, ApplicationStatus]);
  return {
    system: toCheck(SystemStatus, 'unreadable'),
    instance: toCheck(InstanceStatus, 'unreadable'),
    attachedEbs: toCheck(AttachedEbsStatus, 'not-applicable'),
    application: toCheck(ApplicationStatus, 'not-applicable'),
    ...(impairedSince !== undefined && { impairedSince }),
    scheduledEvents: (status.Events ?? []).flatMap(toOpenEvent),
  };
}

/** A status that EC2 may add one day is not read as healthy and not as failed. */
function toCheck(summary: Summary | undefined, whenMissing: CheckStatus): CheckStatus {
  if (summary?.Status === undefined) return whenMissing;
  return KNOWN_STATUSES.find((known) => known === summary.Status) ?? 'unreadable';
}

function earliestImpairment(summaries: readonly (Summary | undefined)[]): number | undefined {
  const times = summaries
    .filter((summary) => summary?.Status === 'impaired')
    .flatMap((summary) => [summary, ...(summary?.Details ?? [])])
    .flatMap((part) => part?.ImpairedSince?.getTime() ?? []);
  return times.length === 0 ? undefined : Math.min(...times);
}

/** "If the event has been completed or canceled, its description starts with [Completed] or [Canceled]" (EC2 API). */
function toOpenEvent({ Code, Description = '' }: InstanceStatusEvent): string[] {
  return Code === undefined || /^\[(Completed|Canceled)\]/.test(Description) ? [] : [Code];
}
