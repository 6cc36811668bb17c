import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';

/** More than a queue has places. */
const FILLERS = 16;
const QUEUED_WITHIN_MS = 200;

/** A service at an address of the loopback, which stands for a host's. */
export class LoopbackService {
  readonly port: number;
  readonly #address: string;
  readonly #child: ChildProcess;
  readonly #fillers: Socket[] = [];

  private constructor(child: ChildProcess, address: string, port: number) {
    this.#child = child;
    this.#address = address;
    this.port = port;
  }

  /** @param port 0 picks a free one. */
  static async start(name: string, address: string, port = 0): Promise<LoopbackService> {
    const child = fork(join(__dirname, 'loopback-host.cjs'), [name, address, String(port)], { execArgv: [] });
    const failed = once(child, 'exit').then(([code]) => {
      throw new Error(`nobody can listen at ${address}:${port} (exit code ${String(code)})`);
    });
    failed.catch(() => {});
    const [listening] = (await Promise.race([once(child, 'message'), failed])) as [number];
    return new LoopbackService(child, address, listening);
  }

  /** From now on nothing that is sent to the address is answered: nobody accepts, and the queue is full. */
  async hang(): Promise<void> {
    this.#child.kill('SIGSTOP');
    await Promise.all(Array.from({ length: FILLERS }, () => this.#takePlace()));
  }

  /** Nobody listens any more: connections are refused. */
  async die(): Promise<void> {
    for (const socket of this.#fillers) socket.destroy();
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const over = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await over;
  }

  async #takePlace(): Promise<void> {
    const socket = connect(this.port, this.#address).on('error', () => {});
    this.#fillers.push(socket);
    await Promise.race([once(socket, 'connect'), new Promise((resolve) => setTimeout(resolve, QUEUED_WITHIN_MS))]);
  }
}

export interface Answer {
  readonly atMs: number;
  readonly host: string;
}

/** A client that asks an address over and over, with a short connection each time. */
export class LoopbackClient {
  readonly answers: Answer[] = [];
  readonly #timer: NodeJS.Timeout;

  constructor(address: string, port: number, now: () => number, everyMs = 50) {
    this.#timer = setInterval(() => {
      const socket = connect({ host: address, port, timeout: 500 });
      socket.on('data', (text) => this.answers.push({ atMs: now(), host: String(text) }));
      socket.on('error', () => {}).on('timeout', () => socket.destroy());
    }, everyMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
