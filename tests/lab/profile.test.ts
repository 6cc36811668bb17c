import { latenciesOf, PROFILE_NAMES, PROFILES } from '../../lab/world/profile.ts';
import { at, checkOf, MINUTE_MS, recorded, since, statusOf } from './recorded.ts';
import { type Lab, START_MS, startLab } from './support.ts';

const SEEDS = Array.from({ length: 12 }, (_, nth) => nth + 1);

/** Asks every second what the instance check says, until some moment, and when it began to say something else. */
async function spoken(lab: Lab, untilMs: number): Promise<readonly (readonly [atMs: number, status: string])[]> {
  const said: [number, string][] = [];
  for (let nextMs = since(lab); nextMs < untilMs; nextMs += 1_000) {
    await lab.clock.runUntil(START_MS + nextMs);
    const status = (await checkOf(lab)) ?? '';
    if (status !== said.at(-1)?.[1]) said.push([nextMs, status]);
  }
  return said;
}

/** When the floating interface's holder has an alarm, of 1 of 1 minute or of two, after it failed at a full minute. */
async function alarmAfter(seed: number, periods: number, failsAtMs = 0): Promise<number> {
  const lab = recorded(seed);
  lab.world.addAlarm({
    AlarmName: 'watch',
    Namespace: 'AWS/EC2',
    MetricName: 'StatusCheckFailed_Instance',
    Dimensions: [{ Name: 'InstanceId', Value: lab.holder }],
    Statistic: 'Maximum',
    Period: 60,
    EvaluationPeriods: periods,
    Threshold: 1,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
  });
  let raisedMs = Number.NaN;
  lab.world.onFact(({ kind, text, atMs }) => {
    if (kind === 'alarm' && text.startsWith('watch OK -> ALARM')) raisedMs = atMs - START_MS - failsAtMs;
  });
  await lab.clock.advance(failsAtMs);
  lab.world.failInstance(lab.holder);
  await lab.clock.advance(10 * MINUTE_MS);
  return raisedMs;
}

describe('the profile of a world', () => {
  it('should be the recorded one unless another is named', () => {
    expect(startLab({ profile: undefined }).world.latencies).toEqual(PROFILES.recorded);
  });

  it.each(PROFILE_NAMES)('should know how long everything takes: %s', (name) => {
    for (const [low, high] of Object.values(PROFILES[name]).filter((value) => typeof value === 'object')) {
      expect(low).toBeLessThanOrEqual(high);
    }
  });

  it('should let a special case follow the general one where only that is given', () => {
    const given = latenciesOf('recorded', { callMs: [1, 2], detachMs: [3, 4], checkMs: [5, 6] });
    expect(given).toMatchObject({ changeMs: [1, 2], detachStoppedMs: [3, 4], attachStoppedMs: [0, 50] });
    expect(given).toMatchObject({ applicationCheckMs: [5, 6], shownMs: [0, 0], hesitatingShare: 0 });
  });
});

describe('a guest that is cut off', () => {
  it('should fail its check 3 min 23 s later: that is its ImpairedSince', async () => {
    const lab = recorded();
    lab.world.failInstance(lab.holder);
    await lab.clock.advance(at(6, 3));
    const { Status, Details } = (await statusOf(lab)).InstanceStatus ?? {};
    expect(Status).toBe('impaired');
    const afterMs = (Details?.[0]?.ImpairedSince?.getTime() ?? 0) - START_MS;
    expect(afterMs).toBeGreaterThanOrEqual(at(3, 23));
    expect(afterMs).toBeLessThanOrEqual(at(3, 26));
  });

  it('should be called ok for four minutes more or less, and impaired after 4 min 12 s to 6 min 2 s', async () => {
    const courses = new Set<string>();
    for (const seed of SEEDS) {
      const lab = recorded(seed);
      lab.world.failInstance(lab.holder);
      const said = await spoken(lab, at(6, 5));
      courses.add(said.map(([, status]) => status).join(' '));
      const [impairedMs = 0] = said.at(-1) ?? [];
      expect(impairedMs).toBeGreaterThanOrEqual(at(4, 12));
      expect(impairedMs).toBeLessThanOrEqual(at(6, 3));
      const hesitates = said.find(([, status]) => status === 'initializing');
      if (hesitates) expect(hesitates[0]).toBe(at(4, 30));
    }
    expect([...courses].toSorted()).toEqual(['ok impaired', 'ok initializing impaired']);
  });

  it('should have the metric in the minute of 3 min 23 s, readable after 5 min', async () => {
    const lab = recorded();
    const readable: number[] = [];
    lab.world.onFact(({ kind, text }) => {
      if (kind === 'metric' && text === `StatusCheckFailed_Instance ${lab.holder} 1`) readable.push(since(lab));
    });
    lab.world.failInstance(lab.holder);
    await lab.clock.advance(at(8));
    expect(readable).toEqual([at(5)]);
  });

  it('should have an alarm of 1 of 1 after 5 to 6 minutes, and one of 2 of 2 a minute later', async () => {
    for (const seed of SEEDS.slice(0, 10)) {
      const one = await alarmAfter(seed, 1);
      expect(one).toBeGreaterThanOrEqual(at(5));
      expect(one).toBeLessThanOrEqual(at(6));
      const two = await alarmAfter(seed, 2);
      expect(two).toBeGreaterThanOrEqual(at(6));
      expect(two).toBeLessThanOrEqual(at(7));
    }
  });

  it('should be ok again three minutes after it works again, and its metric, too', async () => {
    const lab = recorded();
    lab.world.failInstance(lab.holder);
    await lab.clock.advance(at(7));
    const values: [number, string][] = [];
    lab.world.onFact(({ kind, text }) => {
      if (kind === 'metric' && text.startsWith('StatusCheckFailed_Instance')) values.push([since(lab), text.slice(-1)]);
    });
    lab.world.recoverInstance(lab.holder);
    await lab.clock.advance(at(2, 59));
    expect(await checkOf(lab)).toBe('impaired');
    await lab.clock.advance(1_000);
    expect(await checkOf(lab)).toBe('ok');
    await lab.clock.advance(at(5));
    expect(values).toEqual([[at(11), '0']]);
  });

  it('should never fail a check when it works again before three minutes are over', async () => {
    const lab = recorded();
    lab.world.failInstance(lab.holder);
    await lab.clock.advance(at(3));
    lab.world.recoverInstance(lab.holder);
    expect(await spoken(lab, at(10))).toEqual([[at(3), 'ok']]);
  });

  it('should be impaired again when it is cut off again while its check has yet to pass', async () => {
    const lab = recorded();
    lab.world.failInstance(lab.holder);
    await lab.clock.advance(at(7));
    lab.world.recoverInstance(lab.holder);
    await lab.clock.advance(at(1));
    lab.world.failInstance(lab.holder);
    await lab.clock.advance(at(7));
    expect(await checkOf(lab)).toBe('impaired');
  });
});

describe('a reboot', () => {
  it('should be over before a check has failed for it', async () => {
    const lab = recorded();
    lab.world.rebootInstance(lab.holder);
    const said = await spoken(lab, at(10));
    expect(said.map(([, status]) => status)).toEqual(['ok', 'initializing', 'ok']);
  });
});
