import type { Socket } from 'node:net';
import { type Address, type Conversation, converse, type Surroundings } from './connection.ts';
import type { OutcomeClass } from './outcome.ts';
import { HeadReader } from './http-head.ts';

/** `http`: a status from 200 to 399 is wanted. One request on one connection, by hand: a client would keep sockets. */
export function attemptHttp(to: Address, path: string, surroundings: Surroundings): Promise<OutcomeClass> {
  const begin: Conversation['begin'] = (socket, settle) =>
    void socket.once('connect', () => ask(socket, to, path, settle));
  return converse(to, surroundings, { begin });
}

/** Sends the request, and reads until the status is known: nothing of the body, and only so much of the head. */
export function ask(socket: Socket, to: Address, path: string, settle: (found: OutcomeClass) => void): void {
  const head = new HeadReader();
  socket.on('data', (piece: Buffer) => {
    const status = head.read(piece);
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
