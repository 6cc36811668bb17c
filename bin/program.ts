import { Command, type CommanderError, Option } from 'commander';
import { type Field, fieldsOf } from './fields.ts';
import { type Verb, VERBS } from './verbs.ts';

/** What all verbs take. */
export interface Options {
  readonly region?: string;
  readonly profile?: string;
  readonly endpointUrl?: string;
  readonly viaLambda?: true;
  readonly function?: string;
  readonly stage: string;
  readonly tagPrefix?: string;
  readonly statePrefix?: string;
  readonly alarmPrefix?: string;
  readonly json?: true;
  readonly yes?: true;
  readonly watch?: true;
  readonly color: boolean;
}

/** What somebody has typed. */
export interface Asked {
  readonly verb: Verb;
  readonly group?: string;
  /** Fields of the request, as they were given. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly options: Options;
}

/** The arguments were wrong; the message says in which way. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The options of all verbs; `--stage` has a default, and is not among them. */
export const COMMON: readonly (readonly [flags: string, help: string])[] = [
  ['--region <name>', 'where the group is; if not said: the environment, the profile'],
  ['--profile <name>', 'whose credentials, of ~/.aws'],
  ['--endpoint-url <url>', 'instead of AWS: the lab'],
  ['--via-lambda', 'through the deployed function, with its role; if not said: straight to EC2, with yours'],
  ['--function <name>', 'the deployed function; if not said: eni-failover-<stage>-failover'],
  ['--tag-prefix <text>', 'where the deployed function cannot be read'],
  ['--state-prefix <text>', 'the same'],
  ['--alarm-prefix <text>', 'the same'],
  ['--json', 'print the result as one JSON document and nothing else'],
  ['-y, --yes', 'do not ask before something is changed'],
  ['-w, --watch', 'look again every few seconds, until Ctrl-C'],
  ['--no-color', 'no colors (NO_COLOR does the same)'],
];

const DESCRIPTION = 'Failover of AWS network interfaces, by hand.';
const AFTERWARDS = `
exit status: 0 done or ready, 1 failed, refused or not ready, 2 wrong usage,
             130 Ctrl-C
examples:
  eni-failover status
  eni-failover failover web --to web-2 --reason "kernel update"
docs/cli.md has the rest.`;

/**
 * Reads what somebody has typed.
 * @param args without the name of the command.
 * @param write where help goes.
 * @returns nothing where help was asked for, and given.
 * @throws UsageError
 */
export function readArguments(args: readonly string[], write: (text: string) => void): Asked | undefined {
  let asked: Asked | undefined;
  const program = new Command('eni-failover').description(DESCRIPTION).addHelpText('after', AFTERWARDS);
  program.exitOverride().configureOutput({ writeOut: write, writeErr: () => undefined });
  program.helpCommand(false).configureHelp({ showGlobalOptions: true, helpWidth: 80 });
  for (const [flags, help] of COMMON) program.option(flags, help);
  program.addOption(new Option('--stage <name>', 'the stage that is deployed').default('prod'));
  for (const verb of VERBS) addVerb(program, verb, (given) => (asked = given));
  try {
    program.parse(args.length === 0 ? ['--help'] : [...args], { from: 'user' });
  } catch (error) {
    const said = error as CommanderError;
    if (said.exitCode === 0) return undefined;
    throw new UsageError(sentence(said, args));
  }
  return asked;
}

function addVerb(program: Command, verb: Verb, take: (asked: Asked) => void): void {
  const command = program.command(verb.action).description(verb.summary).copyInheritedSettings(program);
  command.argument(verb.ofAll ? '[group]' : '<group>', 'the name of the group');
  const fields = fieldsOf(verb.action);
  for (const { flags, help } of fields) command.option(flags, help);
  command.action((group: string | undefined) => {
    const given = command.opts<Readonly<Record<string, unknown>>>();
    take({
      verb,
      ...(group !== undefined && { group }),
      fields: Object.fromEntries(fields.flatMap((field) => fieldIn(given, field))),
      options: program.opts<Options>(),
    });
  });
}

function fieldIn(given: Readonly<Record<string, unknown>>, { name, read }: Field): [string, unknown][] {
  const value = given[name];
  if (value === undefined) return [];
  return [[name, read && typeof value === 'string' ? read(value) : value]];
}

/** What commander says, and what is possible instead. */
function sentence({ code, message }: CommanderError, args: readonly string[]): string {
  const said = message.replace(/^error: /, '').replace(/\n/g, ' ');
  const verbs = VERBS.map(({ action }) => action).join(', ');
  if (code === 'commander.unknownCommand') return `${said}. The verbs are ${verbs}.`.replace(').. ', '). ');
  if (code === 'commander.missingArgument') return `${said}. Name a group; 'eni-failover status' lists them.`;
  const verb = VERBS.find(({ action }) => args.includes(action));
  if (code === 'commander.unknownOption' && verb) {
    const options = fieldsOf(verb.action).map(({ flags }) => flags.split(' ')[0]);
    const own = options.length === 0 ? 'no options of its own' : options.join(', ');
    return `${said}. '${verb.action}' takes ${own}; 'eni-failover ${verb.action} --help' has them all.`;
  }
  return `${said}. 'eni-failover --help' says what there is.`;
}
