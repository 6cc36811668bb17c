import type { CallRequest, Fault } from '../../lab/world/hooks.ts';

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
