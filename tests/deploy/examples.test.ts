import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import {
  CreateTagsCommand,
  DescribeAddressesCommand,
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  DetachNetworkInterfaceCommand,
  type Instance,
} from '@aws-sdk/client-ec2';
import { at } from '../support/stage.ts';
import { type Moto, startMotoForExamples } from '../examples/moto.ts';
import { codeBlocks, hasProgram, itWith, pathOf, type Ran, run, succeeded, textOf } from '../examples/support.ts';

const GROUP = 'nginx-pair';
const GROUP_FILTER = { Name: 'tag:eni-failover:group', Values: [GROUP] };

async function membersOf({ ec2 }: Moto) {
  const states = { Name: 'instance-state-name', Values: ['running'] };
  const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ Filters: [GROUP_FILTER, states] }));
  return Reservations.flatMap(({ Instances = [] }) => Instances);
}

const tagOf = (tagged: Instance, key: string) => tagged.Tags?.find(({ Key }) => Key === key)?.Value;

/**
 * What the walk-through promises: two looks, a minute apart, and the preferred member has the interface. The third notes
 * who the members are, and the fourth has nothing to say.
 */
async function firstAttach(moto: Moto, interfaceId: string): Promise<readonly (string | undefined)[]> {
  const codes: (string | undefined)[] = [];
  for (const laterSeconds of [0, 60, 120, 180]) {
    const { groups } = await moto.app(laterSeconds).sweep({ runId: `sweep-${laterSeconds}`, remainingMs: 55_000 });
    codes.push(groups.find(({ group }) => group === GROUP)?.code);
  }
  expect(await moto.holderOf(interfaceId)).toBeDefined();
  return codes;
}

describe('the CloudFormation example, applied to moto_server', () => {
  itWith(['moto_server', 'aws'])(
    'should make what the walk-through goes on with, and the sweep attach the interface',
    async () => {
      const moto = await startMotoForExamples();
      try {
        // The very command of the walk-through.
        const deploy = codeBlocks(textOf('examples/nginx-pair/README.md'), 'sh').find((block) =>
          block.startsWith('aws cloudformation deploy'),
        );
        succeeded(await run('bash', ['-c', deploy ?? 'false'], { env: moto.env }));

        const members = await membersOf(moto);
        expect(members.map((each) => tagOf(each, 'Name'))).toEqual(['nginx-pair a', 'nginx-pair b']);
        expect(members.map((each) => tagOf(each, 'eni-failover:priority'))).toEqual(['10', undefined]);
        expect(new Set(members.map(({ Placement }) => Placement?.AvailabilityZone)).size).toBe(1);

        const filter = { Name: 'description', Values: ['nginx-pair: moved by eni-failover'] };
        const { NetworkInterfaces = [] } = await moto.ec2.send(new DescribeNetworkInterfacesCommand({}));
        const floating = NetworkInterfaces.filter(({ Description }) => filter.Values.includes(Description ?? ''));
        expect(floating).toMatchObject([
          { Status: 'available', AvailabilityZone: at(members, 0).Placement?.AvailabilityZone },
        ]);
        const { Addresses = [] } = await moto.ec2.send(new DescribeAddressesCommand({}));
        expect(Addresses).toHaveLength(1);

        // Of the template, moto's CloudFormation leaves out the interface's tags, the association, the alarms and the
        // placement group. Without its tag the product cannot see the interface.
        const id = floating[0]?.NetworkInterfaceId ?? '';
        await moto.ec2.send(
          new CreateTagsCommand({ Resources: [id], Tags: [{ Key: 'eni-failover:group', Value: GROUP }] }),
        );
        expect(await firstAttach(moto, id)).toEqual(['unattached-unconfirmed', 'attach', 'holder-healthy', undefined]);
        expect(await moto.holderOf(id)).toBe(at(members, 0).InstanceId);
      } finally {
        await moto.stop();
      }
    },
    180_000,
  );
});

