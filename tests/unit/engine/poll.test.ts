import { VirtualClock, withRandom } from '../../../lab/clock.ts';
import { Random } from '../../../lab/random.ts';
import type { InterfaceView } from '../../../lib/core/model.ts';
import { poll, pollIntervalMs } from '../../../lib/engine/poll.ts';
import type { Cloud } from '../../../lib/engine/ports.ts';
import { freshProcess, RESERVE_MS, type Run } from '../../../lib/engine/run.ts';
import { StepLog } from '../../../lib/engine/steps.ts';
import { AwsCallError, type AwsFailure } from '../../../lib/errors.ts';
import { DEFAULT_SETTINGS } from '../../../lib/core/settings.ts';

const START = 1_000_000;

const floating = (id: string) => ({ kind: 'interface', id });

const found = (...views: InterfaceView[]) => ({ views, unreadable: [] });

/** A run whose only call answers at once. */
function runWith(interfacesById: Cloud['interfacesById'], deadlineAt = Number.POSITIVE_INFINITY) {
  const virtual = new VirtualClock(START);
  const clock = { ...withRandom(virtual, new Random(1)), random: () => 0.5 };
  const run: Run = {
    cloud: { interfacesById } as Cloud,
    clock,
    settings: DEFAULT_SETTINGS,
    id: 'run',
    confirmed: new Set(),
    log: () => undefined,
    process: freshProcess(),
    deadlineAt,
  };
  return { run, virtual };
}

describe('the pause between two looks', () => {
  it.each([
    [0, 0.5, 200],
    [0, 0, 160],
    [0, 1, 240],
    [2_500, 0.5, 200],
    [5_000, 0.5, 400],
    [25_000, 0.5, 2_000],
    [600_000, 0.5, 2_000],
    [600_000, 1, 2_400],
  ])('should be, after %i ms and with random %d, %i ms', (waitedMs, random, expected) => {
    expect(pollIntervalMs(waitedMs, random)).toBe(expected);
  });

  it('should never cost more than a tenth of a wait that is longer than 2.5 seconds', () => {
    for (let waitedMs = 2_500; waitedMs < 60_000; waitedMs += 500) {
      expect(pollIntervalMs(waitedMs, 1)).toBeLessThanOrEqual(0.1 * waitedMs);
    }
  });
});

