import type { Socket } from 'node:net';
import { systemClock } from '../../../lib/clock.ts';
import { refusals } from '../../../lib/probe/address.ts';
import { attempts } from '../../../lib/probe/attempt.ts';
import { HeadReader, MOST_PIECES } from '../../../lib/probe/http-head.ts';
import type { OutcomeClass } from '../../../lib/probe/outcome.ts';
import { targetOf } from '../../../lib/probe/protocol.ts';
import { closedPort, fullPort, httpServer, httpsServer, stopServers, tcpServer } from './servers.ts';

const refusalOf = refusals({ blocks: [], isLab: true, runtime: '127.0.0.1:9001' });
const attempt = attempts({ clock: systemClock, refusalOf });
/** These are real: long where an answer is awaited, so that a busy machine changes nothing, short where none is. */
const LONG = { connectMs: 20_000, answerMs: 20_000 };
const SHORT = { connectMs: 300, answerMs: 300 };
const never = new AbortController().signal;

async function found(target: string, signal = never): Promise<OutcomeClass> {
  return (await attempt(targetOf(target), '127.0.0.1', LONG, signal)).class;
}

/** What is found where no answer is to be expected. The connection is there at once, unless nobody takes it. */
async function foundSoon(target: string, limits = { ...SHORT, connectMs: LONG.connectMs }): Promise<OutcomeClass> {
  return (await attempt(targetOf(target), '127.0.0.1', limits, never)).class;
}

/** A server that says this to whoever connects. */
const saying = (text: string): Promise<number> => tcpServer((socket) => void socket.write(text));

afterEach(stopServers);

describe('an attempt at tcp, and at life', () => {
  it('should be answered by whoever accepts, and be over: nothing is said, and the socket is closed', async () => {
    const heard: string[] = [];
    const closed = new Promise<void>((resolve) => {
      void tcpServer((socket) => {
        socket.on('data', (chunk) => heard.push(String(chunk))).on('close', () => resolve());
      }).then(async (port) => expect(await found(`tcp:${port}`)).toBe('answered'));
    });
    await closed;
    expect(heard).toEqual([]);
  });

  it('should be refused where nobody listens', async () => {
    const port = await closedPort();
    expect(await found(`tcp:${port}`)).toBe('refused');
    expect(await found(`alive:${port}`)).toBe('refused');
  });

  it('should find silence where the queue is full', async () => {
    const port = await fullPort();
    expect(await foundSoon(`tcp:${port}`, SHORT)).toBe('silent');
    expect(await foundSoon(`alive:${port}`, SHORT)).toBe('silent');
    expect(await foundSoon(`http:${port}/`, SHORT)).toBe('silent');
    expect(await foundSoon(`https:${port}/`, SHORT)).toBe('silent');
  });

  it('should be answered by a process that hangs, for which the kernel answers', async () => {
    expect(await found(`tcp:${await tcpServer(() => {})}`)).toBe('answered');
  });
});

