import { type Answer, ec2Error, failureFrom, fieldsOf, type Params, type Rig, rig, xml } from './fakes.ts';

const statusOf = (id: string) =>
  `<item><instanceId>${id}</instanceId><systemStatus><status>ok</status></systemStatus>
   <instanceStatus><status>impaired</status></instanceStatus></item>`;
/** An entry about nobody knows whom. */
const NAMELESS = statusOf('').replace('<instanceId></instanceId>', '');
const asked = (params: Params) => Object.values(fieldsOf(params, 'InstanceId.')).map(String);
/** Knows every instance but those: one of them, and the whole list is refused. */
const without =
  (...gone: string[]) =>
  (params: Params) =>
    asked(params).some((id) => gone.includes(id))
      ? ec2Error('InvalidInstanceID.NotFound')
      : xml(`<instanceStatusSet>${asked(params).map(statusOf).join('')}</instanceStatusSet>`);

const numbered = (count: number, prefix: string) => Array.from({ length: count }, (_, i) => `${prefix}${i}`);

describe('statusChecks', () => {
  it('should ask for all states, 100 ids at a time', async () => {
    const { cloud, aws } = rig(without());
    const checks = await cloud.statusChecks(numbered(250, 'i-'));
    expect(Object.keys(checks)).toHaveLength(250);
    expect(checks['i-249']).toMatchObject({ system: 'ok', instance: 'impaired' });
    expect(aws.requests.map((each) => asked(each).length)).toEqual([100, 100, 50]);
    expect(aws.requests[0]).toMatchObject({ Action: 'DescribeInstanceStatus', IncludeAllInstances: 'true' });
    // Not together with ids.
    expect(aws.requests[0]).not.toHaveProperty('MaxResults');
  });

  it('should leave out an instance that is gone, and keep the others', async () => {
    const { cloud, aws } = rig(without('i-3', 'i-90'));
    const checks = await cloud.statusChecks(numbered(100, 'i-'));
    expect(Object.keys(checks)).toHaveLength(98);
    expect(checks).not.toHaveProperty('i-3');
    expect(checks).not.toHaveProperty('i-90');
    expect(aws.requests.length).toBeLessThan(35);
  });

  it('should end when all are gone', async () => {
    const { cloud } = rig(without('i-0', 'i-1', 'i-2'));
    expect(await cloud.statusChecks(['i-0', 'i-1', 'i-2'])).toEqual({});
  });

  it('should leave out an entry that names no instance, and keep the others', async () => {
    const { cloud } = rig(() => xml(`<instanceStatusSet>${NAMELESS}${statusOf('i-2')}</instanceStatusSet>`));
    expect(Object.keys(await cloud.statusChecks(['i-1', 'i-2']))).toEqual(['i-2']);
  });

  it('should not take a reply without the set for one about gone instances', async () => {
    const { cloud } = rig(() => xml(''));
    expect(await failureFrom(cloud.statusChecks(['i-1']))).toMatchObject({ awsCode: 'IncompleteReply' });
  });

  it('should not hide another error', async () => {
    const { cloud, aws } = rig(() => ec2Error('UnauthorizedOperation', 403));
    expect((await failureFrom(cloud.statusChecks(['i-1', 'i-2']))).failure).toBe('denied');
    expect(aws.requests).toHaveLength(1);
  });

  it('should not ask for nothing', async () => {
    const { cloud, aws } = rig(without());
    expect(await cloud.statusChecks([])).toEqual({});
    expect(aws.requests).toEqual([]);
  });

  it('should find the impaired ones with a call for each check, since filters are combined with AND', async () => {
    const found: Record<string, string> = { 'system-status.status': 'i-1', 'instance-status.status': 'i-2' };
    const { cloud, aws } = rig((params) => {
      const id = found[String(params['Filter.1.Name'])];
      return xml(`<instanceStatusSet>${id ? statusOf(id) : ''}</instanceStatusSet>`);
    });
    expect(Object.keys(await cloud.impairedChecks()).sort()).toEqual(['i-1', 'i-2']);
    expect(aws.requests.map((each) => String(each['Filter.1.Name'])).sort()).toEqual([
      'application-status.status',
      'attached-ebs-status.status',
      'event.code',
      'instance-status.status',
      'system-status.status',
    ]);
    for (const request of aws.requests) {
      const wanted = request['Filter.1.Name'] === 'event.code' ? 'instance-reboot' : 'impaired';
      expect(request).toMatchObject({ 'Filter.1.Value.1': wanted, MaxResults: '1000' });
      expect(request).not.toHaveProperty('IncludeAllInstances');
    }
  });
});

