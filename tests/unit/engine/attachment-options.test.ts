import { at, Stage, type StageOptions } from '../../support/stage.ts';

const EXPRESS = { EnaSrdEnabled: true, EnaSrdUdpSpecification: { EnaSrdUdpEnabled: true } };

/** A pair whose interface was attached with ENA Express and four queues, and whose holder has failed. */
async function failedPair(options: StageOptions = {}) {
  const stage = new Stage(options);
  const scene = stage.build('pair');
  const eni = at(scene.interfaces, 0);
  const view = stage.world.interface(eni);
  if (!view?.attachment) throw new Error('the interface is attached');
  const attachment = { ...view.attachment, enaSrd: EXPRESS, enaQueueCount: 4 };
  stage.world.interfaces.put(eni, { ...view, attachment });
  const event = await stage.fail(scene.holder);
  return { stage, scene, event, eni, standby: at(scene.members, 1) };
}

const asked = (stage: Stage) =>
  stage.callsOf('AttachNetworkInterface').map(({ input }) => [input['EnaSrdSpecification'], input['EnaQueueCount']]);

describe('what belongs to an attachment', () => {
  it('should be asked for again by the attach', async () => {
    const { stage, event, eni, standby } = await failedPair();
    const { operation, warnings } = await stage.result(event);
    expect(stage.world.interface(eni)?.attachment).toMatchObject({
      enaSrd: EXPRESS,
      enaQueueCount: 4,
      instanceId: standby,
    });
    expect([operation?.result, warnings, asked(stage)]).toEqual(['done', undefined, [[EXPRESS, 4]]]);
  });

  it('should be remembered while the interface is on nothing', async () => {
    const { stage, event, eni, standby } = await failedPair();
    stage.goesWrong('AttachNetworkInterface', { kind: 'throttle' });
    stage.goesWrong('AttachNetworkInterface', { kind: 'timeout' }, 2);
    await stage.result(event);
    expect(stage.world.interface(eni)?.attachment).toMatchObject({
      enaSrd: EXPRESS,
      enaQueueCount: 4,
      instanceId: standby,
    });
  });

  it('should be done without where it is refused, and be told', async () => {
    const { stage, event, eni, standby } = await failedPair({ quirks: { enaSettings: 'refused' } });
    const { operation, warnings, rejected } = await stage.result(event);
    expect(stage.world.interface(eni)?.attachment).toMatchObject({ instanceId: standby, enaQueueCount: undefined });
    expect(operation?.result).toBe('done');
    expect(rejected.map(({ code }) => code)).not.toContain('refused-by-ec2');
    expect(asked(stage)).toEqual([
      [EXPRESS, 4],
      [undefined, undefined],
    ]);
    const lost = `${eni} is attached to ${standby} without ENA Express and its 4 ENA queues, which it had before`;
    expect(warnings).toEqual([expect.stringContaining(lost)]);
  });

  it('should not be what a refusal is taken for that nothing was asked with', async () => {
    const { stage, event } = await failedPair();
    stage.goesWrong('AttachNetworkInterface', { kind: 'deny' }, 'every');
    await stage.invoke(event).catch(() => undefined);
    for (const each of asked(stage)) expect(each).toEqual([EXPRESS, 4]);
  });
});
