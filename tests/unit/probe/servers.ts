import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer as createHttp, type RequestListener } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { BROKEN_CERTIFICATE } from '../../support/broken-certificate.ts';

/** Servers on the loopback, all of which are stopped by {@link stopServers}, with whatever is connected to them. */
const stops: (() => Promise<void>)[] = [];

export async function stopServers(): Promise<void> {
  await Promise.all(stops.splice(0).map((stop) => stop()));
}

/** A plain TCP server. @returns its port. */
export function tcpServer(onSocket: (socket: Socket) => void): Promise<number> {
  return listening(createServer(onSocket));
}

export function httpServer(listener: RequestListener): Promise<number> {
  return listening(createHttp({ insecureHTTPParser: true }, listener));
}

/** With a certificate that is expired, self-signed and for another name. */
export function httpsServer(listener: RequestListener): Promise<number> {
  return listening(createHttps(BROKEN_CERTIFICATE, listener));
}

async function listening(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket.on('error', () => {}));
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  stops.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

/** A port on which nobody listens. */
export async function closedPort(): Promise<number> {
  const port = await tcpServer(() => {});
  await stops.pop()?.();
  return port;
}

/**
 * A port whose listen queue is full and is never emptied: the kernel drops what else comes, as if nobody were there.
 * The listener is a process that never gets round to accepting.
 */
export async function fullPort(): Promise<number> {
  const child = fork(`${__dirname}/never-accepts.cjs`, { execArgv: [] });
  stops.push(async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  const [port] = (await once(child, 'message')) as [number];
  await Promise.all(Array.from({ length: 4 }, () => queued(port)));
  return port;
}

/** Takes a place in the queue, as far as there is one. */
async function queued(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1').on('error', () => {});
  stops.push(async () => void socket.destroy());
  await Promise.race([once(socket, 'connect'), new Promise((resolve) => setTimeout(resolve, 200))]);
}
