import { readLogGroups, readSettings } from '../lib/config.ts';
import type { DeployedFunction } from '../lib/deployed-app.ts';
import { AwsCallError, FailoverError } from '../lib/errors.ts';
import { optionOf } from './fields.ts';
import { type Options, UsageError } from './program.ts';

/** What a deployment has set, and where that was found. */
export interface Known {
  readonly settings: ReturnType<typeof readSettings>;
  /** The variables of the deployed function, where they could be read. */
  readonly environment: Readonly<Record<string, string>>;
  /** Where the functions of the deployment write what they say. */
  readonly logGroups: readonly string[];
  /** One sentence. */
  readonly source: string;
  /** They are those of the deployment. */
  readonly isSure: boolean;
}

/** The variables of a function that a person may give instead. */
const FLAGS = { TAG_PREFIX: 'tagPrefix', STATE_PREFIX: 'statePrefix', ALARM_PREFIX: 'alarmPrefix' } as const;

/** The deployed function, unless another one is named. */
export const functionOf = ({ function: name, stage }: Options): string => name ?? `eni-failover-${stage}-failover`;

/**
 * The settings of the deployment: from the configuration of the deployed function where that can be read, else what is
 * given, else the defaults. What is given counts more than what is read.
 * @throws AwsCallError where nothing else can be asked of AWS either: no credentials, no Region.
 * @throws UsageError for a prefix that cannot be one.
 */
export async function findSettings(options: Options, deployed: Pick<DeployedFunction, 'environment'>): Promise<Known> {
  const name = functionOf(options);
  const given = Object.fromEntries(
    Object.entries(FLAGS).flatMap(([variable, flag]) =>
      options[flag] === undefined ? [] : [[variable, options[flag]]],
    ),
  );
  const flags = Object.keys(given).map((variable) => optionOf(FLAGS[variable as keyof typeof FLAGS]));
  const found = await deployed.environment(name).catch((error: unknown) => {
    if (error instanceof AwsCallError && !isHopeless(error)) return error;
    throw error;
  });
  const isRead = !(found instanceof AwsCallError);
  const environment = isRead ? found : {};
  const settings = read({ ...environment, ...given });
  const rest = isRead ? `those of ${name}` : `the defaults, for ${name} cannot be read (${found.awsCode})`;
  const source = flags.length === 0 ? rest : `${flags.join(', ')}, and for the rest ${rest}`;
  const logGroups = logGroupsOf(name, environment);
  return { settings, environment, logGroups, source: `The settings are ${source}.`, isSure: isRead };
}

/** As the deployment says, or as it names its functions. */
function logGroupsOf(failover: string, environment: Readonly<Record<string, string>>): readonly string[] {
  const told = readLogGroups(environment);
  return told.length > 0
    ? told
    : [failover, failover.replace(/-failover$/, '-sweep')].map((each) => `/aws/lambda/${each}`);
}

/** Whoever has no credentials for this has none for anything else. */
function isHopeless({ awsCode, message }: AwsCallError): boolean {
  const codes = /^(CredentialsProviderError|TokenProviderError|ExpiredToken|ExpiredTokenException|RequestExpired)$/;
  return codes.test(awsCode) || /region is missing/i.test(message);
}

function read(environment: Readonly<Record<string, string>>): Known['settings'] {
  try {
    return readSettings(environment);
  } catch (error) {
    if (!(error instanceof FailoverError)) throw error;
    const inOptions = (text: string): string =>
      Object.entries(FLAGS).reduce((said, [variable, flag]) => said.replaceAll(variable, optionOf(flag)), text);
    throw new UsageError(error.faults.map(inOptions).join(' '));
  }
}
