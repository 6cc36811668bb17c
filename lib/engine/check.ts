import { decide, type Decision } from '../core/decide.ts';
import { type Readiness, readinessOf } from '../core/readiness.ts';
import type { Settings } from '../core/settings.ts';
import type { GroupResult } from './result.ts';

/**
 * Adds whether the group could fail over now, and everything that should be put right before it has to.
 * @param deployment the settings of the deployment, which tags of the group may override.
 */
export function checkReport(result: GroupResult, { facts }: Decision, deployment: Settings): GroupResult {
  const ifFailed = decide({ kind: 'if-holder-failed' }, facts.observation, facts.memory, deployment);
  const readiness = readinessOf(ifFailed);
  const to = ifFailed.succession.successor?.member.id;
  return { ready: readiness.ready, ...result, reason: sentence(readiness, result.group, to), readiness };
}

function sentence({ ready, findings }: Readiness, group: string | null, to: string | undefined): string {
  if (ready) return `The group '${group}' is ready: ${to} would take over.${noted(findings.length)}`;
  const blocking = findings.filter(({ severity }) => severity === 'blocking').map(({ reason }) => reason);
  return `The group '${group}' is not ready. ${blocking.join(' ')}`;
}

const noted = (count: number): string => {
  if (count === 0) return '';
  return count === 1 ? ' One thing should be put right.' : ` ${count} things should be put right.`;
};
