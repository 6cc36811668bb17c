import { CreateTagsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { packageOnce } from '../../build/packaging.ts';
import { runIncident } from '../../demo/incident.ts';
import { buildScenario } from '../../demo/scenarios.ts';
import { RealClock } from '../../lab/clock.ts';
import { deploy } from '../../lab/package/deploy.ts';
import { inProcessHandler } from '../../lab/wire/in-process.ts';
import type { Latencies } from '../../lab/world/model.ts';
import { World } from '../../lab/world/world.ts';
import { functionOf } from './deployed.ts';

/** The package as it would be deployed (rules, role, environment, zip) against the lab, over HTTP. */
const FAST: Partial<Latencies> = { callMs: [1, 5], detachMs: [50, 200], attachMs: [50, 200] };

describe('the package, end to end', () => {
  it('should move the interface to the standby when the alarm of the holder fires', async () => {
    const incident = await runIncident({ scenario: 'pair', seed: 7, pkg: await packageOnce(), latencies: FAST });
    expect(incident.result).toBe('moved');
    expect(incident.to).not.toBe(incident.from);
    const texts = incident.timeline.map(({ kind, text }) => `${kind} ${text}`);
    expect(texts).toContain('rule eni-failover-prod-failure-alarm matches');
    expect(
      texts.filter((text) => /UnauthorizedOperation|AccessDenied|InvalidAction|UnknownParameter/.test(text)),
    ).toEqual([]);
    expect(incident.phases.map(({ name }) => name)).toEqual([
      'detection',
      'delivery',
      'cold start',
      'observe',
      'intent',
      'detach',
      'attach',
      'record',
    ]);
  }, 120_000);

  it('should finish in the next sweep what a killed function began', async () => {
    const pkg = await packageOnce();
    const incident = await runIncident({ scenario: 'pair', seed: 7, pkg, crash: true, latencies: FAST });
    expect(incident).toMatchObject({ result: 'moved', queues: { 'eni-failover-prod-unhandled-events': 0 } });
    const texts = incident.timeline.map(({ kind, text }) => `${kind} ${text}`);
    const story = [
      /^function eni-failover-prod-failover is invoked$/,
      /^call AttachNetworkInterface eni-\S+ i-\S+ as a dry run -> DryRunOperation$/,
      /^call DetachNetworkInterface eni-attach-/,
      /^fault function killed: eni-failover-prod-failover/,
      /^function eni-failover-prod-failover fails: Runtime.ExitError: .* SIGKILL; Lambda tries again in 60 s$/,
      /^rule eni-failover-prod-sweep: its minute has come$/,
      /^function eni-failover-prod-sweep is invoked$/,
      /^call AttachNetworkInterface eni-\S+ i-\S+$/,
      /^log \{.*"code":"complete"/,
    ].map((line) => texts.findIndex((text) => line.test(text)));
    expect(story).not.toContain(-1);
    expect(story).toEqual(story.toSorted((a, b) => a - b));
    expect(incident.phases.map(({ name }) => name)).toEqual([
      'detection',
      'delivery',
      'cold start',
      'observe',
      'intent',
      'detach',
      'nobody at it',
      'cold start',
      'observe',
      'attach',
      'record',
      'second look',
    ]);
  }, 120_000);

  it('should move the one of two groups whose holder fails, to the holder of the other', async () => {
    const incident = await runIncident({ scenario: 'mutual', seed: 7, pkg: await packageOnce(), latencies: FAST });
    expect(incident.result).toBe('moved');
  }, 120_000);

  it('should leave the interface where it is when no standby can take it', async () => {
    const incident = await runIncident({ scenario: 'other-az', seed: 7, pkg: await packageOnce(), latencies: FAST });
    expect(incident).toMatchObject({ result: 'not-moved', to: incident.from, failoverMs: null });
    expect(incident.timeline.filter(({ kind, text }) => kind === 'call' && text.startsWith('Detach'))).toEqual([]);
  }, 120_000);

  it('should be denied what its role does not grant', async () => {
    const clock = new RealClock();
    const world = new World({ clock, seed: 1, profile: 'quick', latencies: FAST });
    const scene = buildScenario('pair', world);
    const deployment = await deploy(world, await packageOnce());
    try {
      const answer = await deployment.invoke('functions/failover.handler', { action: 'status', group: scene.group });
      expect(answer).toMatchObject({ ok: true });
      expect(await deployment.invoke('functions/sweep.handler', {})).toMatchObject({ ok: true });
      const { name } = functionOf(deployment.template, 'failover');
      const credentials = { accessKeyId: name, secretAccessKey: 'x' };
      const requestHandler = inProcessHandler(world, name);
      const ec2 = new EC2Client({ region: world.region, credentials, requestHandler, maxAttempts: 1 });
      const write = (Key: string): Promise<unknown> =>
        ec2.send(new CreateTagsCommand({ Resources: [...scene.interfaces], Tags: [{ Key, Value: 'x' }] }));
      await expect(write('eni-failover-state:state')).resolves.toBeDefined();
      await expect(write('eni-failover:group')).rejects.toThrow('You are not authorized');
    } finally {
      clock.stop();
      await deployment.close();
    }
  }, 120_000);
});
