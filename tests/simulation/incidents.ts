import { setAlarmState } from '../../lab/world/alarms.ts';
import type { Instance } from '../../lab/world/model.ts';
import type { World } from '../../lab/world/world.ts';
import { addWatched, type CastGroup, heartbeatOf, loadAlarmOf, statusAlarmOf } from './build.ts';
import { askLikeAPerson } from './people.ts';
import type { Incident } from './scenario.ts';
import { holderOf, type Stage } from './stage.ts';
import { happenStrangely } from './strange-incidents.ts';

/** EC2 forgets a terminated instance; here sooner than the hour it takes there. */
const FORGOTTEN_AFTER_MS = 200_000;

/** The tags of an instance that shuts down may be gone before its interfaces are free. */
const TAGLESS_AFTER_MS = 1_500;

/** Puts every incident of the scenario on the clock. */
export function scheduleIncidents(stage: Stage): void {
  const { world, scenario } = stage;
  const startMs = world.clock.now();
  for (const incident of scenario.incidents) {
    world.clock.schedule(startMs + incident.atMs, () => happen(stage, incident));
  }
}

function happen(stage: Stage, incident: Incident): void {
  const group = stage.cast.groups[incident.group];
  if (!group) throw new Error(`no group ${incident.group}`);
  const subject = resolve(stage.world, group, incident);
  stage.history.tell('incident', `${incident.kind} ${group.name} ${subject?.id ?? 'nobody'}`, incident);
  if (incident.kind === 'request') askLikeAPerson(stage, group, incident);
  else if (incident.kind === 'detach-by-hand') stage.hands.detach(group, incident);
  else if (incident.kind === 'attach-by-hand') stage.hands.attach(group, incident, subject);
  else if (incident.kind === 'retag') stage.hands.retag(group, incident, subject);
  else if (happenStrangely(stage, group, incident, subject)) return;
  else if (subject) strike(stage, subject, incident);
}

function resolve(world: World, group: CastGroup, { target, pick }: Incident): Instance | undefined {
  const holder = holderOf(world, group);
  const present = group.members.flatMap((id) => world.instance(id) ?? []);
  const fitting = present.filter(({ id }) => target === 'any' || (id === holder) === (target === 'holder'));
  return fitting[Math.floor(pick * fitting.length)];
}

/** Something happens to an instance, where its state allows it. */
function strike(stage: Stage, { id, state }: Instance, incident: Incident): void {
  const { world, hands } = stage;
  const running = state === 'running';
  switch (incident.kind) {
    case 'fail':
      if (running) world.failInstance(id, { check: incident.check, hangsDetach: incident.hangs });
      return;
    case 'recover':
      if (running) world.recoverInstance(id);
      return;
    case 'stop':
      if (running) world.stopInstance(id);
      return;
    case 'start':
      if (state === 'stopped') world.startInstance(id);
      return;
    case 'reboot':
      if (running) world.rebootInstance(id);
      return;
    case 'hang':
      if (running) world.hangDetach(id);
      return;
    case 'terminate':
      if (state !== 'shutting-down' && state !== 'terminated') end(stage, id, incident);
      return;
    case 'spot':
      if (running) world.spotWarning(id, incident.action);
      return;
    case 'maintenance':
      world.scheduleEvent(id, { code: 'instance-stop', description: 'Maintenance', notBeforeMs: world.clock.now() });
      return;
    case 'repeat-event':
      world.repeatStateEvent(id);
      return;
    case 'heartbeat-raised':
      setAlarmState(world, heartbeatOf(id), 'ALARM', 'No heartbeat', '');
      return;
    case 'heartbeat-cleared':
      setAlarmState(world, heartbeatOf(id), 'OK', 'The heart beats', '');
      return;
    case 'cpu-raised':
      setAlarmState(world, loadAlarmOf(id), 'ALARM', 'Busy', '');
      return;
    case 'muted':
      hands.mute([statusAlarmOf(id), heartbeatOf(id)]);
      return;
    case 'unmuted':
      hands.unmute([statusAlarmOf(id), heartbeatOf(id)]);
      return;
    default:
      throw new Error(`${incident.kind} does not happen to an instance`);
  }
}

function untag(world: World, id: string): void {
  const { tags } = world.instance(id) ?? {};
  if (tags) world.retag(id, Object.fromEntries(Object.keys(tags).map((key) => [key, undefined])));
}

function end({ world, cast, scenario }: Stage, id: string, incident: Incident & { readonly kind: 'terminate' }): void {
  const before = world.instance(id);
  if (!before) return;
  const now = world.clock.now();
  world.terminateInstance(id);
  if (scenario.extras.includes('vanished-tags')) world.clock.schedule(now + TAGLESS_AFTER_MS, () => untag(world, id));
  if (incident.pick < 0.3) world.clock.schedule(now + FORGOTTEN_AFTER_MS, () => world.instances.delete(id));
  if (incident.replacedAfterMs === undefined) return;
  world.clock.schedule(now + incident.replacedAfterMs, () => {
    const { type, zone, ownerId, tags, applicationChecked } = before;
    const heir = addWatched(world, {
      type,
      zone,
      ownerId,
      tags,
      applicationChecked,
      initializingUntilMs: world.clock.now() + 60_000,
    });
    for (const group of cast.groups) if (group.members.includes(id)) group.members.push(heir.id);
  });
}
