import { changesOf, madeBy, nextSteps, recordOf, reminder } from '../../serverless/summary.cjs';

const DEFAULTS = { cooldownSeconds: 900, mode: 'auto', memoryMb: 512 };
const changes = (before: Record<string, string> | undefined, now: Record<string, string>) =>
  changesOf({
    before,
    now: { cooldownSeconds: '900', mode: 'auto', memoryMb: '512', ...now },
    defaults: DEFAULTS,
    source: (name) => (name === 'mode' ? 'params/prod.yml' : undefined),
  });

describe('what a deployment changes', () => {
  it('should be recorded as what differs from the defaults', () => {
    expect(recordOf({ cooldownSeconds: '1800', mode: 'auto', memoryMb: '512' }, DEFAULTS)).toBe(
      '{"cooldownSeconds":"1800"}',
    );
  });

  it('should name a parameter that was forgotten, and so is reset', () => {
    expect(changes({ cooldownSeconds: '1800' }, {})).toEqual([
      'cooldownSeconds was 1800 in the last deployment and is 900 now (the default, for neither --param nor the file of the stage gives it).',
    ]);
  });

  it('should name a parameter that is new, with where it comes from', () => {
    expect(changes({}, { mode: 'manual' })).toEqual([
      'mode was auto in the last deployment and is manual now (from params/prod.yml).',
    ]);
  });

  it.each<[string, Record<string, string> | undefined]>([
    ['the first deployment', undefined],
    ['one that gives the same', { cooldownSeconds: '1800' }],
  ])('should be nothing for %s', (_, before) => {
    expect(changes(before, { cooldownSeconds: '1800' })).toEqual([]);
  });
});

describe('what a deployment says when it is over', () => {
  const of = (Type: string, Properties: object) => ({ Type, Properties });
  const template = {
    Resources: {
      A: of('AWS::Lambda::Function', { FunctionName: 'x-sweep' }),
      B: of('AWS::Lambda::Function', { FunctionName: 'x-failover' }),
      C: of('AWS::Events::Rule', { Name: 'x-rule' }),
      D: of('AWS::SQS::Queue', { QueueName: 'x-queue' }),
      E: of('AWS::CloudWatch::Alarm', { AlarmName: 'x-alarm' }),
      F: of('AWS::IAM::Role', {}),
    },
  };
  const described = (params: Record<string, string> = {}) => ({
    region: 'us-east-2',
    template,
    params: { alarmTopicArn: 'none', tagPrefix: 'acme:', mode: 'auto', ...params },
  });

  it('should be what was made', () => {
    expect(madeBy(described())).toEqual([
      'functions: x-sweep, x-failover',
      'rules: x-rule',
      'queue: x-queue',
      'alarms: x-alarm (nobody is told of them: give notifyEmail or alarmTopicArn)',
    ]);
    expect(madeBy(described({ alarmTopicArn: 'arn:topic' })).at(-1)).toBe('alarms: x-alarm (they tell arn:topic)');
  });

  it('should be the next step, in the Region and with the tag of this deployment', () => {
    const text = nextSteps(described()).join('\n');
    expect(text).toContain('aws ec2 create-tags --region us-east-2');
    expect(text).toContain('Key=acme:group');
    expect(text).toContain('--region us-east-2 --function-name x-failover');
    expect(text).not.toContain('manual');
    expect(nextSteps(described({ mode: 'manual' })).join('\n')).toContain('acme:mode=auto');
  });

  it('should be, with a probe, where it is, how an interface gets one, and what removing it takes', () => {
    const given = described({ probeSubnetIds: 'subnet-1, subnet-2' });
    expect(madeBy(given).at(-1)).toBe('the probe: one in each of subnet-1, subnet-2');
    const text = nextSteps(given).join('\n');
    expect(text).toContain('--resources eni-… --tags Key=acme:probe,Value=tcp:443');
    expect(text).toMatch(/removing the stack takes 20 minutes/);
    expect(nextSteps(described({ probeSubnetIds: 'none' }))).toEqual(nextSteps(described()));
    expect(nextSteps(described()).join('\n')).not.toContain('probe');
  });

  it('should be a reminder of what stands in no file', () => {
    expect(reminder(['mode'], 'params/prod.yml')).toContain('write it into params/prod.yml');
    expect(reminder(['mode', 'maxMoves'], 'params/prod.yml')).toContain('mode, maxMoves came from --param only');
  });
});
