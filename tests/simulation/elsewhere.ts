import { run } from '../commands/run.ts';

/**
 * What `npm run simulate` prints when all is well. In a process of its own, because jest gives each test file a sandbox
 * in which every use of a global (a promise, a date) takes many times as long.
 * @throws Error with what was printed, when a history breaks a rule
 */
export async function simulate(...options: readonly string[]): Promise<string> {
  const { status, out, err } = await run('simulate', ...options);
  if (status !== 0) throw new Error(`${err}${out}`.trim());
  return out;
}
