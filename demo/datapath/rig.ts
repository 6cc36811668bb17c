import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Package } from '../../build/packaging.ts';
import { RealClock } from '../../lab/clock.ts';
import { deploy, type Deployment } from '../../lab/package/deploy.ts';
import { Random } from '../../lab/random.ts';
import { watchHosts } from '../../lab/world/host-probe.ts';
import { World } from '../../lab/world/world.ts';
import { buildScenario, type Scene } from '../scenarios.ts';
import type { TimelineEntry } from '../timeline.ts';
import { Witness } from '../witness.ts';
import type { Metadata } from './agent.ts';
import { ArpProbe } from './arp.ts';
import { Host } from './host.ts';
import { Hotplug } from './hotplug.ts';
import { buildNetwork } from './network.ts';
import { Prober } from './prober.ts';
import { type ProbeCount, tagForProbe, timesWith } from './probes.ts';
import type { Profile } from './profiles.ts';
import { Reaper } from './reaper.ts';
import { type HostPlan, INTERNET, namespaceOf, newRunId, PROBES, SUBNET, type Topology } from './topology.ts';

export interface RigOptions {
  readonly profile: Profile;
  readonly seed: number;
  /** Made for so many probes as there are. */
  readonly pkg: Package;
  readonly probes: ProbeCount;
  /** Part of the names of all namespaces; drawn when not given. */
  readonly runId?: string | undefined;
  readonly onEntry?: (entry: TimelineEntry) => void;
}

/** By its path: the environment of a function has none. Debian has it there. */
const IP = '/bin/ip';
/** How long a run waits for a function that is still at it. */
const SETTLE_MS = 3_000;

/** What happened to the real interface, and when. */
export interface Arrival {
  readonly atMs: number;
  readonly host: string;
  readonly what: 'plugged' | 'configured';
}

/** A lab world with real hosts behind it, the package deployed into it, and a client. */
export class Rig {
  readonly world: World;
  readonly scene: Scene;
  readonly topology: Topology;
  readonly hosts: readonly Host[];
  readonly hotplug: Hotplug;
  readonly witness: Witness;
  readonly seed: number;
  readonly probes: ProbeCount;
  readonly profile: Profile;
  readonly arrivals: Arrival[] = [];
  /** What went wrong with the rig itself. */
  readonly errors: Error[] = [];
  readonly #options: RigOptions;
  readonly #clock = new RealClock();
  readonly #folder: string;
  readonly #reaper: Reaper;
  readonly #stoppers: (() => void)[] = [];
  #deployment: Deployment | undefined;
  #prober: Prober | undefined;

  /** Builds everything, and takes it down again when that fails. */
  static async build(options: RigOptions): Promise<Rig> {
    const rig = new Rig(options);
    try {
      await rig.#start();
      return rig;
    } catch (error) {
      await rig.close();
      throw error;
    }
  }

