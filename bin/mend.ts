import { AwsCallError, FailoverError } from '../lib/errors.ts';

/** What went wrong, and what a person does about it: a sentence or two each. */
export interface Trouble {
  readonly cause: string;
  readonly mend: string;
}

/** Where the command line was about to go; it names what has to be mended. */
export interface Way {
  readonly viaLambda: boolean;
  readonly functionName: string;
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
  readonly endpointUrl?: string | undefined;
}

/** A call that failed, as far as it is known here or at the function. */
interface Failed {
  readonly action: string;
  readonly code: string;
  readonly text: string;
  /** It was the function's call, with the function's role. */
  readonly ofFunction: boolean;
}

interface Row {
  readonly code: RegExp;
  /** In what AWS or the SDK said. */
  readonly text?: RegExp;
  readonly trouble: (failed: Failed, way: Way) => Trouble;
}

const login = ({ profile }: Way): string =>
  `Sign in again ('aws sso login${profile === undefined ? '' : ` --profile ${profile}`}'), or give new credentials.`;

/** The first that matches counts. */
const ROWS: readonly Row[] = [
  {
    code: /./,
    text: /region is missing/i,
    trouble: () => ({
      cause: 'No Region is given.',
      mend: 'Give --region, set AWS_REGION, or set a region in the profile.',
    }),
  },
  {
    code: /^(CredentialsProviderError|TokenProviderError)$/,
    text: /expired|sso session|refresh/i,
    trouble: (_, way) => ({ cause: 'The sign-in of this profile has expired.', mend: login(way) }),
  },
  {
    code: /^(CredentialsProviderError|TokenProviderError)$/,
    trouble: (_, { profile }) => ({
      cause: `There are no AWS credentials${profile === undefined ? '' : ` in the profile '${profile}'`}.`,
      mend: "Give --profile, sign in ('aws sso login'), or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
    }),
  },
  {
    code: /^(ExpiredToken|ExpiredTokenException|RequestExpired)$/,
    trouble: (_, way) => ({ cause: 'The AWS credentials have expired.', mend: login(way) }),
  },
  {
    code: /^(AuthFailure|InvalidClientTokenId|UnrecognizedClientException|OptInRequired|MissingAuthentication\w*)$/,
    trouble: (_, { region }) => ({
      cause: `AWS does not accept these credentials${region === undefined ? '' : ` in ${region}`}.`,
      mend: "Look whether they are right ('aws sts get-caller-identity'), and whether the account has enabled the Region.",
    }),
  },
  {
    code: /^(SignatureDoesNotMatch|InvalidSignatureException|IncompleteSignature)$/,
    trouble: () => ({
      cause: 'AWS does not accept the signature.',
      mend: "The secret key is wrong, or the clock of this machine is ('date -u').",
    }),
  },
  {
    code: /^(UnauthorizedOperation|AccessDenied|AccessDeniedException|NotAuthorized)$/,
    trouble: ({ action, ofFunction }, { viaLambda, functionName }) => ({
      cause: ofFunction ? `The role of ${functionName} may not ${action}.` : `These credentials may not ${action}.`,
      mend: ofFunction
        ? 'Deploy it again, or look for a boundary or a policy of the organization that denies it.'
        : viaLambda
          ? `Ask for ${action} on ${functionName}, or leave out --via-lambda.`
          : 'Ask for what docs/cli.md lists, or go through the deployed function: --via-lambda.',
    }),
  },
  {
    code: /^ResourceNotFoundException$/,
    trouble: (_, { functionName, region }) => ({
      cause: `There is no function ${functionName}${region === undefined ? '' : ` in ${region}`}.`,
      mend: 'Give the --region, --stage or --function that is deployed, or leave out --via-lambda.',
    }),
  },
  {
    code: /^(ENOTFOUND|EAI_AGAIN)$/,
    trouble: ({ text }, { region }) => ({
      cause: `The endpoint of AWS is not found: ${text}.`,
      mend: `Look whether ${region === undefined ? 'the Region' : `'${region}'`} is a Region, and whether there is a way to the network.`,
    }),
  },
  {
    code: /^ECONNREFUSED$/,
    trouble: (_, { endpointUrl }) => ({
      cause: `Nobody listens at ${endpointUrl ?? 'the endpoint'}.`,
      mend: "Look at --endpoint-url and AWS_ENDPOINT_URL; 'npm run lab' starts the lab.",
    }),
  },
  {
    code: /^(TimeoutError|RequestTimeout\w*|ETIMEDOUT|ECONNRESET|EHOSTUNREACH|ENETUNREACH|NetworkingError|AbortError)$/,
    trouble: ({ action }) => ({
      cause: `AWS did not answer ${action} in time.`,
      mend: 'Look at the network, a proxy, and the AWS Health Dashboard; then ask again.',
    }),
  },
];

/** What to say of an error; nothing where it is a defect of this product. */
export function troubleOf(error: unknown, way: Way): Trouble | undefined {
  const failed = failedOf(error, way);
  if (failed) {
    const row = ROWS.find(({ code, text }) => code.test(failed.code) && (text?.test(failed.text) ?? true));
    return row?.trouble(failed, way) ?? { cause: `${failed.action} failed: ${failed.code}: ${failed.text}`, mend: '' };
  }
  if (error instanceof FailoverError && error.code !== 'InternalError') return { cause: error.message, mend: '' };
  return undefined;
}

/** A call that failed at the function is known by its words only. */
const AT_FUNCTION = /^(\S+) failed \([\w-]+\): ([\w.]+): (.*)$/s;

function failedOf(error: unknown, { viaLambda }: Way): Failed | undefined {
  if (error instanceof AwsCallError) {
    const { action, awsCode: code, message } = error;
    return {
      action,
      code,
      text: plain(message.slice(message.indexOf(`${code}: `) + code.length + 2)),
      ofFunction: false,
    };
  }
  if (!(error instanceof FailoverError) || error.code !== 'AwsCallFailed' || !viaLambda) return undefined;
  const [, action, code, text] = AT_FUNCTION.exec(error.message) ?? [];
  return action === undefined || code === undefined
    ? undefined
    : { action, code, text: plain(text ?? ''), ofFunction: true };
}

/** EC2 adds a message of a thousand characters that only it can read. */
const plain = (text: string): string =>
  text.replace(/ ?Encoded authorization failure message: \S+/, '').replace(/\.$/, '');
