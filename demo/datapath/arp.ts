import type { HostProbe } from '../../lab/world/host-probe.ts';
import { ip } from './shell.ts';
import { type HostPlan, namespaceOf, SUBNET, type Topology } from './topology.ts';

/** When the answer is looked for, in milliseconds after the question; the kernel asks three times, once a second. */
const LOOKS_MS = [5, 20, 75, 300, 700] as const;

/** Asks by ARP, from the subnet, for a host's own address: EC2's instance check. */
export class ArpProbe implements HostProbe {
  readonly #namespace: string;
  readonly #hosts: readonly HostPlan[];

  constructor({ runId, hosts }: Topology) {
    this.#namespace = namespaceOf(runId, 'subnet');
    this.#hosts = hosts;
  }

  /** @returns undefined when it cannot be asked for: the rig is being taken down. */
  async answers(instanceId: string): Promise<boolean | undefined> {
    return await this.#ask(instanceId).catch(() => undefined);
  }

  async #ask(instanceId: string): Promise<boolean> {
    const { address = SUBNET.gateway } = this.#hosts.find((host) => host.instanceId === instanceId) ?? {};
    // An entry of earlier would be believed; `use` has the kernel ask at once.
    await ip(this.#namespace, `neigh flush dev br0 to ${address}`, `neigh replace ${address} dev br0 use`);
    for (const ms of LOOKS_MS) {
      await new Promise((resolve) => setTimeout(resolve, ms));
      // STALE: the host was heard meanwhile, asking somebody else.
      if (/ (REACHABLE|STALE|DELAY)/.test(await ip(this.#namespace, `neigh show ${address} dev br0`))) return true;
    }
    return false;
  }
}
