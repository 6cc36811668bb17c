import type { Scene } from '../../../demo/scenarios.ts';
import { type VerdictDetail, verdictEvent } from '../../../lib/probe/verdict-event.ts';
import type { SecondLook } from '../../../lib/probe/verdict.ts';
import { verdict } from '../../support/probe.ts';
import { ScriptedProber, SERVED, SILENT } from '../../support/prober.ts';
import { at, Stage } from '../../support/stage.ts';

/** A pair with a probe, and probes that see this, look by look. */
function probedPair(script: readonly (readonly SecondLook[])[], tags: Readonly<Record<string, string>> = {}) {
  const box: { stage?: Stage } = {};
  const prober = new ScriptedProber(() => box.stage ?? new Stage(), script);
  const stage = new Stage({ probe: { prober } });
  box.stage = stage;
  const scene = stage.build('pair');
  const eni = at(scene.interfaces, 0);
  stage.world.retag(eni, { 'eni-failover:probe': 'tcp:443', ...tags });
  const standby = at(
    scene.members.filter((id) => id !== scene.holder),
    0,
  );
  return { stage, scene, eni, standby, prober };
}

/** What the probe would say now of the holder. */
function event(
  { stage, scene, standby }: Pick<ReturnType<typeof probedPair>, 'stage' | 'scene' | 'standby'>,
  given: Partial<VerdictDetail> = {},
) {
  const interfaceId = at(scene.interfaces, 0);
  const now = stage.clock.now();
  return verdictEvent(
    verdict({
      group: scene.group,
      interfaceId,
      attachmentId: stage.world.interface(interfaceId)?.attachment?.id ?? 'none',
      instanceId: scene.holder,
      at: now,
      lastAnswerAt: now - 3_000,
      witness: { id: standby, answeredAt: now - 500 },
      standbys: [{ instanceId: standby, answers: true }],
      ...given,
    }),
  );
}

const heldBy = ({ stage, scene }: { stage: Stage; scene: Scene }) => stage.world.holderOf(at(scene.interfaces, 0));

describe('a verdict of the probe', () => {
  it('should move the group after one more look, while EC2 calls the holder well', async () => {
    const pair = probedPair([[SILENT]]);
    const result = await pair.stage.result(event(pair));
    expect(result).toMatchObject({ analysis: 'holder-unreachable', code: 'failover', operation: { result: 'done' } });
    expect(heldBy(pair)).toBe(pair.standby);
  });

  it('should ask by the addresses that EC2 has just told, once, at the time of the other reads', async () => {
    const pair = probedPair([[SILENT]]);
    const began = pair.stage.clock.now();
    await pair.stage.invoke(event(pair));
    expect(pair.prober.asked).toHaveLength(1);
    const [asked] = pair.prober.asked;
    expect(asked).toMatchObject({ id: pair.eni, target: 'tcp:443', standbys: [{ id: pair.standby }] });
    for (const address of [asked?.address, asked?.own, asked?.standbys[0]?.address]) expect(address).toMatch(/^10\./);
    const intent = pair.stage.callsOf('CreateTags')[0]?.sentMs ?? 0;
    // One round trip to find the addresses, and the look.
    expect(intent - began).toBeLessThanOrEqual(1_200 + 60);
  });

  it('should force the detach from a guest that hangs after two seconds', async () => {
    const pair = probedPair([[SILENT]]);
    pair.stage.world.failInstance(pair.scene.holder, { noticedAfterMs: 600_000, hangsDetach: true });
    const { operation } = await pair.stage.result(event(pair));
    const force = operation?.steps.find(({ kind }) => kind === 'force-detach');
    expect(operation?.result).toBe('done');
    expect(force).toBeDefined();
    expect(operation?.durationMs).toBeLessThan(6_500);
  });

  it('should move nothing when the second look is answered, by whichever probe', async () => {
    const pair = probedPair([[SILENT, SERVED]]);
    expect(await pair.stage.result(event(pair))).toMatchObject({ code: 'probe-answers', decision: 'no-action' });
    expect(pair.stage.changes()).toEqual([]);
  });

  it('should move nothing while no probe answers, and ask again until the verdict is history', async () => {
    const pair = probedPair([[]]);
    const began = pair.stage.clock.now();
    expect(await pair.stage.result(event(pair))).toMatchObject({ code: 'probe-unconfirmed' });
    expect(pair.stage.changes()).toEqual([]);
    expect(pair.prober.asked.length).toBeGreaterThan(5);
    expect(pair.stage.clock.now() - began).toBeLessThanOrEqual(30_000);
  });

  it('should move the group when a probe that was throttled answers after all', async () => {
    const pair = probedPair([[], [], [SILENT]]);
    expect(await pair.stage.result(event(pair))).toMatchObject({ code: 'failover', operation: { result: 'done' } });
  });

  it('should move nothing before a probe that is blind or slow itself', async () => {
    for (const look of [
      { ...SILENT, witnesses: ['silent'] },
      { ...SILENT, isSlow: true },
    ] as const) {
      const pair = probedPair([[look]]);
      expect((await pair.stage.result(event(pair))).code).toBe('probe-unconfirmed');
    }
  });

  it('should move nothing where no probe is deployed to confirm it', async () => {
    const pair = probedPair([[SILENT]]);
    const { probe: _, ...options } = pair.stage.options;
    (pair.stage as { options: object }).options = options;
    expect((await pair.stage.result(event(pair))).code).toBe('probe-unconfirmed');
  });

  it('should cost no call when it is history, or about no interface of the group', async () => {
    const pair = probedPair([[SILENT]]);
    const old = event(pair);
    await pair.stage.clock.advance(30_001);
    expect(await pair.stage.result(old)).toMatchObject({ group: null, code: 'verdict-is-history' });
    expect(pair.stage.world.calls).toEqual([]);
    const strange = event(pair, { interfaceId: 'eni-0123456789abcdef0' });
    expect(await pair.stage.result(strange)).toMatchObject({ group: null, code: 'verdict-is-history' });
    expect(pair.prober.asked).toEqual([]);
  });

  it('should move nothing, and ask nobody, about an attachment that has ended', async () => {
    const pair = probedPair([[SILENT]]);
    const old = event(pair);
    await pair.stage.invoke({ action: 'failover', group: pair.scene.group, to: pair.standby });
    await pair.stage.invoke({ action: 'failover', group: pair.scene.group, to: pair.scene.holder });
    const changes = pair.stage.changes().length;
    expect((await pair.stage.result(old)).code).toBe('verdict-overtaken');
    expect([pair.stage.changes().length, pair.prober.asked]).toEqual([changes, []]);
  });

  it('should ask nobody where the group wants to be told only', async () => {
    const pair = probedPair([[SILENT]], { 'eni-failover:probe-acts': 'report' });
    expect(await pair.stage.result(event(pair))).toMatchObject({ code: 'probe-reported', news: [expect.any(String)] });
    expect(pair.prober.asked).toEqual([]);
    expect((await pair.stage.result(event(pair))).news).toBeUndefined();
  });

  it('should be confirmed by nobody for an interface without a readable probe', async () => {
    const pair = probedPair([[SILENT]], { 'eni-failover:probe': 'htp:80' });
    expect((await pair.stage.result(event(pair))).code).toBe('probe-unconfirmed');
    expect(pair.prober.asked).toEqual([]);
  });
});

