import { callAtOnce } from '../lab/actions/call.ts';
import { setAlarmState } from '../lab/world/alarms.ts';
import type { Fault } from '../lab/world/hooks.ts';
import type { BusEvent, Check, InstanceStateName } from '../lab/world/model.ts';
import type { World } from '../lab/world/world.ts';
import { idOf } from './cast.ts';
import type { Line } from './model.ts';
import type { Stage } from './stage.ts';
import { tellVerdict } from './verdict.ts';

const MINUTE_MS = 60_000;

type Of<Verb extends Line['verb']> = Extract<Line, { readonly verb: Verb }>['given'];

/** Lets one line of a timeline happen. */
export function happen(stage: Stage, line: Line): void {
  const { world, story } = stage;
  story.tell('line', `${line.verb} ${JSON.stringify(line.given)}`);
  switch (line.verb) {
    case 'fail':
      return fail(stage, line.given);
    case 'recover':
      return world.recoverInstance(idOf(stage.ids, line.given.instance));
    case 'stop':
    case 'start':
    case 'reboot':
    case 'terminate':
      return change(stage, line.verb, line.given.instance, line.given.by);
    case 'spot':
      return change(stage, line.verb, line.given.instance, 'aws');
    case 'alarm':
      return changeAlarm(stage, line.given);
    case 'place':
      return place(stage, line.given);
    case 'upkeep':
      return stage.keepUp(line.given, line.as);
    case 'event':
      return publish(stage, line.given);
    case 'invoke':
      return stage.request(line.given, line.as);
    case 'ec2':
      return inject(stage, line.given);
    case 'tag':
      return world.retag(idOf(stage.ids, line.given.resource), { [line.given.key]: line.given.value ?? undefined });
    case 'verdict':
      return tellVerdict(stage, line.given);
    case 'hand':
      return takeInHand(stage, line.given);
  }
}

/** The check turns at the next full minute, as the metrics do. */
function fail({ world, ids }: Stage, { instance, check }: Of<'fail'>): void {
  const noticedAfterMs = MINUTE_MS - (world.clock.now() % MINUTE_MS);
  const names: Readonly<Record<string, Check>> = { ebs: 'attachedEbs' };
  world.failInstance(idOf(ids, instance), { check: names[check] ?? (check as Check), noticedAfterMs });
}

/** In which states an instance can be for what happens to it. */
const FROM: Readonly<Record<string, readonly InstanceStateName[]>> = {
  stop: ['pending', 'running'],
  start: ['stopped'],
  reboot: ['running'],
  terminate: ['pending', 'running', 'stopping', 'stopped'],
  spot: ['running'],
};

function change(
  { world, ids, story }: Stage,
  verb: 'stop' | 'start' | 'reboot' | 'terminate' | 'spot',
  name: string,
  by: Of<'stop'>['by'],
): void {
  const id = idOf(ids, name);
  const state = world.instance(id)?.state;
  if (state === undefined || !FROM[verb]?.includes(state))
    return story.tell('note', `${verb} changes nothing: ${name} is ${state}`);
  if (verb === 'stop') world.stopInstance(id, by);
  else if (verb === 'start') world.startInstance(id);
  else if (verb === 'reboot') world.rebootInstance(id);
  else if (verb === 'terminate') world.terminateInstance(id, by);
  else world.spotWarning(id);
}

/** An alarm that the product should have made, and has not, cannot be changed. */
function changeAlarm({ world, story }: Stage, { name, state, actionsEnabled, muted }: Of<'alarm'>): void {
  const alarm = world.alarms.get(name);
  if (alarm === undefined) return story.tell('note', `there is no alarm ${name}`);
  if (actionsEnabled !== undefined)
    world.alarms.put(name, { ...alarm, config: { ...alarm.config, ActionsEnabled: actionsEnabled } });
  if (muted === true) world.mutes.add(name);
  if (muted === false) world.mutes.delete(name);
  if (state !== undefined) setAlarmState(world, name, state, 'Set by hand', '');
}

/** ModifyInstancePlacement, which takes a stopped instance: here nobody asks. */
function place({ world, ids }: Stage, { instance, group }: Of<'place'>): void {
  const found = world.instance(idOf(ids, instance));
  if (found) world.instances.put(found.id, { ...found, placementGroup: group });
}

/** What the case leaves out is as EventBridge would have it. */
function publish({ world, bus, story }: Stage, given: Of<'event'>): void {
  const event: BusEvent = {
    version: '0',
    id: world.random.ids.uuid(),
    account: world.accountId,
    time: isoSeconds(world),
    region: world.region,
    resources: [],
    ...(given as Omit<typeof given, 'version'>),
  } as BusEvent;
  story.tell('event', event['detail-type']);
  if (!changesContributor(world, event)) bus.publish(event);
}

/** A time series of an alarm of the case changes with its event: whoever asks CloudWatch then is told the same. */
function changesContributor(world: World, { 'detail-type': detailType, detail }: BusEvent): boolean {
  const { alarmContributor, state } = detail as Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  const name = detail['alarmName'];
  const alarm = typeof name === 'string' ? world.alarms.get(name) : undefined;
  const { value } = state ?? {};
  const { attributes } = alarmContributor ?? {};
  if (detailType !== 'CloudWatch Alarm Contributor State Change' || !alarm) return false;
  if ((value !== 'ALARM' && value !== 'OK') || typeof attributes !== 'object' || attributes === null) return false;
  world.setContributor(alarm.config.AlarmName, attributes as Readonly<Record<string, string>>, value);
  return true;
}

function isoSeconds({ clock }: World): string {
  return `${new Date(clock.now()).toISOString().slice(0, 19)}Z`;
}

function inject({ world, ids }: Stage, given: Of<'ec2'>): void {
  const idOrNothing = (name: string | undefined) => (name === undefined ? undefined : idOf(ids, name));
  world.inject({
    action: given.action,
    instanceId: idOrNothing(given.instance),
    interfaceId: idOrNothing(given.interface),
    fault: faultOf(given),
    times: given.times,
    untilMs: given.until === undefined ? undefined : world.startedMs + given.until,
  });
}

function faultOf({ then, code = '', message = 'Not now.', status = 400, seconds = 0 }: Of<'ec2'>): Fault {
  if (then === 'refuse') return { kind: 'refuse', code, message, status };
  if (then === 'slow') return { kind: 'slow', ms: seconds * 1_000 };
  return { kind: then };
}

/** Somebody at the console: no role decides, but EC2 does. */
function takeInHand({ world, ids, story }: Stage, given: Of<'hand'>): void {
  const [action, input] =
    'detach' in given
      ? ['DetachNetworkInterface', { AttachmentId: attachmentOf(world, idOf(ids, given.detach)) }]
      : ([
          'AttachNetworkInterface',
          {
            NetworkInterfaceId: idOf(ids, given.attach),
            InstanceId: idOf(ids, given.to),
            DeviceIndex: given.index,
            NetworkCardIndex: given.card,
          },
        ] as const);
  const reply = callAtOnce(world, { service: 'ec2', action, input, caller: 'hand' });
  if ('error' in reply) story.tell('note', `${action} by hand is refused: ${reply.error.name}: ${reply.error.message}`);
}

function attachmentOf(world: World, interfaceId: string): string | undefined {
  return world.interface(interfaceId)?.attachment?.id;
}
