/** A service at one address: says who it is, and closes. A process of its own, so that it can be stopped or killed. */
const { createServer } = require('node:net');

const [, , name, address, port] = process.argv;
/** Few enough that somebody else can fill the queue. */
const BACKLOG = 8;

const server = createServer((socket) => socket.on('error', () => {}).end(name));
server.listen({ host: address, port: Number(port), backlog: BACKLOG }, () => process.send(server.address().port));
