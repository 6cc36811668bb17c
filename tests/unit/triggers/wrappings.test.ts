import { alarmEvent, faultOf, I, parse } from './events.ts';

const record = (condition: string, requestPayload: unknown) => ({
  version: '1.0',
  timestamp: '2026-08-20T10:05:00.000Z',
  requestContext: { requestId: '1', functionArn: 'arn', condition, approximateInvokeCount: 3 },
  requestPayload,
  responsePayload: { errorMessage: 'no', errorType: 'AwsCallFailed' },
});

describe('a record of the on-failure queue', () => {
  it.each(['RetriesExhausted', 'EventAgeExceeded'])('should count as the event it holds: %s', (condition) => {
    const event = { ...alarmEvent(), time: '2026-08-20T10:03:12Z' };
    expect(parse(record(condition, event))).toEqual(parse(event));
    expect(parse(record(condition, event))).toMatchObject({ trigger: { instanceIds: [I] } });
  });

  it('should be refused as its event would be', () => {
    expect(faultOf(record('RetriesExhausted', { action: 'explode', group: 'web' })).code).toBe('InvalidRequest');
  });

  it('should have nothing to send again when the invocation succeeded', () => {
    expect(parse(record('Success', alarmEvent()))).toMatchObject({ kind: 'ignored', code: 'event-not-taken' });
  });
});

describe('an event that something else has wrapped', () => {
  const sns = { Records: [{ EventSource: 'aws:sns', Sns: { Message: JSON.stringify(alarmEvent().detail) } }] };
  const action = {
    source: 'aws.cloudwatch',
    alarmArn: 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:web',
    alarmData: { alarmName: 'web', state: { value: 'ALARM' } },
  };
  const destination = {
    source: 'lambda',
    'detail-type': 'Lambda Function Invocation Result - Failure',
    detail: record('RetriesExhausted', alarmEvent()),
  };

  it.each([
    ['an SNS topic', 'take the subscription away', sns],
    ['an alarm whose action is this function', 'take the action away', action],
    ['an EventBridge destination', 'detail.requestPayload', destination],
  ])('should be answered in one sentence that says what to do: %s', (what, remedy, input) => {
    const answer = parse(input);
    expect(answer).toMatchObject({ kind: 'ignored', code: 'event-not-taken' });
    expect(answer).toHaveProperty('reason', expect.stringContaining(what));
    expect(answer).toHaveProperty('reason', expect.stringContaining(remedy));
  });

  it('should be refused when it is a batch of messages, which an answer would delete', () => {
    const { code, message, faults } = faultOf({ Records: [{ eventSource: 'aws:sqs', body: '{}' }] });
    expect([code, faults]).toEqual(['UnsupportedEvent', []]);
    expect(message).toContain('invoke the function with its body');
  });
});
