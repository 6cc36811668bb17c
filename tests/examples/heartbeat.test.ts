import {
  CloudWatchClient,
  PutMetricAlarmCommand,
  type PutMetricAlarmInput,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import { inProcessProtocol } from '../../lab/wire/in-process.ts';
import type { Quirks } from '../../lab/world/model.ts';
import { parseCfnYaml } from '../support/cfn-schema.ts';
import { at, Stage, START_MS } from '../support/stage.ts';
import { textOf } from './support.ts';

const BEAT_MS = 5_000;
const MINUTE_MS = 60_000;

/** The alarm of the example, as CloudFormation would make it for one member. */
function alarmFor(member: string): PutMetricAlarmInput {
  const { Properties = {} } = parseCfnYaml(textOf('examples/detection/heartbeat.yml')).Resources['Heartbeat'] ?? {};
  const text = JSON.stringify(Properties)
    .replaceAll('{"Ref":"Member"}', JSON.stringify(member))
    .replaceAll(
      '{"Fn::Sub":"eni-failover/${GroupName}/${Member}/heartbeat"}',
      `"eni-failover/web/${member}/heartbeat"`,
    );
  return JSON.parse(text) as PutMetricAlarmInput;
}

/** The same without FILL: the metric itself, and what is missing is breaching. */
function plain({ Metrics: _, ...alarm }: PutMetricAlarmInput, member: string): PutMetricAlarmInput {
  const metric = { Namespace: 'EniFailover/Heartbeat', MetricName: 'Beat', Statistic: 'SampleCount' } as const;
  const Dimensions = [{ Name: 'InstanceId', Value: member }];
  return { ...alarm, ...metric, Dimensions, Period: 10, TreatMissingData: 'breaching' };
}

interface Given {
  readonly seed?: number;
  readonly quirks?: Partial<Quirks>;
  readonly isPlain?: boolean;
  readonly beats?: boolean;
  /** When the alarms are made; the hearts beat from the beginning. */
  readonly madeMs?: number;
}

/** A pair whose members beat as heartbeat.sh does, each with such an alarm. */
class Hearts extends Stage {
  readonly scene = this.build('pair');
  readonly states: { readonly at: number; readonly text: string }[] = [];
  readonly #stopped = new Map<string, number>();
  readonly #cloudwatch: CloudWatchClient;

  constructor({ seed = 1, quirks, isPlain = false, beats = true, madeMs = 2 * MINUTE_MS }: Given = {}) {
    super({ seed, latencies: { customMetricMs: [0, 3_000] }, ...(quirks && { quirks }) });
    const credentials = { accessKeyId: 'lab', secretAccessKey: 'lab' };
    this.#cloudwatch = new CloudWatchClient({
      region: 'us-east-1',
      credentials,
      ...inProcessProtocol(this.world, 'me'),
    });
    this.world.onFact(({ kind, text, atMs }) => {
      if (kind === 'alarm' && text.includes('/heartbeat')) this.states.push({ at: atMs - START_MS, text });
    });
    for (const [nth, id] of this.scene.members.entries()) {
      if (beats) this.#beatAt(id, START_MS + 700 * seed + 1_300 * nth);
      const alarm = alarmFor(id);
      this.clock.schedule(START_MS + madeMs, () => {
        void this.#cloudwatch.send(new PutMetricAlarmCommand(isPlain ? plain(alarm, id) : alarm));
      });
    }
  }

  /** From then on it beats no more; nothing else notices for long. */
  stop(id: string, afterMs: number): void {
    this.#stopped.set(id, START_MS + afterMs);
    this.clock.schedule(START_MS + afterMs, () => this.world.failInstance(id, { noticedAfterMs: 60 * MINUTE_MS }));
  }

  /** When the heartbeat alarm of a member went to a state, in milliseconds from the beginning. */
  went(id: string, state: string): readonly number[] {
    return this.states.flatMap(({ at: when, text }) =>
      text.includes(id) && text.endsWith(`-> ${state}`) ? [when] : [],
    );
  }

  #beatAt(id: string, atMs: number): void {
    const beat = (): void => {
      if (this.clock.now() >= (this.#stopped.get(id) ?? Number.POSITIVE_INFINITY)) return;
      const dimensions = [{ Name: 'InstanceId', Value: id }];
      const datum = { MetricName: 'Beat', Value: 1, Dimensions: dimensions, StorageResolution: 1 };
      void this.#cloudwatch.send(new PutMetricDataCommand({ Namespace: 'EniFailover/Heartbeat', MetricData: [datum] }));
      this.#beatAt(id, this.clock.now() + BEAT_MS);
    };
    this.clock.schedule(atMs, beat, true);
  }
}

