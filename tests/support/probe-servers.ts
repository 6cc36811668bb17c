/** What `bench/probe-capacity.ts` probes, in a process of its own, so that its CPU is not counted. Says its ports and serves. */
import { createServer as createHttp } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { BROKEN_CERTIFICATE } from './broken-certificate.ts';

const listening = (server: Server): Promise<number> =>
  new Promise((resolve) => {
    server.listen(0, '127.0.0.1', 511, () => resolve((server.address() as AddressInfo).port));
  });

async function main(): Promise<void> {
  const tcp = await listening(createServer((socket) => socket.on('error', () => {}).resume()));
  const http = await listening(createHttp((_, response) => void response.end('ok')));
  const https = await listening(createHttps(BROKEN_CERTIFICATE, (_, response) => void response.end('ok')));
  process.send?.({ tcp, http, https });
}

void main();
