import { Command, CommanderError, InvalidArgumentError } from 'commander';

type ErrorClass = abstract new (...given: never[]) => Error;

/** A command of this repository. Add its options, and an action; then {@link runCommand}. */
export function command(name: string, description: string): Command {
  return new Command(name).description(description).exitOverride();
}

/**
 * Runs a command with the arguments of this process. The exit status is what its action sets, 0 for help, 2 for wrong
 * arguments and 1 for an error.
 * @param expected errors whose message says it all. Any other error is shown with its stack: it is a defect of ours.
 */
export async function runCommand(program: Command, expected: readonly ErrorClass[] = []): Promise<void> {
  try {
    await program.parseAsync();
  } catch (error) {
    const spoken = error instanceof CommanderError; // commander has said itself what is wrong with the arguments
    if (!spoken) process.stderr.write(`error: ${messageOf(error, expected)}\n`);
    // At once: a timer or a server may be left over.
    process.exit(spoken ? (error.exitCode === 0 ? 0 : 2) : 1);
  }
}

function messageOf(error: unknown, expected: readonly ErrorClass[]): string {
  if (!(error instanceof Error)) return String(error);
  // What the system refuses (a port that is taken, a file that is not there) is no defect either.
  const isExpected = 'syscall' in error || expected.some((each) => error instanceof each);
  return isExpected ? error.message : String(error.stack);
}

/** Reads an argument that is a whole number, 0 included. @throws InvalidArgumentError */
export function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Give a whole number.');
  return Number(text);
}

/** Reads an argument that says how many. @throws InvalidArgumentError for 0 as well. */
export function count(text: string): number {
  const number = wholeNumber(text);
  if (number === 0) throw new InvalidArgumentError('Give a whole number, at least 1.');
  return number;
}

/** Reads an argument that lists whole numbers: `1,5,9`. @throws InvalidArgumentError */
export function wholeNumbers(text: string): readonly number[] {
  return text.split(',').map(wholeNumber);
}