const STOPS_MS = 5 * MINUTE_MS;
const SEEDS = Array.from({ length: 12 }, (_, nth) => nth + 1);

describe('the heartbeat of the example', () => {
  it.each(SEEDS)('should go off 16 to 41 s after the heart has stopped, and for nobody else: seed %i', async (seed) => {
    const hearts = new Hearts({ seed });
    const { holder } = hearts.scene;
    const standby = at(
      hearts.scene.members.filter((id) => id !== holder),
      0,
    );
    const stopsMs = STOPS_MS + 800 * seed;
    hearts.stop(holder, stopsMs);
    await hearts.clock.advance(stopsMs + MINUTE_MS);
    const [went = 0, ...more] = hearts.went(holder, 'ALARM');
    expect([went - stopsMs >= 16_000, went - stopsMs <= 41_000, more]).toEqual([true, true, []]);
    expect(hearts.went(standby, 'ALARM')).toEqual([]);
  });

  it('should move the interface, while EC2 still calls the holder well', async () => {
    const hearts = new Hearts();
    const { holder, interfaces } = hearts.scene;
    hearts.stop(holder, STOPS_MS);
    await hearts.clock.advance(STOPS_MS + MINUTE_MS);
    const event = hearts.events.find(
      (each) => JSON.stringify(each).includes(`web/${holder}/heartbeat`) && isAlarm(each),
    );
    const { operation } = await hearts.result(event);
    expect(operation).toMatchObject({ result: 'done', from: holder });
    expect(hearts.world.holderOf(interfaces[0] ?? '')).not.toBe(holder);
  });

  it('should say nothing of a member that never beat', async () => {
    const hearts = new Hearts({ beats: false });
    await hearts.clock.advance(5 * MINUTE_MS);
    expect(hearts.states).toEqual([]);
  });

  it('should take the time before the first beat for silence: the heart has to beat for two minutes before', async () => {
    const hasty = new Hearts({ madeMs: 0 });
    await hasty.clock.advance(2 * MINUTE_MS);
    expect(hasty.went(hasty.scene.holder, 'ALARM')).toHaveLength(1);
    const patient = new Hearts();
    await patient.clock.advance(10 * MINUTE_MS);
    expect(patient.states.filter(({ text }) => text.endsWith('-> ALARM'))).toEqual([]);
  });

  /** What FILL gives where there is nothing at all to fill is not documented. */
  it.each([
    ['empty', 'INSUFFICIENT_DATA'],
    ['filled', 'ALARM'],
  ] as const)('should be in ALARM for as long as there is something to fill: %s', async (emptyFill, state) => {
    const hearts = new Hearts({ quirks: { emptyFill } });
    const { holder } = hearts.scene;
    hearts.stop(holder, STOPS_MS);
    await hearts.clock.advance(STOPS_MS + 85_000);
    const name = `eni-failover/web/${holder}/heartbeat`;
    expect(hearts.world.alarms.get(name)?.state).toBe('ALARM');
    await hearts.clock.advance(5 * MINUTE_MS);
    expect(hearts.world.alarms.get(name)?.state).toBe(state);
  });

  it('should need more than a minute longer without FILL: its old datapoints are evaluated first', async () => {
    const hearts = new Hearts({ isPlain: true });
    hearts.stop(hearts.scene.holder, STOPS_MS);
    await hearts.clock.advance(STOPS_MS + 3 * MINUTE_MS);
    const [went = 0] = hearts.went(hearts.scene.holder, 'ALARM').filter((when) => when > STOPS_MS);
    expect([went - STOPS_MS >= 85_000, went - STOPS_MS <= 115_000]).toEqual([true, true]);
  });
});

const isAlarm = (event: { readonly detail: Readonly<Record<string, unknown>> }): boolean =>
  (event.detail['state'] as { readonly value?: string } | undefined)?.value === 'ALARM';
