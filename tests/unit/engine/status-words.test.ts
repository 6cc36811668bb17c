import { at, Stage } from '../../support/stage.ts';

function paired() {
  const stage = new Stage();
  const scene = stage.build('pair');
  const status = async () => (await stage.result({ action: 'status', group: 'web' })).status;
  return { stage, status, holder: scene.holder, standby: at(scene.members, 1), eni: at(scene.interfaces, 0) };
}

describe('a status', () => {
  it('should name instances and interfaces, and have their addresses', async () => {
    const { stage, status, eni, holder } = paired();
    const seen = await status();
    expect(seen?.members.map(({ name }) => name).toSorted()).toEqual(['web-1', 'web-2']);
    expect(seen?.members.find(({ id }) => id === holder)?.address).toBe(
      stage.world.interfacesOf(holder)[0]?.privateIps[0],
    );
    expect(seen?.resources).toMatchObject([
      { name: 'web-floating-1', privateAddresses: stage.world.interface(eni)?.privateIps, publicAddresses: [] },
    ]);
  });

  it('should say what each setting is for the group, and where that comes from', async () => {
    const { stage, status, eni } = paired();
    stage.world.retag(eni, { 'eni-failover:cooldown': '60' });
    await stage.clock.advance(10_000);
    const settings = (await status())?.settings;
    expect(settings).toContainEqual({ name: 'cooldownSeconds', value: 60, from: 'tag eni-failover:cooldown' });
    expect(settings).toContainEqual({ name: 'maxMoves', value: 2, from: 'default' });
  });

  it('should say in a sentence what happens next', async () => {
    const { stage, status, standby, holder } = paired();
    expect((await status())?.next).toBe('Nothing is moved; if the holder failed now, web-2 would take over.');
    await stage.fail(holder);
    expect((await status())?.next).toMatch(/^The next sweep acts: The holder \S+ has the alarm .* takes over\.$/);
    stage.world.stopInstance(standby);
    await stage.clock.advance(60_000);
    expect((await status())?.next).toMatch(/^Nothing is moved: .*No member can take over\.$/);
  });
});
