import { type ChildProcess, spawn } from 'node:child_process';
import { connect, createServer, type AddressInfo } from 'node:net';
import {
  AttachNetworkInterfaceCommand,
  CreateNetworkInterfaceCommand,
  DescribeSubnetsCommand,
  EC2Client,
  RunInstancesCommand,
  type _InstanceType,
} from '@aws-sdk/client-ec2';
import { systemClock } from '../../lib/clock.ts';
import { GROUP_TAG } from './fixture.ts';
import type { Running } from './target.ts';

const REGION = 'us-east-1';
/** Any value will do, but moto wants the image to be one that it knows. */
const IMAGE = 'ami-12c6146b';

/** Starts `moto_server` on a free port and fills it through the API, for it has no other way in. */
export async function startMoto(): Promise<Running> {
  const port = await freePort();
  const server = spawn('moto_server', ['-H', '127.0.0.1', '-p', `${port}`], { stdio: 'ignore' });
  const endpoint = `http://127.0.0.1:${port}`;
  const credentials = { accessKeyId: 'contract', secretAccessKey: 'contract' };
  const ec2 = new EC2Client({ endpoint, credentials, region: REGION });
  try {
    await untilItListens(port, server);
    await fill(ec2);
  } catch (error) {
    await end(server);
    throw error;
  } finally {
    ec2.destroy();
  }
  return { endpoint, region: REGION, credentials, group: 'web', stop: () => end(server) };
}

async function fill(ec2: EC2Client): Promise<void> {
  const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({}));
  const subnetIn = (zone: string) => Subnets.find((subnet) => subnet.AvailabilityZone === `${REGION}${zone}`)?.SubnetId;
  const run = async (zone: string, group: string, type: _InstanceType = 't3.small'): Promise<string> => {
    const TagSpecifications = [{ ResourceType: 'instance' as const, Tags: [{ Key: GROUP_TAG, Value: group }] }];
    const place = { ImageId: IMAGE, SubnetId: subnetIn(zone), InstanceType: type };
    const { Instances } = await ec2.send(
      new RunInstancesCommand({ ...place, MinCount: 1, MaxCount: 1, TagSpecifications }),
    );
    return Instances?.[0]?.InstanceId ?? '';
  };
  const create = async (group: string): Promise<string> => {
    const TagSpecifications = [
      { ResourceType: 'network-interface' as const, Tags: [{ Key: GROUP_TAG, Value: group }] },
    ];
    const command = new CreateNetworkInterfaceCommand({ SubnetId: subnetIn('a'), TagSpecifications });
    return (await ec2.send(command)).NetworkInterface?.NetworkInterfaceId ?? '';
  };
  const attach = (NetworkInterfaceId: string, InstanceId: string) =>
    ec2.send(new AttachNetworkInterfaceCommand({ NetworkInterfaceId, InstanceId, DeviceIndex: 1 }));
  await attach(await create('web'), await run('a', 'web'));
  await run('a', 'db web');
  await run('b', 'web-2');
  await create('web-2');
  await attach(await create('other'), await run('a', 'web-full', 't3.micro'));
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

async function untilItListens(port: number, server: ChildProcess): Promise<void> {
  while (!(await accepts(port))) {
    if (server.exitCode !== null) throw new Error(`moto_server ended with status ${server.exitCode}`);
    await systemClock.sleep(100);
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

function end(server: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (server.exitCode !== null) return resolve();
    server.once('exit', () => resolve());
    server.kill();
  });
}
