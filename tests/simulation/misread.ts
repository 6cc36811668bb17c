/** A reply in which an interface has no zone, or an instance is in a state that there is not. */
export function misread(output: unknown, id: string): unknown {
  if (Array.isArray(output)) return output.map((each) => misread(each, id));
  if (typeof output !== 'object' || output === null || output instanceof Date) return output;
  const copy = Object.fromEntries(Object.entries(output).map(([key, each]) => [key, misread(each, id)]));
  if (copy['NetworkInterfaceId'] === id) return { ...copy, AvailabilityZone: undefined };
  return copy['InstanceId'] === id ? { ...copy, State: { Name: 'hibernating' } } : copy;
}
