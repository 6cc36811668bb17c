import { deployedTemplate } from '../../cases/deployment.ts';
import { play, type Played } from '../../cases/play.ts';
import { readCase } from '../../cases/read.ts';

type Document = Readonly<Record<string, unknown>>;

/** Plays a pair for two minutes and a half, in which these lines happen. */
async function played(timeline: readonly Document[], more: Document = {}): Promise<Played> {
  const pair = { instances: { a: {}, b: {} }, interfaces: { eni: {} } };
  const reading = readCase({ name: 'played', ...pair, timeline, until: '150s', expect: [{ threw: 9 }], ...more });
  if ('faults' in reading) throw new Error(JSON.stringify(reading.faults));
  return play(reading.case, await deployedTemplate(reading.case.deployment), 1);
}

/** When each invocation began, in seconds: `60 sweep`. */
function beginnings({ invocations, startMs }: Played): readonly string[] {
  return invocations.map(
    ({ functionName = '', startMs: atMs = 0 }) => `${(atMs - startMs) / 1_000} ${functionName.split('-').pop()}`,
  );
}

/** Where the interface was, from when on, in seconds. */
function placesOf({ places, ids }: Played, name = 'eni'): readonly string[] {
  const names = new Map([...ids].map(([each, id]) => [id, each]));
  return (places.get(name) ?? []).map(
    ({ fromMs, attachment: at }) =>
      `${fromMs / 1_000} ${at === undefined ? 'nobody' : `${at.status} ${names.get(at.instanceId)}`}`,
  );
}

const told = ({ timeline }: Played, kind: string): readonly string[] =>
  timeline.filter((line) => line.kind === kind).map(({ at, text }) => `${at} ${text}`);

describe('a case that is played', () => {
  it('should have its first sweep at one minute, and one every minute', async () => {
    expect(beginnings(await played([]))).toEqual(['60 sweep', '120 sweep']);
  });

  it.each([
    ['none', []],
    ['every 2m', ['60 sweep', '180 sweep']],
  ])('should have the sweeps it asks for: %s', async (sweeps, expected) => {
    expect(beginnings(await played([], { sweeps, until: '4m' }))).toEqual(expected);
  });

  it('should deliver an event through the packaged rules after half a second', async () => {
    const detail = { 'instance-id': '${a}', state: 'stopping' };
    const event = { source: 'aws.ec2', 'detail-type': 'EC2 Instance State-change Notification', detail };
    const unknown = { ...event, 'detail-type': 'EC2 Something Else' };
    const result = await played(
      [
        { at: '10s', event },
        { at: '20s', event: unknown },
      ],
      { sweeps: 'none' },
    );
    expect(beginnings(result)).toEqual(['10.5 failover']);
  });

  it('should let the lines of a moment happen in their order, before the sweep of that moment', async () => {
    const tag = (value: string | null) => ({ at: '1m', tag: { resource: 'eni', key: 'k', value } });
    const { timeline } = await played([tag('1'), { at: '0s', recover: { instance: 'a' } }, tag(null)]);
    const lines = timeline.filter(({ kind }) => kind === 'line').map(({ at, text }) => `${at} ${text.split(' ')[0]}`);
    expect(lines).toEqual(['0s recover', '1m tag', '1m tag']);
    expect(timeline.findIndex(({ at, kind }) => at === '1m' && kind === 'line')).toBeLessThan(
      timeline.findIndex(({ text }) => text.includes('-sweep')),
    );
  });

  it('should take a request to the function, ids filled in, and keep its answer', async () => {
    const invoke = { action: 'plan', group: 'web', to: '${b}' };
    const { answers, ids } = await played([{ at: '5s', invoke, as: 'mine' }], { sweeps: 'none' });
    expect(answers['mine']).toMatchObject({ groups: [{ group: 'web', operation: { to: ids.get('b') } }] });
  });

  it('should keep what a refused request is told, and not try it again', async () => {
    const result = await played([{ at: '5s', invoke: { action: 'dance' }, as: 'mine' }], { sweeps: 'none' });
    expect(result.answers['mine']).toMatchObject({ errorType: 'InvalidRequest' });
    expect(beginnings(result)).toEqual(['5 failover']);
  });

  it('should let a failed check show at the next full minute', async () => {
    const result = await played([{ at: '70s', fail: { instance: 'a', check: 'ebs' } }], { until: '6m' });
    expect(told(result, 'alarm')).toEqual([expect.stringMatching(/^3m\d+\.?\d*s eni-failover\/web\/a OK -> ALARM$/)]);
    expect(placesOf(result).at(-1)).toMatch(/attached b$/);
  });

  it('should let somebody at the console do what EC2 lets them do, and say what it refused', async () => {
    const hand = (at: string, given: Document) => ({ at, hand: given });
    const result = await played(
      [
        hand('1s', { attach: 'eni', to: 'b' }),
        hand('2s', { detach: 'eni' }),
        hand('10s', { attach: 'eni', to: 'b', index: 2 }),
      ],
      { sweeps: 'none' },
    );
    expect(told(result, 'note')).toEqual([
      expect.stringMatching(/^1s AttachNetworkInterface by hand is refused: Invalid/),
    ]);
    const [, ...places] = placesOf(result);
    expect(places.map((place) => place.replace(/^\d+\.\d+ /, ''))).toEqual([
      '2 detaching a',
      'nobody',
      '10 attaching b',
      'attached b',
    ]);
    expect(result.calls).toEqual([]);
  });

  it('should let a fault meet whoever calls', async () => {
    const ec2 = { action: 'DetachNetworkInterface', interface: 'eni', then: 'stuck', times: 'always' };
    const result = await played(
      [
        { at: '0s', ec2 },
        { at: '2s', hand: { detach: 'eni' } },
      ],
      { sweeps: 'none' },
    );
    expect(placesOf(result)).toEqual(['0 attached a', '2 detaching a']);
  });

  it('should decide by the packaged roles and settings', async () => {
    const invoke = { action: 'failover', group: 'web', to: '${b}' };
    const result = await played([{ at: '5s', invoke }], { sweeps: 'none', deployment: { tagPrefix: 'mine:' } });
    expect(placesOf(result).at(-1)).toMatch(/attached b$/);
    const world = { instances: { a: {}, b: { groups: null } }, interfaces: { eni: {} }, sweeps: 'none' };
    const other = await played(
      [
        { at: '5s', tag: { resource: 'a', key: 'eni-failover:group', value: null } },
        { at: '6s', invoke },
      ],
      world,
    );
    expect(placesOf(other)).toEqual(['0 attached a']);
  });

  it('should try an event again that no run could handle, and count what ends in the queue', async () => {
    const deny = { action: 'DescribeInstances', then: 'deny', times: 'always' };
    const event = {
      source: 'aws.ec2',
      'detail-type': 'EC2 Instance State-change Notification',
      detail: { 'instance-id': '${a}', state: 'stopping' },
    };
    const result = await played(
      [
        { at: '0s', ec2: deny },
        { at: '1s', event },
      ],
      { sweeps: 'none', until: '5m' },
    );
    expect(beginnings(result).map((each) => Number.parseInt(each, 10))).toEqual([1, 61, 175]);
    expect(result.queued).toBe(1);
  });
});
