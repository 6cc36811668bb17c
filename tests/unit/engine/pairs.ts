import { floating, member, type Scene } from '../../../demo/scenarios.ts';
import type { BusEvent } from '../../../lab/world/model.ts';
import type { GroupResult } from '../../../lib/app.ts';
import type { Ledger } from '../../../lib/core/ledger.ts';
import { encodeLedger } from '../../../lib/core/ledger-codec.ts';
import { DEFAULT_SETTINGS } from '../../../lib/core/settings.ts';
import { at, Stage } from '../../support/stage.ts';

/** Adds so many groups, `g0` and so on, each a pair without alarms. */
export function pairs(stage: Stage, count: number): readonly Scene[] {
  return Array.from({ length: count }, (_, nth) => {
    const group = `g${nth}`;
    const tags = { 'eni-failover:group': group };
    return floating(stage.world, group, [stage.world.addInstance({ tags }), stage.world.addInstance({ tags })]);
  });
}

/** Gives a group the ledger that its first sweep would give it. */
export function enterIntoTheBooks(stage: Stage, { interfaces, members, holder, group }: Scene): void {
  const ledger: Ledger = {
    phase: 'steady',
    holder,
    resources: interfaces.map((id, nth) => ({ kind: 'interface', id, deviceIndex: nth + 1, networkCardIndex: 0 })),
    reason: `The group ${group} is known.`,
    changedAt: stage.clock.now(),
    epoch: 0,
    moves: [],
    forced: [],
    stuck: [],
    refused: [],
    members: [...members].sort(),
    notices: [],
  };
  for (const id of interfaces) stage.world.retag(id, encodeLedger(ledger, DEFAULT_SETTINGS.statePrefix));
}

/** Three groups that the sweep knows; the first of them is the one in trouble. */
export function threeGroups() {
  const stage = new Stage();
  const scenes = pairs(stage, 3);
  for (const scene of scenes) enterIntoTheBooks(stage, scene);
  const [odd, second, third] = [at(scenes, 0), at(scenes, 1), at(scenes, 2)];
  return { stage, odd, second, third, eni: at(odd.interfaces, 0) };
}

/** `web` and `db`, both on the first of two members. */
export function twoGroupsOnOneHolder() {
  const stage = new Stage();
  const tags = { 'eni-failover:group': 'web db' };
  const members = [member(stage.world, 'node-1', { tags }), member(stage.world, 'node-2', { tags })];
  const [web, db] = [floating(stage.world, 'web', members), floating(stage.world, 'db', members, 1, 2)];
  const standby = at(web.members, 1);
  return { stage, holder: web.holder, standby, web: at(web.interfaces, 0), db: at(db.interfaces, 0) };
}

/** What was said of which group. */
export const said = (groups: readonly GroupResult[]) => groups.map(({ group, code }) => [group, code]);

/** Who holds each of a group's interfaces. */
export const heldBy = (stage: Stage, { interfaces }: Scene) => interfaces.map((id) => stage.world.holderOf(id));

/** The last event that tells of an instance's state. */
export const lastStop = (stage: Stage, id: string): BusEvent =>
  stage.lastEvent('EC2 Instance State-change Notification', id);
