import { ec2Error, failureFrom, fieldsOf, type Params, rig, xml } from './fakes.ts';

const statusOf = (id: string) =>
  `<item><instanceId>${id}</instanceId><systemStatus><status>ok</status></systemStatus>
   <instanceStatus><status>impaired</status></instanceStatus></item>`;
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
      'instance-status.status',
      'system-status.status',
    ]);
    for (const request of aws.requests) {
      expect(request).toMatchObject({ 'Filter.1.Value.1': 'impaired', MaxResults: '1000' });
      expect(request).not.toHaveProperty('IncludeAllInstances');
    }
  });
});

describe('impairedChecks', () => {
  /** Refuses the filter of one check. */
  const refusing = (check: string) => (params: Params) =>
    params['Filter.1.Name'] === `${check}.status`
      ? ec2Error('InvalidParameterValue')
      : xml(`<instanceStatusSet>${statusOf('i-1')}</instanceStatusSet>`);

  it('should do without the application check where EC2 does not know it', async () => {
    const { cloud } = rig(refusing('application-status'));
    expect(Object.keys(await cloud.impairedChecks())).toEqual(['i-1']);
  });

  it('should not do without another one', async () => {
    const { cloud } = rig(refusing('system-status'));
    expect((await failureFrom(cloud.impairedChecks())).failure).toBe('invalid');
  });

  it('should not take another trouble of the application check for its absence', async () => {
    const { cloud } = rig(({ 'Filter.1.Name': name }) =>
      name === 'application-status.status' ? ec2Error('UnauthorizedOperation', 403) : xml('<instanceStatusSet/>'),
    );
    expect((await failureFrom(cloud.impairedChecks())).failure).toBe('denied');
  });
});
