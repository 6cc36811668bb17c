/**
 * The inside of the child process that stands for a Lambda sandbox: loads the handler once, then runs one invocation
 * at a time for its parent. Plain JavaScript, so that the child needs nothing but Node and the unzipped package.
 */
const path = require('node:path');

const [, , taskRoot, handlerName] = process.argv;

function describe(error) {
  const isError = error instanceof Error;
  return { errorType: isError ? error.name : typeof error, errorMessage: isError ? error.message : String(error) };
}

async function invoke(handler, { event, context, deadlineMs }) {
  const getRemainingTimeInMillis = () => Math.max(0, deadlineMs - Date.now());
  try {
    const result = await handler(event, { ...context, getRemainingTimeInMillis });
    // Lambda serializes the result itself, so what JSON cannot carry is lost there as well.
    return { payload: JSON.parse(JSON.stringify(result) ?? 'null') };
  } catch (error) {
    return { error: describe(error) };
  }
}

function load() {
  const dot = handlerName.lastIndexOf('.');
  const handler = require(path.join(taskRoot, handlerName.slice(0, dot)))[handlerName.slice(dot + 1)];
  if (typeof handler !== 'function') throw new Error(`${handlerName} is not a function`);
  return handler;
}

try {
  const startedAt = performance.now();
  const handler = load();
  const importMs = performance.now() - startedAt;
  process.on('message', (invocation) => void invoke(handler, invocation).then((reply) => process.send(reply)));
  process.send({ importMs });
} catch (error) {
  process.send({ error: describe(error) }, () => process.exit(1));
}
