import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { inCopy, serverless } from '../../build/packaging.ts';

const ROOT = path.join(__dirname, '..', '..');

/** Works in a copy until it is told to end, as a command does that ends at Ctrl-C. */
const WORKER = `
process.on('SIGINT', () => process.exit(130));
setInterval(() => undefined, 1000);
void require('./build/packaging.ts').inCopy(async (folder) => {
  void require('./build/packaging.ts').serverless(folder, ['package']).catch(() => undefined);
  while (!require('node:fs').existsSync(folder + '/.esbuild')) await new Promise((go) => setTimeout(go, 20));
  process.stdout.write(folder);
  await new Promise(() => undefined);
});
`;

describe('what packaging leaves behind', () => {
  it('should be nothing among the temporary files, which are in the copy', async () => {
    const left = await inCopy(async (folder) => {
      await serverless(folder, ['package']);
      return readdirSync(path.join(folder, '.tmp'));
    });
    expect(left.filter((name) => name.startsWith('eni-failover-'))).toEqual([]);
  }, 120_000);

  it('should be nothing after Ctrl-C', async () => {
    const child = spawn(process.execPath, ['--import', 'tsx', '-e', WORKER], { cwd: ROOT });
    const [folder] = (await once(child.stdout, 'data')) as [Buffer];
    const hadOwn = existsSync(path.join(String(folder), '.tmp'));
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([130, null]);
    expect([hadOwn, existsSync(String(folder))]).toEqual([true, false]);
  }, 120_000);
});
