import { type Answer, cloudwatchError, ec2Error, failureFrom, NOTHING, rig, socketError, xml } from './fakes.ts';

/** The real SDK clients, their middleware and our strategy, over a transport that answers with bytes. */

const ATTACH = { interfaceId: 'eni-1', instanceId: 'i-1', deviceIndex: 1, networkCardIndex: 0 };
const ATTACHED = xml('<attachmentId>eni-attach-1</attachmentId><networkCardIndex>0</networkCardIndex>');
const NO_INTERFACES = xml('<networkInterfaceSet/>');

/** Answers with each in turn, then with the last one again and again. */
function inTurn(...answers: readonly Answer[]) {
  return (_: unknown, nth: number): Answer => answers[Math.min(nth, answers.length) - 1] as Answer;
}

/** A transport that never answers; `reached` resolves when it was asked. */
function silence() {
  let tell: () => void;
  const reached = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const answer = () => {
    tell();
    return new Promise<Answer>(() => {});
  };
  return { answer, reached };
}

describe('a read', () => {
  it('should be repeated when throttled, with the pauses of the strategy', async () => {
    const throttled = ec2Error('RequestLimitExceeded', 503);
    const { cloud, clock, aws } = rig(inTurn(throttled, throttled, NO_INTERFACES));
    await expect(cloud.interfaces()).resolves.toEqual(NOTHING);
    expect(aws.requests).toHaveLength(3);
    expect(clock.pauses).toEqual([250, 500]);
  });

  it.each([
    ['a server fault', ec2Error('InternalError', 500)],
    ['a lost connection', socketError('ECONNRESET', 'TimeoutError')],
    ['a refused connection', socketError('ECONNREFUSED')],
  ])('should be repeated after %s', async (_, trouble) => {
    const { cloud, clock, aws } = rig(inTurn(trouble, NO_INTERFACES));
    await expect(cloud.interfaces()).resolves.toEqual(NOTHING);
    expect(aws.requests).toHaveLength(2);
    expect(clock.pauses).toEqual([25]);
  });

  it('should be repeated when the answer cannot be read', async () => {
    const { cloud, aws } = rig(inTurn({ body: '<Response><networkInterfaceSet><item>' }, NO_INTERFACES));
    await expect(cloud.interfaces()).resolves.toEqual(NOTHING);
    expect(aws.requests).toHaveLength(2);
  });

  it('should end with what the last attempt met', async () => {
    const { cloud, aws } = rig(() => ec2Error('InternalError', 500), { attempts: 3 });
    const error = await failureFrom(cloud.interfaces());
    expect(error).toMatchObject({ failure: 'unavailable', action: 'ec2:DescribeNetworkInterfaces' });
    expect(error.awsCode).toBe('InternalError');
    expect(aws.requests).toHaveLength(3);
  });

  it('should not be repeated when denied', async () => {
    const { cloud, clock, aws } = rig(() => ec2Error('UnauthorizedOperation', 403));
    expect((await failureFrom(cloud.interfaces())).failure).toBe('denied');
    expect([aws.requests.length, clock.pauses]).toEqual([1, []]);
  });
});

describe('a change', () => {
  it.each([
    ['RequestLimitExceeded', ec2Error('RequestLimitExceeded', 503)],
    ['Throttling', ec2Error('Throttling', 400)],
    ['ConcurrentTagAccess', ec2Error('ConcurrentTagAccess', 400)],
    ['a refused connection', socketError('ECONNREFUSED')],
  ])('should be repeated after %s, which certainly did not apply it', async (_, trouble) => {
    const { cloud, aws } = rig(inTurn(trouble, ATTACHED));
    await expect(cloud.attach(ATTACH)).resolves.toBe('eni-attach-1');
    expect(aws.requests).toHaveLength(2);
  });

  it.each([
    ['InternalError', ec2Error('InternalError', 500)],
    ['Unavailable', ec2Error('Unavailable', 503)],
    ['a timeout', socketError('ETIMEDOUT', 'TimeoutError')],
    ['a reset connection', socketError('ECONNRESET')],
    ['an unreadable reply', { body: '<Response><attachmentId>' }],
  ])('should be sent once and be ambiguous after %s', async (_, trouble) => {
    const { cloud, clock, aws } = rig(inTurn(trouble, ATTACHED));
    expect((await failureFrom(cloud.attach(ATTACH))).failure).toBe('ambiguous');
    expect([aws.requests.length, clock.pauses]).toEqual([1, []]);
  });

  const changes: [string, (cloud: ReturnType<typeof rig>['cloud']) => Promise<unknown>][] = [
    ['attach', (cloud) => cloud.attach(ATTACH)],
    ['detach', (cloud) => cloud.detach('eni-attach-1', false)],
    ['writeTags', (cloud) => cloud.writeTags(['eni-1'], { a: 'b' })],
    ['modifyDeleteOnTermination', (cloud) => cloud.modifyDeleteOnTermination('eni-1', 'eni-attach-1', false)],
  ];
  it.each(changes)('should never be repeated when ambiguous: %s', async (_, change) => {
    const { cloud, aws } = rig(() => ec2Error('InternalError', 500));
    expect((await failureFrom(change(cloud))).failure).toBe('ambiguous');
    expect(aws.requests).toHaveLength(1);
  });

  it('should be sent once when denied or refused', async () => {
    for (const [code, failure] of [
      ['UnauthorizedOperation', 'denied'],
      ['InvalidNetworkInterface.InUse', 'in-use'],
      ['InvalidParameterValue', 'refused'],
    ] as const) {
      const { cloud, aws } = rig(() => ec2Error(code));
      expect((await failureFrom(cloud.attach(ATTACH))).failure).toBe(failure);
      expect(aws.requests).toHaveLength(1);
    }
  });

  it('should be throttled, not ambiguous, when the time ends between two attempts', async () => {
    const { cloud, clock, budget, aws } = rig(() => ec2Error('RequestLimitExceeded', 503));
    budget.deadlineAt = clock.now() + 600;
    expect((await failureFrom(cloud.attach(ATTACH))).failure).toBe('throttled');
    expect([aws.requests.length, clock.pauses]).toEqual([2, [250]]);
  });
});

