import { type Bench, UNKNOWN } from './bench.ts';
import { failureOf } from './fixture.ts';

/** While the interface is attached to its holder. */
export function refusals(bench: Bench): void {
  bench.should('call an interface that is attached in use', async () => {
    expect((await failureOf(bench.fixture.cloud.attach(bench.toStandby()))).failure).toBe('in-use');
    expect((await bench.look()).attachment?.id).toBe(bench.fixture.floating.attachment?.id);
  });

  bench.should('call an unknown interface, instance or attachment gone', async () => {
    const { cloud } = bench.fixture;
    expect((await failureOf(cloud.attach(bench.toStandby({ interfaceId: UNKNOWN.eni })))).failure).toBe('gone');
    expect((await failureOf(cloud.detach(UNKNOWN.attachment, false))).failure).toBe('gone');
  });

  bench.should('call a malformed interface id invalid', async () => {
    expect(
      (await failureOf(bench.fixture.cloud.attach(bench.toStandby({ interfaceId: 'eni-nonsense' })))).failure,
    ).toBe('invalid');
  });

  bench.should('call a malformed instance id invalid', async () => {
    expect((await failureOf(bench.fixture.cloud.statusChecks(['i-nonsense']))).failure).toBe('invalid');
  });

  bench.should('refuse to detach a primary interface', async () => {
    const primary = bench.fixture.standby.slots.find(({ deviceIndex }) => deviceIndex === 0);
    const {
      views: [view],
    } = await bench.fixture.cloud.interfacesById([primary?.interfaceId ?? '']);
    const error = await failureOf(bench.fixture.cloud.detach(view?.attachment?.id ?? '', false));
    expect(error).toMatchObject({ failure: 'refused', awsCode: 'OperationNotPermitted' });
  });

  bench.should('call it denied when a stranger asks', async () => {
    const { stranger, floating } = bench.fixture;
    expect((await failureOf(stranger.interfaces())).failure).toBe('denied');
    expect((await failureOf(stranger.detach(floating.attachment?.id ?? '', false))).failure).toBe('denied');
    // Alarms that may not be read are missing, and said to be: the instances can still be judged by their checks.
    const cause = expect.stringContaining('(denied)');
    expect(await stranger.alarmsInAlarm()).toMatchObject({ readable: false, cause, mayPass: false });
    expect((await bench.look()).attachment?.id).toBe(floating.attachment?.id);
  });
}
