import { join } from 'node:path';
import { GuestAgent, type Metadata } from './agent.ts';
import { Nginx } from './nginx.ts';
import { ip, nft, tool } from './shell.ts';
import { type HostPlan, namespaceOf, type Topology } from './topology.ts';

export interface HostOptions {
  readonly topology: Topology;
  readonly plan: HostPlan;
  /** The run's folder. */
  readonly folder: string;
  readonly metadata: (mac: string) => Metadata | undefined;
  readonly onConfigured: (host: string, device: string) => void;
  readonly onError: (error: Error) => void;
}

/** Where nginx is slow, it answers at most this long after it was asked. */
const SLOW_MS = 1_500;
const AWAKE_MS = 200;

/** One instance with everything in it: a network of its own, an agent that configures interfaces, and nginx. */
export class Host {
  readonly name: string;
  readonly instanceId: string;
  readonly namespace: string;
  readonly agent: GuestAgent;
  readonly nginx: Nginx;
  #naps: NodeJS.Timeout | undefined;

  constructor({ topology, plan, folder, metadata, onConfigured, onError }: HostOptions) {
    this.name = plan.name;
    this.instanceId = plan.instanceId;
    this.namespace = namespaceOf(topology.runId, plan.name);
    const { namespace, name } = this;
    this.agent = new GuestAgent({ namespace, metadata, onError, onConfigured: (device) => onConfigured(name, device) });
    this.nginx = new Nginx({
      namespace,
      name,
      addresses: [plan.address, topology.floating.address],
      folder: join(folder, name),
      onLog: (line) => onError(new Error(`nginx of ${name}: ${line}`)),
    });
  }

  start(): void {
    this.agent.start();
    this.nginx.start();
  }

  /** Its processes stand still; the kernel goes on: it accepts connections and answers ARP. */
  async freeze(): Promise<void> {
    await this.#signal('SIGSTOP');
  }

  async thaw(): Promise<void> {
    await this.#signal('SIGCONT');
  }

  /** The kernel itself stands still: nothing is received or sent, ARP neither, and no process runs. */
  async hang(): Promise<void> {
    const devices = [...(await ip(this.namespace, 'link show type veth')).matchAll(/^\d+: ([^:@]+)/gm)];
    const chains = devices.flatMap(([, device]) =>
      ['ingress', 'egress'].map(
        (hook) => `chain ${device}-${hook} { type filter hook ${hook} device "${device}" priority 0; policy drop; }`,
      ),
    );
    await nft(this.namespace, `table netdev hung {\n${chains.join('\n')}\n}`);
    await this.freeze();
    this.agent.stop();
  }

  /** The machine is gone, in whatever it was doing. Its interfaces are still EC2's. */
  async vanish(): Promise<void> {
    this.agent.stop();
    await this.hang();
    await this.#signal('SIGKILL');
  }

  /** From now on each answer takes seconds: its processes get a moment of time now and then. */
  slowDown(): void {
    const nap = async (): Promise<void> => {
      await this.freeze();
      this.#naps = setTimeout(() => void wake(), SLOW_MS).unref();
    };
    const wake = async (): Promise<void> => {
      await this.thaw();
      this.#naps = setTimeout(() => void nap(), AWAKE_MS).unref();
    };
    void nap();
  }

  stop(): void {
    clearTimeout(this.#naps);
    this.agent.stop();
  }

  async #signal(signal: NodeJS.Signals): Promise<void> {
    const pids = (await tool(['ip', 'netns', 'pids', this.namespace])).split('\n').filter(Boolean);
    for (const pid of pids) {
      try {
        process.kill(Number(pid), signal);
      } catch {
        // It has ended meanwhile.
      }
    }
  }
}
