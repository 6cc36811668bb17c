import { createHash } from 'node:crypto';
import {
  AttachNetworkInterfaceCommand,
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  DetachNetworkInterfaceCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { buildScenario, SCENARIOS } from '../../demo/scenarios.ts';
import { VirtualClock } from '../../lab/clock.ts';
import { Random } from '../../lab/random.ts';
import { inProcessHandler, inProcessProtocol } from '../../lab/wire/in-process.ts';
import { World } from '../../lab/world/world.ts';
import { CLIENT, codeOf, START_MS, startLab } from './support.ts';

/** Two clients that move an interface to and fro while things break: everything that happened, as one digest. */
async function history(seed: number, transport: 'wire' | 'typed'): Promise<string> {
  const clock = new VirtualClock(START_MS);
  const world = new World({ clock, seed, profile: 'quick', consistency: { staleReadsUpToMs: 2_000 } });
  const scene = buildScenario('pair', world);
  const chaos = new Random(seed).fork('faults');
  world.faults = { before: () => (chaos.chance(0.2) ? { kind: 'lost' } : undefined) };
  const digest = createHash('sha256');
  world.onFact((fact) => digest.update(JSON.stringify(fact)));
  const [eni = ''] = scene.interfaces;
  const client = async (caller: string): Promise<void> => {
    const settings =
      transport === 'typed' ? inProcessProtocol(world, caller) : { requestHandler: inProcessHandler(world, caller) };
    const ec2 = new EC2Client({ ...CLIENT, ...settings });
    for (const target of [...scene.members, ...scene.members]) {
      await codeOf(ec2.send(new DescribeInstancesCommand({})));
      const NetworkInterfaceIds = [eni];
      await codeOf(ec2.send(new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds })));
      const AttachmentId = world.interface(eni)?.attachment?.id ?? 'eni-attach-00000000000000000';
      await codeOf(ec2.send(new DetachNetworkInterfaceCommand({ AttachmentId })));
      await clock.sleep(3_000);
      const input = { NetworkInterfaceId: eni, InstanceId: target, DeviceIndex: 1, NetworkCardIndex: 0 };
      await codeOf(ec2.send(new AttachNetworkInterfaceCommand(input)));
    }
  };
  world.failInstance(scene.holder);
  await clock.run(Promise.all([client('one'), client('two')]));
  await clock.advance(600_000);
  return digest.digest('hex');
}

describe('a run', () => {
  it.each(['typed', 'wire'] as const)('should be a function of its seed (%s)', async (transport) => {
    const first = await history(7, transport);
    expect(await history(7, transport)).toBe(first);
    expect(await history(8, transport)).not.toBe(first);
  });

  it('should not depend on the transport', async () => {
    expect(await history(9, 'wire')).toBe(await history(9, 'typed'));
  });
});

describe('the scenarios', () => {
  it.each(SCENARIOS)('should be complete and realistic: %s', (scenario) => {
    const { world, scene } = startLab({ scenario });
    expect(scene.members).toContain(scene.holder);
    for (const id of [...scene.members, ...scene.interfaces]) expect(id).toMatch(/^(i|eni)-[0-9a-f]{17}$/);
    for (const id of scene.members) {
      const { tags } = world.instance(id) ?? {};
      expect(tags?.['eni-failover:group']?.split(' ')).toContain('web');
      const alarm = world.alarms.get(`eni-failover/web/${id}`);
      expect(alarm?.config.Dimensions).toEqual([{ Name: 'InstanceId', Value: id }]);
    }
    for (const [index, id] of scene.interfaces.entries()) {
      const { attachment, tags } = world.interface(id) ?? {};
      expect(tags).toMatchObject({ 'eni-failover:group': 'web', Name: expect.any(String) });
      expect(attachment).toMatchObject({ instanceId: scene.holder, deviceIndex: index + 1, status: 'attached' });
    }
  });

  it('should be what their names say', () => {
    expect(startLab({ scenario: 'two-interfaces' }).scene.interfaces).toHaveLength(2);
    const apart = startLab({ scenario: 'other-az' });
    expect(apart.world.instance(apart.standby)?.zone).toBe('us-east-1b');
    const full = startLab({ scenario: 'full' });
    expect(full.world.interfacesOf(full.standby)).toHaveLength(3);
    const mutual = startLab({ scenario: 'mutual' });
    const db = mutual.world.interfaces.all().find(({ tags }) => tags['eni-failover:group'] === 'db');
    expect(db?.attachment?.instanceId).toBe(mutual.standby);
  });
});
