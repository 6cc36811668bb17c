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

/** What nobody has foreseen is a defect of ours, and shown with its stack. */
async function start(): Promise<void> {
  try {
    process.exitCode = await main(process.argv.slice(2));
  } catch (error) {
    const stack = error instanceof Error ? error.stack : String(error);
    process.stderr.write(`error: a defect of this product; please report it: ${stack}\n`);
    process.exitCode = EXIT.failed;
  }
}

void start();
