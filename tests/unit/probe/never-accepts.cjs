// Listens with room for one in the queue, says where, and never accepts anybody.
const { createServer } = require('node:net');

const server = createServer();
server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () =>
  process.send(server.address().port, () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)),
);
