import { type ChildProcess, spawn } from 'node:child_process';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DescribeNetworkInterfacesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { type App, createApp } from '../../lib/app.ts';
import { systemClock } from '../../lib/clock.ts';
import { DEFAULT_SETTINGS } from '../../lib/core/settings.ts';

interface Reached {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

export interface Moto extends Reached {
  /** For programs that are to talk to it. */
  readonly env: Readonly<Record<string, string>>;
  readonly ec2: EC2Client;
  /** The product, as if so many seconds had passed. */
  app(laterSeconds: number): App;
  /** The instance that holds an interface. */
  holderOf(interfaceId: string): Promise<string | undefined>;
  stop(): Promise<void>;
}

/** `moto_server` with the managed IAM policies, which it leaves out unless told, and with placement groups. */
export async function startMotoForExamples(): Promise<Moto> {
  const [region, credentials] = ['us-east-1', { accessKeyId: 'examples', secretAccessKey: 'examples' }];
  const server = spawn('moto_server', ['-H', '127.0.0.1', '-p', '0'], {
    env: { ...process.env, MOTO_IAM_LOAD_MANAGED_POLICIES: 'true' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const endpoint = await addressOf(server);
  const front = await placementGroupsBefore(endpoint);
  const ec2 = new EC2Client({ endpoint: front.endpoint, region, credentials });
  const env = {
    AWS_ENDPOINT_URL: front.endpoint,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_PAGER: '',
  };
  return {
    endpoint: front.endpoint,
    region,
    credentials,
    env,
    ec2,
    app: (laterSeconds) =>
      createApp({
        settings: DEFAULT_SETTINGS,
        clock: { ...systemClock, now: () => systemClock.now() + laterSeconds * 1000 },
        announce: () => undefined,
        aws: { endpoint: front.endpoint, region, credentials },
      }),
    holderOf: async (interfaceId) => {
      const command = new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: [interfaceId] });
      return (await ec2.send(command)).NetworkInterfaces?.[0]?.Attachment?.InstanceId;
    },
    stop: async () => {
      ec2.destroy();
      await front.stop();
      await new Promise((resolve) => server.once('exit', resolve).kill());
    },
  };
}

/** It takes a free port and says which on standard error. */
function addressOf(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    server.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const [address] = /http:\/\/127\.0\.0\.1:\d+/.exec(said) ?? [];
      if (address !== undefined) resolve(address);
    });
    server.once('exit', (status) => reject(new Error(`moto_server ended with status ${status}: ${said}`)));
  });
}

/** moto knows no placement groups at all: these calls are answered here, and every other one is passed on. */
async function placementGroupsBefore(endpoint: string): Promise<{ endpoint: string; stop(): Promise<void> }> {
  const groups = new Map<string, string>();
  const server = createServer((request, response) => {
    void (async () => {
      const body = await bodyOf(request);
      const own = placementGroupReply(new URLSearchParams(body.toString()), groups);
      if (own) return response.writeHead(own.status, { 'content-type': 'text/xml' }).end(own.xml);
      const { host: _host, connection: _connection, 'content-length': _length, ...headers } = request.headers;
      const passed = await fetch(`${endpoint}${request.url}`, {
        method: request.method ?? 'POST',
        headers: headers as Record<string, string>,
        ...(body.length > 0 && { body }),
      });
      const type = passed.headers.get('content-type') ?? 'text/xml';
      const amzn = passed.headers.get('x-amzn-requestid') ?? 'front';
      response.writeHead(passed.status, { 'content-type': type, 'x-amzn-requestid': amzn });
      return response.end(Buffer.from(await passed.arrayBuffer()));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function placementGroupReply(form: URLSearchParams, groups: Map<string, string>) {
  const action = form.get('Action') ?? '';
  if (!/PlacementGroup/.test(action)) return undefined;
  const name = form.get('GroupName') ?? form.get('GroupName.1') ?? '';
  if (action === 'CreatePlacementGroup') groups.set(name, form.get('Strategy') ?? '');
  if (action === 'DeletePlacementGroup') groups.delete(name);
  if (action === 'DescribePlacementGroups' && !groups.has(name)) {
    const error = `<Error><Code>InvalidPlacementGroup.Unknown</Code><Message>${name}</Message></Error>`;
    return { status: 400, xml: `<Response><Errors>${error}</Errors><RequestID>front</RequestID></Response>` };
  }
  const item = `<groupName>${name}</groupName><strategy>${groups.get(name)}</strategy><state>available</state><groupId>pg-0123456789abcdef0</groupId>`;
  const content =
    action === 'DescribePlacementGroups'
      ? `<placementGroupSet><item>${item}</item></placementGroupSet>`
      : `<return>true</return><placementGroup>${item}</placementGroup>`;
  const namespace = 'http://ec2.amazonaws.com/doc/2016-11-15/';
  return { status: 200, xml: `<${action}Response xmlns="${namespace}">${content}</${action}Response>` };
}
