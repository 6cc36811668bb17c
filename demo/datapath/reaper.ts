import { type ChildProcess, spawn } from 'node:child_process';
import { namespaceOf } from './topology.ts';

/**
 * Waits until its standard input ends, then ends every process in the namespaces of a run and removes them and the
 * run's folder: $1 is what their names begin with, $2 the folder. Looks more than once, because a tool that was under
 * way when the run died may have made something since.
 */
const SCRIPT = `
trap '' INT TERM HUP
cat >/dev/null
for round in 1 2 3 4 5; do
  left=
  for path in /run/netns/"$1"*; do
    [ -e "$path" ] || continue
    left=yes
    name="\${path##*/}"
    pids=$(ip netns pids "$name") && [ -n "$pids" ] && kill -KILL $pids
    ip netns del "$name"
  done
  rm -rf "$2"
  [ "$round" = 1 ] || [ -n "$left" ] || exit 0
  sleep 0.05
done
`;

/**
 * Takes a run down as soon as its process ends, in whatever way: at the end, by Ctrl-C, by an error, by SIGKILL. It
 * is a process of its own, in a session of its own, and it holds the other end of a pipe.
 */
export class Reaper {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;

  constructor(runId: string, folder: string) {
    const stdio = ['pipe', 'ignore', 'ignore'] as const;
    const args = ['-c', SCRIPT, 'sh', namespaceOf(runId, ''), folder];
    this.#child = spawn('sh', args, { detached: true, stdio: [...stdio] });
    this.#ended = new Promise((resolve) => this.#child.once('close', resolve));
  }

  /** Takes the run down now. Resolves when nothing is left of it. */
  async reap(): Promise<void> {
    this.#child.stdin?.end();
    await this.#ended;
  }
}
