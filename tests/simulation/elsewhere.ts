import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * What `npm run simulate` prints when all is well. In a process of its own, because jest gives each test file a sandbox
 * in which every use of a global (a promise, a date) takes many times as long.
 * @throws Error with what was printed, when a history breaks a rule
 */
export async function simulate(...options: readonly string[]): Promise<string> {
  const args = ['--import', 'tsx', 'tests/simulation/cli.ts', ...options];
  const { stdout } = await execute(process.execPath, args, { maxBuffer: MOST_BYTES }).catch((error: unknown) => {
    const { stderr = '', stdout: printed = '' } = error as { stderr?: string; stdout?: string };
    throw new Error(`${stderr}${printed}`.trim() || String(error));
  });
  return stdout;
}