describe('the deadline of an attempt', () => {
  it('should let a read try again', async () => {
    const { answer, reached } = silence();
    const { cloud, clock, aws } = rig((_, nth) => (nth === 1 ? answer() : NO_INTERFACES));
    const interfaces = cloud.interfaces();
    await reached;
    clock.expire(5_000);
    await expect(interfaces).resolves.toEqual(NOTHING);
    expect([aws.requests.length, clock.openDeadlines]).toEqual([2, []]);
  });

  it('should cut the first one of a read, and leave the next one all the time that the call has', async () => {
    const { answer, reached } = silence();
    const late = silence();
    const { cloud, clock, aws } = rig((_, nth) => (nth === 1 ? answer() : late.answer()));
    const failure = failureFrom(cloud.interfaces());
    await reached;
    expect(clock.openDeadlines).toEqual([15_000, 5_000]);
    clock.expire(5_000);
    await late.reached;
    expect(clock.openDeadlines).toEqual([15_000]);
    clock.expire(15_000);
    expect(await failure).toMatchObject({ failure: 'unavailable', awsCode: 'TimeoutError' });
    expect(aws.requests).toHaveLength(2);
  });

  it('should be one of each call: what was cut of one says nothing of the next', async () => {
    const first = silence();
    const { cloud, clock } = rig((_, nth) => (nth === 2 ? NO_INTERFACES : first.answer()));
    const interfaces = cloud.interfaces();
    await first.reached;
    clock.expire(5_000);
    await interfaces;
    void failureFrom(cloud.interfaces());
    await new Promise(setImmediate);
    expect(clock.openDeadlines).toEqual([15_000, 5_000]);
  });

  it('should still be one after an attempt that was answered', async () => {
    const { answer, reached } = silence();
    const { cloud, clock } = rig((_, nth) => (nth === 1 ? ec2Error('InternalError', 500) : answer()));
    void failureFrom(cloud.interfaces());
    await reached;
    expect(clock.openDeadlines).toEqual([15_000, 5_000]);
  });

  it('should end a change, whose fate is then unknown', async () => {
    const { answer, reached } = silence();
    const { cloud, clock, aws } = rig(answer, { attemptTimeoutMs: 2_000 });
    const failure = failureFrom(cloud.attach(ATTACH));
    await reached;
    clock.expire(2_000);
    expect(await failure).toMatchObject({ failure: 'ambiguous', awsCode: 'TimeoutError' });
    expect(aws.requests).toHaveLength(1);
  });
});

describe('the deadline of a call', () => {
  it('should be the timeout of the call', async () => {
    const { answer, reached } = silence();
    const { cloud, clock } = rig(answer, { callTimeoutMs: 7_000 });
    const failure = failureFrom(cloud.interfaces());
    await reached;
    clock.expire(7_000);
    expect(await failure).toMatchObject({ failure: 'unavailable', awsCode: 'TimeoutError' });
  });

  it('should be the end of the run when that comes first', async () => {
    const { answer, reached } = silence();
    const { cloud, clock, budget } = rig(answer, { callTimeoutMs: 7_000 });
    budget.deadlineAt = clock.now() + 1_234;
    const failure = failureFrom(cloud.interfaces());
    await reached;
    clock.expire(1_234);
    expect((await failure).message).toContain('no answer within 1234 ms');
  });

  it('should leave a change ambiguous, and stop the request', async () => {
    let stopped: boolean | undefined;
    const { answer, reached } = silence();
    const { cloud, clock, aws } = rig(answer);
    const handle = aws.handle.bind(aws);
    aws.handle = (request, options?: { abortSignal?: AbortSignal }) => {
      stopped = options?.abortSignal?.aborted;
      options?.abortSignal?.addEventListener('abort', () => {
        stopped = true;
      });
      return handle(request);
    };
    const failure = failureFrom(cloud.attach(ATTACH));
    await reached;
    expect(stopped).toBe(false);
    clock.expire(15_000);
    expect((await failure).failure).toBe('ambiguous');
    expect(stopped).toBe(true);
    expect(aws.requests).toHaveLength(1);
  });

  it('should not leave a timer behind, whatever the outcome', async () => {
    const { cloud, clock } = rig(({ Action }) =>
      Action === 'AttachNetworkInterface' ? ec2Error('IncorrectState') : NO_INTERFACES,
    );
    await cloud.interfaces();
    await failureFrom(cloud.attach(ATTACH));
    expect(clock.openDeadlines).toEqual([]);
  });

  it('should not send anything once the run is over', async () => {
    const { cloud, clock, budget, aws } = rig(() => ATTACHED);
    budget.deadlineAt = clock.now();
    const error = await failureFrom(cloud.attach(ATTACH));
    expect(error).toMatchObject({ failure: 'unavailable', awsCode: 'NoTimeLeft' });
    expect(aws.requests).toEqual([]);
  });
});

describe('CloudWatch', () => {
  it('should be repeated like the reads of EC2', async () => {
    const { cloud, clock, aws } = rig(() => cloudwatchError('ThrottlingException'), { attempts: 2 });
    expect(await cloud.alarmsInAlarm()).toMatchObject({ readable: false });
    expect(aws.requests).toHaveLength(2);
    expect(clock.pauses).toEqual([250]);
  });
});
