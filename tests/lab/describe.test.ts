import { DescribeInstancesCommand, DescribeNetworkInterfacesCommand, type Filter } from '@aws-sdk/client-ec2';
import { codeOf, type Lab, startLab } from './support.ts';

async function instances(lab: Lab, ...Filters: Filter[]): Promise<string[]> {
  const { Reservations = [] } = await lab.clock.run(lab.ec2.send(new DescribeInstancesCommand({ Filters })));
  return Reservations.flatMap(({ Instances = [] }) => Instances.map(({ InstanceId = '' }) => InstanceId)).sort();
}

async function interfaces(lab: Lab, ...Filters: Filter[]): Promise<string[]> {
  const command = new DescribeNetworkInterfacesCommand({ Filters });
  const { NetworkInterfaces = [] } = await lab.clock.run(lab.ec2.send(command));
  return NetworkInterfaces.map(({ NetworkInterfaceId = '' }) => NetworkInterfaceId);
}

const is = (Name: string, ...Values: string[]): Filter => ({ Name, Values });

describe('filters', () => {
  it('should match any value of one filter and all of several', async () => {
    const lab = startLab({ scenario: 'mutual' });
    expect(await instances(lab, is('tag:Name', 'node-1', 'node-2'))).toHaveLength(2);
    expect(await instances(lab, is('tag:Name', 'node-1', 'node-2'), is('instance-id', lab.holder))).toEqual([
      lab.holder,
    ]);
    expect(await instances(lab, is('instance-state-name', 'stopped'))).toEqual([]);
  });

  it('should know the wildcards * and ?, and take everything else literally', async () => {
    const lab = startLab({ scenario: 'mutual' });
    lab.world.retag(lab.standby, { pattern: 'a*c.d' });
    expect(await instances(lab, is('tag:eni-failover:group', '*db*'))).toHaveLength(2);
    expect(await instances(lab, is('tag:Name', 'node-?'))).toHaveLength(2);
    expect(await instances(lab, is('tag:Name', 'node?'))).toEqual([]);
    expect(await instances(lab, is('tag:pattern', 'a\\*c.d'))).toEqual([lab.standby]);
    expect(await instances(lab, is('tag:pattern', 'a\\*cxd'))).toEqual([]);
    expect(await instances(lab, is('tag-key', 'pat*'))).toEqual([lab.standby]);
  });

  it('should each find what they name', async () => {
    const lab = startLab();
    const elasticIp = { publicIp: '203.0.113.7', allocationId: 'eipalloc-1', associationId: 'eipassoc-1' };
    const eni = lab.world.addInterface({ zone: 'us-east-1b', description: 'odd one', elasticIp });
    const { macAddress, privateIps, subnetId } = eni;
    const [address = ''] = privateIps;
    const found = {
      'availability-zone': 'us-east-1b',
      'subnet-id': subnetId,
      'mac-address': macAddress,
      'private-ip-address': address,
      'addresses.private-ip-address': address,
      description: 'odd*',
    };
    for (const [name, value] of Object.entries(found)) expect(await interfaces(lab, is(name, value))).toEqual([eni.id]);
    const shared = {
      'vpc-id': eni.vpcId,
      'owner-id': eni.ownerId,
      'interface-type': 'interface',
      'requester-managed': 'false',
    };
    for (const [name, value] of Object.entries(shared)) expect(await interfaces(lab, is(name, value))).toHaveLength(4);
    expect(await interfaces(lab, is('attachment.attachment-id', lab.attachmentId()))).toEqual([lab.eni]);
    const spot = lab.world.addInstance({ type: 'm6i.large', zone: 'us-east-1b', spot: true, state: 'stopped' });
    const own = {
      'instance-type': 'm6i.*',
      'availability-zone': 'us-east-1b',
      'subnet-id': spot.subnetId,
      'instance-lifecycle': 'spot',
      'instance-state-code': '80',
    };
    for (const [name, value] of Object.entries(own)) expect(await instances(lab, is(name, value))).toEqual([spot.id]);
    expect(await instances(lab, is('vpc-id', spot.vpcId))).toHaveLength(3);
  });

  it('should look at attachments', async () => {
    const lab = startLab();
    expect(await interfaces(lab, is('attachment.instance-id', lab.holder), is('attachment.device-index', '1'))).toEqual(
      [lab.eni],
    );
    expect(await instances(lab, is('network-interface.network-interface-id', lab.eni))).toEqual([lab.holder]);
    lab.world.detachByHand(lab.eni);
    expect(await interfaces(lab, is('attachment.status', 'detaching'))).toEqual([lab.eni]);
    await lab.clock.advance(10_000);
    expect(await interfaces(lab, is('status', 'available'))).toEqual([lab.eni]);
  });

  it.each([{ Name: 'group', Values: ['web'] }, { Name: 'constructor', Values: ['web'] }, { Name: 'status' }])(
    'should be refused when EC2 does not know them: %j',
    async (filter) => {
      const lab = startLab();
      const command = new DescribeNetworkInterfacesCommand({ Filters: [filter] });
      expect(await lab.clock.run(codeOf(lab.ec2.send(command)))).toBe('InvalidParameterValue');
    },
  );

  it('should have at most 200 values in one call', async () => {
    const lab = startLab();
    const send = (count: number): Promise<string> => {
      const Values = Array.from({ length: count }, (_, n) => `i-${n}`);
      const Filters = [
        { Name: 'attachment.instance-id', Values },
        { Name: 'status', Values: ['in-use'] },
      ];
      return lab.clock.run(codeOf(lab.ec2.send(new DescribeNetworkInterfacesCommand({ Filters }))));
    };
    expect([await send(199), await send(200)]).toEqual(['ok', 'FilterLimitExceeded']);
  });
});

