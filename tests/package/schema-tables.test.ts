import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { buildSync } from 'esbuild';
import { literalKeys } from '../../build/esbuild-plugins.cjs';

/**
 * The build rewrites the SDK's schema tables so that unused ones can be dropped. Whatever the installed SDK is, the
 * rewritten tables must say exactly what the original ones say.
 */
const resolve = createRequire(__filename).resolve;

type Tables = Record<string, unknown>;

/** Evaluates a schema module: bundled, because it is an ES module with imports of its own. */
function evaluate(path: string, contents: string): Tables {
  const stdin = { contents, resolveDir: dirname(path), sourcefile: path };
  const options = { bundle: true, write: false, platform: 'node', format: 'iife', globalName: 'tables' } as const;
  const { outputFiles } = buildSync({ stdin, ...options, logLevel: 'silent' });
  return runInNewContext(`${outputFiles[0]?.text}; tables`, { require: createRequire(path), process }) as Tables;
}

/** Compares two schemas, through the functions that are their lazy references; returns how many tables it saw. */
function countEqual(left: unknown, right: unknown, seen: Map<unknown, unknown>): number {
  if (typeof left === 'function') return countEqual(left(), (right as () => unknown)(), seen);
  if (typeof left !== 'object' || left === null) {
    if (!Object.is(left, right)) throw new Error(`${String(left)} became ${String(right)}`);
    return 0;
  }
  if (seen.has(left)) return seen.get(left) === right ? 0 : Number.NaN;
  seen.set(left, right);
  const keys = Object.keys(left);
  if (Object.keys(right as object).join() !== keys.join()) throw new Error(`${keys.join()} became other keys`);
  const countOf = (key: string): number => countEqual((left as Tables)[key], (right as Tables)[key], seen);
  return keys.reduce((sum, key) => sum + countOf(key), 1);
}

describe.each([
  '@aws-sdk/client-ec2',
  '@aws-sdk/client-cloudwatch',
  '@aws-sdk/client-lambda',
  '@aws-sdk/client-eventbridge',
])('the schema tables of %s', (name) => {
  const path = join(dirname(resolve(`${name}/package.json`)), 'dist-es/schemas/schemas_0.js');
  const source = readFileSync(path, 'utf8');
  const rewritten = literalKeys(source);

  it('should have no computed key left', () => {
    expect(source).toMatch(/\[_\w+\]:/);
    expect(rewritten).not.toMatch(/\[_\w+\]:/);
  });

  it('should say the same as before', () => {
    const before = evaluate(path, source);
    const after = evaluate(path, rewritten);
    expect(Object.keys(after)).toEqual(Object.keys(before));
    expect(countEqual(before, after, new Map())).toBeGreaterThan(Object.keys(before).length);
  });
});