describe('after a move by the word of the probe', () => {
  it('should leave the old holder marked in the ledger, and rank it last, until it answers', async () => {
    const pair = probedPair([[SILENT]]);
    await pair.stage.invoke(event(pair));
    const { silent, operation } = pair.stage.ledger(pair.eni) ?? {};
    expect(silent).toMatchObject([{ instanceId: pair.scene.holder }]);
    expect(operation).toMatchObject({ probed: true });
    await pair.stage.sweep();
    expect(pair.stage.ledger(pair.eni)?.silent).toHaveLength(1);
    const back = event(
      { ...pair, scene: { ...pair.scene, holder: pair.standby } },
      { verdict: 'serving', acts: false, standbys: [{ instanceId: pair.scene.holder, answers: true }] },
    );
    expect((await pair.stage.result(back)).news).toEqual([expect.stringContaining('answers the probe again')]);
    expect(pair.stage.ledger(pair.eni)?.silent).toBeUndefined();
  });

  it('should tell once that the new holder does not serve, and move it no further', async () => {
    const pair = probedPair([[SILENT]]);
    await pair.stage.invoke(event(pair));
    await pair.stage.clock.advance(31_000);
    const moved = { ...pair, scene: { ...pair.scene, holder: pair.standby } };
    const never = { verdict: 'probe-never-answered', acts: false, lastAnswerAt: null, standbys: [] } as const;
    const changes = pair.stage.callsOf('AttachNetworkInterface').length;
    expect(await pair.stage.result(event(moved, never))).toMatchObject({
      code: 'moved-not-serving',
      news: [expect.stringContaining('has not answered it there')],
    });
    expect((await pair.stage.result(event(moved, never))).news).toBeUndefined();
    const loud = event(moved, { lastAnswerAt: null, standbys: [] });
    expect((await pair.stage.result(loud)).code).toBe('probe-reported');
    expect(pair.stage.callsOf('AttachNetworkInterface')).toHaveLength(changes);
    const { warnings, status } = await pair.stage.result({ action: 'status', group: pair.scene.group });
    const iso = expect.stringMatching(/^2026-08-20T10:.*Z$/);
    expect(status?.ledger).toMatchObject({
      silent: [{ instanceId: pair.scene.holder, launchedAt: expect.any(String), at: iso }],
      probe: [{ short: pair.eni.slice(-8), at: iso }],
    });
    expect(warnings).toEqual([expect.stringMatching(/^(moved-not-serving|probe-reported): /)]);
  });
});

describe('a plain failover', () => {
  it('should cost not one call and not one millisecond more where a probe is deployed', async () => {
    const cost = async ({ stage, scene }: { stage: Stage; scene: Scene }) => {
      const alarm = await stage.fail(scene.holder);
      const [calls, began] = [stage.world.calls.length, stage.clock.now()];
      await stage.invoke(alarm);
      return [stage.world.calls.length - calls, stage.clock.now() - began];
    };
    const pair = probedPair([[SILENT]]);
    const plain = new Stage();
    const [withProbe, without] = [await cost(pair), await cost({ stage: plain, scene: plain.build('pair') })];
    expect(pair.prober.asked).toEqual([]);
    expect(withProbe).toEqual(without);
  });
});
