import { createServer, type Server } from 'node:net';
import { packageOnce } from '../../build/packaging.ts';
import { floating, member } from '../../demo/scenarios.ts';
import { RealClock } from '../../lab/clock.ts';
import { deploy, type Deployment } from '../../lab/package/deploy.ts';
import { World } from '../../lab/world/world.ts';

/**
 * The package with two probes, as it ships: the packaged sweep has the packaged watch begin, that calls the packaged
 * probes, and what they see moves the interface, all under the packaged roles. Plain servers on the loopback stand for
 * the hosts. Real time, for sockets have no other.
 */
const PARAMS = { probeSubnetIds: 'subnet-0123abcd, subnet-0123456789abcdef0', probeSecurityGroupIds: 'sg-0123abcd' };
/** The loopback is never probed, whatever `probeCidrs` says, but in the lab. */
const LOOPBACK = { PROBE_LAB: 'loopback' };

const servers: Server[] = [];
let world: World;
let clock: RealClock;
let deployment: Deployment | undefined;
afterEach(async () => {
  clock.stop();
  await deployment?.close();
  for (const server of servers.splice(0)) server.close();
});

async function listen(host: string, port = 0): Promise<{ port: number; stop: () => void }> {
  const server = createServer((socket) => socket.on('error', () => {}).resume());
  servers.push(server);
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  return { port: (server.address() as { port: number }).port, stop: () => server.close() };
}

const until = async (isSo: () => boolean, what: string, withinMs: number): Promise<void> => {
  const endsAt = Date.now() + withinMs;
  while (!isSo()) {
    if (Date.now() > endsAt) throw new Error(`not within ${withinMs / 1000} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

const addressOf = (id: string): string => {
  const primary = world.interfaces
    .all()
    .find(({ attachment }) => attachment?.instanceId === id && attachment.deviceIndex === 0);
  return primary?.privateIps[0] ?? '';
};

describe('the package with a probe, end to end', () => {
  it('should move the interface within seconds when the service of its holder is gone', async () => {
    clock = new RealClock();
    world = new World({ clock, seed: 5, profile: 'instant', network: '127.0' });
    const scene = floating(world, 'web', [member(world, 'web-1'), member(world, 'web-2')]);
    const [eni = ''] = scene.interfaces;
    const [holder = '', standby = ''] = scene.members;
    const address = world.interface(eni)?.privateIps[0] ?? '';
    const service = await listen(address);
    await listen(addressOf(holder), service.port);
    await listen(addressOf(standby), service.port);
    const tags = world.interface(eni)?.tags as Record<string, string>;
    Object.assign(tags, { 'eni-failover:probe': `tcp:${service.port}`, 'eni-failover:probe-service-after': '0' });

    const asked: string[] = [];
    const logs: string[] = [];
    const pkg = await packageOnce({ params: PARAMS });
    deployment = await deploy(world, pkg, {
      environment: ({ handler }) => (handler === 'functions/probe.handler' ? LOOPBACK : undefined),
      onLog: (line) => logs.push(line),
    });
    const { policy } = world;
    world.policy = (call) => {
      const isAllowed = policy(call);
      if (call.service === 'lambda')
        asked.push(
          `${call.caller} ${isAllowed ? 'invokes' : 'may not invoke'} ${call.resources[0]?.arn.split(':').at(-1)}`,
        );
      return isAllowed;
    };
    expect(await deployment.invoke('functions/sweep.handler', {})).toMatchObject({ ok: true });
    await until(() => asked.some((line) => /watch invokes .*probe-/.test(line)), 'watch calls a probe', 20_000);
    // Long enough to have been heard.
    await new Promise((resolve) => setTimeout(resolve, 3_000));

    const failedAt = Date.now();
    service.stop();
    await until(() => world.holderOf(eni) === standby, `the standby holds it; ${logs.join('\n')}`, 40_000);
    expect(Date.now() - failedAt).toBeLessThan(40_000);
    expect([...new Set(asked)].filter((line) => line.includes('may not'))).toEqual([]);
    expect(asked).toEqual(
      expect.arrayContaining([
        'eni-failover-prod-sweep invokes eni-failover-prod-watch',
        'eni-failover-prod-watch invokes eni-failover-prod-failover',
        'eni-failover-prod-failover invokes eni-failover-prod-probe-1',
        'eni-failover-prod-failover invokes eni-failover-prod-probe-2',
      ]),
    );
  }, 180_000);
});