  private constructor(options: RigOptions) {
    this.#options = options;
    const { seed, probes, runId = newRunId(), onEntry } = options;
    this.seed = seed;
    this.probes = probes;
    this.profile = timesWith(probes, options.profile);
    const { lab, latencies, tickMs } = this.profile;
    this.#folder = mkdtempSync(join(tmpdir(), `eni-datapath-${runId}-`));
    this.#reaper = new Reaper(runId, this.#folder);
    this.world = new World({ clock: this.#clock, seed, profile: lab, latencies, tickMs });
    this.scene = buildScenario('pair', this.world);
    this.topology = topologyOf(this.world, this.scene, runId);
    if (probes > 0) tagForProbe(this.world, this.topology.floating.interfaceId);
    this.witness = new Witness(this.#clock, onEntry);
    const onError = (error: Error): unknown => this.errors.push(error);
    const metadata = metadataOf(this.topology);
    const common = { topology: this.topology, folder: this.#folder, metadata, onError };
    const onConfigured = (host: string): void => this.#tellArrival(host, 'configured');
    this.hosts = this.topology.hosts.map((plan) => new Host({ ...common, plan, onConfigured }));
    const onMoved = (place: string): void => this.#tellArrival(place, 'plugged');
    this.hotplug = new Hotplug({ world: this.world, topology: this.topology, hosts: this.hosts, onMoved, onError });
  }

  /** The host of an instance. */
  host(instanceId: string | undefined): Host {
    const found = this.hosts.find((host) => host.instanceId === instanceId);
    if (found === undefined) throw new Error(`no host stands for ${instanceId}`);
    return found;
  }

  get primary(): Host {
    return this.host(this.scene.holder);
  }

  get standby(): Host {
    return this.host(this.scene.members.find((id) => id !== this.scene.holder));
  }

  get prober(): Prober {
    if (this.#prober === undefined) throw new Error('the rig has not been started');
    return this.#prober;
  }

  get deployment(): Deployment {
    if (this.#deployment === undefined) throw new Error('the rig has not been started');
    return this.#deployment;
  }

  async #start(): Promise<void> {
    const { profile, seed } = this;
    const { pkg } = this.#options;
    const random = new Random(seed).fork('delivery');
    await buildNetwork(this.topology);
    for (const host of this.hosts) host.start();
    await this.hotplug.move(this.primary.name);
    this.world.onFact((fact) => this.witness.fact(fact));
    this.#deployment = await deploy(this.world, pkg, {
      folder: this.#folder,
      inside: ({ name }) => insideVpc(this.topology.runId, name),
      deliveryMs: () => random.int(...profile.deliveryMs),
      onLog: (line) => this.witness.tell('log', line),
      onDelivery: (delivery) => this.witness.delivery(delivery),
      onInvocation: (invocation) => this.witness.invocation(invocation),
    });
    this.#deployment.bus.startSchedules();
    this.#prober = new Prober(this.topology.runId);
    if (!(await this.#prober.answered(this.primary.name, 0, 10_000)))
      throw new Error(`nobody answered at ${INTERNET.elasticIp} within 10 s: ${this.errors.map(String).join('; ')}`);
    this.#stoppers.push(watchHosts(this.world, new ArpProbe(this.topology), profile.check));
  }

  #tellArrival(place: string, what: Arrival['what']): void {
    this.arrivals.push({ atMs: Date.now(), host: place, what });
  }

  /** Ends everything there is, and leaves nothing behind. What the function is doing may come to its end. */
  async close(): Promise<void> {
    await this.#prober?.stop();
    await Promise.race([this.#deployment?.bus.settled(), setTimeout(SETTLE_MS, undefined, { ref: false })]);
    for (const stop of this.#stoppers.splice(0)) stop();
    for (const host of this.hosts) host.stop();
    this.#clock.stop();
    await this.#deployment?.close();
    await this.#reaper.reap();
  }
}

function topologyOf(world: World, scene: Scene, runId: string): Topology {
  const hosts = scene.members.map((instanceId): HostPlan => {
    const primary = world.interfacesOf(instanceId).find(({ attachment }) => attachment?.deviceIndex === 0);
    const name = world.instance(instanceId)?.tags['Name'] ?? instanceId;
    return { instanceId, name, address: primary?.privateIps[0] ?? '', mac: primary?.macAddress ?? '' };
  });
  const [interfaceId = ''] = scene.interfaces;
  const floating = world.interface(interfaceId);
  if (floating?.attachment === undefined) throw new Error('the scenario has no floating interface');
  const elasticIp = { publicIp: INTERNET.elasticIp, allocationId: 'eipalloc-1', associationId: 'eipassoc-1' };
  world.interfaces.put(interfaceId, { ...floating, elasticIp });
  const { deviceIndex } = floating.attachment;
  const plan = { interfaceId, address: floating.privateIps[0] ?? '', mac: floating.macAddress, deviceIndex };
  return { runId, hosts, floating: plan };
}

/** What is attached to the VPC runs there and reaches nothing else: `…-probe-1` in the namespace vpc-probe-1. */
function insideVpc(runId: string, functionName: string): readonly string[] | undefined {
  const probe = PROBES.find(({ name }) => functionName.endsWith(name.slice('vpc'.length)));
  return probe && [IP, 'netns', 'exec', namespaceOf(runId, probe.name)];
}

function metadataOf({ floating }: Topology): (mac: string) => Metadata | undefined {
  const { address, deviceIndex } = floating;
  const known = { address, deviceIndex, prefix: SUBNET.prefix, gateway: SUBNET.gateway };
  return (mac) => (mac === floating.mac ? known : undefined);
}
