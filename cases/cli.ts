/** `npm run case -- FILE…`: plays case files against the product and says which of them pass. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { command, runCommand, wholeNumber } from '../build/command-line.ts';
import { PackageError } from '../build/packaging.ts';
import { readCaseFile } from './read.ts';
import { type Result, runCase } from './run.ts';

interface Options {
  readonly json?: true;
  readonly seed: number;
}

async function main(files: readonly string[], { json, seed }: Options): Promise<void> {
  // The SDK's notice about Node versions has nothing to do with a case.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  const readings = files.map((file) => ({ file, reading: readCaseFile(found(file)) }));
  const faults = readings.flatMap(({ file, reading }) =>
    'faults' in reading
      ? reading.faults.map(({ path, sentence }) => `${file}: ${path === '' ? '' : `${path} `}${sentence}`)
      : [],
  );
  if (faults.length > 0) {
    process.stderr.write(`${faults.join('\n')}\n`);
    process.exitCode = 2;
    return;
  }
  const results: Result[] = [];
  for (const { reading } of readings) {
    if ('faults' in reading) continue;
    const result = await runCase(reading.case, seed);
    results.push(result);
    if (!json) process.stdout.write(`${lineOf(result)}\n`);
  }
  if (json) process.stdout.write(`${JSON.stringify({ cases: results })}\n`);
  process.exitCode = results.every(({ pass }) => pass) ? 0 : 1;
}

/** npm starts its scripts in the folder of the package; whoever stands elsewhere means a file from there. */
function found(file: string): string {
  return existsSync(file) ? file : path.resolve(process.env['INIT_CWD'] ?? '.', file);
}

function lineOf({ name, pass, failures }: Result): string {
  return pass ? `pass ${name}` : `FAIL ${name}: ${failures.join('; ')}`;
}

const program = command('case', 'Plays case files against the product, in virtual time, and says which of them pass.')
  .argument('<file...>', 'what to play: YAML or JSON, described in docs/cases.md')
  .option('--seed <number>', 'draws every id and latency', wholeNumber, 1)
  .option('--json', 'print one JSON document and nothing else')
  .action(main);

void runCommand(program, [PackageError]);
