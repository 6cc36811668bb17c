/** `npm run trace`: says where in the source a stack trace of a packaged function comes from. */
import { text } from 'node:stream/consumers';
import { command, runCommand } from './command-line.ts';
import { PackageError } from './packaging.ts';
import { readBundles, translated } from './stack-trace.ts';

async function main(folder: string): Promise<void> {
  const bundles = readBundles(folder);
  process.stdout.write(translated(await text(process.stdin), bundles));
}

const program = command(
  'trace',
  'Reads a log with stack traces from its standard input and writes it with the places and names of the source.',
)
  .argument('[folder]', 'where the package is, zip and maps', '.serverless')
  .action(main);

void runCommand(program, [PackageError]);
