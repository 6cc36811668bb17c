import type { ProbePorts } from '../../../lib/engine/ports.ts';
import { readWatchInput, type WatchInput } from '../../../lib/watch/input.ts';
import { at, Stage } from '../../support/stage.ts';
import { pairs } from './pairs.ts';

/** A stage whose sweeps start a watch, and what that was handed. */
function watched(given: { fails?: () => boolean; ports?: ProbePorts; of?: 'pair' | 'two-interfaces' } = {}) {
  const inputs: WatchInput[] = [];
  const watcher = {
    start: async (input: WatchInput) => {
      if (given.fails?.()) throw new Error('TooManyRequestsException');
      inputs.push(readWatchInput(JSON.parse(JSON.stringify(input))));
    },
  };
  const stage = new Stage({ probe: { watcher, ...given.ports } });
  const scene = stage.build(given.of ?? 'pair');
  const eni = at(scene.interfaces, 0);
  const standby = at(
    scene.members.filter((id) => id !== scene.holder),
    0,
  );
  const tag = (tags: Readonly<Record<string, string>>) =>
    stage.world.retag(
      eni,
      Object.fromEntries(Object.entries(tags).map(([key, value]) => [`eni-failover:${key}`, value])),
    );
  return { stage, scene, eni, standby, tag, inputs };
}

const groupsIn = ({ inputs }: { inputs: readonly WatchInput[] }) => inputs.at(-1)?.groups ?? [];

describe('a sweep where a probe is deployed', () => {
  it('should start the watch with all that it needs', async () => {
    const all = watched();
    all.tag({ probe: 'tcp:443', 'probe-acts': 'unreachable-only', 'probe-service-after': '20' });
    await all.stage.sweep();
    const view = all.stage.world.interface(all.eni);
    const address = expect.stringMatching(/^10\./);
    expect(groupsIn(all)).toEqual([
      {
        group: all.scene.group,
        zone: view?.zone,
        holder: { id: all.scene.holder, address },
        interfaces: [{ id: all.eni, attachmentId: view?.attachment?.id, address, target: 'tcp:443' }],
        standbys: [{ id: all.standby, address }],
        acts: 'unreachable-only',
        serviceAfterSeconds: 20,
      },
    ]);
  });

  it('should do so before it acts, and wait for nothing', async () => {
    const all = watched();
    all.tag({ probe: 'tcp:443' });
    all.stage.world.terminateInstance(all.scene.holder);
    await all.stage.sweep();
    const first = all.stage.changesSince(0)[0]?.sentMs ?? 0;
    // Its holder is gone: there is nothing to watch until it is on another one.
    expect(groupsIn(all)).toEqual([]);
    await all.stage.clock.advance(60_000);
    await all.stage.sweep();
    expect(groupsIn(all)[0]?.holder.id).toBe(all.standby);
    expect(all.inputs[0]?.readAt).toBeGreaterThan(first);
  });

  it('should start nothing where no interface asks for it, or what it asks cannot be read', async () => {
    const all = watched();
    await all.stage.sweep();
    all.tag({ probe: 'htp:80' });
    const { groups } = await all.stage.sweep();
    expect(all.inputs).toEqual([]);
    expect(groups).toMatchObject([{ code: 'holder-healthy', news: [expect.stringContaining('without a probe')] }]);
    expect((await all.stage.sweep()).groups).toEqual([]);
  });

  it('should not have it judge what is on its way', async () => {
    const all = watched();
    all.tag({ probe: 'tcp:443' });
    const moving = all.stage.begin({ action: 'failover', group: all.scene.group, to: all.standby });
    await all.stage.clock.advance(500);
    const sweeping = all.stage.app('sweep').sweep({ runId: 'sweep', remainingMs: 55_000 });
    await all.stage.clock.run(Promise.all([moving, sweeping]));
    expect(all.inputs).toEqual([]);
  });

  it('should tell a start that failed, once until one succeeds, and sweep all the same', async () => {
    const box = { fails: true };
    const all = watched({ fails: () => box.fails });
    all.tag({ probe: 'tcp:443' });
    const app = all.stage.app('one');
    const sweep = async () =>
      (await all.stage.clock.run(app.sweep({ runId: 'sweep', remainingMs: 55_000 }))).groups.filter(
        ({ group }) => group === null,
      );
    expect(await sweep()).toMatchObject([{ code: 'aws-call-failed', news: [expect.stringContaining('could not be')] }]);
    expect(all.stage.ledger(all.eni)).toBeDefined();
    expect(await sweep()).toEqual([]);
    box.fails = false;
    expect(await sweep()).toEqual([]);
    box.fails = true;
    expect(await sweep()).toHaveLength(1);
  });

  it('should hand over what was told, and whom nobody answered for', async () => {
    const all = watched();
    all.tag({ probe: 'tcp:443' });
    await all.stage.sweep();
    const launched = all.stage.world.instance(all.standby)?.launchMs ?? 0;
    const iso = (ms: number) => new Date(ms).toISOString();
    const short = all.eni.slice(-8);
    const now = all.stage.clock.now();
    const notes = `silent ${all.standby}@${iso(launched)} probe ${short}@${iso(now)}/not-serving/path`;
    all.stage.world.retag(all.eni, { 'eni-failover-state:notes': notes });
    await all.stage.sweep();
    expect(groupsIn(all)).toMatchObject([
      {
        marked: [all.standby],
        interfaces: [{ told: { verdict: 'not-serving', reason: 'path', acts: false }, toldAt: now }],
      },
    ]);
  });

  it('should have it tell again what a move was held up for, and that it answers', async () => {
    const all = watched();
    all.tag({ probe: 'tcp:443' });
    await all.stage.sweep();
    for (const [found, told] of [
      ['unreachable', { verdict: 'unreachable', acts: false }],
      ['not-serving', { verdict: 'not-serving', reason: 'service', acts: false }],
    ] as const) {
      const since = new Date(all.stage.clock.now()).toISOString();
      const notes = `condition holder-${found}/cooldown since ${since}`;
      all.stage.world.retag(all.eni, { 'eni-failover-state:notes': notes });
      await all.stage.sweep();
      expect(groupsIn(all)[0]?.interfaces[0]?.told).toEqual(told);
      expect(all.stage.ledger(all.eni)?.condition?.what).toBe(`holder-${found}/cooldown`);
    }
  });

  it('should hand over what a move was held up for with the interface that it is about, and with no other', async () => {
    const all = watched({ of: 'two-interfaces' });
    const { interfaces } = all.scene;
    for (const id of interfaces) all.stage.world.retag(id, { 'eni-failover:probe': 'tcp:443' });
    await all.stage.sweep();
    const [first, second] = [at(interfaces, 0), at(interfaces, 1)];
    const sweepWith = async (about: string): Promise<readonly unknown[]> => {
      const now = all.stage.clock.now();
      const condition = `condition holder-not-serving/cooldown since ${new Date(now).toISOString()}${about}`;
      for (const id of interfaces) all.stage.world.retag(id, { 'eni-failover-state:notes': condition });
      await all.stage.sweep();
      const handed = groupsIn(all).flatMap((group) => group.interfaces);
      return handed.filter(({ told, toldAt }) => told && toldAt === now).map(({ id }) => id);
    };
    expect(await sweepWith(` of ${second.slice(-8)}`)).toEqual([second]);
    expect(await sweepWith(` of ${first.slice(-8)}`)).toEqual([first]);
    // One that names none may be about any.
    expect(await sweepWith('')).toHaveLength(2);
  });

  it('should name neighbours in the subnet as witnesses: what other groups have on other instances', async () => {
    const all = watched();
    all.tag({ probe: 'tcp:443' });
    const scenes = pairs(all.stage, 5);
    await all.stage.sweep();
    const neighbours = groupsIn(all)[0]?.neighbours ?? [];
    expect(groupsIn(all)).toHaveLength(1);
    expect(neighbours).toHaveLength(3);
    for (const { id } of neighbours) expect(scenes.flatMap(({ interfaces }) => interfaces)).toContain(id);
  });
});

