import { evaluateAlarms, putAlarm, setContributor } from './alarms.ts';
import { attachByHand, detachByHand } from './by-hand.ts';
import { tellMetrics } from './checks.ts';
import { type Actor, announce, change, fail, reboot, recover, start, stop, terminate } from './instances.ts';
import { attachedTo, firstAttachment, resumeDetaches, type Slot } from './interfaces.ts';
import {
  type AlarmConfig,
  type AlarmState,
  type Check,
  INSTANCE_TYPES,
  type Instance,
  type NetworkInterface,
  type ScheduledEvent,
  type Tags,
} from './model.ts';
import { WorldState, type WorldOptions } from './state.ts';

const MINUTE_MS = 60_000;
const SPOT_NOTICE_MS = 120_000;

type New<T> = { readonly [K in keyof T]?: T[K] };

/** A deterministic AWS account in one Region: what AWS does by itself, and the hand of god. */
export class World extends WorldState {
  readonly #tickMs: number;
  readonly #network: string;
  #addresses = 9;

  constructor(options: WorldOptions) {
    super(options);
    this.#tickMs = options.tickMs ?? MINUTE_MS;
    this.#network = options.network ?? '10.0';
    this.#tickAt(Math.floor(this.clock.now() / this.#tickMs + 1) * this.#tickMs);
  }

  instance(id: string): Instance | undefined {
    return this.instances.get(id);
  }

  interface(id: string): NetworkInterface | undefined {
    return this.interfaces.get(id);
  }

  /** The instance an interface is attached to now, in whatever status. */
  holderOf(interfaceId: string): string | undefined {
    return this.interface(interfaceId)?.attachment?.instanceId;
  }

  /** Adds an instance (running unless said otherwise) with its primary interface. */
  addInstance(given: New<Instance> = {}): Instance {
    const instance: Instance = {
      id: this.newId('i'),
      type: 't3.small',
      ...this.#place(given.zone),
      spot: false,
      state: 'running',
      launchMs: this.clock.now(),
      tags: {},
      impairedSinceMs: {},
      initializingUntilMs: 0,
      applicationChecked: false,
      events: [],
      hangsDetach: false,
      refusedSlots: [],
      volumes: 1,
      ...given,
    };
    if (!(instance.type in INSTANCE_TYPES)) throw new Error(`the lab does not know instance type ${instance.type}`);
    this.instances.put(instance.id, instance);
    const slot = { instanceId: instance.id, deviceIndex: 0, deleteOnTermination: true };
    this.addInterface({ zone: instance.zone, description: 'Primary network interface' }, slot);
    return instance;
  }

