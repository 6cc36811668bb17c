import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { isDeepStrictEqual } from 'node:util';
import { createBrotliDecompress } from 'node:zlib';
import { compare } from './compare.ts';
import { explain, ROWS } from './rows.ts';
import type { Recorded } from './translate.ts';

/** `RECORDED=all` compares every one of them, otherwise a tenth, in which the rarest of the reasons is. */
const ALL = process.env['RECORDED'] === 'all';
const FILES = ['decisions-sample', ...(ALL ? ['decisions-rest'] : [])];

/** 50,000 questions and answers of commit ef11213, from 2,760 simulated histories; no two are alike but for ids and times. */
async function* recorded(): AsyncGenerator<Recorded> {
  for (const name of FILES) {
    const input = createReadStream(join(__dirname, `${name}.ndjson.br`)).pipe(createBrotliDecompress());
    for await (const text of createInterface({ input })) yield JSON.parse(text) as Recorded;
  }
}

async function compareAll() {
  const used = new Map<string, number>();
  const unexplained: unknown[] = [];
  let count = 0;
  for await (const each of recorded()) {
    count += 1;
    const { before, now } = compare(each);
    const why = isDeepStrictEqual(before, now) ? [] : explain(each, { before, now });
    for (const name of why ?? []) used.set(name, (used.get(name) ?? 0) + 1);
    if (!why && unexplained.length < 3) unexplained.push({ number: count, trigger: each.t, before, now });
  }
  return { count, used, unexplained };
}

describe('decisions recorded before the core was rebuilt', () => {
  const compared = compareAll();

  it('should be the same today, or differ for a reason that is written down', async () => {
    const { count, unexplained } = await compared;
    expect(unexplained).toEqual([]);
    expect(count).toBeGreaterThanOrEqual(ALL ? 50_000 : 5_000);
  });

  it.each(ROWS.map(({ name }) => name))('should still need this reason: %s', async (name) => {
    const { used } = await compared;
    expect(used.get(name) ?? 0).toBeGreaterThan(0);
  });
});
