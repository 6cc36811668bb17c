import type { Package } from '../build/packaging.ts';
import type { Delivery } from '../lab/bus/bus.ts';
import { RealClock } from '../lab/clock.ts';
import { deploy, type Deployment } from '../lab/package/deploy.ts';
import type { ProfileName } from '../lab/world/profile.ts';
import { World } from '../lab/world/world.ts';
import { withoutUpkeep } from './incident.ts';
import { LoopbackClient, LoopbackService } from './loopback.ts';
import { buildScenario, type Scene } from './scenarios.ts';
import type { TimelineEntry } from './timeline.ts';
import { Witness } from './witness.ts';

/** With these the package has two probes. Where they would be makes no difference to the lab. */
export const PROBE_PARAMS = {
  probeSubnetIds: 'subnet-0000000000000000a,subnet-0000000000000000b',
  probeSecurityGroupIds: 'sg-0000000000000000a',
};
/** The loopback is never probed, whatever `probeCidrs` says, but in the lab. */
const LOOPBACK = { PROBE_LAB: 'loopback' };

/**
 * - `hung`: nothing at the holder's addresses answers any more, as when its guest hangs; nor does it let go.
 * - `dead`: its service has died, and its kernel refuses.
 */
export type Strike = 'hung' | 'dead';

export interface ProbeIncidentOptions {
  readonly strike: Strike;
  readonly seed: number;
  readonly pkg: Package;
  readonly profile?: ProfileName;
  readonly onScene?: (scene: Scene, world: World) => void;
  readonly onEntry?: (entry: TimelineEntry) => void;
}

/** What came of it, as a client and the world saw it. Milliseconds. */
export interface ProbeIncident {
  readonly strike: Strike;
  readonly result: 'moved' | 'not-moved';
  readonly from: string;
  readonly to: string | null;
  /** From the last answer of the old holder to the first of the new one. */
  readonly outageMs: number | null;
  /** From the strike until the failover function is invoked with what the probe saw. */
  readonly detectionMs: number | null;
  /** From then until EC2 says that the interface is attached. */
  readonly moveMs: number | null;
  readonly timeline: readonly TimelineEntry[];
}

/** How long the probes look at a healthy holder first. */
const HEALTHY_MS = 5_000;
const GIVE_UP_MS = 90_000;

/** Strikes the holder of a pair, and lets the packaged sweep, watch, probes and failover deal with it, in real time. */
export async function runProbeIncident(options: ProbeIncidentOptions): Promise<ProbeIncident> {
  const clock = new RealClock();
  const world = new World({ clock, seed: options.seed, profile: options.profile, network: '127.0' });
  const scene = buildScenario('pair', world);
  const stage = new Stage(world, scene);
  let deployment: Deployment | undefined;
  try {
    await stage.open();
    options.onScene?.(scene, world);
    deployment = await deploy(world, options.pkg, {
      environment: (target) => (target.handler === 'functions/probe.handler' ? LOOPBACK : withoutUpkeep(target)),
      onLog: (line) => stage.log(line),
      onDelivery: (delivery) => stage.deliver(delivery),
    });
    deployment.bus.startSchedules(0);
    await clock.sleep(HEALTHY_MS);
    await stage.strike(options);
    const endsAt = clock.now() + GIVE_UP_MS;
    while (!stage.isOver() && clock.now() < endsAt) await clock.sleep(50);
    return stage.conclude(options.strike);
  } finally {
    clock.stop();
    await deployment?.close();
    await stage.close();
  }
}

/** The hosts of a scene, and a client of theirs. */
class Stage {
  witness: Witness | undefined;
  readonly #world: World;
  readonly #scene: Scene;
  readonly #services = new Map<string, LoopbackService>();
  #client: LoopbackClient | undefined;
  #isMoved = false;
  #isClosed = false;

  constructor(world: World, scene: Scene) {
    this.#world = world;
    this.#scene = scene;
  }