describe('impairedChecks', () => {
  const CHECKS = ['system-status', 'instance-status', 'attached-ebs-status', 'application-status', 'event.code'];
  const checkOf = (params: Params) => String(params['Filter.1.Name']).replace(/\.status$/, '');
  /** Each check has an instance of its own that it calls impaired. */
  const impairedBy = (check: string) => xml(`<instanceStatusSet>${statusOf(`i-${check}`)}</instanceStatusSet>`);
  /** Answers in this way for some checks, and as it should for the others. */
  const but = (checks: readonly string[], answer: Answer) => (params: Params) =>
    checks.includes(checkOf(params)) ? answer : impairedBy(checkOf(params));
  const found = async ({ cloud }: Rig) => Object.keys(await cloud.impairedChecks()).sort();
  const allBut = (...checks: string[]) =>
    CHECKS.filter((each) => !checks.includes(each))
      .map((each) => `i-${each}`)
      .sort();

  it.each(CHECKS)('should do without the %s check where EC2 refuses its filter', async (check) => {
    expect(await found(rig(but([check], ec2Error('InvalidParameterValue'))))).toEqual(allBut(check));
  });

  it.each(['UnsupportedOperation', 'OperationNotPermitted'])(
    'should do without it in whatever words: %s',
    async (code) => {
      expect(await found(rig(but(['application-status'], ec2Error(code))))).toEqual(allBut('application-status'));
    },
  );

  it('should do without a check whose filter gets no answer', async () => {
    const { cloud } = rig(but(['application-status'], ec2Error('InternalError', 500)));
    expect(Object.keys(await cloud.impairedChecks()).sort()).toEqual(allBut('application-status'));
  });

  it.each(CHECKS)('should make do with the %s check where EC2 takes no other filter', async (check) => {
    const refused = CHECKS.filter((each) => each !== check);
    expect(await found(rig(but(refused, ec2Error('InvalidParameterValue'))))).toEqual([`i-${check}`]);
  });

  it('should fail where EC2 takes none of the filters', async () => {
    const { cloud, aws } = rig(but(CHECKS, ec2Error('InvalidParameterValue')));
    expect(await failureFrom(cloud.impairedChecks())).toMatchObject({
      failure: 'invalid',
      awsCode: 'InvalidParameterValue',
    });
    expect(aws.requests).toHaveLength(5);
  });

  it.each(CHECKS)('should not take another trouble of the %s check for a refused filter', async (check) => {
    const { cloud } = rig(but([check], ec2Error('UnauthorizedOperation', 403)));
    expect((await failureFrom(cloud.impairedChecks())).failure).toBe('denied');
  });

  it('should not take a reply without the set for a refused filter', async () => {
    const { cloud } = rig(but(['application-status'], xml('')));
    expect((await failureFrom(cloud.impairedChecks())).awsCode).toBe('IncompleteReply');
  });

  it('should leave out an entry that names no instance', async () => {
    const nameless = `<instanceStatusSet>${NAMELESS}${statusOf('i-1')}</instanceStatusSet>`;
    expect(await found(rig(() => xml(nameless)))).toEqual(['i-1']);
  });
});