describe('a poll', () => {
  const view = (id: string) => ({ id }) as InterfaceView;

  it('should end without a look when nothing is pending', async () => {
    const read = jest.fn();
    const { run, virtual } = runWith(read);
    const end = virtual.run(poll({ run, pending: () => [], look: () => undefined, until: START + 1 }));
    await expect(end).resolves.toBe('settled');
    expect(read).not.toHaveBeenCalled();
  });

  it('should look at everything that is pending in one read', async () => {
    const asked: string[][] = [];
    const pending = ['eni-1', 'eni-2'];
    const { run, virtual } = runWith(async (ids) => {
      asked.push([...ids]);
      return found(...ids.map(view));
    });
    const look = (id: string) => void pending.splice(pending.indexOf(id), 1);
    await virtual.run(poll({ run, pending: () => [...pending], look, until: START + 60_000 }));
    expect(asked).toEqual([['eni-1', 'eni-2']]);
  });

  it('should tell of those that can be understood beside one that cannot', async () => {
    const seen: [string, unknown][] = [];
    const unreadable = [{ id: 'eni-2', tags: {}, reason: 'it has no zone' }];
    const { run, virtual } = runWith(async () => ({ views: [view('eni-1')], unreadable }));
    const look = (id: string, each: unknown) => void seen.push([id, each]);
    await virtual.run(poll({ run, pending: () => ['eni-1', 'eni-2'], look, until: START + 1 }));
    expect(new Set(seen.map(([id]) => id))).toEqual(new Set(['eni-1']));
  });

  it('should tell of an interface that EC2 does not report any more', async () => {
    const seen: unknown[] = [];
    const { run, virtual } = runWith(async () => found());
    const look = (_: string, shown: InterfaceView | undefined) => void seen.push(shown);
    const pending = () => (seen.length === 0 ? ['eni-1'] : []);
    await virtual.run(poll({ run, pending, look, until: START + 60_000 }));
    expect(seen).toEqual([undefined]);
  });

  it('should not tell of an interface that cannot be understood as one that EC2 does not report', async () => {
    const answers = [{ ...found(), unreadable: [{ id: 'eni-1', reason: 'odd', tags: {} }] }, found(view('eni-1'))];
    const seen: unknown[] = [];
    const { run, virtual } = runWith(async () => answers.shift() ?? found());
    const look = (_: string, shown: InterfaceView | undefined) => void seen.push(shown);
    const pending = () => (seen.length === 0 ? ['eni-1'] : []);
    await virtual.run(poll({ run, pending, look, until: START + 60_000 }));
    expect(seen).toEqual([view('eni-1')]);
  });

  it('should take its first look without a pause', async () => {
    const looks: number[] = [];
    const { run, virtual } = runWith(async (ids) => {
      looks.push(virtual.now() - START);
      return found(...ids.map(view));
    });
    const pending = () => (looks.length === 0 ? ['eni-1'] : []);
    const end = await virtual.run(poll({ run, pending, look: () => undefined, until: START + 60_000 }));
    expect([end, looks]).toEqual(['settled', [0]]);
  });

  it('should take its last look exactly at the end', async () => {
    const looks: number[] = [];
    const { run, virtual } = runWith(async () => {
      looks.push(virtual.now() - START);
      return found();
    });
    const end = await virtual.run(poll({ run, pending: () => ['eni-1'], look: () => undefined, until: START + 500 }));
    expect([end, looks]).toEqual(['expired', [0, 200, 400, 500]]);
  });

  it('should stop while there is time for the last tag write', async () => {
    const { run, virtual } = runWith(async () => found(), START + RESERVE_MS + 1_000);
    const until = START + 600_000;
    const end = await virtual.run(poll({ run, pending: () => ['eni-1'], look: () => undefined, until }));
    expect([end, virtual.now() - START]).toEqual(['out-of-time', 800]);
  });

  it.each<[AwsFailure, boolean]>([
    ['unavailable', true],
    ['throttled', true],
    ['denied', false],
    ['invalid', false],
  ])('should, when a look is %s, go on: %s', async (failure, goesOn) => {
    let looks = 0;
    const { run, virtual } = runWith(async () => {
      looks += 1;
      if (looks === 1) throw new AwsCallError(failure, 'ec2:DescribeNetworkInterfaces', 'Code', 'message');
      return found();
    });
    const end = poll({ run, pending: () => ['eni-1'], look: () => undefined, until: START + 400 });
    if (goesOn) await expect(virtual.run(end)).resolves.toBe('expired');
    else await expect(virtual.run(end)).rejects.toMatchObject({ failure });
  });
});

describe('the log of steps', () => {
  it('should show a step that is still open as unknown, lasting until now', async () => {
    const { run, virtual } = runWith(async () => found());
    const log = new StepLog(run.clock);
    log.begin('detach', 'eni-1', 'i-1');
    await virtual.advance(70);
    expect(log.steps()).toEqual([
      { kind: 'detach', resource: floating('eni-1'), instanceId: 'i-1', result: 'unknown', durationMs: 70 },
    ]);
  });

  it('should keep the steps in the order in which they began', async () => {
    const { run, virtual } = runWith(async () => found());
    const log = new StepLog(run.clock);
    const finishFirst = log.begin('detach', 'eni-1');
    log.begin('detach', 'eni-2')('done');
    await virtual.advance(10);
    finishFirst('failed', 'too slow');
    expect(log.steps()).toEqual([
      { kind: 'detach', resource: floating('eni-1'), result: 'failed', durationMs: 10, reason: 'too slow' },
      { kind: 'detach', resource: floating('eni-2'), result: 'done', durationMs: 0 },
    ]);
  });
});
