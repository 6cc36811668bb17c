import { classify, isGone, isInvalid, isThrottle, mayRepeat } from '../../../lib/aws/errors.ts';
import { AwsCallError, type AwsFailure } from '../../../lib/errors.ts';

const ATTACH = { action: 'ec2:AttachNetworkInterface', changing: true };
const DETACH = { action: 'ec2:DetachNetworkInterface', changing: true };
const TAG = { action: 'ec2:CreateTags', changing: true };
const READ = { action: 'ec2:DescribeNetworkInterfaces', changing: false };

function serviceError(name: string, httpStatusCode: number): Error {
  return Object.assign(new Error('because'), { name, $metadata: { httpStatusCode } });
}

function systemError(code: string, name = 'Error'): Error {
  return Object.assign(new Error('because'), { name, code });
}

describe('classify', () => {
  // [code, HTTP status, for an attach, for a read]
  const services: [string, number, AwsFailure, AwsFailure][] = [
    ['InvalidNetworkInterface.InUse', 400, 'in-use', 'in-use'],
    ['InvalidParameterValue', 400, 'refused', 'invalid'],
    ['InvalidParameterCombination', 400, 'refused', 'invalid'],
    ['AttachmentLimitExceeded', 400, 'refused', 'refused'],
    ['PrivateIpAddressLimitExceeded', 400, 'refused', 'refused'],
    ['IncorrectState', 400, 'refused', 'refused'],
    ['IncorrectInstanceState', 400, 'refused', 'refused'],
    ['OperationNotPermitted', 400, 'refused', 'refused'],
    ['UnsupportedOperation', 400, 'refused', 'refused'],
    ['TagLimitExceeded', 400, 'refused', 'refused'],
    ['InvalidNetworkInterfaceID.NotFound', 400, 'gone', 'gone'],
    ['InvalidInstanceID.NotFound', 400, 'gone', 'gone'],
    ['InvalidAttachmentID.NotFound', 400, 'gone', 'gone'],
    ['InvalidNetworkInterfaceId.Malformed', 400, 'invalid', 'invalid'],
    ['InvalidInstanceID.Malformed', 400, 'invalid', 'invalid'],
    ['InvalidID', 400, 'invalid', 'invalid'],
    ['DryRunOperation', 412, 'invalid', 'invalid'],
    ['ConcurrentTagAccess', 400, 'conflict', 'conflict'],
    ['UnauthorizedOperation', 403, 'denied', 'denied'],
    ['AuthFailure', 401, 'denied', 'denied'],
    ['AccessDenied', 400, 'denied', 'denied'],
    ['AccessDeniedException', 400, 'denied', 'denied'],
    ['ExpiredToken', 400, 'denied', 'denied'],
    ['RequestExpired', 400, 'denied', 'denied'],
    ['RequestLimitExceeded', 503, 'throttled', 'throttled'],
    ['Throttling', 400, 'throttled', 'throttled'],
    ['ThrottlingException', 400, 'throttled', 'throttled'],
    ['LimitExceeded', 400, 'throttled', 'throttled'],
    ['InternalError', 500, 'ambiguous', 'unavailable'],
    ['InternalServiceFault', 500, 'ambiguous', 'unavailable'],
    ['Unavailable', 503, 'ambiguous', 'unavailable'],
    ['ServiceUnavailable', 503, 'ambiguous', 'unavailable'],
  ];
  it.each(services)('should read %s (%i) as %s for an attach and as %s for a read', (name, status, attach, read) => {
    // The name decides, not the status that it usually comes with.
    for (const each of [status, 400, 500]) {
      expect(classify(serviceError(name, each), ATTACH).failure).toBe(attach);
      expect(classify(serviceError(name, each), READ).failure).toBe(read);
    }
  });

  it('should read LimitExceeded of PutMetricAlarm as a quota that is used up, which no second try helps', () => {
    const operation = { action: 'cloudwatch:PutMetricAlarm', changing: true };
    expect(classify(serviceError('LimitExceeded', 400), operation).failure).toBe('refused');
    expect(classify(serviceError('Throttling', 400), operation).failure).toBe('throttled');
  });

  const statuses: [number, AwsFailure, AwsFailure][] = [
    [200, 'ambiguous', 'unavailable'],
    [400, 'invalid', 'invalid'],
    [401, 'denied', 'denied'],
    [403, 'denied', 'denied'],
    [404, 'invalid', 'invalid'],
    [429, 'throttled', 'throttled'],
    [500, 'ambiguous', 'unavailable'],
    [502, 'ambiguous', 'unavailable'],
    [503, 'ambiguous', 'unavailable'],
  ];
  it.each(statuses)(
    'should read an unlisted code with status %i as %s for a change, %s for a read',
    (status, change, read) => {
      expect(classify(serviceError('Novel', status), ATTACH).failure).toBe(change);
      expect(classify(serviceError('Novel', status), READ).failure).toBe(read);
    },
  );

  const lost = ['ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EMADEUP'];
  it.each(lost)('should not know whether a change arrived after %s', (code) => {
    expect(classify(systemError(code), ATTACH)).toMatchObject({ failure: 'ambiguous', awsCode: code });
    expect(classify(systemError(code), READ)).toMatchObject({ failure: 'unavailable', awsCode: code });
  });

  it.each(['TimeoutError', 'AbortError', 'NetworkingError', 'RequestTimeout'])(
    'should treat %s as a lost reply',
    (name) => {
      expect(classify(systemError('ECONNRESET', name), ATTACH)).toMatchObject({ failure: 'ambiguous', awsCode: name });
      expect(classify(systemError('ECONNRESET', name), READ).failure).toBe('unavailable');
    },
  );

  it.each(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'])('should know that %s never reached AWS', (code) => {
    expect(classify(systemError(code), ATTACH)).toMatchObject({ failure: 'unavailable', awsCode: code });
    // What Node throws when it has tried several addresses.
    expect(classify(systemError(code, 'AggregateError'), ATTACH).failure).toBe('unavailable');
  });

  it('should count missing credentials as denied', () => {
    const error = Object.assign(new Error('Could not load credentials'), { name: 'CredentialsProviderError' });
    expect(classify(error, READ).failure).toBe('denied');
    expect(classify(error, ATTACH).failure).toBe('denied');
  });

  it('should see a declined target only in the calls that name one', () => {
    const error = serviceError('InvalidParameterValue', 400);
    expect(classify(error, DETACH).failure).toBe('refused');
    expect(classify(error, TAG).failure).toBe('invalid');
  });

  it('should say the action, the code and the message', () => {
    const error = classify(serviceError('UnauthorizedOperation', 403), ATTACH);
    expect(error).toMatchObject({ action: 'ec2:AttachNetworkInterface', awsCode: 'UnauthorizedOperation' });
    expect(error.message).toBe('ec2:AttachNetworkInterface failed (denied): UnauthorizedOperation: because');
  });

  it('should leave what is classified already as it is', () => {
    const error = new AwsCallError('gone', 'ec2:X', 'Y', 'z');
    expect(classify(error, ATTACH)).toBe(error);
  });

  it.each([['a string'], [null], [undefined], [42], [{}]])('should survive %p being thrown', (thrown) => {
    expect(classify(thrown, ATTACH)).toMatchObject({ failure: 'ambiguous', awsCode: 'UnknownError' });
  });

  it('should not take a code for an inherited property', () => {
    expect(classify(serviceError('constructor', 400), READ).failure).toBe('invalid');
  });
});

describe('predicates', () => {
  const all: AwsFailure[] = [
    'throttled',
    'denied',
    'ambiguous',
    'unavailable',
    'in-use',
    'refused',
    'gone',
    'conflict',
    'invalid',
  ];
  it('should repeat only what was certainly not applied and may pass', () => {
    expect(all.filter(mayRepeat)).toEqual(['throttled', 'unavailable', 'conflict']);
  });

  it('should tell a throttle from the rest', () => {
    expect(all.filter(isThrottle)).toEqual(['throttled']);
  });

  it('should recognise gone and invalid, in classified errors only', () => {
    expect(isInvalid(new AwsCallError('invalid', 'a', 'b', 'c'))).toBe(true);
    expect(isInvalid(new AwsCallError('gone', 'a', 'b', 'c'))).toBe(false);
    expect(isGone(new AwsCallError('gone', 'a', 'b', 'c'))).toBe(true);
    expect(isGone(new AwsCallError('denied', 'a', 'b', 'c'))).toBe(false);
    expect(isGone({ failure: 'gone' })).toBe(false);
  });
});
