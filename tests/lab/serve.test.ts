import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { DescribeNetworkInterfacesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { CLIENT } from './support.ts';

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function start(...args: string[]): { child: ChildProcess; line: Promise<string>; ended: Promise<Ended> } {
  const child = spawn(process.execPath, ['--import', 'tsx', 'demo/serve.ts', ...args], { stdio: 'pipe' });
  const text = { out: '', err: '' };
  const line = new Promise<string>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      text.out += chunk.toString();
      if (text.out.includes('\n')) resolve(text.out);
    });
  });
  child.stderr.on('data', (chunk: Buffer) => {
    text.err += chunk.toString();
  });
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, ...text }));
  return { child, line, ended };
}

describe('npm run lab', () => {
  it('should say in one line where it listens and what is there, and end on SIGTERM', async () => {
    const { child, line, ended } = start(
      '--scenario',
      'two-interfaces',
      '--port',
      '0',
      '--seed',
      '5',
      '--no-functions',
    );
    const scene = JSON.parse(await line) as Record<string, string | string[]>;
    expect(Object.keys(scene)).toEqual(['endpoint', 'region', 'group', 'interfaces', 'members', 'holder']);
    const client = new EC2Client({ ...CLIENT, endpoint: String(scene.endpoint) });
    const Filters = [{ Name: 'tag:eni-failover:group', Values: ['web'] }];
    const { NetworkInterfaces = [] } = await client.send(new DescribeNetworkInterfacesCommand({ Filters }));
    const seen = NetworkInterfaces.map(({ NetworkInterfaceId }) => NetworkInterfaceId);
    expect(new Set(seen)).toEqual(new Set(scene.interfaces));
    client.destroy();
    const { port } = new URL(String(scene.endpoint));
    const exported = await start('--exports', '--port', port).ended;
    expect(exported.out.split('\n')).toEqual(
      expect.arrayContaining([`export AWS_ENDPOINT_URL=${String(scene.endpoint)}`, 'export AWS_REGION=us-east-1']),
    );
    child.kill('SIGTERM');
    expect(await ended).toEqual({ code: 0, out: await line, err: '' });
  }, 60_000);

  it('should print no exports where no lab is', async () => {
    const { code, out, err } = await start('--exports', '--port', '1').ended;
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(/^error: no lab listens at 127\.0\.0\.1:1; start one in another terminal: /);
  });
});
