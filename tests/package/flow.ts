import { at } from '../support/stage.ts';
import type { Deployed, FunctionName } from './deployed.ts';

/** Something the product does, to its good end; throws when it does not get there. */
export interface Flow {
  readonly name: string;
  readonly of: FunctionName;
  /** Calls that a role refuses in passing, because what they name is gone. */
  readonly denials?: readonly string[];
  readonly run: (stage: Deployed) => Promise<void>;
}

export const MINUTE_MS = 60_000;

export function pairIn(stage: Deployed, scenario: 'pair' | 'two-interfaces' = 'pair') {
  const { holder, members, interfaces } = stage.build(scenario);
  return { holder, standby: at(members, 1), eni: at(interfaces, 0), interfaces };
}

export function expectHeldBy(stage: Deployed, holder: string, interfaces: readonly string[]): void {
  for (const id of interfaces)
    expect(stage.world.interface(id)?.attachment).toMatchObject({ instanceId: holder, status: 'attached' });
  expect(stage.ledger(interfaces[0])).toMatchObject({ phase: 'steady', holder });
}

/** One alarm over all instances goes off for one of them. */
export function overFleet(stage: Deployed, failed: string): void {
  const AlarmName = 'eni-failover/fleet';
  const Expression = 'SELECT MAX(StatusCheckFailed) FROM SCHEMA("AWS/EC2", InstanceId) GROUP BY InstanceId';
  stage.world.addAlarm({
    AlarmName,
    Metrics: [{ Id: 'q1', Expression, Period: 60, ReturnData: true }],
    EvaluationPeriods: 1,
    ComparisonOperator: 'GreaterThanThreshold',
    Threshold: 0,
  });
  stage.world.setContributor(AlarmName, { InstanceId: failed }, 'ALARM');
}
