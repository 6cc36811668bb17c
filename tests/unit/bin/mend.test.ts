import { troubleOf, type Way } from '../../../bin/mend.ts';
import { AwsCallError, FailoverError } from '../../../lib/errors.ts';

const STRAIGHT: Way = {
  viaLambda: false,
  functionName: 'eni-failover-prod-failover',
  region: 'eu-west-1',
  profile: 'ops',
};
const THROUGH: Way = { ...STRAIGHT, viaLambda: true };

const failed = (code: string, text = 'Words.', action = 'ec2:DescribeInstances'): AwsCallError =>
  new AwsCallError('denied', action, code, text);

describe('what went wrong', () => {
  it.each([
    [failed('Error', 'Region is missing'), 'No Region is given.', /--region/],
    [
      failed('CredentialsProviderError', 'Could not load credentials from any providers'),
      "There are no AWS credentials in the profile 'ops'.",
      /--profile/,
    ],
    [
      failed('CredentialsProviderError', 'The SSO session associated with this profile has expired.'),
      'The sign-in of this profile has expired.',
      /aws sso login --profile ops/,
    ],
    [
      failed('RequestExpired', 'Request has expired.'),
      'The AWS credentials have expired.',
      /aws sso login --profile ops/,
    ],
    [
      failed('AuthFailure', 'AWS was not able to validate the provided access credentials'),
      'AWS does not accept these credentials in eu-west-1.',
      /enabled the Region/,
    ],
    [failed('SignatureDoesNotMatch'), 'AWS does not accept the signature.', /clock/],
    [
      failed('UnauthorizedOperation', 'No. Encoded authorization failure message: abcDEF_'),
      'These credentials may not ec2:DescribeInstances.',
      /docs\/cli\.md.*--via-lambda/,
    ],
    [
      failed('ENOTFOUND', 'getaddrinfo ENOTFOUND ec2.eu-west-1.amazonaws.com'),
      'The endpoint of AWS is not found: getaddrinfo ENOTFOUND ec2.eu-west-1.amazonaws.com.',
      /'eu-west-1' is a Region/,
    ],
    [failed('ECONNREFUSED'), 'Nobody listens at the endpoint.', /npm run lab/],
    [failed('TimeoutError'), 'AWS did not answer ec2:DescribeInstances in time.', /network/],
    [failed('Odd', 'Something.'), 'ec2:DescribeInstances failed: Odd: Something', /^$/],
  ])('should be told with its mend: %s', (error, cause, mend) => {
    expect(troubleOf(error, STRAIGHT)).toEqual({ cause, mend: expect.stringMatching(mend) as string });
  });

  it.each([
    [
      failed('ResourceNotFoundException', 'Function not found', 'lambda:InvokeFunction'),
      'There is no function eni-failover-prod-failover in eu-west-1.',
      /--stage/,
    ],
    [
      failed('AccessDeniedException', 'No.', 'lambda:InvokeFunction'),
      'These credentials may not lambda:InvokeFunction.',
      /leave out --via-lambda/,
    ],
    [
      new FailoverError('AwsCallFailed', failed('UnauthorizedOperation', 'No.').message),
      'The role of eni-failover-prod-failover may not ec2:DescribeInstances.',
      /Deploy it again/,
    ],
    [
      new FailoverError('AwsCallFailed', 'Task timed out after 55.00 seconds'),
      'Task timed out after 55.00 seconds',
      /^$/,
    ],
  ])('should tell the role of the function from the person: %s', (error, cause, mend) => {
    expect(troubleOf(error, THROUGH)).toEqual({ cause, mend: expect.stringMatching(mend) as string });
  });

  it('should leave a defect to be shown with its stack', () => {
    expect(troubleOf(new TypeError('x is undefined'), STRAIGHT)).toBeUndefined();
  });
});
