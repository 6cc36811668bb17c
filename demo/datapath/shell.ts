import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';

/** A tool of the system refused; the message says which, and what it said. */
export class ToolError extends Error {
  override readonly name = 'ToolError';

  constructor(command: readonly string[], said: string) {
    super(`${command.join(' ')}: ${said.trim() || 'failed without a word'}`);
  }
}

/**
 * Runs a tool to its end.
 * @param input what it reads from its standard input
 * @returns what it printed
 * @throws ToolError when it ends with another status than 0
 */
export function tool(command: readonly string[], input = ''): Promise<string> {
  const [file = '', ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    const said = { out: '', err: '' };
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (said.out += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (said.err += chunk));
    child.once('error', (error) => reject(new ToolError(command, error.message)));
    child.once('close', (status) => (status === 0 ? resolve(said.out) : reject(new ToolError(command, said.err))));
    // It may have ended before it read anything; its status says so.
    child.stdin.on('error', () => undefined).end(input);
  });
}

/** Several `ip` commands in a namespace, in one process. */
export function ip(namespace: string, ...lines: readonly string[]): Promise<string> {
  return tool(['ip', '-n', namespace, '-batch', '-'], `${lines.join('\n')}\n`);
}

/** Applies a script of nftables in a namespace. */
export function nft(namespace: string, script: string): Promise<string> {
  return tool(['ip', 'netns', 'exec', namespace, 'nft', '-f', '-'], script);
}

/** Starts a program in a namespace. */
export function spawnIn(namespace: string, command: readonly string[], options: SpawnOptions): ChildProcess {
  return spawn('ip', ['netns', 'exec', namespace, ...command], options);
}

/** Calls back for each whole line of a stream. */
export function onLines(stream: NodeJS.ReadableStream | null, onLine: (line: string) => void): void {
  let rest = '';
  stream?.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
}
