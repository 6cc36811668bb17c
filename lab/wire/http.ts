import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WorldState } from '../world/state.ts';
import { exchange } from './exchange.ts';

export interface HttpServer {
  /** `http://127.0.0.1:4599`: what goes into AWS_ENDPOINT_URL. */
  readonly endpoint: string;
  close(): Promise<void>;
}

/** Answers a request of another API, at the same address. */
export type Route = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export interface HttpOptions {
  /** 0 picks a free one. */
  readonly port: number;
  readonly host?: string;
  /** Who answers what is at a path, if it is neither EC2 nor CloudWatch. */
  readonly route?: (path: string) => Route | undefined;
}

/** Serves the world over HTTP, for every client that speaks to EC2 and CloudWatch. */
export function serveHttp(world: WorldState, options: HttpOptions): Promise<HttpServer> {
  const { port, host = '127.0.0.1', route } = options;
  const server = createServer((request, response) => {
    const other = route?.(request.url ?? '/');
    // A connection that has to break (a lost reply) is cut, as a client would see it.
    (other ? other(request, response) : answer(world, request, response)).catch(() => response.destroy());
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      const endpoint = `http://${host}:${(server.address() as AddressInfo).port}`;
      const close = (): Promise<void> =>
        new Promise((done) => {
          server.close(() => done());
          server.closeAllConnections();
        });
      resolve({ endpoint, close });
    });
  });
}

async function answer(world: WorldState, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = Buffer.concat(await request.toArray());
  const gone = new AbortController();
  response.once('close', () => gone.abort(new Error('the client closed the connection')));
  const { url = '/', headers } = request;
  const reply = await exchange(world, { path: url, headers, body }, callerOf(headers.authorization), gone.signal);
  response.writeHead(reply.statusCode, reply.headers).end(reply.body);
}

/** The access key id of a signed request names its caller. */
export function callerOf(authorization = ''): string {
  return /Credential=([^/]+)\//.exec(authorization)?.[1] ?? 'anonymous';
}
