import { readdirSync } from 'node:fs';
import path from 'node:path';
import { readCaseFile } from '../../cases/read.ts';
import { runCase } from '../../cases/run.ts';

/** Every fault from the field that was mended left a case here. */
const FILES = readdirSync(__dirname).filter((file) => /\.(?:ya?ml|json)$/.test(file));

/** What is wrong with a file, or what came of it otherwise than it expects. */
async function failuresOf(file: string): Promise<readonly string[]> {
  const reading = readCaseFile(path.join(__dirname, file));
  if ('faults' in reading) return reading.faults.map(({ path: where, sentence }) => `${where} ${sentence}`);
  return (await runCase(reading.case)).failures;
}

describe('cases from the field', () => {
  it.each(FILES)('should come out as expected: %s', async (file) => {
    expect(await failuresOf(file)).toEqual([]);
  });
});