  /** Adds an interface, attached to a slot from the start when one is given. */
  addInterface(given: New<NetworkInterface> = {}, slot?: Slot): NetworkInterface {
    const created: NetworkInterface = {
      id: this.newId('eni'),
      ...this.#place(given.zone),
      description: '',
      macAddress: `0a:${this.random.ids.hex(10).replace(/..(?!$)/g, '$&:')}`,
      privateIps: [this.#newAddress()],
      ipv6: [],
      groups: ['sg-0a1b2c3d4e5f60718'],
      interfaceType: 'interface',
      requesterManaged: false,
      operatorManaged: false,
      sourceDestCheck: true,
      tags: {},
      ...given,
      attachment: slot && firstAttachment(this, slot),
    };
    this.interfaces.put(created.id, created);
    return created;
  }

  /** Gives an instance interfaces of its own beside the primary one, at the lowest free indexes of card 0. */
  addOwnInterfaces(instanceId: string, count: number): void {
    for (let left = count; left > 0; left -= 1) {
      const { zone } = this.instance(instanceId) ?? {};
      if (zone === undefined) throw new Error(`no such instance: ${instanceId}`);
      const present = this.interfacesOf(instanceId).filter(({ attachment }) => attachment?.networkCardIndex === 0);
      const taken = present.map(({ attachment }) => attachment?.deviceIndex);
      const deviceIndex = taken.findIndex((_, index) => !taken.includes(index));
      const slot = { instanceId, deviceIndex: deviceIndex < 0 ? taken.length : deviceIndex, deleteOnTermination: true };
      this.addInterface({ zone, description: 'Secondary network interface' }, slot);
    }
  }

  /** Adds an alarm; one that is not evaluated changes only when somebody sets its state. */
  addAlarm(config: AlarmConfig, state: AlarmState = 'OK', { evaluated = true } = {}): void {
    putAlarm(this, config, state, evaluated);
  }

  /** One time series of an alarm changes, such as that of `{ InstanceId: 'i-…' }`; the alarm follows. */
  setContributor(alarmName: string, attributes: Readonly<Record<string, string>>, state: 'OK' | 'ALARM'): void {
    setContributor(this, alarmName, attributes, state);
  }

  /** Something breaks. Status checks notice it after a while, unless `noticedAfterMs` says when. */
  failInstance(id: string, failure: { check?: Check; hangsDetach?: boolean; noticedAfterMs?: number } = {}): void {
    const { check = 'instance', hangsDetach = false, noticedAfterMs } = failure;
    fail(this, id, check, noticedAfterMs);
    change(this, id, (before) => ({ hangsDetach: hangsDetach || before.hangsDetach }));
    this.tell('fault', `${id} fails (${check})`, { instanceId: id, check, hangsDetach });
  }

  /** Everything that was broken works again. */
  recoverInstance(id: string): void {
    recover(this, id);
    this.tell('fault', `${id} recovers`, { instanceId: id });
  }

  /** From now on a plain detach from this instance never ends (or does again). */
  hangDetach(id: string, hangs = true): void {
    change(this, id, () => ({ hangsDetach: hangs }));
    if (!hangs) resumeDetaches(this, id);
    this.tell('fault', `${id} ${hangs ? 'hangs' : 'no longer hangs'} in detach`, { instanceId: id });
  }

  startInstance(id: string): void {
    start(this, id);
  }

  stopInstance(id: string, by?: Actor): void {
    stop(this, id, by);
  }

  rebootInstance(id: string): void {
    reboot(this, id);
  }

  terminateInstance(id: string, by?: Actor): void {
    terminate(this, id, by);
  }

  /** Two minutes' notice, then the interruption itself. */
  spotWarning(id: string, action: 'terminate' | 'stop' = 'terminate'): void {
    const detail = { 'instance-id': id, 'instance-action': action };
    this.tell('fault', `${id} will be interrupted`, { instanceId: id, action });
    this.emit('EC2 Spot Instance Interruption Warning', 'aws.ec2', [this.arn('ec2', `instance/${id}`)], detail);
    this.clock.schedule(this.clock.now() + SPOT_NOTICE_MS, () => {
      if (this.instance(id)?.state === 'running') (action === 'stop' ? stop : terminate)(this, id, 'spot');
    });
  }

  /** AWS announces maintenance; DescribeInstanceStatus shows it. */
  scheduleEvent(id: string, event: ScheduledEvent): void {
    change(this, id, (before) => ({ events: [...before.events, event] }));
  }

  /** Someone edits tags; `undefined` removes one. */
  retag(id: string, edits: Readonly<Record<string, string | undefined>>): void {
    const resource = this.instance(id) ?? this.interface(id);
    if (resource === undefined) throw new Error(`no such resource: ${id}`);
    const entries = Object.entries({ ...resource.tags, ...edits });
    const tags: Tags = Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
    if ('type' in resource) this.instances.put(id, { ...resource, tags });
    else this.interfaces.put(id, { ...resource, tags });
  }

  /** Someone detaches an interface, outside of any journal. @returns `ok`, or the code of a fault that met them */
  detachByHand(interfaceId: string, force = false): string {
    return detachByHand(this, this.#mustHave(interfaceId), force);
  }

  /** Someone attaches an interface, outside of any journal. @returns `ok`, or the code of a fault that met them */
  attachByHand(interfaceId: string, slot: Slot): string {
    const target = this.#mustHave(interfaceId);
    if (target.attachment !== undefined) throw new Error(`${interfaceId} is in use`);
    return attachByHand(this, target, slot);
  }

  /** Interfaces of an instance. */
  interfacesOf(instanceId: string): NetworkInterface[] {
    return attachedTo(this, instanceId);
  }

  /** Publishes the state an instance is in once more: EventBridge delivers at least once. */
  repeatStateEvent(id: string): void {
    const { state } = this.instance(id) ?? {};
    if (state !== undefined) announce(this, id, state);
  }

  #tickAt(endMs: number): void {
    this.clock.schedule(
      endMs,
      () => {
        const readableMs = endMs + this.random.checks.int(...this.latencies.datapointMs);
        this.clock.schedule(readableMs, () => tellMetrics(this, endMs, this.#tickMs), true);
        evaluateAlarms(this, endMs);
        this.#tickAt(endMs + this.#tickMs);
      },
      true,
    );
  }

  #place(zone = `${this.region}a`): Pick<Instance, 'zone' | 'subnetId' | 'vpcId' | 'ownerId'> {
    const letter = zone.slice(-1);
    return { zone, subnetId: `subnet-0${letter.repeat(16)}`, vpcId: 'vpc-0a1b2c3d4e5f60718', ownerId: this.accountId };
  }

  #newAddress(): string {
    this.#addresses += 1;
    return `${this.#network}.${Math.floor(this.#addresses / 256)}.${this.#addresses % 256}`;
  }

  #mustHave(interfaceId: string): NetworkInterface {
    const found = this.interface(interfaceId);
    if (found === undefined) throw new Error(`no such interface: ${interfaceId}`);
    return found;
  }
}
