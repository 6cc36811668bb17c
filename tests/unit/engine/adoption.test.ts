import { VirtualClock, withRandom } from '../../../lab/clock.ts';
import { Random } from '../../../lab/random.ts';
import { AwsCallError } from '../../../lib/errors.ts';
import type { Cloud } from '../../../lib/engine/ports.ts';
import { freshProcess, type Run } from '../../../lib/engine/run.ts';
import { sweep } from '../../../lib/engine/sweep.ts';
import {
  attachment,
  floating,
  inAlarm,
  member,
  MINUTE_MS,
  NOW,
  settings,
  T3_SMALL,
} from '../../support/observation.ts';
import { at, Stage } from '../../support/stage.ts';
import { enterIntoTheBooks, pairs } from './pairs.ts';

/** One sweep a minute; what each of them announced. */
async function newsOf(stage: Stage, sweeps: number): Promise<readonly string[]> {
  const news: string[] = [];
  for (let nth = 0; nth < sweeps; nth += 1) {
    await stage.clock.advance(MINUTE_MS);
    news.push(...(await stage.sweep()).groups.flatMap((group) => group.news ?? []));
  }
  return news;
}

describe('a group that no sweep has seen', () => {
  it.each(['pair', 'two-interfaces'] as const)(
    'should not have its own members announced as new after its first failover (%s)',
    async (scenario) => {
      const stage = new Stage();
      const scene = stage.build(scenario);
      expect((await stage.result(await stage.fail(scene.holder))).operation?.result).toBe('done');
      expect(stage.ledger(scene.interfaces[0])?.members).toEqual([...scene.members].sort());
      // The old holder is no standby any more, and that is all there is to tell.
      expect(await newsOf(stage, 3)).toEqual([expect.stringContaining('No redundancy')]);
    },
  );

  it('should not have them announced after a failover that failed', async () => {
    const stage = new Stage();
    const scene = stage.build('pair');
    const event = await stage.fail(scene.holder);
    stage.deny('AttachNetworkInterface', at(scene.members, 1));
    await expect(stage.invoke(event)).rejects.toMatchObject({ code: 'OperationFailed' });
    stage.heal();
    expect(await newsOf(stage, 3)).not.toContainEqual(expect.stringContaining('is a new member'));
  });

  it.each(['pause', 'acknowledge'])('should not have them announced after a person’s %s', async (action) => {
    const stage = new Stage();
    const scene = stage.build('pair');
    await stage.invoke({ action, group: 'web' });
    expect(stage.ledger(scene.interfaces[0])?.members).toEqual([...scene.members].sort());
    expect(await newsOf(stage, 3)).toEqual([]);
  });

  it('should not have them announced after a trouble was noted', async () => {
    const stage = new Stage();
    const scene = stage.build('other-az');
    stage.world.stopInstance(scene.holder);
    await newsOf(stage, 1);
    expect(stage.ledger(scene.interfaces[0])?.members).toEqual([...scene.members].sort());
    expect(await newsOf(stage, 3)).toEqual([]);
  });
});

/** So many healthy groups of two members each, in a cloud that answers at once and keeps the tags it is given. */
function newGroups(count: number, deleteOnTermination = false) {
  const clock = new VirtualClock(NOW);
  const tagsOf = new Map<string, Readonly<Record<string, string>>>();
  const groups = Array.from({ length: count }, (_, nth) => {
    const [group, digits] = [`g${nth}`, `${10_000_000 + nth}`];
    const tags = { 'eni-failover:group': group };
    const members = ['a', 'b'].map((letter) => member(`i-${letter}${digits}`, { tags }));
    tagsOf.set(`eni-${digits}`, tags);
    return { eni: `eni-${digits}`, members };
  });
  const views = () =>
    groups.map(({ eni, members: [holder] }) => {
      const risky = deleteOnTermination && !mended.has(eni);
      const held = attachment(eni, holder?.id ?? '', { id: `attach-${eni}`, deleteOnTermination: risky });
      return floating(eni, held, { tags: tagsOf.get(eni) ?? {} });
    });
  const mended = new Set<string>();
  /** Interfaces whose tags a policy refuses. */
  const refuses = new Set<string>();
  const writes: string[] = [];
  const cloud = {
    interfaces: async () => ({ views: views(), unreadable: [] }),
    members: async () => ({ views: groups.flatMap(({ members }) => members), unreadable: [] }),
    alarmsInAlarm: async () => inAlarm(),
    impairedChecks: async () => ({}),
    typeLimits: async () => ({ 't3.small': T3_SMALL }),
    modifyDeleteOnTermination: async (eni: string) => void mended.add(eni),
    writeTags: async (ids: readonly string[], tags: Readonly<Record<string, string>>) => {
      if (ids.some((id) => refuses.has(id)))
        throw new AwsCallError('denied', 'ec2:CreateTags', 'Denied', 'by a policy');
      for (const id of ids) tagsOf.set(id, { ...tagsOf.get(id), ...tags });
      writes.push(...ids);
    },
  } as unknown as Cloud;
  const run: Run = {
    cloud,
    clock: withRandom(clock, new Random(1)),
    settings: settings(),
    id: 'run',
    confirmed: new Set(),
    log: () => undefined,
    process: freshProcess(),
    deadlineAt: NOW + MINUTE_MS,
  };
  return { run, writes, mended, refuses, enis: groups.map(({ eni }) => eni) };
}

