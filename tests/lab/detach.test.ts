import { attach, detach, freeLab, look, SETTLED_MS } from './moves.ts';
import { startLab } from './support.ts';

describe('detaching', () => {
  it('should go through detaching to available', async () => {
    const lab = startLab();
    expect(await detach(lab)).toBe('ok');
    expect(await look(lab)).toMatchObject({ Status: 'in-use', Attachment: { Status: 'detaching' } });
    await lab.clock.advance(SETTLED_MS);
    expect((await look(lab)).Attachment).toBeUndefined();
  });

  it('should never take the interface from a newer attachment', async () => {
    const lab = startLab();
    const old = lab.attachmentId();
    await detach(lab);
    await lab.clock.advance(SETTLED_MS);
    await attach(lab);
    expect(lab.attachmentId()).not.toBe(old);
    expect(await detach(lab, { id: old })).toBe('InvalidAttachmentID.NotFound');
    expect(await detach(lab, { id: lab.eni })).toBe('InvalidNetworkInterfaceAttachmentId.Malformed');
  });

  it('should be refused for the primary interface and for managed ones', async () => {
    const lab = startLab();
    const [primary] = lab.world.interfacesOf(lab.holder);
    expect(await detach(lab, { id: primary?.attachment?.id ?? '' })).toBe('OperationNotPermitted');
    const managed = lab.world.addInterface({ requesterManaged: true }, { instanceId: lab.holder, deviceIndex: 2 });
    expect(await detach(lab, { id: managed.attachment?.id ?? '' })).toBe('OperationNotPermitted');
  });

  it('should be possible at index 0 of any card but the first', async () => {
    const lab = startLab();
    const big = lab.world.addInstance({ type: 'p4d.24xlarge' });
    const second = lab.world.addInterface({}, { instanceId: big.id, deviceIndex: 0, networkCardIndex: 1 });
    expect(await detach(lab, { id: second.attachment?.id ?? '' })).toBe('ok');
  });

  it('should be possible while attaching, and stay detached', async () => {
    const lab = await freeLab();
    await attach(lab);
    expect(await detach(lab)).toBe('ok');
    await lab.clock.advance(SETTLED_MS);
    expect(lab.world.holderOf(lab.eni)).toBeUndefined();
  });

  it.each(['accepted', 'refused'] as const)('should be %s a second time, when told so', async (answer) => {
    const lab = startLab({ quirks: { plainDetachWhileDetaching: answer, forcedDetachWhileDetaching: answer } });
    await detach(lab);
    const expected = answer === 'accepted' ? 'ok' : 'IncorrectState';
    expect(await detach(lab)).toBe(expected);
    expect(await detach(lab, { force: true })).toBe(expected);
  });

  it('should hang with a hung guest until it is forced', async () => {
    const lab = startLab();
    lab.world.failInstance(lab.holder, { hangsDetach: true });
    await detach(lab);
    await lab.clock.advance(3_600_000);
    expect(await look(lab)).toMatchObject({ Attachment: { Status: 'detaching' } });
    expect(await detach(lab, { force: true })).toBe('ok');
    await lab.clock.advance(SETTLED_MS);
    expect(lab.world.holderOf(lab.eni)).toBeUndefined();
  });

  it.each(['recovers', 'is stopped', 'is rebooted'])('should come to its end when the hung guest %s', async (what) => {
    const lab = startLab();
    lab.world.hangDetach(lab.holder);
    await detach(lab);
    if (what === 'recovers') lab.world.recoverInstance(lab.holder);
    if (what === 'is stopped') lab.world.stopInstance(lab.holder);
    if (what === 'is rebooted') lab.world.rebootInstance(lab.holder);
    await lab.clock.advance(120_000);
    expect(lab.world.holderOf(lab.eni)).toBeUndefined();
  });

  it('should leave the forced device index refused on the old holder until it was stopped and started', async () => {
    const lab = startLab();
    await detach(lab, { force: true });
    await lab.clock.advance(SETTLED_MS);
    expect(await attach(lab, { to: lab.holder })).toBe('InvalidParameterValue');
    lab.world.rebootInstance(lab.holder);
    await lab.clock.advance(120_000);
    expect(await attach(lab, { to: lab.holder })).toBe('InvalidParameterValue');
    lab.world.stopInstance(lab.holder);
    await lab.clock.advance(120_000);
    lab.world.startInstance(lab.holder);
    await lab.clock.advance(120_000);
    expect(await attach(lab, { to: lab.holder })).toBe('ok');
  });

  it('should free the forced device index at once, or by a reboot, when told so', async () => {
    const harmless = startLab({ quirks: { forcedIndexRefused: false } });
    await detach(harmless, { force: true });
    await harmless.clock.advance(SETTLED_MS);
    expect(await attach(harmless, { to: harmless.holder })).toBe('ok');
    const lab = startLab({ quirks: { restartThatClearsIndex: 'reboot' } });
    await detach(lab, { force: true });
    await lab.clock.advance(SETTLED_MS);
    lab.world.rebootInstance(lab.holder);
    await lab.clock.advance(120_000);
    expect(await attach(lab, { to: lab.holder })).toBe('ok');
  });

  it.each(['accepted', 'refused'] as const)('should be %s in a transition, when told so', async (answer) => {
    const lab = startLab({ quirks: { detachInTransition: answer } });
    lab.world.stopInstance(lab.holder);
    expect(await detach(lab)).toBe(answer === 'accepted' ? 'ok' : 'IncorrectState');
  });
});
