import { type ChildProcess, spawn } from 'node:child_process';
import { ip, onLines } from './shell.ts';

/** What the instance metadata says of an interface. */
export interface Metadata {
  readonly address: string;
  readonly prefix: number;
  readonly gateway: string;
  readonly deviceIndex: number;
}

export interface AgentOptions {
  readonly namespace: string;
  /** Looks an interface up by its MAC, as a guest asks the metadata service. */
  readonly metadata: (mac: string) => Metadata | undefined;
  readonly onConfigured: (device: string) => void;
  readonly onError: (error: Error) => void;
}

/** How a guest may fall short. */
export interface Shortcomings {
  /** Sets no rule for replies, as guests do that know nothing of policy routing. */
  policyRouting: boolean;
  /** How long it takes before it looks at an interface that has arrived, in milliseconds. */
  slowMs: number;
}

/** Table of the routes of one interface: amazon-ec2-net-utils takes 10000 + 100 · card + device index. */
const FIRST_TABLE = 10_000;

/**
 * Configures the interfaces that arrive in a guest, as amazon-ec2-net-utils does on Amazon Linux: address, UP, and a
 * routing table of its own for what is sent from that address (github.com/amazonlinux/amazon-ec2-net-utils).
 */
export class GuestAgent {
  readonly shortcomings: Shortcomings = { policyRouting: true, slowMs: 0 };
  readonly #options: AgentOptions;
  #monitor: ChildProcess | undefined;
  #present = new Map<string, Metadata>();
  /** One thing after the other: an interface may leave while it is being configured. */
  #work: Promise<unknown> = Promise.resolve();

  constructor(options: AgentOptions) {
    this.#options = options;
  }

  start(): void {
    const monitor = spawn('ip', ['-n', this.#options.namespace, '-o', 'monitor', 'link'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    onLines(monitor.stdout, (line) => this.#notice(line));
    this.#monitor = monitor;
  }

  /** The guest's processes get no time any more. */
  stop(): void {
    this.#monitor?.kill('SIGKILL');
    this.#monitor = undefined;
  }

  #notice(line: string): void {
    const device = /^(?:Deleted )?\d+: ([^:@]+)/.exec(line)?.[1] ?? '';
    if (line.startsWith('Deleted')) return this.#then(() => this.#forget(device));
    const metadata = this.#options.metadata(/link\/ether ([0-9a-f:]{17})/.exec(line)?.[1] ?? '');
    if (metadata === undefined || this.#present.has(device)) return;
    this.#present.set(device, metadata);
    this.#then(() => this.#configure(device, metadata));
  }

  #then(task: () => Promise<void>): void {
    this.#work = this.#work.then(task).catch((error: Error) => this.#options.onError(error));
  }

  async #configure(device: string, { address, prefix, gateway, deviceIndex }: Metadata): Promise<void> {
    const { policyRouting, slowMs } = this.shortcomings;
    if (slowMs > 0) await new Promise((resolve) => setTimeout(resolve, slowMs));
    const table = FIRST_TABLE + deviceIndex;
    const routing = [
      `route add default via ${gateway} dev ${device} table ${table}`,
      `route add ${networkOf(address, prefix)} dev ${device} table ${table}`,
      `rule add from ${address} lookup ${table} priority ${table}`,
    ];
    await ip(
      this.#options.namespace,
      // Behind the primary interface for whatever does not say from where it is sent.
      `addr add ${address}/${prefix} dev ${device} metric ${table}`,
      `link set ${device} up`,
      ...(policyRouting ? routing : []),
    );
    this.#options.onConfigured(device);
  }

  /** The device took address and routes with it; the rule is left over. */
  async #forget(device: string): Promise<void> {
    const metadata = this.#present.get(device);
    this.#present.delete(device);
    if (metadata === undefined) return;
    const rules = await ip(this.#options.namespace, 'rule show');
    const priority = FIRST_TABLE + metadata.deviceIndex;
    if (rules.includes(`${priority}:`)) await ip(this.#options.namespace, `rule del priority ${priority}`);
  }
}

/** The network an address is in: `10.0.0.20` with 24 bits is in `10.0.0.0/24`. */
export function networkOf(address: string, prefix: number): string {
  const bits = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - prefix);
  const first = Math.floor(bits / size) * size;
  const parts = [24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256);
  return `${parts.join('.')}/${prefix}`;
}
