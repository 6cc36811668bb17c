import { ACTIONS } from '../../lab/actions/table.ts';
import { setAlarmState } from '../../lab/world/alarms.ts';
import type { Instance } from '../../lab/world/model.ts';
import type { World } from '../../lab/world/world.ts';
import { listOn } from './belonging.ts';
import { addWatched, type CastGroup, GROUP_TAG, sharedAlarmOf, STATE } from './build.ts';
import { forgedTags } from './forgery.ts';
import type { Incident } from './scenario.ts';
import { holderOf, type Stage } from './stage.ts';

type Of<Kind extends Incident['kind']> = Extract<Incident, { readonly kind: Kind }>;

/** What neither an instance of a group nor a person of its owner does. @returns whether the incident was such. */
export function happenStrangely(
  stage: Stage,
  group: CastGroup,
  incident: Incident,
  subject: Instance | undefined,
): boolean {
  const { world } = stage;
  switch (incident.kind) {
    case 'shared-alarm-raised':
      setAlarmState(world, sharedAlarmOf(group.name), 'ALARM', 'One of them has no heartbeat', '');
      return true;
    case 'shared-alarm-cleared':
      setAlarmState(world, sharedAlarmOf(group.name), 'OK', 'All hearts beat', '');
      return true;
    case 'strangers':
      scaleIn(world, incident);
      return true;
    case 'buckets-emptied':
      emptyBuckets(world, world.clock.now() + incident.forMs);
      return true;
    case 'stray-interface':
      addStray(stage, group, incident, subject);
      return true;
    case 'forged-ledger':
      forge(stage, group);
      return true;
    case 'forged-part':
      forgePart(stage, group);
      return true;
    default:
      return false;
  }
}

/** Somebody's fleet, which has nothing to do with us, shrinks. */
function scaleIn(world: World, { count, overMs }: Of<'strangers'>): void {
  const now = world.clock.now();
  for (let nth = 0; nth < count; nth += 1) {
    const id = `i-0${String(nth).padStart(16, 'f')}`;
    world.clock.schedule(now + Math.floor((nth * overMs) / count), () =>
      world.emit('EC2 Instance State-change Notification', 'aws.ec2', [world.arn('ec2', `instance/${id}`)], {
        'instance-id': id,
        state: 'shutting-down',
      }),
    );
  }
}

const CALLED_BY_US = /^(Describe(NetworkInterfaces|Instances|InstanceStatus|InstanceTypes)|AttachN|DetachN|CreateTags)/;
const BUCKET_INPUTS = [{}, { Filters: [] }];
const THEFT_EVERY_MS = 100;

/** A tool that polls in a tight loop leaves next to nothing of the account's request rate to others. */
function emptyBuckets(world: World, untilMs: number): void {
  const now = world.clock.now();
  for (const [action, row] of Object.entries(ACTIONS)) {
    if (!CALLED_BY_US.test(action) || !row) continue;
    for (const bucket of BUCKET_INPUTS.map((input) => row.bucket(input))) {
      for (let left = bucket.maximum; left > 0; left -= 1) {
        if (world.buckets?.take(`${action}/${bucket.maximum}`, bucket, now) !== true) break;
      }
    }
  }
  if (now < untilMs) world.clock.schedule(now + THEFT_EVERY_MS, () => emptyBuckets(world, untilMs));
}

/** Lower than any id the world gives. */
const lowId = (world: World): string => `eni-00000${world.newId('x').slice(-12)}`;

/** Somebody tags the wrong interface with the group: one that its holder does not have. */
function addStray(
  { world, cast }: Stage,
  group: CastGroup,
  { place }: Of<'stray-interface'>,
  standby: Instance | undefined,
): void {
  const home = world.interface(group.interfaces[0] ?? '')?.zone ?? '';
  const instanceId = { nowhere: undefined, elsewhere: undefined, stranger: cast.stranger, standby: standby?.id }[place];
  const isFree = instanceId !== undefined && world.interfacesOf(instanceId).every(isNotAt(STRAY_INDEX));
  const given = {
    id: lowId(world),
    zone: place === 'elsewhere' ? `${world.region}c` : home,
    tags: { [GROUP_TAG]: group.name },
  };
  const { id } = world.addInterface(given, isFree ? { instanceId, deviceIndex: STRAY_INDEX } : undefined);
  cast.strays.set(id, group.name);
}

const STRAY_INDEX = 7;
const isNotAt =
  (index: number) =>
  ({ attachment }: { readonly attachment?: { readonly deviceIndex: number } | undefined }): boolean =>
    attachment?.deviceIndex !== index;

/**
 * Somebody who may tag only what is theirs wants the address: an instance and an interface of theirs carry the group's
 * tag, and the interface a ledger that says that the group is on its way to them.
 */
function forge({ world, cast }: Stage, group: CastGroup): void {
  const victim = world.interface(group.interfaces[0] ?? '');
  const holder = holderOf(world, group);
  // Before a first look has entered the group nothing tells one interface from another.
  if (!victim || holder === undefined || listOn(victim) === undefined) return;
  const theirs = addWatched(world, { type: 'c5n.9xlarge', zone: victim.zone, tags: { [GROUP_TAG]: group.name } });
  const tags = forgedTags({ now: world.clock.now(), from: holder, to: theirs.id, statePrefix: STATE });
  const given = { id: lowId(world), zone: victim.zone, tags: { [GROUP_TAG]: group.name, ...tags } };
  const { id } = world.addInterface(given, { instanceId: theirs.id, deviceIndex: STRAY_INDEX });
  group.members.push(theirs.id);
  cast.strays.set(id, group.name);
}

/** Somebody who may write the tags of one interface, a loose one at best, has it say that the group is on its way to another member. */
function forgePart({ world, hands }: Stage, group: CastGroup): void {
  const own = group.interfaces.flatMap((id) => world.interface(id) ?? []);
  const part = own.find(({ attachment }) => attachment?.status !== 'attached') ?? own.at(-1);
  const from = own.find(({ attachment }) => attachment?.status === 'attached')?.attachment?.instanceId;
  const to = group.members.find((id) => id !== from && world.instance(id)?.state === 'running');
  if (!part || listOn(part) === undefined || to === undefined || from === undefined) return;
  const tags = forgedTags({ now: world.clock.now(), from, to, statePrefix: STATE });
  const keys = [`${STATE}state`, `${STATE}operation`];
  for (const key of keys) hands.garbled.add(`${part.id} ${key}`);
  world.retag(part.id, Object.fromEntries(keys.map((key) => [key, tags[key] ?? ''])));
}
