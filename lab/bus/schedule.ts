import type { PackagedRule } from '../package/template.ts';

const MINUTE_MS = 60_000;

/** `rate(5 minutes)` or `rate(1 hour)` in milliseconds. */
export function intervalOf(schedule: string): number {
  const [, one, several, unit] =
    /^rate\((?:(1) (?=minute\b|hour\b)|([2-9]|\d{2,}) (?=minutes|hours))(minute|hour)s?\)$/.exec(schedule) ?? [];
  const count = one ?? several;
  if (count === undefined) throw new Error(`the bus does not know the schedule ${schedule}`);
  return Number(count) * (unit === 'hour' ? 60 : 1) * MINUTE_MS;
}

/** What EventBridge sends when the time of a schedule has come. */
export function scheduledEvent({ arn }: PackagedRule, nowMs: number): object {
  const time = `${new Date(nowMs).toISOString().slice(0, 19)}Z`;
  return { version: '0', 'detail-type': 'Scheduled Event', source: 'aws.events', time, resources: [arn], detail: {} };
}
