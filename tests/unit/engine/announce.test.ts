import { announcement } from '../../../lib/engine/announce.ts';
import type { GroupResult } from '../../../lib/engine/result.ts';
import { at, only, Stage } from '../../support/stage.ts';

const QUIET: GroupResult = {
  group: 'web',
  analysis: 'holder-healthy',
  decision: 'no-action',
  code: 'holder-healthy',
  reason: 'All is well.',
  rejected: [],
};

const EMBEDDING = { namespace: 'eni-failover-prod', now: 1 };

async function failedPair(options: ConstructorParameters<typeof Stage>[0] = {}) {
  const stage = new Stage(options);
  const scene = stage.build('pair');
  const event = await stage.fail(scene.holder);
  return { stage, event, eni: at(scene.interfaces, 0), standby: at(scene.members, 1) };
}

describe('the record of a run', () => {
  it('should be one for each group, with the run and what triggered it', async () => {
    const { stage, event } = await failedPair();
    await stage.invoke(event, { runId: 'run-x' });
    expect(only(stage.announced)).toMatchObject({
      level: 'INFO',
      runId: 'run-x',
      trigger: 'alarm',
      group: 'web',
      code: 'failover',
    });
  });

  it('should carry the metrics of a move in the embedded metric format', async () => {
    const { stage, event } = await failedPair();
    const durationMs = (await stage.result(event)).operation?.durationMs;
    const record = only(stage.announced);
    const [metrics] = (record['_aws'] as { CloudWatchMetrics: { Metrics: { Name: string }[] }[] }).CloudWatchMetrics;
    expect(metrics).toMatchObject({ Namespace: 'eni-failover', Dimensions: [['Group'], []] });
    expect(metrics?.Metrics.map(({ Name }) => Name)).toEqual([
      'Moves',
      'FailedMoves',
      'InterruptedMoves',
      'ForcedDetaches',
      'MoveDuration',
      'IntentDuration',
      'DetachDuration',
      'AttachDuration',
      'RecordDuration',
    ]);
    expect(record).toMatchObject({
      Group: 'web',
      Moves: 1,
      FailedMoves: 0,
      ForcedDetaches: 0,
      MoveDuration: durationMs,
    });
  });

  it('should give every metric and dimension it declares a value', async () => {
    const { stage, event } = await failedPair();
    await stage.invoke(event);
    const record = only(stage.announced);
    const { Timestamp, CloudWatchMetrics } = record['_aws'] as {
      Timestamp: number;
      CloudWatchMetrics: { Dimensions: string[][]; Metrics: { Name: string }[] }[];
    };
    const names = CloudWatchMetrics.flatMap((set) => [...set.Dimensions.flat(), ...set.Metrics.map((m) => m.Name)]);
    for (const name of names) expect([name, typeof record[name]]).not.toEqual([name, 'undefined']);
    expect(Timestamp).toBe(stage.clock.now());
  });

  it('should count a forced detach', async () => {
    const { stage, event } = await failedPair({ settings: { forceAfterSeconds: 0 } });
    await stage.invoke(event);
    expect(only(stage.announced)).toMatchObject({ ForcedDetaches: 1 });
  });

  it('should be an error with a failed move when the run throws', async () => {
    const { stage, event } = await failedPair();
    stage.deny('DetachNetworkInterface');
    await stage.invoke(event).catch(() => undefined);
    expect(only(stage.announced)).toMatchObject({ level: 'ERROR', Moves: 0, FailedMoves: 1 });
  });

  it('should carry no metrics when nothing was attempted', () => {
    expect(announcement(QUIET, 'ignored', 'run-1', EMBEDDING)).not.toHaveProperty('_aws');
    expect(announcement(QUIET, 'ignored', 'run-1', EMBEDDING)).toMatchObject({ level: 'INFO', trigger: 'ignored' });
  });

  it('should carry no metrics for a plan', async () => {
    const { stage } = await failedPair();
    await stage.invoke({ action: 'plan', group: 'web' });
    expect(only(stage.announced)).not.toHaveProperty('_aws');
  });

  it('should be a warning when a move was blocked', () => {
    expect(announcement({ ...QUIET, decision: 'blocked', code: 'paused' }, 'alarm', 'run-1', EMBEDDING)['level']).toBe(
      'WARN',
    );
  });

  it('should be JSON', async () => {
    const { stage, event } = await failedPair();
    await stage.invoke(event);
    const record = only(stage.announced);
    expect(JSON.parse(JSON.stringify(record))).toEqual(record);
  });

  it('should not fail the run when it cannot be announced', async () => {
    const { stage, event, eni, standby } = await failedPair({
      announce: () => {
        throw new Error('the log is full');
      },
    });
    const result = await stage.result(event);
    expect(result.operation?.result).toBe('done');
    expect(stage.world.holderOf(eni)).toBe(standby);
  });
});
