import { type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onLines, spawnIn } from './shell.ts';

export interface NginxOptions {
  readonly namespace: string;
  /** What its page says. */
  readonly name: string;
  /** Where it listens: the host's own address, and the floating one, which may not be there. */
  readonly addresses: readonly string[];
  readonly folder: string;
  readonly onLog: (line: string) => void;
}

/** Long enough to be in the middle of it whenever an interface moves. */
const DOWNLOAD_BYTES = 1024 ** 3;
const DOWNLOAD_RATE = '512k';

/** Whoever opens 250 connections a second must not find the queue of a stuck nginx full within two: that is another fault. */
const BACKLOG = 65_535;

/** The page every host serves, its own name on it. */
export const pageOf = (name: string): string => `<h1>${name}</h1>\n`;

/** A real nginx in a namespace, in the foreground, with all its files in a folder of its own. */
export class Nginx {
  readonly #options: NginxOptions;
  #process: ChildProcess | undefined;

  constructor(options: NginxOptions) {
    this.#options = options;
    const { folder, name } = options;
    mkdirSync(join(folder, 'html'), { recursive: true });
    mkdirSync(join(folder, 'temp'), { recursive: true });
    this.#configure(BACKLOG);
    writeFileSync(join(folder, 'html', 'index.html'), pageOf(name));
    writeFileSync(join(folder, 'html', 'download'), '');
    truncateSync(join(folder, 'html', 'download'), DOWNLOAD_BYTES);
  }

  /** Begins anew with queues for so many connections that wait to be accepted, and listens when this resolves. */
  async restart(backlog: number): Promise<void> {
    await this.stop();
    this.#configure(backlog);
    this.start();
    // It is written when the sockets are there.
    const pidFile = join(this.#options.folder, 'nginx.pid');
    for (let tries = 0; tries < 100 && !existsSync(pidFile); tries += 1) await sleep(20);
  }

  #configure(backlog: number): void {
    writeFileSync(join(this.#options.folder, 'nginx.conf'), configuration(this.#options, backlog));
  }

  start(): void {
    const { namespace, folder, onLog } = this.#options;
    const command = ['nginx', '-p', folder, '-c', 'nginx.conf', '-e', 'stderr'];
    const child = spawnIn(namespace, command, { stdio: ['ignore', 'ignore', 'pipe'] });
    onLines(child.stderr, onLog);
    this.#process = child;
  }

  /** Ends it, and waits until its sockets are closed: from then on the kernel refuses. */
  async stop(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
  }
}

function configuration({ addresses, name }: NginxOptions, backlog: number): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `
daemon off;
user root;
worker_processes 1;
pid nginx.pid;
error_log stderr error;
events { worker_connections 4096; }
http {
  access_log off;
  keepalive_timeout 1h;
  keepalive_requests 1000000000;
  ${temporary.map((kind) => `${kind}_temp_path temp/${kind};`).join('\n  ')}
  server {
    ${addresses.map((address) => `listen ${address}:80 backlog=${backlog};`).join('\n    ')}
    root html;
    default_type text/html;
    add_header X-Served-By ${name};
    location = /download { limit_rate ${DOWNLOAD_RATE}; }
  }
}
`;
}