describe('an attempt at http', () => {
  it.each([200, 204, 301, 302, 399])('should be answered by the status %d, and follow nothing', async (status) => {
    const asked: (string | undefined)[] = [];
    const port = await httpServer((request, response) => {
      asked.push(request.url);
      response.writeHead(status, { location: '/elsewhere' }).end();
    });
    expect(await found(`http:${port}/up`)).toBe('answered');
    expect(asked).toEqual(['/up']);
  });

  it.each([400, 404, 500, 503])('should be wrong with the status %d', async (status) => {
    const port = await httpServer((_, response) => void response.writeHead(status).end());
    expect(await found(`http:${port}/up`)).toBe('wrong');
  });

  it('should ask plainly, once on each connection', async () => {
    const connections: string[] = [];
    const port = await tcpServer((socket) => {
      socket.once('data', (chunk) => {
        connections.push(String(chunk));
        socket.write('HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n');
      });
    });
    expect(await found(`http:${port}/a?b`)).toBe('answered');
    expect(await found(`http:${port}/a?b`)).toBe('answered');
    const lines = ['GET /a?b HTTP/1.1', `Host: 127.0.0.1:${port}`, 'User-Agent: eni-failover-probe', 'Accept: */*'];
    const request = `${[...lines, 'Connection: close'].join('\r\n')}\r\n\r\n`;
    expect(connections).toEqual([request, request]);
  });

  it.each<[what: string, says: string, expected: OutcomeClass]>([
    ['a reply that goes on for ever', 'HTTP/1.1 200 OK\r\n\r\nand so on', 'answered'],
    ['HTTP/1.0 without a reason', 'HTTP/1.0 200\r\n\r\n', 'answered'],
    ['bare line feeds', 'HTTP/1.1 200 OK\nA: b\n\n', 'answered'],
    [
      'an announcement before the answer',
      'HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\n\r\n',
      'answered',
    ],
    ['an announcement and no answer', 'HTTP/1.1 100 Continue\r\n\r\n', 'slow'],
    ['announcements only', 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(9), 'wrong'],
    ['another protocol on request', 'HTTP/1.1 101 Switching Protocols\r\n\r\n', 'wrong'],
    ['a head that does not end', 'HTTP/1.1 200 OK\r\nA: b\r\n', 'slow'],
    ['a head of any size', `HTTP/1.1 200 OK\r\n${'A: b\r\n'.repeat(5_000)}`, 'wrong'],
    ['a line of any size', `HTTP/1.1 200 ${'x'.repeat(40_000)}`, 'wrong'],
    ['another protocol', 'SSH-2.0-OpenSSH_9.6\r\n', 'wrong'],
    ['HTTP/2', '\0\0\0\x04\0\0\0\0\0', 'wrong'],
    ['bytes of any other protocol, in no lines', '\xff'.repeat(100), 'wrong'],
    ['a status that is none', 'HTTP/1.1 2000 OK\r\n\r\n', 'wrong'],
    ['nothing', '', 'slow'],
  ])('should make of %s what it is', async (_, says, expected) => {
    const look = expected === 'slow' ? foundSoon : found;
    expect(await look(`http:${await saying(says)}/`)).toBe(expected);
  });

  it('should be bounded in bytes: of gigabytes it takes what is in the socket', async () => {
    let sent = 0;
    const port = await tcpServer((socket) => {
      const chunk = Buffer.alloc(65_536, 'x');
      const pour = (): void => {
        do sent += chunk.length;
        while (socket.write(chunk) && !socket.destroyed);
      };
      socket.on('drain', pour).on('data', () => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9999999999\r\n\r\n');
        pour();
      });
    });
    expect(await found(`http:${port}/`)).toBe('answered');
    expect(sent).toBeLessThan(20_000_000);
  });

  it('should take longer than a connection may, once it is there: a stuck process is slow, and no silence', async () => {
    const limits = { connectMs: 1_000, answerMs: 1_500 };
    expect(await foundSoon(`http:${await tcpServer(() => {})}/`, limits)).toBe('slow');
    expect(await foundSoon(`https:${await tcpServer(() => {})}/`, limits)).toBe('slow');
    const late = await httpServer((_, response) => void setTimeout(() => response.end(), 1_200));
    expect(await foundSoon(`http:${late}/`, { ...limits, answerMs: LONG.answerMs })).toBe('answered');
  });

  it('should be bounded in pieces: one that drips without end is wrong, before its time is over', async () => {
    let sent = 0;
    const port = await tcpServer((socket) => {
      socket.setNoDelay(true).write('HTTP/1.1 200 OK\r\n');
      const drip = (): void => {
        if (socket.destroyed) return;
        sent += 1;
        socket.write('a\n', () => setTimeout(drip, 1));
      };
      drip();
    });
    expect(await found(`http:${port}/`)).toBe('wrong');
    expect(sent).toBeGreaterThan(MOST_PIECES / 2);
  });

  it.each([
    ['byte by byte', 1],
    ['in pieces that cut every line end', 3],
  ])('should be answered %s', (_, size) => {
    const head = Buffer.from('HTTP/1.1 103 Early\r\nA: b\r\n\r\nHTTP/1.1 204\r\nC: d\r\n\r\n');
    const reader = new HeadReader();
    const pieces = Array.from({ length: Math.ceil(head.length / size) }, (_each, i) =>
      reader.read(head.subarray(i * size, (i + 1) * size)),
    );
    expect(pieces.slice(0, -1).every((each) => each === 'incomplete')).toBe(true);
    expect(pieces.at(-1)).toBe(204);
  });

  it('should be wrong with the piece after which too many have come', () => {
    const reader = new HeadReader();
    const pieces = Array.from({ length: MOST_PIECES }, (_, i) =>
      reader.read(Buffer.from(i === 0 ? 'HTTP/1.1 200 OK\r\n' : 'a\n')),
    );
    expect(pieces.indexOf('wrong')).toBe(MOST_PIECES - 1);
  });

  it('should be bounded in time: what drips is slow', async () => {
    const timers: NodeJS.Timeout[] = [];
    const port = await tcpServer((socket: Socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      timers.push(setInterval(() => socket.write('A: b\r\n'), 20));
    });
    expect(await foundSoon(`http:${port}/`)).toBe('slow');
    for (const timer of timers) clearInterval(timer);
  });

  it('should tell one that closes at once from one that resets', async () => {
    const closes = await tcpServer((socket) => void socket.end());
    expect(await found(`http:${closes}/`)).toBe('closed');
    const resets = await tcpServer((socket) => void socket.on('data', () => socket.resetAndDestroy()));
    expect(await found(`http:${resets}/`)).toBe('reset');
  });
});

