import type { Socket } from 'node:net';
import { type Address, type Conversation, converse, type Surroundings } from './connection.ts';
import type { OutcomeClass } from './outcome.ts';
import { MOST_HEAD_BYTES, readHead } from './http-head.ts';

/** From so many characters on it is told whether this is HTTP at all. */
const ENOUGH_TO_TELL = 8;

/** `http`: a status from 200 to 399 is wanted. One request on one connection, by hand: a client would keep sockets. */
export function attemptHttp(to: Address, path: string, surroundings: Surroundings): Promise<OutcomeClass> {
  const begin: Conversation['begin'] = (socket, settle) =>
    void socket.once('connect', () => ask(socket, to, path, settle));
  return converse(to, surroundings, { begin });
}

/** Sends the request, and reads until the status is known: nothing of the body, and only so much of the head. */
export function ask(socket: Socket, to: Address, path: string, settle: (found: OutcomeClass) => void): void {
  let head = '';
  socket.on('data', (chunk: Buffer) => {
    const isLooked = head.length >= ENOUGH_TO_TELL;
    head += chunk.toString('latin1', 0, MOST_HEAD_BYTES - head.length + 1);
    // A head that drips is only looked at when a line is complete.
    if (isLooked && head.length <= MOST_HEAD_BYTES && !chunk.includes(0x0a)) return;
    const status = readHead(head);
    if (status === 'incomplete') return;
    settle(status !== 'wrong' && status >= 200 && status <= 399 ? 'answered' : 'wrong');
  });
  socket.write(requestOf(to, path));
}

/** RFC 9112, section 3. */
function requestOf({ host, port }: Address, path: string): string {
  const authority = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  const lines = [`GET ${path} HTTP/1.1`, `Host: ${authority}`, 'User-Agent: eni-failover-probe', 'Accept: */*'];
  return `${[...lines, 'Connection: close'].join('\r\n')}\r\n\r\n`;
}
