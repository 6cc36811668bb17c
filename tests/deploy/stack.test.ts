import { inCopy, packageOnce, serverless } from '../../build/packaging.ts';
import { readTemplate } from '../../lab/package/template.ts';
import { startMoto } from '../contract/moto.ts';
import type { Running } from '../contract/target.ts';
import { itWith } from '../examples/support.ts';
import { ACCOUNT, alarmsIn, CREDENTIALS, expected, look, makeAlarm, REGION } from './look.ts';

/**
 * `serverless deploy` and `remove`, for real, against an independent emulator of AWS. Its CloudFormation knows nothing
 * of alarms, queue policies and what becomes of failed invocations, so those are not looked at here.
 */
describe('npx serverless', () => {
  let moto: Running | undefined;
  afterAll(() => moto?.stop());

  itWith(['moto_server'])(
    'should deploy what the template says, and remove all of it',
    async () => {
      moto = await startMoto();
      const { endpoint = '' } = moto;
      const environment = { ...CREDENTIALS, AWS_ENDPOINT_URL: endpoint };
      await inCopy(async (folder) => {
        const before = await look(endpoint);
        expect(before).toMatchObject({ stack: [], functions: [], rules: [], roles: [], queues: [], buckets: [] });

        const first = await serverless(folder, ['deploy', '--param=maxMoves=3'], environment);
        expect(first).toContain(`made in ${REGION}:`);
        expect(first).toContain('next:');
        expect(first).toContain('maxMoves came from --param only');

        const second = await serverless(folder, ['deploy'], environment);
        expect(second).toContain('maxMoves was 3 in the last deployment and is 2 now');
        const template = readTemplate((await packageOnce()).templatePath, ACCOUNT);
        const { stack, buckets, ...found } = await look(endpoint);
        expect(stack).toEqual(['UPDATE_COMPLETE']);
        expect(buckets).toEqual([expect.stringMatching(/^eni-failover-prod-serverlessdeploymentbucket-/)]);
        expect(found).toEqual(expected(template));

        // What upkeep makes of two members, and what is somebody else's.
        const others = ['eni-failover/member/i-0123456789abcdef2', 'eni-failover/own'];
        await makeAlarm(endpoint, 'eni-failover/member/i-0123456789abcdef0', 'eni-failover-prod');
        await makeAlarm(endpoint, 'eni-failover/member/i-0123456789abcdef1', 'eni-failover-prod');
        for (const name of others) await makeAlarm(endpoint, name, 'eni-failover-trial');
        const last = await serverless(folder, ['remove'], environment);
        expect(last).toContain('Deleted 2 alarms on members');
        expect(await alarmsIn(endpoint)).toEqual(others);
        expect(await look(endpoint)).toEqual({ ...before, stack: ['DELETE_COMPLETE'] });
      });
    },
    600_000,
  );
});
