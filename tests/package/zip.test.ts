import { readFileSync } from 'node:fs';
import path from 'node:path';
import { unzipSync } from 'fflate';
import { type Package, packageOnce, packageService } from '../../build/packaging.ts';

const NAMES = ['failover', 'inspect', 'sweep', 'upkeep'];
const MAPS = NAMES.map((name) => `functions/${name}.js.map`);

describe('the packaged zip', () => {
  let pkg: Package;
  let zip: Buffer;
  beforeAll(async () => {
    pkg = await packageOnce();
    zip = readFileSync(pkg.zipPath);
  }, 120_000);

  it('should be the same byte for byte when packaged again, and so should the maps beside it', async () => {
    const again = await packageService('.build/again');
    expect(readFileSync(again.zipPath).equals(zip)).toBe(true);
    for (const map of MAPS) {
      const [one, other] = [pkg, again].map(({ zipPath }) =>
        readFileSync(path.join(path.dirname(zipPath), map), 'utf8'),
      );
      expect(one).toBe(other);
    }
  }, 120_000);

  it('should hold a bundle for each function and nothing else', () => {
    expect(Object.keys(unzipSync(zip)).toSorted()).toEqual([
      'functions/failover.js',
      'functions/inspect.js',
      'functions/sweep.js',
      'functions/upkeep.js',
    ]);
  });

  it('should hold no source map and nothing of the lab or the demo', () => {
    for (const content of Object.values(unzipSync(zip))) {
      const text = new TextDecoder().decode(content);
      expect(text).not.toContain('sourceMappingURL');
      expect(text).not.toMatch(/["'/](lab|demo)\//);
    }
  });
});