describe('an attempt at https', () => {
  it('should be answered behind a certificate that is expired, self-signed and for another name', async () => {
    const port = await httpsServer((_, response) => void response.writeHead(200).end());
    expect(await found(`https:${port}/up`)).toBe('answered');
  });

  it('should be wrong with another status, and where there is no TLS', async () => {
    const port = await httpsServer((_, response) => void response.writeHead(503).end());
    expect(await found(`https:${port}/up`)).toBe('wrong');
    const plain = await tcpServer((socket) => void socket.on('data', () => socket.write('HTTP/1.1 400 Bad\r\n\r\n')));
    expect(await found(`https:${plain}/up`)).toBe('wrong');
  });

  it('should be slow, closed or reset in the handshake as after it', async () => {
    expect(await foundSoon(`https:${await tcpServer(() => {})}/`)).toBe('slow');
    expect(await found(`https:${await tcpServer((socket) => void socket.end())}/`)).toBe('closed');
    const resets = await tcpServer((socket) => void socket.on('data', () => socket.resetAndDestroy()));
    expect(await found(`https:${resets}/`)).toBe('reset');
    expect(await foundSoon(`https:${await httpsServer(() => {})}/`)).toBe('slow');
  });
});

describe('any attempt', () => {
  it('should not be made at an address that may not be probed', async () => {
    const asked = await attempt(targetOf('tcp:80'), '169.254.169.254', LONG, never);
    expect(asked.class).toBe('unsent');
    expect(await found('tcp:9001')).toBe('unsent');
  });

  it('should end with the call it belongs to, and leave no socket', async () => {
    let sayClosed = (): void => {};
    const closed = new Promise<void>((resolve) => {
      sayClosed = resolve;
    });
    const port = await tcpServer((socket) => void socket.resume().on('close', () => sayClosed()));
    const call = new AbortController();
    const pending = found(`http:${port}/`, call.signal);
    setTimeout(() => call.abort(), 50);
    expect(await pending).toBe('unsent');
    await closed;
    expect(await found(`http:${port}/`, call.signal)).toBe('unsent');
  });

  it('should tell a class and whole milliseconds, never what was sent', async () => {
    const outcome = await attempt(
      targetOf(`http:${await saying('HTTP/1.1 200 secret\r\n\r\n')}/`),
      '127.0.0.1',
      LONG,
      never,
    );
    expect(outcome).toEqual({ class: 'answered', ms: expect.any(Number) });
    expect(Number.isInteger(outcome.ms)).toBe(true);
  });
});
