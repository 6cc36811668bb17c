import { Scene, START } from '../../support/watching.ts';

/** An old holder that is marked, beside another standby that answers. */
function beside(): Scene {
  const standbys = [
    { id: 'i-b1', address: '10.0.1.2' },
    { id: 'i-c1', address: '10.0.1.3' },
  ];
  const scene = new Scene().add(1, { marked: ['i-b1'], standbys });
  scene.network.set('10.0.1.3', 'answered', START - 1);
  return scene;
}

describe('an old holder at which nobody answered', () => {
  it('should be told of once it answers, although the new one serves, and not again in that run', async () => {
    const scene = beside();
    scene.network.set('10.0.1.2', 'silent', START - 1);
    scene.network.set('10.0.1.2', 'refused', START + 30_000);
    await scene.run();
    expect(scene.told).toMatchObject([
      {
        verdict: 'serving',
        acts: false,
        confirmed: 'unasked',
        standbys: [{ instanceId: 'i-b1', answers: true }, { instanceId: 'i-c1' }],
      },
    ]);
    expect(scene.told[0]?.toldAt).toBeGreaterThan(START + 30_000);
  });

  it('should not be told of while it is silent, nor where it is not marked', async () => {
    const scene = beside().add(2);
    scene.network.set('10.0.1.2', 'silent', START - 1);
    await scene.run();
    expect(scene.told).toEqual([]);
  });
});
