import { analyze } from './analyze.ts';
import { elect, type Election } from './elect.ts';
import type { Observation } from './model.ts';
import type { Settings } from './settings.ts';

/** Would a failover succeed right now? The very election a failover would hold, asked as if the holder had failed. */
export function readiness(observation: Observation, deployment: Settings): Election {
  const asked = { kind: 'request', action: 'plan', ignoreHealth: false } as const;
  const { settings, ledger, holderId } = analyze(observation, asked, deployment);
  return elect(observation, {
    settings,
    ...(ledger && { ledger }),
    ...(holderId !== undefined && { holder: { id: holderId, failed: false } }),
  });
}
