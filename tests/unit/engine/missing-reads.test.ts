import { setAlarmState } from '../../../lab/world/alarms.ts';
import type { Fault } from '../../../lab/world/hooks.ts';
import { at, Stage } from '../../support/stage.ts';

const SERVER_FAULT: Fault = { kind: 'refuse', code: 'InternalError', message: 'oops', status: 500 };
const STATE = 'EC2 Instance State-change Notification';

async function failedPair() {
  const stage = new Stage();
  const scene = stage.build('pair');
  const event = await stage.fail(scene.holder);
  return { stage, scene, event, eni: at(scene.interfaces, 0), standby: at(scene.members, 1) };
}

const moves = (stage: Stage) => stage.changes().filter((action) => action !== 'CreateTags');

describe('an event whose reads are throttled', () => {
  it('should be looked at again within the run, and move the group once they are answered', async () => {
    const { stage, event, eni, standby } = await failedPair();
    for (let nth = 1; nth <= 5; nth += 1) stage.goesWrong('DescribeInstanceStatus', { kind: 'throttle' }, nth);
    expect(await stage.result(event)).toMatchObject({ code: 'failover', operation: { result: 'done' } });
    expect(stage.world.holderOf(eni)).toBe(standby);
  });

  it('should be thrown at the end of the run, for Lambda to try again, and never say that there is nobody', async () => {
    const { stage, event, standby } = await failedPair();
    stage.goesWrong('DescribeInstanceStatus', { kind: 'throttle' }, 'every');
    const began = stage.clock.now();
    await expect(stage.invoke(event)).rejects.toMatchObject({
      code: 'AwsCallFailed',
      message: expect.stringMatching(new RegExp(`Whether ${standby} can take over is not known.*throttled`)),
    });
    expect(stage.clock.now() - began).toBeLessThan(55_000);
    expect(moves(stage)).toEqual([]);
    expect(JSON.stringify(stage.announced)).not.toContain('No member can take over');
  });
});

describe('a read that is denied', () => {
  it('should not keep a holder whose checks fail from being left, where it is that of the alarms', async () => {
    const { stage, event, eni, standby } = await failedPair();
    stage.deny('DescribeAlarms');
    const { warnings, operation } = await stage.result(event);
    expect(operation?.result).toBe('done');
    expect(warnings).toContainEqual(expect.stringContaining('cloudwatch:DescribeAlarms'));
    expect(stage.world.holderOf(eni)).toBe(standby);
  });

  it('should be named where nobody is known to be fit without it, and not waited for', async () => {
    const { stage, event } = await failedPair();
    stage.deny('DescribeInstanceStatus');
    const began = stage.clock.now();
    const result = await stage.result(event);
    expect(result).toMatchObject({ code: 'candidates-unknown', decision: 'blocked' });
    expect(result.reason).toContain('ec2:DescribeInstanceStatus failed (denied)');
    expect(stage.clock.now() - began).toBeLessThan(5_000);
    expect(moves(stage)).toEqual([]);
  });

  it.each(['DescribeInstanceStatus', 'DescribeAlarms'])(
    'should be told once, not at every sweep: %s',
    async (action) => {
      const stage = new Stage();
      stage.build('pair');
      await stage.sweep();
      stage.announced.length = 0;
      const app = stage.app('sweep');
      const sweep = () => stage.clock.run(app.sweep({ runId: 'sweep', remainingMs: 55_000 }));
      stage.deny(action);
      for (let nth = 0; nth < 3; nth += 1) await sweep();
      expect(stage.announced).toEqual([
        expect.objectContaining({ level: 'WARN', code: 'aws-call-failed', reason: expect.stringContaining(action) }),
      ]);
      stage.heal();
      await sweep();
      stage.deny(action);
      await sweep();
      expect(stage.announced).toHaveLength(2);
    },
  );
});

