import { connect, createSecureContext, type SecureContext, type TLSSocket } from 'node:tls';
import { ask } from './attempt-http.ts';
import { type Address, type Conversation, converse, type Surroundings } from './connection.ts';
import type { OutcomeClass } from './outcome.ts';

/**
 * Made once: it costs as much as a handshake. Old boxes speak old TLS, and the question is whether they answer.
 */
let shared: SecureContext | undefined;
const context = (): SecureContext =>
  (shared ??= createSecureContext({ minVersion: 'TLSv1', ciphers: 'DEFAULT:@SECLEVEL=0' }));

/**
 * `https`: the same over TLS. The certificate is not verified: expired, self-signed or for another name, the service
 * answers, and nothing secret is sent. Each attempt has a handshake of its own; no session is resumed.
 */
export function attemptHttps(to: Address, path: string, surroundings: Surroundings): Promise<OutcomeClass> {
  const begin: Conversation['begin'] = (socket, settle) =>
    void socket.once('secureConnect', () => ask(socket, to, path, settle));
  return converse(to, surroundings, { open, begin });
}

function open({ host, port }: Address): TLSSocket {
  return connect({
    host,
    port,
    secureContext: context(),
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
    ALPNProtocols: ['http/1.1'],
  });
}
