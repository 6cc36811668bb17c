import { isOurAlarm } from '../core/alarms.ts';
import type { AlarmReading, Observation } from '../core/model.ts';
import type { Run } from './run.ts';

/**
 * Marks the alarms that a mute rule silences, for the sweep: an event says so itself. A mute is not in DescribeAlarms,
 * so it is asked for, but only for alarms that would otherwise move something.
 */
export async function withMutes(run: Run, observations: readonly Observation[]): Promise<readonly Observation[]> {
  const reading = observations[0]?.alarms;
  if (!reading?.readable) return observations;
  const holders = new Set(
    observations.flatMap(({ interfaces }) => interfaces.map((view) => view.attachment?.instanceId)),
  );
  const relevant = reading.inAlarm.filter((alarm) => {
    return (
      isOurAlarm(alarm, run.settings.alarmPrefix) &&
      alarm.metrics.some((metric) => metric.instanceId && holders.has(metric.instanceId))
    );
  });
  if (relevant.length === 0) return observations;
  const muted = await run.cloud.mutedAlarms(relevant.map((alarm) => alarm.name));
  const inAlarm = reading.inAlarm.map((alarm) => (muted.has(alarm.name) ? { ...alarm, muted: true } : alarm));
  const alarms: AlarmReading = { readable: true, inAlarm };
  return observations.map((observation) => ({ ...observation, alarms }));
}
