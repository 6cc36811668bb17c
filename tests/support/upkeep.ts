import { withRandom } from '../../lab/clock.ts';
import { Random } from '../../lab/random.ts';
import { inProcessProtocol } from '../../lab/wire/in-process.ts';
import type { UpkeepSettings } from '../../lib/config.ts';
import { DEFAULT_SETTINGS } from '../../lib/core/settings.ts';
import type { UpkeepResult } from '../../lib/engine/upkeep.ts';
import { parseUpkeep } from '../../lib/triggers/upkeep.ts';
import { createUpkeepApp } from '../../lib/upkeep-app.ts';
import type { Stage } from './stage.ts';

export const SCHEDULED = { 'detail-type': 'Scheduled Event', source: 'aws.events' };
export const OWN: UpkeepSettings = { memberAlarms: true, deployment: 'eni-failover-prod' };

/** A sandbox of the function `upkeep`: what it does when it is invoked once, with time driven to its end. */
export function upkeepOn(stage: Stage, given: Partial<UpkeepSettings> = {}, caller = 'upkeep') {
  const app = createUpkeepApp({
    settings: { ...DEFAULT_SETTINGS, ...stage.options.settings },
    upkeep: { ...OWN, ...given },
    clock: withRandom(stage.clock, new Random(1).fork(caller)),
    announce: (record) => stage.announced.push(record),
    ...(stage.options.announcing && { announcing: stage.options.announcing }),
    aws: {
      region: stage.world.region,
      credentials: { accessKeyId: 'lab', secretAccessKey: 'lab' },
      transport: inProcessProtocol(stage.world, caller),
    },
  });
  return (input: unknown = SCHEDULED, remainingMs = 900_000): Promise<UpkeepResult> =>
    stage.clock.run(app.handle(parseUpkeep(input), { runId: caller, remainingMs }));
}