  get #floating(): string {
    return this.#world.interface(this.#scene.interfaces[0] ?? '')?.privateIps[0] ?? '';
  }

  async open(): Promise<void> {
    const { holder, members, interfaces } = this.#scene;
    const floating = await this.#serve(holder, this.#floating, 0);
    for (const id of members) await this.#serve(id, this.#addressOf(id), floating.port);
    const [eni = ''] = interfaces;
    Object.assign(this.#world.interface(eni)?.tags ?? {}, { 'eni-failover:probe': `tcp:${floating.port}` });
    this.#client = new LoopbackClient(this.#floating, floating.port, () => this.#world.clock.now());
    this.#world.onFact((fact) => {
      this.witness?.fact(fact);
      if (fact.kind === 'transition' && / attached /.test(fact.text)) void this.#takeOver(floating);
    });
  }

  async strike({ strike, onEntry }: ProbeIncidentOptions): Promise<void> {
    const { holder } = this.#scene;
    this.witness = new Witness(this.#world.clock, onEntry);
    const own = [this.#floating, this.#addressOf(holder)].flatMap((address) => this.#services.get(address) ?? []);
    if (strike === 'dead') {
      this.witness.tell('fault', `the service of ${holder} dies`);
      await Promise.all(own.map((service) => service.die()));
      return;
    }
    this.#world.failInstance(holder, { hangsDetach: true });
    await Promise.all(own.map((service) => service.hang()));
  }

  log(line: string): void {
    if (!this.#isClosed) this.witness?.tell('log', line);
  }

  deliver(delivery: Delivery): void {
    if (this.#isClosed) return;
    this.witness?.delivery(delivery);
    if (delivery.kind === 'returned' && delivery.functionName.endsWith('-failover')) this.#isMoved = true;
  }

  /** The new holder serves, and the function has written down that it does. */
  isOver(): boolean {
    return this.#isMoved && this.#firstAnswer() !== undefined;
  }

  /** What is told from now on, of functions that are ended in the middle of what they do, is not part of it. */
  conclude(strike: Strike): ProbeIncident {
    this.#isClosed = true;
    const { holder } = this.#scene;
    const { faultMs = 0, attachedMs, runs = [], timeline = [] } = this.witness ?? {};
    const told = runs.find(({ functionName }) => functionName.endsWith('-failover'))?.invokedMs;
    const last = this.#client?.answers.findLast(({ host }) => host === holder)?.atMs;
    const first = this.#firstAnswer();
    const between = (from: number | undefined, to: number | undefined): number | null =>
      from === undefined || to === undefined ? null : Math.round(to - from);
    return {
      strike,
      result: first === undefined ? 'not-moved' : 'moved',
      from: holder,
      to: first?.host ?? null,
      outageMs: between(last, first?.atMs),
      detectionMs: between(faultMs, told),
      moveMs: between(told, attachedMs),
      timeline,
    };
  }

  async close(): Promise<void> {
    this.#client?.stop();
    await Promise.all([...this.#services.values()].map((service) => service.die()));
  }

  #firstAnswer() {
    return this.#client?.answers.find(({ host }) => host !== this.#scene.holder);
  }

  /** The address is whose the interface is. */
  async #takeOver(before: LoopbackService): Promise<void> {
    await before.die();
    const to = this.#world.holderOf(this.#scene.interfaces[0] ?? '');
    if (to !== undefined) await this.#serve(to, this.#floating, before.port);
  }

  async #serve(name: string, address: string, port: number): Promise<LoopbackService> {
    const service = await LoopbackService.start(name, address, port);
    this.#services.set(address, service);
    return service;
  }

  #addressOf(id: string): string {
    const isPrimary = ({ attachment }: { attachment?: { instanceId: string; deviceIndex: number } | undefined }) =>
      attachment?.instanceId === id && attachment.deviceIndex === 0;
    return this.#world.interfaces.all().find(isPrimary)?.privateIps[0] ?? '';
  }
}
