import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Experiment } from '../../demo/datapath/experiment.ts';
import { missingParts, thisMachine } from '../../demo/datapath/requirements.ts';

const ROOT = path.join(__dirname, '..', '..');
const MISSING = missingParts(thisMachine());

/** A test of the data path: it is skipped, with the reason in its name, where the path cannot be built. */
export function itHere(name: string, test: () => Promise<void>): void {
  if (MISSING.length === 0) it(name, test);
  else it.skip(`${name} (needs ${MISSING.join(' ')})`, test);
}

export interface Running {
  readonly child: ChildProcess;
  readonly out: () => string;
  readonly ended: Promise<{ readonly status: number | null; readonly out: string; readonly err: string }>;
}

/** Starts `npm run demo -- --datapath …`, without npm unless its part in it is what matters. */
export function start(args: readonly string[], how: { npm?: boolean; path?: string } = {}): Running {
  const own = ['--datapath', '--name', newName(), ...args];
  const [file, given] = how.npm
    ? ['npm', ['run', '--silent', 'demo', '--', ...own]]
    : [process.execPath, ['--import', 'tsx', 'demo/demo.ts', ...own]];
  const env = { ...process.env, PATH: `${how.path ?? ''}:${process.env['PATH']}` };
  // A group of its own, as a terminal makes one: Ctrl-C reaches all of it.
  const child = spawn(file, given, { cwd: ROOT, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const text = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (text.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (text.err += chunk.toString()));
  const ended = once(child, 'close').then(([status]) => ({ status: status as number | null, ...text }));
  return { child, out: () => text.out, ended };
}

/** Plays a fault to its end. */
export async function play(...args: readonly string[]): Promise<Experiment> {
  const { status, out, err } = await start(['--json', ...args]).ended;
  if (out === '') throw new Error(`the command printed nothing and ended with ${status}: ${err}`);
  return JSON.parse(out) as Experiment;
}

let runs = 0;

/** A name that no other run on this machine has. */
export function newName(): string {
  runs += 1;
  return `t${process.pid}x${runs}`;
}

/** What the runs of this test have left behind: namespaces, folders, and processes that know of either. */
export function leftovers(): readonly string[] {
  const isOurs = (text: string): boolean => new RegExp(`eni-(datapath-)?t${process.pid}x`).test(text);
  const namespaces = existsSync('/run/netns') ? readdirSync('/run/netns') : [];
  // The commands themselves carry the name without what is around it.
  return [...namespaces, ...readdirSync(tmpdir()), ...processes()].filter(isOurs);
}

function processes(): string[] {
  return readdirSync('/proc').flatMap((pid) => {
    try {
      return /^\d+$/.test(pid) ? [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')] : [];
    } catch {
      return [];
    }
  });
}

/** The devices and namespaced settings of this machine's own network, as far as a rig could disturb them. */
export function ownNetwork(): readonly string[] {
  const settings = [
    'ip_forward',
    'ip_nonlocal_bind',
    'conf/all/arp_ignore',
    'conf/all/arp_announce',
    'conf/all/rp_filter',
  ];
  const values = settings.map((name) => `${name}=${readFileSync(`/proc/sys/net/ipv4/${name}`, 'utf8').trim()}`);
  return [...readdirSync('/sys/class/net').toSorted(), ...values];
}

/** Resolves as soon as a command has printed something. */
export async function printed({ child, out }: Running, pattern: RegExp): Promise<void> {
  while (!pattern.test(out())) {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode} before it printed ${pattern}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Looks again until an expectation is met: what is taken down by another process takes a moment. */
export async function soon(expectation: () => void): Promise<void> {
  for (let left = 100; ; left -= 1) {
    try {
      expectation();
      return;
    } catch (error) {
      if (left === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
