import { CreateTagsCommand, DeleteTagsCommand, DescribeTagsCommand } from '@aws-sdk/client-ec2';
import { codeOf, type Lab, startLab } from './support.ts';

function create(lab: Lab, tags: Readonly<Record<string, string>>, resources = [lab.eni]): Promise<string> {
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  return lab.clock.run(codeOf(lab.ec2.send(new CreateTagsCommand({ Resources: resources, Tags }))));
}

describe('tags', () => {
  it('should be overwritten by key and otherwise kept', async () => {
    const lab = startLab();
    expect(await create(lab, { a: '1', b: '2' }, [lab.eni, lab.holder])).toBe('ok');
    expect(await create(lab, { b: '3' })).toBe('ok');
    expect(lab.world.interface(lab.eni)?.tags).toMatchObject({ a: '1', b: '3', 'eni-failover:group': 'web' });
    expect(lab.world.instance(lab.holder)?.tags).toMatchObject({ a: '1', b: '2' });
  });

  it('should be deleted by key, by key and value, or all of them', async () => {
    const lab = startLab();
    const remove = (Tags?: { Key: string; Value?: string }[]): Promise<unknown> =>
      lab.clock.run(lab.ec2.send(new DeleteTagsCommand({ Resources: [lab.eni], ...(Tags && { Tags }) })));
    await create(lab, { a: '1', b: '2' });
    await remove([{ Key: 'a' }, { Key: 'b', Value: 'other' }]);
    const { a, b } = lab.world.interface(lab.eni)?.tags ?? {};
    expect([a, b]).toEqual([undefined, '2']);
    await remove();
    expect(lab.world.interface(lab.eni)?.tags).toEqual({});
  });

  it('should keep their limits, and change all the resources of a call or none', async () => {
    const lab = startLab();
    const many = Object.fromEntries(Array.from({ length: 49 }, (_, n) => [`k${n}`, '']));
    expect(await create(lab, many)).toBe('TagLimitExceeded');
    expect(await create(lab, { ['k'.repeat(129)]: '' })).toBe('InvalidParameterValue');
    expect(await create(lab, { k: 'v'.repeat(257) })).toBe('InvalidParameterValue');
    expect(await create(lab, { 'aws:k': '' })).toBe('InvalidParameterValue');
    expect(await create(lab, { k: 'a, b' })).toBe('InvalidParameterValue');
    const twice = ['1', '2'].map((Value) => ({ Key: 'k', Value }));
    const command = new CreateTagsCommand({ Resources: [lab.eni], Tags: twice });
    expect(await lab.clock.run(codeOf(lab.ec2.send(command)))).toBe('InvalidParameterValue');
    expect(await create(lab, { k: '1' }, [lab.eni, 'eni-00000000000000000'])).toBe(
      'InvalidNetworkInterfaceID.NotFound',
    );
    expect(await create(lab, { k: '1' }, [lab.eni, 'vol-1'])).toBe('InvalidID');
    expect(lab.world.interface(lab.eni)?.tags.k).toBeUndefined();
    const lenient = startLab({ quirks: { tagCharacters: 'any' } });
    expect(await create(lenient, { k: 'a, b' })).toBe('ok');
  });

  it('should collide when two writers come at once', async () => {
    const lab = startLab({ latencies: { callMs: [20, 20] }, quirks: { tagLockMs: 50 } });
    const write = (): Promise<string> =>
      codeOf(lab.ec2.send(new CreateTagsCommand({ Resources: [lab.eni], Tags: [{ Key: 'k', Value: '' }] })));
    const outcomes = await lab.clock.run(Promise.all([write(), write()]));
    expect(outcomes.toSorted()).toEqual(['ConcurrentTagAccess', 'ok']);
    await lab.clock.advance(50);
    expect(await lab.clock.run(write())).toBe('ok');
  });

  it('should be listed and filtered by DescribeTags', async () => {
    const lab = startLab();
    const Filters = [
      { Name: 'resource-type', Values: ['network-interface'] },
      { Name: 'key', Values: ['eni-failover:*'] },
    ];
    const { Tags } = await lab.clock.run(lab.ec2.send(new DescribeTagsCommand({ Filters })));
    const expected = {
      ResourceId: lab.eni,
      ResourceType: 'network-interface',
      Key: 'eni-failover:group',
      Value: 'web',
    };
    expect(Tags).toEqual([expected]);
  });
});