describe('the Terraform example', () => {
  const folder = mkdtempSync(join(tmpdir(), 'terraform-'));
  cpSync(pathOf('examples/terraform'), folder, { recursive: true });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  // A configuration file that is not there would only make Terraform complain.
  const { TF_CLI_CONFIG_FILE: configuration = '' } = process.env;
  const own = { TF_IN_AUTOMATION: 'true', TF_INPUT: 'false', CHECKPOINT_DISABLE: 'true' };
  const always = { ...own, ...(!existsSync(configuration) && { TF_CLI_CONFIG_FILE: '/dev/null' }) };
  const terraform = (args: string, env: Readonly<Record<string, string>> = {}): Promise<Ran> =>
    run('terraform', [...args.split(' '), '-no-color'], { cwd: folder, env: { ...env, ...always } });

  /** The provider, from wherever Terraform finds it, else from a mirror that somebody unpacked. */
  function hasProvider(): boolean {
    const env = { ...process.env, ...always };
    return ['', ...mirrors().map((dir) => `-plugin-dir=${dir}`)].some((source) => {
      const args = ['init', '-backend=false', '-no-color', ...(source === '' ? [] : [source])];
      return spawnSync('terraform', args, { cwd: folder, env, stdio: 'ignore', timeout: 60_000 }).status === 0;
    });
  }

  function mirrors(): string[] {
    const { TF_PLUGIN_DIR } = process.env;
    const optional = existsSync('/opt') ? readdirSync('/opt').map((name) => join('/opt', name)) : [];
    return [TF_PLUGIN_DIR ?? [], optional]
      .flat()
      .filter(
        (dir) => existsSync(dir) && readdirSync(dir).some((host) => existsSync(join(dir, host, 'hashicorp', 'aws'))),
      );
  }

  const noProvider = hasProgram('terraform') && !hasProvider() ? ['its AWS provider cannot be had'] : [];

  interface InterfaceState {
    readonly attachment: readonly object[];
    readonly tags: Readonly<Record<string, string>>;
  }

  /**
   * What Terraform makes of the attachment and of the state tags that the product has written. Not of everything: moto
   * forgets the placement group of an instance, and gives an attached interface its instance's security groups.
   */
  async function plannedForTheInterface(env: Readonly<Record<string, string>>) {
    succeeded(await terraform('plan -out=move.tfplan', env));
    const plan = JSON.parse(succeeded(await terraform('show -json move.tfplan', env))) as {
      resource_changes: { address: string; change: { before: InterfaceState; after: InterfaceState } }[];
    };
    const found = plan.resource_changes.find(({ address }) => address === 'aws_network_interface.floating');
    if (!found) throw new Error('the plan does not mention the interface');
    return found.change;
  }

  itWith(['terraform'])('should be formatted as terraform fmt would', async () => {
    expect(await terraform('fmt -check -diff')).toEqual({ status: 0, output: '' });
  });

  itWith(['terraform'], noProvider)(
    'should be valid',
    async () => {
      succeeded(await terraform('validate'));
    },
    180_000,
  );

  itWith(['terraform', 'moto_server'], noProvider)(
    'should make what it says, see no drift in a move, and take itself down, on moto_server',
    async () => {
      const moto = await startMotoForExamples();
      const { env } = moto;
      try {
        succeeded(await terraform('apply -auto-approve', env));

        const members = await membersOf(moto);
        expect(new Set(members.map((each) => tagOf(each, 'Name')))).toEqual(new Set(['nginx-pair a', 'nginx-pair b']));
        expect(new Set(members.map(({ Placement }) => Placement?.AvailabilityZone)).size).toBe(1);
        const { NetworkInterfaces = [] } = await moto.ec2.send(
          new DescribeNetworkInterfacesCommand({ Filters: [GROUP_FILTER] }),
        );
        expect(NetworkInterfaces).toMatchObject([{ Status: 'available' }]);
        const id = NetworkInterfaces[0]?.NetworkInterfaceId ?? '';
        const { Addresses = [] } = await moto.ec2.send(new DescribeAddressesCommand({}));
        expect(Addresses).toMatchObject([{ NetworkInterfaceId: id }]);
        expect(await alarmNames(moto)).toEqual(['eni-failover/nginx-pair/a', 'eni-failover/nginx-pair/b']);

        expect(await firstAttach(moto, id)).toEqual(['unattached-unconfirmed', 'attach', 'holder-healthy', undefined]);
        const preferred = members.find((each) => tagOf(each, 'eni-failover:priority') === '10');
        expect(await moto.holderOf(id)).toBe(preferred?.InstanceId);

        const { before, after } = await plannedForTheInterface(env);
        expect(before.attachment).toMatchObject([{ instance: preferred?.InstanceId }]);
        expect([after.attachment, after.tags]).toEqual([before.attachment, before.tags]);
        expect(Object.keys(before.tags).toSorted()).toEqual(['Name', 'eni-failover:group']);

        // EC2 frees the interface of an instance that is terminated. moto does not, and Terraform would wait for it.
        const { NetworkInterfaces: held = [] } = await moto.ec2.send(
          new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: [id] }),
        );
        const AttachmentId = held[0]?.Attachment?.AttachmentId ?? '';
        await moto.ec2.send(new DetachNetworkInterfaceCommand({ AttachmentId }));
        succeeded(await terraform('destroy -auto-approve', env));
        expect(await membersOf(moto)).toEqual([]);
      } finally {
        await moto.stop();
      }
    },
    600_000,
  );
});

async function alarmNames({ endpoint, region, credentials }: Moto): Promise<string[]> {
  const cloudwatch = new CloudWatchClient({ endpoint, region, credentials });
  const { MetricAlarms = [] } = await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNamePrefix: 'eni-failover/' }));
  cloudwatch.destroy();
  return MetricAlarms.map(({ AlarmName = '' }) => AlarmName).toSorted();
}
