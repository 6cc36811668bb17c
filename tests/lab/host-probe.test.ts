import { VirtualClock } from '../../lab/clock.ts';
import { checkStatus } from '../../lab/world/checks.ts';
import { type CheckCadence, watchHosts } from '../../lab/world/host-probe.ts';
import { World } from '../../lab/world/world.ts';

const CADENCE: CheckCadence = { everyMs: 1_000, failsAfterMs: [5_000, 5_000], passesAfterMs: [20_000, 20_000] };

/** A world whose instance has a host that answers, is silent, or cannot be asked. */
function stage() {
  const clock = new VirtualClock(Date.UTC(2026, 0, 1));
  const world = new World({ clock, seed: 1, profile: 'quick' });
  const { id } = world.addInstance();
  const host: { answers: boolean | undefined } = { answers: true };
  const stop = watchHosts(world, { answers: () => Promise.resolve(host.answers) }, CADENCE);
  const status = (): string => {
    const instance = world.instance(id);
    return instance === undefined ? 'none' : checkStatus(instance, 'instance', clock.now());
  };
  return { clock, world, id, host, stop, status };
}

describe('an instance check that asks a real host', () => {
  it('should fail once the host has been silent for long enough, and not before', async () => {
    const { clock, host, status } = stage();
    await clock.advance(60_000);
    expect(status()).toBe('ok');
    host.answers = false;
    await clock.advance(5_000);
    expect(status()).toBe('ok');
    await clock.advance(2_000);
    expect(status()).toBe('impaired');
  });

  it('should pass again once the host has answered for long enough', async () => {
    const { clock, host, status } = stage();
    host.answers = false;
    await clock.advance(10_000);
    host.answers = true;
    await clock.advance(15_000);
    expect(status()).toBe('impaired');
    await clock.advance(7_000);
    expect(status()).toBe('ok');
  });

  it('should start to count anew when the host answers in between', async () => {
    const { clock, host, status } = stage();
    for (let nth = 0; nth < 5; nth += 1) {
      host.answers = false;
      await clock.advance(4_000);
      host.answers = true;
      await clock.advance(2_000);
    }
    expect(status()).toBe('ok');
  });

  it('should learn nothing from a host that could not be asked, nor after it was stopped', async () => {
    const { clock, host, status, stop } = stage();
    host.answers = undefined;
    await clock.advance(60_000);
    expect(status()).toBe('ok');
    stop();
    host.answers = false;
    await clock.advance(60_000);
    expect(status()).toBe('ok');
  });
});

describe('a world in a hurry', () => {
  it('should have a datapoint each time it ticks, and alarms evaluated over it', async () => {
    const clock = new VirtualClock(Date.UTC(2026, 0, 1));
    const world = new World({ clock, seed: 1, profile: 'quick', tickMs: 2_000, latencies: { metricMs: [0, 0] } });
    const { id } = world.addInstance();
    world.addAlarm({
      AlarmName: 'one',
      Namespace: 'AWS/EC2',
      MetricName: 'StatusCheckFailed',
      Dimensions: [{ Name: 'InstanceId', Value: id }],
      Statistic: 'Maximum',
      Period: 60,
      EvaluationPeriods: 1,
      DatapointsToAlarm: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    });
    await clock.advance(1_000);
    const metrics: string[] = [];
    world.onFact(({ kind, text }) => kind === 'metric' && metrics.push(text));
    world.failInstance(id, { noticedAfterMs: 0 });
    await clock.advance(1_500);
    expect(world.alarms.get('one')?.state).toBe('ALARM');
    await clock.advance(10_000);
    expect(metrics).toEqual([`StatusCheckFailed ${id} 1`, `StatusCheckFailed_Instance ${id} 1`]);
  });
});
