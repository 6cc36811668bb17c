import { DescribeNetworkInterfacesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { closeClients, createClients, transportOf } from '../../../lib/aws/clients.ts';
import { type AwsCloud, createCloud } from '../../../lib/aws/index.ts';
import { failureFrom, FakeClock, NOTHING } from './fakes.ts';

const BASE = {
  region: 'eu-central-1',
  credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' },
  budget: { deadlineAt: Number.POSITIVE_INFINITY },
};

const ok =
  (inner: string): RequestListener =>
  (_, response) => {
    response.setHeader('content-type', 'text/xml').end(`<Response>${inner}</Response>`);
  };

describe('createClients', () => {
  it('should give all clients one transport, one set of credentials and one region', async () => {
    const clients = createClients({ ...BASE, clock: new FakeClock() });
    const { ec2, ec2Changes, ec2Trials, cloudwatch } = clients;
    expect(ec2Changes.config.requestHandler).toBe(ec2.config.requestHandler);
    expect(cloudwatch.config.requestHandler).toBe(ec2.config.requestHandler);
    expect(ec2Trials.config.requestHandler).toBe(ec2.config.requestHandler);
    for (const client of [ec2Changes, ec2Trials, cloudwatch]) {
      expect(await client.config.region()).toBe('eu-central-1');
      expect(await client.config.credentials()).toMatchObject({ accessKeyId: 'AKIDEXAMPLE' });
    }
    closeClients(clients);
  });

  it('should look for credentials once, whichever client asks', async () => {
    let lookups = 0;
    const credentials = async () => {
      lookups++;
      return { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' };
    };
    const clients = createClients({ ...BASE, clock: new FakeClock(), credentials });
    await clients.ec2.config.credentials();
    await clients.ec2Changes.config.credentials();
    await clients.cloudwatch.config.credentials();
    expect(lookups).toBe(1);
    closeClients(clients);
  });

  it('should repeat changes by another rule than reads', async () => {
    const clients = createClients({ ...BASE, clock: new FakeClock() });
    const lost = { error: Object.assign(new Error('lost'), { name: 'TimeoutError' }), errorType: 'TRANSIENT' } as never;
    const secondTry = async (client: { config: (typeof clients.ec2)['config'] }) => {
      const strategy = (await client.config.retryStrategy()) as never as import('@smithy/types').RetryStrategyV2;
      return strategy.refreshRetryTokenForRetry(await strategy.acquireInitialRetryToken(''), lost);
    };
    await expect(secondTry(clients.ec2)).resolves.toBeDefined();
    await expect(secondTry(clients.cloudwatch as never)).resolves.toBeDefined();
    await expect(secondTry(clients.ec2Changes)).rejects.toThrow('not repeated: ambiguous');
    closeClients(clients);
  });
});

describe('the sockets', () => {
  let server: Server;
  let cloud: AwsCloud;
  let endpoint: string;
  let clock: FakeClock;
  const seen: { userAgent: string; attempt: string; socket: unknown }[] = [];

  /** A server that behaves like this, and a cloud whose only limit is that of the sockets: the clock stands still. */
  async function against(listener: RequestListener): Promise<void> {
    seen.length = 0;
    server = createServer((request, response) => {
      const { headers, socket } = request;
      seen.push({ userAgent: `${headers['user-agent']}`, attempt: String(headers['amz-sdk-request']), socket });
      listener(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    clock = new FakeClock();
    cloud = createCloud({ ...BASE, endpoint, clock, attempts: 2, callTimeoutMs: 500 });
  }

  afterEach(() => {
    cloud.close();
    server.closeAllConnections();
    server.close();
  });

  it('should not wait for ever for the first byte of a reply', async () => {
    await against(() => {});
    expect(await failureFrom(cloud.interfaces())).toMatchObject({ failure: 'unavailable', awsCode: 'TimeoutError' });
    expect(seen.map(({ attempt }) => attempt)).toEqual(['attempt=1; max=2', 'attempt=2; max=2']);
  });

  it('should not be kept waiting by a server that only says it is busy', async () => {
    await against((_, response) => {
      const busy = setInterval(() => response.writeProcessing(), 10);
      response.once('close', () => clearInterval(busy));
    });
    expect(await failureFrom(cloud.interfaces())).toMatchObject({ failure: 'unavailable', awsCode: 'TimeoutError' });
    expect(seen).toHaveLength(2);
  });

  it('should wait for a connection for a second at the most', async () => {
    await against(ok('<networkInterfaceSet/>'));
    const ec2 = new EC2Client({ ...BASE, endpoint, ...transportOf({ ...BASE, clock }) });
    await ec2.send(new DescribeNetworkInterfacesCommand({}));
    const transport = ec2.config.requestHandler as never as { httpHandlerConfigs(): object };
    expect(transport.httpHandlerConfigs()).toMatchObject({ connectionTimeout: 1_000 });
    ec2.destroy();
  });

  it('should close a connection that does not answer, and read what comes late over the next', async () => {
    let close: () => void;
    const closed = new Promise<void>((resolve) => {
      close = resolve;
    });
    await against((request, response) => {
      if (seen.length === 1) response.once('close', close);
      else ok('<networkInterfaceSet/>')(request, response);
      clock.expire(100);
    });
    cloud = createCloud({ ...BASE, endpoint, clock, attempts: 2, attemptTimeoutMs: 100 });
    await expect(cloud.interfaces()).resolves.toEqual(NOTHING);
    await closed;
    expect(seen).toHaveLength(2);
    expect(seen[1]?.socket).not.toBe(seen[0]?.socket);
  });

  it('should not wait for ever for the rest of a reply, and send a change once', async () => {
    await against((_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('<Response>');
    });
    expect((await failureFrom(cloud.detach('eni-attach-1', false))).failure).toBe('ambiguous');
    expect(seen).toHaveLength(1);
  });

  it('should keep the connection of a read for the change that follows', async () => {
    await against(ok('<networkInterfaceSet/>'));
    await cloud.interfaces();
    await cloud.detach('eni-attach-1', false);
    expect(seen).toHaveLength(2);
    expect(seen[1]?.socket).toBe(seen[0]?.socket);
  });

  it('should say who is calling', async () => {
    await against(ok('<networkInterfaceSet/>'));
    await cloud.interfaces();
    expect(seen[0]?.userAgent).toContain('eni-failover');
  });
});