describe('pages', () => {
  const send = (lab: Lab, input: object): Promise<string> =>
    lab.clock.run(codeOf(lab.ec2.send(new DescribeNetworkInterfacesCommand(input))));

  it('should hold every item exactly once', async () => {
    const lab = startLab();
    for (let i = 0; i < 10; i += 1) lab.world.addInterface();
    const seen: string[] = [];
    const sizes: number[] = [];
    let NextToken: string | undefined;
    do {
      const input = { MaxResults: 5, ...(NextToken === undefined ? {} : { NextToken }) };
      const reply = await lab.clock.run(lab.ec2.send(new DescribeNetworkInterfacesCommand(input)));
      seen.push(...(reply.NetworkInterfaces ?? []).map(({ NetworkInterfaceId = '' }) => NetworkInterfaceId));
      sizes.push(reply.NetworkInterfaces?.length ?? 0);
      NextToken = reply.NextToken;
    } while (NextToken !== undefined);
    expect(sizes).toEqual([5, 5, 3]);
    expect(new Set(seen)).toEqual(new Set(lab.world.interfaces.all().map(({ id }) => id)));
  });

  it('should keep their limits', async () => {
    const lab = startLab();
    expect(await send(lab, { MaxResults: 4 })).toBe('InvalidParameterValue');
    expect(await send(lab, { MaxResults: 1_001 })).toBe('InvalidParameterValue');
    expect(await send(lab, { MaxResults: 5, NetworkInterfaceIds: [lab.eni] })).toBe('InvalidParameterCombination');
    expect(await send(lab, { NextToken: 'made-up' })).toBe('InvalidNextToken');
  });
});

describe('what the lab does not know', () => {
  it('should be an error and not be ignored', async () => {
    const lab = startLab();
    const known = new DescribeNetworkInterfacesCommand({ IncludeManagedResources: true });
    expect(await lab.clock.run(codeOf(lab.ec2.send(known)))).toBe('UnknownParameter');
  });

  it('should tell unknown ids from malformed ones', async () => {
    const lab = startLab();
    const send = (id: string): Promise<string> =>
      lab.clock.run(codeOf(lab.ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }))));
    expect(await send('i-00000000000000000')).toBe('InvalidInstanceID.NotFound');
    expect(await send('i-0')).toBe('InvalidInstanceID.Malformed');
    const dry = new DescribeInstancesCommand({ DryRun: true });
    expect(await lab.clock.run(codeOf(lab.ec2.send(dry)))).toBe('DryRunOperation');
  });
});