describe('a thousand groups that no sweep has seen', () => {
  it('should be entered into the books within 30 sweeps, 40 by each', async () => {
    const { run, writes } = newGroups(1_000);
    const written: number[] = [];
    for (let nth = 0; nth < 30; nth += 1) {
      const before = writes.length;
      const told = await sweep(run);
      written.push(writes.length - before);
      expect(told.filter(({ news }) => news !== undefined)).toHaveLength(written[nth] ?? 0);
    }
    expect(written).toEqual([...Array<number>(25).fill(40), 0, 0, 0, 0, 0]);
    expect(new Set(writes).size).toBe(1_000);
  });
});

describe('groups whose tags are refused for ever', () => {
  it.each(['warm', 'cold'])(
    'should keep no other group out of the books, however many they are, in a %s process',
    async (process) => {
      const { run, writes, refuses, enis } = newGroups(100);
      for (const eni of enis.slice(0, 60)) refuses.add(eni);
      for (let nth = 0; nth < 12; nth += 1) {
        if (process === 'cold') run.process.unwritten.clear();
        await sweep(run);
      }
      expect(new Set(writes)).toEqual(new Set(enis.slice(60)));
    },
  );
});

describe('a hundred new groups whose interfaces would be deleted with their holders', () => {
  it('should all be mended by the first sweep, and then entered, 40 by each', async () => {
    const { run, writes, mended } = newGroups(100, true);
    await sweep(run);
    expect([mended.size, writes.length]).toEqual([100, 0]);
    await sweep(run);
    expect([mended.size, writes.length]).toEqual([100, 40]);
  });
});

describe('a failing group among many that no sweep has seen', () => {
  it('should have been moved before any of them is entered into the books', async () => {
    const stage = new Stage();
    const scenes = pairs(stage, 50);
    const failing = at(scenes, 25);
    enterIntoTheBooks(stage, failing);
    stage.world.stopInstance(failing.holder);
    const { groups } = await stage.sweep();
    expect(groups.map(({ code }) => code)).toEqual(['failover', ...Array<string>(40).fill('holder-healthy')]);
    const eni = at(failing.interfaces, 0);
    const mine = stage.changesSince(0).map(({ input }) => JSON.stringify(input).includes(eni));
    const actions = stage.changes();
    expect(actions.slice(0, 4)).toEqual([
      'CreateTags',
      'DetachNetworkInterface',
      'AttachNetworkInterface',
      'CreateTags',
    ]);
    expect([mine[0], mine[2], mine[3]]).toEqual([true, true, true]);
    expect(actions.slice(4)).toEqual(Array<string>(40).fill('CreateTags'));
    expect(mine.slice(4)).not.toContain(true);
  });
});

describe('a group whose ledger could never be begun, because its checks could not be read', () => {
  const ALMOST_FULL = Object.fromEntries(Array.from({ length: 44 }, (_, nth) => [`team:${nth}`, 'x']));

  /** A sweep has seen two interfaces on a member, of which one has no room for a ledger; then somebody detaches the other. */
  async function partDetached() {
    const stage = new Stage();
    const scene = stage.build('two-interfaces');
    const [eni, other] = [at(scene.interfaces, 0), at(scene.interfaces, 1)];
    stage.world.retag(eni, ALMOST_FULL);
    stage.goesWrong('DescribeInstanceStatus', { kind: 'throttle' }, 'every');
    const warm = stage.app('warm');
    const sweep = async () => {
      await stage.clock.advance(MINUTE_MS);
      return stage.clock.run(warm.sweep({ runId: 'sweep', remainingMs: 55_000 }));
    };
    return { stage, scene, other, sweep, detach: () => stage.world.detachByHand(other) };
  }

  it('should have a part that lost its place attached by the process that saw it serve', async () => {
    const { stage, scene, other, sweep, detach } = await partDetached();
    await sweep();
    detach();
    for (let nth = 0; nth < 3; nth += 1) await sweep();
    expect(stage.world.interface(other)?.attachment).toMatchObject({ instanceId: scene.holder, status: 'attached' });
  });

  it('should tell people what to do about it, where the process has not seen it', async () => {
    const { stage, scene, other, sweep, detach } = await partDetached();
    detach();
    const said: string[] = [];
    for (let nth = 0; nth < 3; nth += 1) said.push(JSON.stringify(await sweep()));
    expect(stage.world.interface(other)?.attachment).toBeUndefined();
    expect(said.join('\n')).toContain(`it is attached to nothing; attach it to ${scene.holder}.`);
  });
});
