import { readFileSync } from 'node:fs';
import { unzipSync } from 'fflate';
import { packageOnce, packageService } from '../../build/packaging.ts';

describe('the packaged zip', () => {
  let zip: Buffer;
  beforeAll(async () => {
    zip = readFileSync((await packageOnce()).zipPath);
  }, 120_000);

  it('should be the same byte for byte when packaged again', async () => {
    const again = await packageService('.build/again');
    expect(readFileSync(again.zipPath).equals(zip)).toBe(true);
  }, 120_000);

  it('should hold a bundle for each function and nothing else', () => {
    expect(Object.keys(unzipSync(zip)).toSorted()).toEqual(['functions/failover.js', 'functions/sweep.js']);
  });

  it('should hold no source map and nothing of the lab or the demo', () => {
    for (const content of Object.values(unzipSync(zip))) {
      const text = new TextDecoder().decode(content);
      expect(text).not.toContain('sourceMappingURL');
      expect(text).not.toMatch(/["'/](lab|demo)\//);
    }
  });
});
