import { ec2Error, failureFrom, fieldsOf, rig, xml } from './fakes.ts';

describe('changes', () => {
  it('should always send the network card with an attach', async () => {
    const { cloud, aws } = rig(() => xml('<attachmentId>eni-attach-1</attachmentId>'));
    const request = { interfaceId: 'eni-1', instanceId: 'i-1', deviceIndex: 2, networkCardIndex: 0 };
    expect(await cloud.attach(request)).toBe('eni-attach-1');
    expect(aws.requests[0]).toEqual({
      Action: 'AttachNetworkInterface',
      Version: '2016-11-15',
      NetworkInterfaceId: 'eni-1',
      InstanceId: 'i-1',
      DeviceIndex: '2',
      NetworkCardIndex: '0',
    });
  });

  it.each([
    [
      { express: { udp: true }, queues: 4 },
      {
        'EnaSrdSpecification.EnaSrdEnabled': 'true',
        'EnaSrdSpecification.EnaSrdUdpSpecification.EnaSrdUdpEnabled': 'true',
        EnaQueueCount: '4',
      },
    ],
    [
      { express: { udp: false } },
      {
        'EnaSrdSpecification.EnaSrdEnabled': 'true',
        'EnaSrdSpecification.EnaSrdUdpSpecification.EnaSrdUdpEnabled': 'false',
      },
    ],
    [{ queues: 2 }, { EnaQueueCount: '2' }],
  ])('should ask with an attach for what belongs to the attachment: %j', async (ena, fields) => {
    const { cloud, aws } = rig(() => xml('<attachmentId>eni-attach-1</attachmentId>'));
    await cloud.attach({ interfaceId: 'eni-1', instanceId: 'i-1', deviceIndex: 2, networkCardIndex: 0, ena });
    expect(fieldsOf(aws.requests[0], 'Ena')).toEqual(fields);
  });

  it('should not call an attach failed that was answered without an id', async () => {
    const { cloud } = rig(() => xml(''));
    const request = { interfaceId: 'eni-1', instanceId: 'i-1', deviceIndex: 2, networkCardIndex: 0 };
    expect((await failureFrom(cloud.attach(request))).failure).toBe('ambiguous');
  });

  it.each([true, false])('should send a detach with Force=%s', async (force) => {
    const { cloud, aws } = rig(() => xml('<return>true</return>'));
    await cloud.detach('eni-attach-1', force);
    expect(aws.requests[0]).toEqual({
      Action: 'DetachNetworkInterface',
      Version: '2016-11-15',
      AttachmentId: 'eni-attach-1',
      Force: `${force}`,
    });
  });

  it('should write all tags of all interfaces with one call', async () => {
    const { cloud, aws } = rig(() => xml('<return>true</return>'));
    await cloud.writeTags(['eni-1', 'eni-2'], { a: '1', b: '' });
    expect(aws.requests).toEqual([
      {
        Action: 'CreateTags',
        Version: '2016-11-15',
        'ResourceId.1': 'eni-1',
        'ResourceId.2': 'eni-2',
        'Tag.1.Key': 'a',
        'Tag.1.Value': '1',
        'Tag.2.Key': 'b',
        'Tag.2.Value': '',
      },
    ]);
  });

  it('should change the one attribute of an attachment', async () => {
    const { cloud, aws } = rig(() => xml('<return>true</return>'));
    await cloud.modifyDeleteOnTermination('eni-1', 'eni-attach-1', false);
    expect(aws.requests[0]).toEqual({
      Action: 'ModifyNetworkInterfaceAttribute',
      Version: '2016-11-15',
      NetworkInterfaceId: 'eni-1',
      'Attachment.AttachmentId': 'eni-attach-1',
      'Attachment.DeleteOnTermination': 'false',
    });
  });
});

describe('the dry run of an attach', () => {
  const request = { interfaceId: 'eni-1', instanceId: 'i-1', deviceIndex: 2, networkCardIndex: 0 };

  it.each([
    ['DryRunOperation', 412, 'allowed'],
    ['UnauthorizedOperation', 403, 'denied'],
    ['InvalidNetworkInterface.InUse', 400, 'unknown'],
    ['AuthFailure', 403, 'unknown'],
    ['RequestLimitExceeded', 503, 'unknown'],
    ['InternalError', 500, 'unknown'],
  ])('should be sent once, and be taken, when answered with %s (%i), for %s', async (code, status, kind) => {
    const { cloud, aws } = rig(() => ec2Error(code, status));
    expect(await cloud.rehearseAttach(request)).toMatchObject({ kind });
    expect(aws.requests).toHaveLength(1);
  });

  it('should have the parameters of the attach', async () => {
    const { cloud, aws } = rig(() => ec2Error('DryRunOperation', 412));
    await cloud.rehearseAttach(request);
    await cloud.attach(request).catch(() => undefined);
    expect(aws.requests[0]).toEqual({ ...aws.requests[1], DryRun: 'true' });
  });

  it('should name the action that is denied', async () => {
    const { cloud } = rig(() => ec2Error('UnauthorizedOperation', 403));
    expect(await cloud.rehearseAttach(request)).toMatchObject({
      reason: expect.stringContaining('ec2:AttachNetworkInterface'),
    });
  });

  it('should not be sent any more once a change was throttled in the run', async () => {
    const { cloud, aws, budget } = rig(() => ec2Error('RequestLimitExceeded', 503));
    await cloud.detach('eni-attach-1', false).catch(() => undefined);
    const sent = aws.requests.length;
    expect(await cloud.rehearseAttach(request)).toEqual({ kind: 'unknown' });
    expect(aws.requests).toHaveLength(sent);
    budget.throttled = false;
    await cloud.rehearseAttach(request);
    expect(aws.requests).toHaveLength(sent + 1);
  });
});