describe('an interface outside the VPC of the probes', () => {
  /** A sweep in a process that goes on, and what was said in it that is new. */
  const news = async (all: ReturnType<typeof watched>) => {
    const { groups } = await all.stage.sweep();
    return groups.flatMap((group) => group.news ?? []).filter((each) => each.includes('no probe is'));
  };

  it('should be told once, be among the warnings, and not be watched', async () => {
    const all = watched({ ports: { probeSubnets: ['subnet-0123456789abcdef0'] } });
    all.tag({ probe: 'tcp:443' });
    // Something is in the probe's subnet, in another VPC.
    all.stage.world.addInterface({ subnetId: 'subnet-0123456789abcdef0', vpcId: 'vpc-0123456789abcdef0' });
    await all.stage.sweep();
    expect(await news(all)).toHaveLength(1);
    expect(await news(all)).toEqual([]);
    expect(all.inputs).toEqual([]);
    const { warnings } = await all.stage.result({ action: 'status', group: all.scene.group });
    expect(warnings).toEqual([expect.stringMatching(/^probe-out-of-reach: .*where no probe is\.$/)]);
  });

  it('should be watched as long as nobody knows where the probes are', async () => {
    const all = watched({ ports: { probeSubnets: ['subnet-0123456789abcdef0'] } });
    all.tag({ probe: 'tcp:443' });
    expect(await news(all)).toEqual([]);
    expect(groupsIn(all)).toHaveLength(1);
  });
});
