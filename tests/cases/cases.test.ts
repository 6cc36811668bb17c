import { readdirSync } from 'node:fs';
import path from 'node:path';
import { run } from '../commands/run.ts';

/** Every fault from the field that was mended left a case here. */
const FILES = readdirSync(__dirname).filter((file) => /\.(?:ya?ml|json)$/.test(file));
const TIMEOUT_MS = 300_000;

/** What came of each otherwise than it expects; in a process of its own, as jest's sandbox makes them several times slower. */
async function failuresOfAll(): Promise<ReadonlyMap<string, readonly string[]>> {
  const { out, err } = await run('case', '--json', ...FILES.map((file) => path.join(__dirname, file)));
  // A file that is no case is said there, and then none is played.
  if (out === '') throw new Error(err);
  const { cases } = JSON.parse(out) as { cases: readonly { readonly failures: readonly string[] }[] };
  return new Map(FILES.map((file, nth) => [file, cases[nth]?.failures ?? ['was not played']]));
}

describe('cases from the field', () => {
  let failures: ReadonlyMap<string, readonly string[]> = new Map();

  beforeAll(async () => {
    failures = await failuresOfAll();
  }, TIMEOUT_MS);

  it.each(FILES)('should come out as expected: %s', (file) => {
    expect(failures.get(file)).toEqual([]);
  });
});
