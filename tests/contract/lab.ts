import { floating, member } from '../../demo/scenarios.ts';
import { RealClock } from '../../lab/clock.ts';
import { serveHttp } from '../../lab/wire/http.ts';
import { World } from '../../lab/world/world.ts';
import { GROUP_TAG, STRANGER } from './fixture.ts';
import type { Running } from './target.ts';

/** Real time, but a quick guest: the wait for a detach is not what is tested here. */
const LATENCIES = { callMs: [1, 5], attachMs: [50, 150], detachMs: [100, 300] } as const;

/** Serves a world that holds the fixture over HTTP. */
export async function startLab(): Promise<Running> {
  const clock = new RealClock();
  const world = new World({ clock, seed: 'contract', profile: 'quick', latencies: LATENCIES });
  world.policy = ({ caller }) => caller !== STRANGER.accessKeyId;
  fill(world);
  const server = await serveHttp(world, { port: 0 });
  return {
    endpoint: server.endpoint,
    region: world.region,
    credentials: { accessKeyId: 'contract', secretAccessKey: 'contract' },
    group: 'web',
    async stop() {
      clock.stop();
      await server.close();
    },
  };
}

function fill(world: World): void {
  const holder = member(world, 'holder');
  const standby = member(world, 'standby', { tags: { [GROUP_TAG]: 'db web' } });
  floating(world, 'web', [holder, standby]);
  member(world, 'elsewhere', { zone: `${world.region}b`, tags: { [GROUP_TAG]: 'web-2' } });
  world.addInterface({ tags: { [GROUP_TAG]: 'web-2' } });
  const full = member(world, 'full', { type: 't3.micro', tags: { [GROUP_TAG]: 'web-full' } });
  world.addInterface({}, { instanceId: full.id, deviceIndex: 1 });
}
