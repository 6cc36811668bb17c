import type { CallRequest, Fault } from '../../lab/world/hooks.ts';
import type { LogEvent } from '../../lab/world/logs.ts';

/** A dry run is no call of its own. */
export const isDryRun = ({ input }: Pick<CallRequest, 'input'>): boolean => input['DryRun'] === true;

/** A dry run is no call of its own: it meets what lasts, unless that is about the state of something. */
export function meetsDryRuns({ nth, fault }: { readonly nth: number | 'every'; readonly fault: Fault }): boolean {
  return nth === 'every' && ['deny', 'throttle', 'slow', 'lost'].includes(fault.kind);
}

/** A reply in which the resources with these ids have other fields. */
export function restated(value: unknown, byId: ReadonlyMap<string, object>): unknown {
  if (Array.isArray(value)) return value.map((each) => restated(each, byId));
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  const copy = Object.fromEntries(Object.entries(value).map(([key, each]) => [key, restated(each, byId)]));
  return { ...copy, ...byId.get(String(copy['NetworkInterfaceId'] ?? copy['InstanceId'])) };
}

/** The log groups of the functions of a deployment. */
export const LOG_GROUPS = ['failover', 'sweep'].map((name) => `/aws/lambda/eni-failover-prod-${name}`);

/** What a run says, as Lambda writes it down, and where. */
export function logged(now: number, caller: string, record: object): [group: string, line: LogEvent] {
  const group = LOG_GROUPS[caller.startsWith('sweep') ? 1 : 0] ?? '';
  const message = `${new Date(now).toISOString()}\t${caller}\tINFO\t${JSON.stringify(record)}\n`;
  return [group, { atMs: now, message }];
}
