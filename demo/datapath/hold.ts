import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import pc from 'picocolors';
import type { Deployment } from '../../lab/package/deploy.ts';
import { say } from '../narrator.ts';
import { Rig, type RigOptions } from './rig.ts';
import { ToolError } from './shell.ts';
import { introduce } from './tell.ts';
import { INTERNET, namespaceOf, PROBES } from './topology.ts';

/**
 * Builds a rig and keeps it, for a person to look around in, until a signal ends the process.
 * @param optionsOf makes the options of the rig, which may take long: called when the port is known to be free.
 * @throws ToolError when the port is taken, before anything is built
 */
export async function holdRig(optionsOf: () => Promise<RigOptions>, port: number): Promise<void> {
  const server = await listen(port);
  const rig = await Rig.build(await optionsOf());
  // Whoever looks around is the client.
  await rig.prober.stop();
  introduce(rig);
  const inside = (place: string): string => `ip netns exec ${namespaceOf(rig.topology.runId, place)}`;
  say(`\n  ${pc.bold('a client')}    ${inside('client')} curl -s http://${INTERNET.elasticIp}/`);
  say(`  ${pc.bold('the gateway')} ${inside('gateway')} nft list table ip elastic`);
  for (const { name } of PROBES) say(`  ${pc.bold(name)} ${inside(name)} sh`);
  server.on('request', (request, response) => {
    invoke(rig.deployment, request, response).catch((error: Error) =>
      response.writeHead(500).end(`${error.message}\n`),
    );
  });
  const { port: taken } = server.address() as AddressInfo;
  say(
    `  ${pc.bold('Lambda')}      http://127.0.0.1:${taken}${PATH}${rig.deployment.template.functions[0]?.name ?? ''}/invocations`,
  );
  say(pc.dim('\n  Ready. Ctrl-C takes it all down.\n'));
  // Nothing ends this but the end of the process.
  await new Promise(() => undefined);
}

/** The one operation of Lambda's API that is served (AWS Lambda API Reference, "Invoke"). */
const PATH = '/2015-03-31/functions/';

function listen(port: number): Promise<Server> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    const refuse = ({ code, message }: NodeJS.ErrnoException): void =>
      reject(new ToolError(['--hold'], code === 'EADDRINUSE' ? taken(port) : message));
    server.once('error', refuse).listen(port, '127.0.0.1', () => resolve(server));
  });
}

const taken = (port: number): string =>
  `port ${port} of 127.0.0.1 is taken, perhaps by another rig that is kept: give another one with --port.`;

async function invoke(deployment: Deployment, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [name, ...rest] = (request.url ?? '').slice(PATH.length).split('/');
  const target = deployment.template.functions.find((each) => each.name === name);
  if (!request.url?.startsWith(PATH) || rest.join('/') !== 'invocations' || target === undefined)
    return void response.writeHead(404).end('{"Type":"User","Message":"Function not found"}\n');
  const event = JSON.parse(Buffer.concat(await request.toArray()).toString()) as object;
  const outcome = await deployment.invoke(target.handler, event);
  const { errorType, errorMessage } = outcome.ok ? {} : outcome;
  const body = outcome.ok ? outcome.payload : { errorType, errorMessage };
  response.writeHead(200, outcome.ok ? {} : { 'X-Amz-Function-Error': 'Unhandled' }).end(`${JSON.stringify(body)}\n`);
}
