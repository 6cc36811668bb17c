/** The command line `eni-failover`: puts the parts together. */
import { EXIT } from './exit.ts';
import { readArguments, type Asked, UsageError } from './program.ts';
import { openTerminal, type Terminal } from './terminal.ts';
import { checkRequest } from './request.ts';

/** Runs the command with these arguments. @returns its exit status. */
async function main(args: readonly string[]): Promise<number> {
  const terminal = openTerminal({ color: !args.includes('--no-color') });
  try {
    const asked = readArguments(args, (text) => terminal.out.write(text));
    if (!asked) return EXIT.done;
    checkRequest(asked);
    return await serve(asked, terminal);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    terminal.err.write(`${terminal.err.style.red('error:')} ${error.message}\n`);
    return EXIT.usage;
  }
}

/** Only now is the SDK loaded: it takes longer than all the rest. */
async function serve(asked: Asked, terminal: Terminal): Promise<number> {
  const { runVerb } = await import('./run-verb.ts');
  return runVerb(asked, terminal);
}

main(process.argv.slice(2)).then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    process.stderr.write(`error: a defect of this product; please report it: ${String((error as Error).stack)}\n`);
    process.exitCode = EXIT.failed;
  },
);