describe('a standby that was rejected a moment ago', () => {
  async function secondLookWithout(read: string, reject: (stage: Stage, id: string) => void) {
    const { stage, scene, event, eni, standby } = await failedPair();
    const refusing = stage.world.addInstance({ zone: 'us-east-1a', tags: { 'eni-failover:group': 'web' } }).id;
    stage.world.retag(refusing, { 'eni-failover:priority': '5' });
    reject(stage, standby);
    const refusal: Fault = { kind: 'refuse', code: 'AttachmentLimitExceeded', message: 'full', status: 400 };
    stage.goesWrong('AttachNetworkInterface', refusal);
    stage.world.onCall(({ action, outcome }) => {
      if (action === 'AttachNetworkInterface' && outcome === 'AttachmentLimitExceeded') stage.deny(read);
    });
    await expect(stage.invoke(event)).rejects.toMatchObject({ code: 'OperationFailed' });
    return { holder: scene.holder, now: stage.world.holderOf(eni) };
  }

  it('should not be chosen because the alarms cannot be read at the next look', async () => {
    const { holder, now } = await secondLookWithout('DescribeAlarms', (stage, id) =>
      setAlarmState(stage.world, `eni-failover/web/${id}`, 'ALARM', 'No heartbeat', ''),
    );
    expect(now).toBe(holder);
  });

  it('should not be a last resort because the checks cannot be read at the next look', async () => {
    const { holder, now } = await secondLookWithout('DescribeInstanceStatus', (stage, id) =>
      stage.world.failInstance(id, { noticedAfterMs: 0 }),
    );
    expect(now).toBe(holder);
  });
});

describe('another alarm on the holder than that of the event', () => {
  /** A holder that is well but for an alarm of ours, and that has not stopped, whatever an event says. */
  async function alarmed(name: string) {
    const stage = new Stage({ settings: { impairedAfterSeconds: 3_600 } });
    const scene = stage.build('pair');
    await stage.sweep();
    const other = await stage.fail(scene.holder);
    stage.world.recoverInstance(scene.holder);
    await stage.clock.advance(20_000);
    const stopping = {
      source: 'aws.ec2',
      'detail-type': STATE,
      detail: { 'instance-id': scene.holder, state: 'stopping' },
    };
    if (name === 'muted') stage.world.mutes.add(`eni-failover/web/${scene.holder}`);
    return { stage, scene, stopping, own: other };
  }

  it('should move the group when no mute rule is active', async () => {
    const { stage, stopping } = await alarmed('loud');
    expect(await stage.result(stopping)).toMatchObject({ code: 'failover' });
    expect(stage.callsOf('ListAlarmMuteRules').length).toBeGreaterThan(0);
  });

  it('should not move it when it is muted', async () => {
    const { stage, stopping } = await alarmed('muted');
    expect(await stage.result(stopping)).toMatchObject({ code: 'holder-healthy', decision: 'no-action' });
    expect(moves(stage)).toEqual([]);
  });

  it('should be asked about again when nobody answers, and then thrown', async () => {
    const { stage, stopping } = await alarmed('loud');
    stage.goesWrong('ListAlarmMuteRules', SERVER_FAULT, 'every');
    await expect(stage.invoke(stopping)).rejects.toMatchObject({
      code: 'AwsCallFailed',
      message: expect.stringContaining('whether it is muted could not be read'),
    });
    expect(stage.callsOf('ListAlarmMuteRules').length).toBeGreaterThan(5);
    expect(moves(stage)).toEqual([]);
  });

  it('should cost no question where the event has said it of its own alarm', async () => {
    const { stage, own } = await alarmed('muted');
    expect(await stage.result(stage.justNow(own))).toMatchObject({ code: 'failover' });
    expect(stage.callsOf('ListAlarmMuteRules')).toEqual([]);
  });

  it('should cost no question where the group moves without it', async () => {
    const { stage, scene } = await alarmed('muted');
    stage.world.stopInstance(scene.holder);
    expect(await stage.result(stage.lastEvent(STATE, scene.holder))).toMatchObject({ code: 'failover' });
    expect(stage.callsOf('ListAlarmMuteRules')).toEqual([]);
  });

  it('should be told apart in the status', async () => {
    const { stage, scene } = await alarmed('muted');
    const { status } = await stage.result({ action: 'status', group: scene.group });
    expect(status?.members[0]).toMatchObject({ id: scene.holder, health: 'healthy' });
  });
});
