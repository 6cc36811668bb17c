import { connect as connectTcp, type Socket } from 'node:net';
import type { Clock } from '../clock.ts';
import type { OutcomeClass } from './outcome.ts';

/** How long an attempt may take, in milliseconds. */
export interface Limits {
  /** Until the connection is there. */
  readonly connectMs: number;
  /** From then until the answer. */
  readonly answerMs: number;
}

/** What an attempt needs besides its address. */
export interface Surroundings {
  readonly clock: Clock;
  readonly limits: Limits;
  /** Ends the attempt: what it would have found is not known. */
  readonly signal: AbortSignal;
}

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** What is said over a connection that is there. */
export interface Conversation {
  readonly open?: (address: Address) => Socket;
  /** Called as soon as there is a socket, and before it is connected. @param settle ends the attempt. */
  readonly begin: (socket: Socket, settle: (found: OutcomeClass) => void) => void;
}

/**
 * Opens one connection, and no other is ever opened on it: whatever comes of it, the socket is destroyed. Never
 * rejects.
 */
export function converse(
  to: Address,
  { clock, limits, signal }: Surroundings,
  talk: Conversation,
): Promise<OutcomeClass> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve('unsent');
    let timer = new AbortController();
    const socket = (talk.open ?? plain)(to);
    let isConnected = false;
    const settle = (found: OutcomeClass): void => {
      timer.abort();
      signal.removeEventListener('abort', stop);
      // Only the first counts: whatever the socket still says, when it is destroyed, changes nothing.
      resolve(found);
      socket.destroy();
    };
    const stop = (): void => settle('unsent');
    // One limit at a time: that of the connection ends with it, or whoever answers later than it would be silent.
    const within = (ms: number, otherwise: OutcomeClass): void => {
      timer.abort();
      timer = new AbortController();
      void clock.sleep(ms, timer.signal).then(() => settle(otherwise), ignore);
    };
    signal.addEventListener('abort', stop, { once: true });
    socket.on('error', (error) => settle(classOf(error, isConnected)));
    socket.on('close', () => settle(isConnected ? 'closed' : 'unsent'));
    socket.on('connect', () => {
      isConnected = true;
    });
    within(limits.connectMs, 'silent');
    socket.once('connect', () => within(limits.answerMs, 'slow'));
    talk.begin(socket, settle);
  });
}

const plain = ({ host, port }: Address): Socket => connectTcp({ host, port, autoSelectFamily: false, noDelay: true });

function ignore(): void {}

/** What went wrong on a socket, by Node's code (Node.js, "Common system errors"). */
interface SocketError extends Error {
  readonly code?: string;
  readonly syscall?: string;
}

/** Nobody answered for that address: the network says so, or gave up. */
const SILENT: readonly string[] = ['ETIMEDOUT', 'EHOSTUNREACH', 'EHOSTDOWN'];

function classOf({ code = '', syscall }: SocketError, isConnected: boolean): OutcomeClass {
  if (code === 'ECONNREFUSED') return 'refused';
  // Node says ECONNRESET, too, when a connection was only closed during the handshake: then no system call failed.
  if (code === 'ECONNRESET') return syscall === undefined ? 'closed' : 'reset';
  if (code === 'EPIPE') return 'closed';
  if (code === 'EPROTO' || code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS')) return 'wrong';
  if (SILENT.includes(code)) return isConnected ? 'slow' : 'silent';
  // No socket, no port, no route, no permission: the probe's own trouble.
  return 'unsent';
}
