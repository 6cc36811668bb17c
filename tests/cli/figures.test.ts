import type { Metafile } from 'esbuild';
import { bundle } from '../../build/cli-bundle.cjs';
import { floating, member } from '../../demo/scenarios.ts';
import { RealClock } from '../../lab/clock.ts';
import { serveHttp } from '../../lab/wire/http.ts';
import { World } from '../../lab/world/world.ts';
import { cli, documentOf } from './support.ts';

/** The files that are loaded when the command starts, and not only when something asks for them. */
function loadedAtOnce({ outputs }: Metafile): readonly string[] {
  const entry = Object.keys(outputs).find((file) => file.endsWith('/main.mjs')) ?? '';
  const seen = new Set<string>([entry]);
  for (const file of seen)
    for (const { path, kind } of outputs[file]?.imports ?? []) if (kind === 'import-statement') seen.add(path);
  return [...seen].flatMap((file) => Object.keys(outputs[file]?.inputs ?? {}));
}

describe('the bundle', () => {
  it('should not load the SDK, the engine and the prompts before a verb needs them', async () => {
    const metafile = await bundle();
    const all = Object.keys(metafile.inputs);
    const heavy = /@aws-sdk|@smithy|@clack|cli-table3|lib\/engine|lib\/aws/;
    expect(all.some((file) => file.includes('@aws-sdk/client-ec2'))).toBe(true);
    expect(loadedAtOnce(metafile)).toContain('bin/main.ts');
    expect(loadedAtOnce(metafile).filter((file) => heavy.test(file))).toEqual([]);
  });
});

describe('a status of 50 groups', () => {
  it('should take at most 8 calls, the one for the settings among them', async () => {
    const clock = new RealClock();
    const world = new World({ clock, seed: 1, profile: 'instant' });
    for (let nth = 1; nth <= 50; nth += 1) {
      const tags = { 'eni-failover:group': `group-${nth}` };
      const pair = [1, 2].map((one) => member(world, `m${nth}-${one}`, { tags }));
      floating(world, `group-${nth}`, pair);
    }
    let others = 0;
    const lab = await serveHttp(world, {
      port: 0,
      route: (path) => {
        if (!path.startsWith('/2015-03-31/')) return undefined;
        others += 1;
        return async (_, response) =>
          void response.writeHead(404, { 'x-amzn-errortype': 'ResourceNotFoundException' }).end('{}');
      },
    });
    const { groups } = documentOf(await cli(lab, 'status', '--json'));
    clock.stop();
    await lab.close();
    expect(groups).toHaveLength(50);
    expect(groups.every(({ status }) => status?.readiness.ready)).toBe(true);
    expect(others).toBe(1);
    expect(world.calls.length + others).toBeLessThanOrEqual(8);
  });
});
