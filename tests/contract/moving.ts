import type { InterfaceView } from '../../lib/core/model.ts';
import { type Bench, UNKNOWN } from './bench.ts';
import { eventually, failureOf } from './fixture.ts';

/** From the holder to the standby and back; the cases build on each other. */
export function moving(bench: Bench): void {
  bench.should('change whether the interface dies with its holder', async () => {
    const { cloud, floating } = bench.fixture;
    for (const value of [true, false]) {
      await cloud.modifyDeleteOnTermination(floating.id, floating.attachment?.id ?? '', value);
      const wanted = ({ attachment }: InterfaceView) => attachment?.deleteOnTermination === value;
      const { attachment } = await eventually(() => bench.look(), wanted, `DeleteOnTermination ${value}`);
      expect(attachment?.id).toBe(floating.attachment?.id);
    }
  });

  bench.should('detach until the interface is available', async () => {
    await bench.fixture.cloud.detach(bench.fixture.floating.attachment?.id ?? '', false);
    expect(await bench.settled('available')).not.toHaveProperty('attachment');
    const { views } = await bench.fixture.cloud.members(bench.fixture.group);
    const holder = views.find(({ id }) => id === bench.fixture.holder.id);
    expect(holder?.slots.map(({ interfaceId }) => interfaceId)).not.toContain(bench.fixture.floating.id);
  });

  bench.should('call an attachment that has ended gone', async () => {
    const id = bench.fixture.floating.attachment?.id ?? '';
    expect((await failureOf(bench.fixture.cloud.detach(id, false))).failure).toBe('gone');
    expect((await failureOf(bench.fixture.cloud.detach(id, true))).failure).toBe('gone');
  });

  bench.should('call an unknown instance gone', async () => {
    expect(
      (await failureOf(bench.fixture.cloud.attach(bench.toStandby({ instanceId: UNKNOWN.instance })))).failure,
    ).toBe('gone');
  });

  bench.should('be refused by an instance in another zone', async () => {
    const error = await failureOf(
      bench.fixture.cloud.attach(bench.toStandby({ instanceId: bench.fixture.elsewhere.id })),
    );
    expect(error).toMatchObject({ failure: 'refused', awsCode: 'InvalidParameterCombination' });
  });

  bench.should('be refused at a device index that is taken', async () => {
    const error = await failureOf(bench.fixture.cloud.attach(bench.toStandby({ deviceIndex: 0 })));
    expect(error).toMatchObject({ failure: 'refused', awsCode: 'InvalidParameterValue' });
  });

  bench.should('be refused by an instance without a free slot', async () => {
    const deviceIndex = bench.fixture.full.slots.length;
    const error = await failureOf(
      bench.fixture.cloud.attach(bench.toStandby({ instanceId: bench.fixture.full.id, deviceIndex })),
    );
    expect(error).toMatchObject({ failure: 'refused', awsCode: 'AttachmentLimitExceeded' });
  });

  bench.should('attach at the device index and network card asked for, under a new attachment id', async () => {
    const attachmentId = await bench.fixture.cloud.attach(bench.toStandby());
    const { attachment } = await bench.settled('attached');
    expect(attachment).toEqual({
      id: attachmentId,
      instanceId: bench.fixture.standby.id,
      deviceIndex: 1,
      networkCardIndex: 0,
      status: 'attached',
      deleteOnTermination: false,
      attachedAt: expect.any(Number) as number,
    });
    expect(attachmentId).not.toBe(bench.fixture.floating.attachment?.id);
  });

  bench.should('detach by force as well, and move back', async () => {
    const { attachment } = await bench.look();
    await bench.fixture.cloud.detach(attachment?.id ?? '', true);
    await bench.settled('available');
    await bench.putBack();
    expect((await bench.look()).attachment?.instanceId).toBe(bench.fixture.holder.id);
  });
}
