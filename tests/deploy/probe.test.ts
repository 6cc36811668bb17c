import { inCopy, packageOnce, serverless } from '../../build/packaging.ts';
import { readTemplate } from '../../lab/package/template.ts';
import { startMoto } from '../contract/moto.ts';
import type { Running } from '../contract/target.ts';
import { itWith } from '../examples/support.ts';
import { ACCOUNT, Asker, CREDENTIALS, expected, look, REGION } from './look.ts';

/** A deployment with probes, for real, against an independent emulator of AWS. */
const CALL = { Version: '2016-11-15' };

/** Makes a VPC with a subnet in each of these zones, and a security group. */
async function vpcWith(aws: Asker, block: string, zones: readonly string[]) {
  const [VpcId = ''] = await aws.query('ec2', 'vpcId', { ...CALL, Action: 'CreateVpc', CidrBlock: `${block}.0.0/16` });
  const made = await Promise.all(
    zones.map((zone, i) => {
      const given = { VpcId, CidrBlock: `${block}.${i}.0/28`, AvailabilityZone: `${REGION}${zone}` };
      return aws.query('ec2', 'subnetId', { ...CALL, Action: 'CreateSubnet', ...given });
    }),
  );
  const asked = { Action: 'CreateSecurityGroup', GroupName: 'probe', GroupDescription: 'probe', VpcId };
  const [group = ''] = await aws.query('ec2', 'groupId', { ...CALL, ...asked });
  return { subnets: made.map(([id = '']) => id), group };
}

describe('npx serverless deploy, with a probe', () => {
  let moto: Running | undefined;
  afterAll(() => moto?.stop());

  itWith(['moto_server'])(
    'should look at its subnets, deploy what the template says, and remove all of it',
    async () => {
      moto = await startMoto();
      const { endpoint = '' } = moto;
      const aws = new Asker(endpoint);
      const { subnets, group } = await vpcWith(aws, '10.1', ['a', 'b', 'a']);
      const [one = '', other = '', sameZone = ''] = subnets;
      const elsewhere = await vpcWith(aws, '10.2', ['b']);
      const [foreign = ''] = elsewhere.subnets;
      const params = (...subnets: string[]) => ({
        probeSubnetIds: subnets.join(','),
        probeSecurityGroupIds: group,
      });
      const argumentsOf = (given: object) => Object.entries(given).map(([name, value]) => `--param=${name}=${value}`);
      const environment = { ...CREDENTIALS, AWS_ENDPOINT_URL: endpoint };

      await inCopy(async (folder) => {
        const deploy = (...subnets: string[]): Promise<string> =>
          serverless(folder, ['deploy', ...argumentsOf(params(...subnets))], environment);
        await expect(deploy(one, foreign)).rejects.toThrow(/must be of one VPC/);
        const strange = { ...params(one, other), probeSecurityGroupIds: elsewhere.group };
        await expect(serverless(folder, ['deploy', ...argumentsOf(strange)], environment)).rejects.toThrow(
          /probeSecurityGroupIds must be of the VPC of probeSubnetIds/,
        );
        await expect(deploy(one, 'subnet-0000000000000000f')).rejects.toThrow(/probeSubnetIds: .*does not exist/);
        expect(await look(endpoint)).toMatchObject({ stack: [], functions: [], roles: [] });

        expect(await deploy(one, sameZone)).toContain('Both probes are in one Availability Zone');

        const said = await deploy(one, other);
        expect(said).not.toContain('Availability Zone,');
        expect(said).toContain(`the probe: one in each of ${one},${other}`);
        expect(said).toContain('Key=eni-failover:probe,Value=tcp:443');
        const { templatePath } = await packageOnce({ params: params(one, other) });
        const { stack, buckets: _, ...found } = await look(endpoint);
        expect(stack).toEqual(['UPDATE_COMPLETE']);
        expect(found).toEqual(expected(readTemplate(templatePath, ACCOUNT)));

        await serverless(folder, ['remove'], environment);
        expect(await look(endpoint)).toMatchObject({ functions: [], rules: [], roles: [], queues: [] });
      });
    },
    600_000,
  );
});
