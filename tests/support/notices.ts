import { member } from '../../demo/scenarios.ts';
import { at, Stage } from './stage.ts';

/** EC2's notice that it takes a Spot instance back; what becomes of the instance is up to the test. */
export function spotNotice(instanceId: string, givenMs: number) {
  return {
    source: 'aws.ec2',
    'detail-type': 'EC2 Spot Instance Interruption Warning',
    time: new Date(givenMs).toISOString(),
    detail: { 'instance-id': instanceId, 'instance-action': 'terminate' },
  };
}

/** A group the sweep knows: its holder, the standby that is first in line and another one. */
export async function trio() {
  const stage = new Stage();
  const scene = stage.build('pair');
  const third = member(stage.world, 'web-3').id;
  const first = at(scene.members, 1);
  stage.world.retag(first, { 'eni-failover:priority': '9' });
  await stage.sweep();
  stage.announced.length = 0;
  const knownMs = stage.clock.now();
  const eni = at(scene.interfaces, 0);
  return {
    stage,
    holder: scene.holder,
    first,
    third,
    eni,
    /** Sends a notice about an instance that was given so long ago. */
    notice: (instanceId: string, agoMs = 0) => stage.result(spotNotice(instanceId, stage.clock.now() - agoMs)),
    changes: () => stage.changesSince(knownMs),
    heldBy: () => stage.world.holderOf(eni),
  };
}
