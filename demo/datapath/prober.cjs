/**
 * A client of the Elastic IP. Opens a short connection every few milliseconds and says which host answered; once it is
 * told to (a line on its standard input), also keeps one connection open and downloads a long file. One line for each
 * thing it sees: `answer <start> <end> <host>`, `miss <start> <end> <why>`, `kept <time> <host>`, `kept-end <time>
 * <why>`, `bytes <time> <count>`, `bytes-end <time> <why>`, `late <time> <ms>`. Times are milliseconds since the epoch.
 * Plain JavaScript, so that the client's namespace needs nothing but Node.
 */
const net = require('node:net');

const [, , address, everyText, timeoutText] = process.argv;
const everyMs = Number(everyText);
const timeoutMs = Number(timeoutText);
const KEPT_EVERY_MS = 20;
const BYTES_EVERY_MS = 100;
/** A timer that is later than this says that this process was not let run. */
const LATE_MS = 20;

const now = () => (performance.timeOrigin + performance.now()).toFixed(2);
const say = (...words) => process.stdout.write(`${words.join(' ')}\n`);
const hostIn = (text) => /x-served-by: (\S+)/i.exec(text)?.[1];
const request = (path, connection) => `GET ${path} HTTP/1.1\r\nHost: ${address}\r\nConnection: ${connection}\r\n\r\n`;

function attempt() {
  const start = now();
  const socket = net.connect({ host: address, port: 80 });
  let text = '';
  let over = false;
  const end = (...words) => {
    if (over) return;
    over = true;
    clearTimeout(timer);
    say(words[0], start, now(), words[1]);
    socket.destroy();
  };
  const timer = setTimeout(() => end('miss', 'silent'), timeoutMs);
  socket.setNoDelay(true);
  socket.on('connect', () => socket.write(request('/', 'close')));
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
    const host = hostIn(text);
    if (host !== undefined) end('answer', host);
  });
  socket.on('error', ({ code }) => end('miss', code));
  socket.on('close', () => end('miss', 'closed'));
}

function keepOne() {
  const socket = net.connect({ host: address, port: 80 });
  const end = (why) => {
    clearInterval(timer);
    say('kept-end', now(), why);
  };
  const timer = setInterval(() => socket.write(request('/', 'keep-alive')), KEPT_EVERY_MS);
  socket.setNoDelay(true);
  socket.on('data', (chunk) => {
    const host = hostIn(chunk.toString('latin1'));
    if (host !== undefined) say('kept', now(), host);
  });
  socket.once('error', ({ code }) => end(code));
  socket.once('end', () => end('closed'));
}

function download() {
  const socket = net.connect({ host: address, port: 80 });
  let bytes = 0;
  let told = 0;
  const timer = setInterval(() => {
    if (bytes !== told) say('bytes', now(), bytes);
    told = bytes;
  }, BYTES_EVERY_MS);
  const end = (why) => {
    clearInterval(timer);
    say('bytes-end', now(), why);
  };
  socket.on('connect', () => socket.write(request('/download', 'close')));
  socket.on('data', (chunk) => (bytes += chunk.length));
  socket.once('error', ({ code }) => end(code));
  socket.once('end', () => end('closed'));
}

let due = performance.now();
function tick() {
  const lateMs = performance.now() - due;
  if (lateMs > LATE_MS) say('late', now(), lateMs.toFixed(1));
  attempt();
  due = Math.max(due + everyMs, performance.now());
  setTimeout(tick, due - performance.now());
}

process.stdin.on('data', () => {
  keepOne();
  download();
});
process.stdin.once('end', () => process.exit(0));
process.stdout.on('error', () => process.exit(0));
tick();
